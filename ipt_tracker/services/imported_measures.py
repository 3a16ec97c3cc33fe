"""Measures and assessments of an imported case, scored by our own rules where they can be."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS, key_for
from ipt_tracker.clinical.instruments.instrument import Score, check, score_partial, score_total
from ipt_tracker.clinical.instruments.judging import findings
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.persistence.models import Measure
from ipt_tracker.services.measure_entries import PLANNED, MeasureEntry, scored

if TYPE_CHECKING:
    from ipt_tracker.exchange.bundle_values import AssessmentIn, MeasureIn, SessionIn
    from ipt_tracker.services.imported_rows import CaseRows, Row

UNREADABLE = "unreadable"
"""The file gave a value that the form cannot have; it is kept as text."""


def measure_rows(rows: CaseRows, session_ids: dict[int, UUID]) -> dict[int, dict[str, UUID]]:
    """Add every measure and assessment; give the measures' ids by slot and name in the file."""
    found: dict[int, dict[str, UUID]] = {}
    for session in rows.case.sessions:
        ids = found.setdefault(session.slot, {})
        for measure in session.measures:
            row = _of_session(rows, session, measure)
            row["session_id"] = session_ids[session.slot]
            _append(rows, row)
            ids.setdefault(measure.instrument, row["id"])
    for assessment in rows.case.assessments:
        _append(rows, _assessment(rows, assessment))
    return found


def _append(rows: CaseRows, row: Row) -> None:
    """Add a row a moment after the one before: of two forms of one day the file's order holds."""
    measures = rows.tables[Measure]
    row["recorded_at"] = rows.now + timedelta(microseconds=len(measures))
    measures.append(row)


def _row(rows: CaseRows, instrument: str, window: str | None) -> Row:
    return {
        "id": uuid4(),
        "course_id": rows.course_id,
        "session_id": None,
        "instrument": key_for(instrument, window) or instrument,
        "taken_on": rows.today,
        "status": UNREADABLE,
        "total": None,
        "answers": None,
        "beside": None,
        "answered": None,
        "lowest": None,
        "highest": None,
        "rule": None,
        "cut": None,
        "band_set": None,
        "threshold_set": None,
        "findings": None,
        "point": None,
        "due_on": None,
        "assessor": None,
        "blind": None,
        "unblinding": None,
        "reason": None,
        "extra": None,
        "recorded_by": None,
        "recorded_at": rows.now,
        "withdrawn_at": None,
        "withdrawn_by": None,
        "version": 1,
    }


def _kept(row: Row, extra: Any, **more: object) -> None:  # noqa: ANN401 -- whatever a file held
    found = {piece.key: piece.text for piece in extra}
    found |= {key: value for key, value in more.items() if value is not None}
    row["extra"] = found or None


def _of_session(rows: CaseRows, session: SessionIn, measure: MeasureIn) -> Row:
    row = _row(rows, measure.instrument, measure.window)
    row["taken_on"] = session.held_on
    known = row["instrument"] in INSTRUMENTS
    _kept(
        row,
        measure.extra,
        item9=measure.item9,
        window=None if known else measure.window,
        items_missing=measure.items_missing,
        sum_of_answered=measure.sum_of_answered,
    )
    place = f"slot {session.slot}, {measure.instrument}"
    if measure.items and _items(rows, row, measure, place):
        return row
    if measure.total is not None:
        _total(rows, row, measure.total, place)
    else:
        row["status"] = measure.status or "missing"
        if row["status"] == "complete":
            row["status"] = UNREADABLE
            rows.warn(f"{place}: said to be complete, but there is no total")
        _partial(rows, row, measure, place)
    return row


def _items(rows: CaseRows, row: Row, measure: MeasureIn, place: str) -> bool:
    """Take the answers of a form; where they are not, or not those of its total, keep the text."""
    instrument = INSTRUMENTS.get(row["instrument"])
    fault = "the answers cannot be read without the form."
    if instrument is not None and not instrument.parts:
        answers = dict(zip(instrument.answer_keys, measure.items, strict=False))
        entry = MeasureEntry(instrument, row["taken_on"], answers=answers, total=measure.total)
        try:
            check(instrument, measure.items)
            row.update(scored(entry, rows.criteria[row["instrument"]]))
        except RuleBroken as broken:
            fault = broken.message
        else:
            return True
    row["extra"] = {**(row["extra"] or {}), "items": list(measure.items)}
    rows.warn(f"{place}: {fault} The answers are kept as text.")
    return False


def _total(rows: CaseRows, row: Row, total: int, place: str) -> None:
    instrument = INSTRUMENTS.get(row["instrument"])
    fault = f"{total} is below zero." if total < 0 else None
    score = None
    if instrument is not None:
        try:
            score = score_total(instrument, total)
        except RuleBroken as broken:
            fault = broken.message
    if fault:
        row["extra"] = {**(row["extra"] or {}), "total": total}
        rows.warn(f"{place}: {fault} Kept as text.")
        return
    row.update(status="complete", total=total, lowest=total, highest=total)
    _judge(rows, row, score)


def _judge(rows: CaseRows, row: Row, score: Score | None) -> None:
    """Say by what the result is judged, and what that says of a total or a range."""
    if score is None:
        return
    criteria = rows.criteria[row["instrument"]]
    row.update(
        rule=criteria.rule,
        cut=criteria.cut,
        band_set=criteria.band_set,
        threshold_set=criteria.threshold_set,
        findings=findings(INSTRUMENTS[row["instrument"]], score, criteria, None),
    )


def _partial(rows: CaseRows, row: Row, measure: MeasureIn, place: str) -> None:
    instrument = INSTRUMENTS.get(row["instrument"])
    given = measure.sum_of_answered is not None and measure.items_missing is not None
    if instrument is None or not given:
        return
    try:
        score = score_partial(instrument, measure.sum_of_answered or 0, measure.items_missing or 0)
    except RuleBroken as broken:
        rows.warn(f"{place}: {broken.message} Kept as text.")
        return
    row.update(answered=score.answered, lowest=score.lowest, highest=score.highest)
    _judge(rows, row, score)


def _assessment(rows: CaseRows, assessment: AssessmentIn) -> Row:
    row = _row(rows, assessment.instrument, assessment.window)
    _kept(row, assessment.extra)
    day = assessment.done_on or assessment.due_on or rows.case.first_contact
    row.update(
        taken_on=day or rows.today,
        due_on=assessment.due_on,
        point=assessment.point,
        assessor=assessment.assessor,
        blind=assessment.blind,
        unblinding=assessment.unblinding,
        reason=assessment.reason,
    )
    if assessment.total is not None:
        _total(rows, row, assessment.total, f"assessment {assessment.point}")
    else:
        row["status"] = _why_not(assessment)
    return row


def _why_not(assessment: AssessmentIn) -> str:
    """Without a reason it is not yet due, or overdue: planned, and no gap in the scores."""
    if assessment.reason is None and assessment.done_on is None:
        return PLANNED
    return "declined" if assessment.reason == "declined" else "not_administered"
