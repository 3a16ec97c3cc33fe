"""Goals agreed with the patient, and what became of them."""

from ipt_tracker.clinical.course.codes import Code


class GoalStatus(Code):
    """What became of a goal. One that was given up stays on the list."""

    OPEN = "open", "Open"
    PARTLY_REACHED = "partly_reached", "Partly reached"
    REACHED = "reached", "Reached"
    GIVEN_UP = "given_up", "Given up"
