"""Changes of a slot and of what hangs on it: each old value is kept beside the new one."""

from collections.abc import Mapping

from ipt_tracker.clinical.course.notes import NoteState
from ipt_tracker.persistence.models import Course, MedicationChange, RiskCheck, SessionRecord
from ipt_tracker.services.amendments import amend
from ipt_tracker.services.unit_of_work import UnitOfWork

BEFORE_SIGNING = "changed before signing"
SENT_BACK = "changed because the supervisor asked for it"
Part = SessionRecord | RiskCheck | MedicationChange


def amend_columns(
    work: UnitOfWork,
    course: Course,
    record: SessionRecord,
    part: Part,
    values: Mapping[str, object],
) -> list[str]:
    """Change these columns of a slot or of a part of it, and name those that were another."""
    changed = [name for name, value in values.items() if getattr(part, name) != value]
    state = record.note_state
    reason = SENT_BACK if state == NoteState.CHANGES_REQUESTED else BEFORE_SIGNING
    for name in changed:
        change = (getattr(part, name), values[name])
        amend(work, course, part, name, change, reason=reason, note_state=state)
        setattr(part, name, values[name])
    return changed
