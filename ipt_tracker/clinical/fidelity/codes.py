"""The words of a rating: who rated as what, how the rater knows, and how the session was picked."""

from ipt_tracker.clinical.course.codes import Code


class RaterRole(Code):
    """As what somebody rated a session. A consensus is a record of its own beside the first."""

    SELF = "self", "Self"
    SUPERVISOR = "supervisor", "Supervisor"
    INDEPENDENT = "independent", "Second rater"
    CONSENSUS = "consensus", "Consensus"


class Basis(Code):
    """How the rater knows the session. Figures never pool two of them.

    Ratings from what a therapist tells have been unrelated to ratings from video (Chevron and
    Rounsaville 1983, Arch Gen Psychiatry 40:1129).
    """

    FULL_RECORDING = "full_recording", "Full recording"
    PART_RECORDING = "part_recording", "Part of the recording"
    LIVE = "live", "Live"
    TRANSCRIPT = "transcript", "Transcript"
    REPORT_IN_SUPERVISION = "report_in_supervision", "Report in supervision"
    RECALL = "recall", "Recall"


class Selection(Code):
    """How a session came to be rated. A picked session is not a sample."""

    RANDOM = "random", "Drawn at random"
    CHOSEN = "chosen", "Chosen"
