"""High suicide risk on the suitability check: what to do, until it is done. It blocks nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask import url_for

from ipt_tracker.clinical.course.worksheets.suitability import suicide_risk_words
from ipt_tracker.persistence.queries.worksheets import SheetRow
from ipt_tracker.services.outline import Outline
from ipt_tracker.web.worksheets.view import day_of


@dataclass(frozen=True, slots=True)
class Marked:
    """What is said, and where it is done; `session_url` is empty once the course has ended."""

    text: str
    session_url: str
    plan_url: str


def marked_risk(
    facts: Outline, sheets: Mapping[str, SheetRow], asked_on: date | None
) -> Marked | None:
    """Say what a marked risk asks for; None once it was asked since, or a safety plan exists.

    `asked_on` is the day of the last session at which risk was asked about.
    """
    row = sheets.get("suitability")
    text = suicide_risk_words(row.content) if row else ""
    if row is None or not text or "safety_plan" in sheets:
        return None
    if asked_on is not None and asked_on >= day_of(row):
        return None
    plan = url_for("worksheets.edit", course_id=facts.course.id, sheet="safety_plan")
    return Marked(text, _session_url(facts.course.id, facts.course.ended_on), plan)


def _session_url(course_id: UUID, ended_on: date | None) -> str:
    return url_for("sessions.log", course_id=course_id) if ended_on is None else ""
