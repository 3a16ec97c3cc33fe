"""The remaining words of a session and course record: setting, medication, risk, how it ended."""

from ipt_tracker.clinical.course.codes import Code


class PrimaryDiagnosis(Code):
    """What the patient is treated for. Free text from a file is never guessed into a class."""

    NOT_CLASSIFIED = "not_classified", "Not classified"
    PTSD = "ptsd", "PTSD"
    MDD = "mdd", "MDD"
    OTHER = "other", "Other"


class PrecipitatingEvent(Code):
    """The kind of event the illness began after, as trials of IPT for PTSD group them."""

    NOT_CLASSIFIED = "not_classified", "Not classified"
    INTERPERSONAL = "interpersonal_trauma", "Interpersonal trauma, childhood abuse included"
    DISASTER = "disaster_or_mass_violence", "Natural disaster or mass violence"
    PERINATAL = "perinatal", "Perinatal"
    OTHER = "other", "Other"


class Modality(Code):
    """Where and by what means patient and therapist met."""

    IN_PERSON = "in_person", "In person"
    VIDEO = "telehealth_video", "Video"
    TELEPHONE = "telephone", "Telephone"


class MedicationChange(Code):
    """What was done to a medicine."""

    STARTED = "started", "Started"
    INCREASED = "increased", "Increased"
    DECREASED = "decreased", "Decreased"
    SWITCHED = "switched", "Switched"
    STOPPED = "stopped", "Stopped"


class RiskCheck(Code):
    """Whether risk was asked about and what came of it. Not asked is never the same as none."""

    ASKED_NONE = "asked_none", "Asked: none"
    ASKED_PRESENT = "asked_present", "Asked: present"
    NOT_ASKED = "not_asked", "Not asked"


class RiskBand(Code):
    """The band of a suicide risk screen: bands, never a sum (C-SSRS triage)."""

    NONE = "none", "None"
    LOW = "low", "Low"
    MODERATE = "moderate", "Moderate"
    SEVERE = "severe", "Severe"
    CANNOT_TELL = "cannot_tell", "Cannot tell"


class CourseStatus(Code):
    """Whether a course goes on, and if not, how far it came. Dropping out has no known outcome."""

    ACTIVE = "active", "Active"
    COMPLETED = "completed", "Completed"
    COMPLETED_WITH_MAINTENANCE = "completed_with_maintenance", "Completed with maintenance"
    DROPPED_OUT = "dropped_out", "Dropped out"
    CLOSED = "closed", "Closed"
    TRANSFERRED = "transferred", "Transferred"


class Disposition(Code):
    """What was decided at the end (ipt-course section 1.4, and two codes of the course bundle)."""

    ENDED = "ended", "Ended"
    ENDED_WITH_BOOSTER_OFFER = "ended_with_booster_offer", "Ended, booster offered"
    ENDED_AFTER_MAINTENANCE = "ended_after_maintenance", "Ended after maintenance"
    MAINTENANCE = "maintenance", "Goes on with maintenance"
    EXTENDED = "extended", "Extended"
    RE_EVALUATED = "re_evaluated", "Re-evaluated"
    SEQUENCED = "sequenced_to_other_treatment", "Sequenced to another treatment"
    REFERRED = "referred", "Referred"
    DROPPED_OUT = "dropped_out", "Dropped out"
    CLOSED_BY_SERVICE = "closed_by_service", "Closed by service"
    TRANSFERRED = "transferred", "Transferred"
    DECEASED = "deceased", "Deceased"


class ContractChange(Code):
    """What was changed in a contract: a record of its own, never an edit of the contract."""

    EXTENSION = "extension", "Extension"
    FOCUS_SWITCH = "focus_switch", "Focus switch"
    SPACING_CHANGE = "spacing_change", "Change of spacing"
    EARLY_END = "early_end", "Early end"
    MAINTENANCE_ADDED = "maintenance_added", "Maintenance added"
    END_DATE = "end_date", "Change of the end date"
