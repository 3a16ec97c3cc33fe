"""A word of its own in every place that can hold a patient's words, so that a leak is found."""

from collections.abc import Iterator

from sqlalchemy import JSON, Column, String, Table, select, update

from ipt_tracker.persistence.base import CODE, Base
from ipt_tracker.persistence.engine import Database

OF_A_PATIENT = (
    "patient",
    "course",
    "assignment",
    "focal_area_spell",
    "contract_change",
    "session_record",
    "risk_check",
    "medication_change",
    "measure",
    "safety_prompt",
    "contact_task",
    "contact_attempt",
    "fidelity_rating",
    "amendment",
    "note_step",
    "addendum",
    "appointment",
    "process_note",
    "worksheet",
    "goal",
    "inventory_person",
    "life_event",
    "imported_case",
    "therapy_group",
    "group_member",
    "group_session",
    "supervision_meeting",
    "meeting_attendee",
    "meeting_case",
    "meeting_action",
    "portfolio_text",
    "rating_amendment",
    "rating_waiver",
    "rating_request",
    "rating_feedback",
    "emergency_access",
    "assessment_request",
    "legal_hold",
    "report_batch",
    "report_batch_part",
    "score_import",
)
NOT_OF_A_PATIENT = {
    "account": "somebody of the staff",
    "audit_entry": "append-only; what it holds is looked at by its own tests",
    "draft": "filled by what the walk types into every form",
    "sampling_plan": "about the work of a therapist",
    "staff_code": "a code of the staff",
    "sign_in": "somebody of the staff",
    "access_code": "digests",
    "recovery_code": "digests",
    "throttle": "digests",
    "evidence_set": "published trials",
    "evidence_trial": "published trials",
    "evidence_change": "published trials",
    "fidelity_item_set": "items, the same for everybody",
    "clinic_setting": "names and values from fixed lists",
    "group_leader": "codes",
}
"""Tables with texts that say nothing about a patient, and whose they are."""
NAMES_A_THING = {
    *("amendment.field", "rating_amendment.field", "imported_case.case_id"),
    *("report_batch.kind", "score_import.status", "score_import.digest"),
}
"""Columns of text that hold the name of a thing in the program, never a patient's words."""
BESIDE_ANOTHER = {
    "group_session.cancel_reason",
    "supervision_meeting.struck_reason",
    "rating_request.withdrawn_reason",
    "assessment_request.withdrawn_why",
    "legal_hold.lifted_why",
    "score_import.undone_why",
}
"""Texts that stand only where another column is set: of what was cancelled, struck, withdrawn."""


def free_texts(table: Table) -> Iterator[Column]:
    """Give the columns of a table that hold whatever somebody typed."""
    for column in table.columns:
        named = f"{table.name}.{column.name}" in NAMES_A_THING | BESIDE_ANOTHER
        if isinstance(column.type, String) and column.type is not CODE and not named:
            yield column


def plant(database: Database) -> list[str]:
    """Put a word of its own into each free text of each row; give all the words."""
    words: list[str] = []
    with database.write() as session, session.begin():
        for name in OF_A_PATIENT:
            table = Base.metadata.tables[name]
            key = next(iter(table.primary_key))
            for row_id in session.scalars(select(key)).all():
                values = {c.name: _word(words, c, table) for c in free_texts(table)}
                values |= {c.name: {KEPT[c.name]: _word(words, c, table)} for c in _kept(table)}
                values |= GOES_WITH.get(name, {})
                session.execute(update(table).where(key == row_id).values(values))
    return words


GOES_WITH = {
    "risk_check": {"asked": True, "override_band": "low"},
    "report_batch_part": {"content": None},
    "score_import": {"content": None},
}
"""Columns that must be filled in where the words beside them are."""


def _kept(table: Table) -> Iterator[Column]:
    return (c for c in table.columns if isinstance(c.type, JSON) and c.name in KEPT)


KEPT = {"extra": "k", "demographics": "k", "content": "event"}
"""Columns of JSON that hold words, each with a key under which they may stand."""


def _word(words: list[str], column: Column, table: Table) -> str:
    words.append(f"Canary{len(words):04d}x{table.name[:4]}{column.name[:8]}")
    return words[-1]
