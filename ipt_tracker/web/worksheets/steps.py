"""The beginning phase at a glance: what is done, by whom and when. Nothing of it is forced."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import url_for

from ipt_tracker.clinical.course.catalogue import TASKS
from ipt_tracker.clinical.course.focal_areas import focal_area_label
from ipt_tracker.clinical.course.worksheets.fields import text_of
from ipt_tracker.clinical.course.worksheets.suitability import unanswered_words
from ipt_tracker.services.worksheet_page import Plan
from ipt_tracker.web.page import day_year
from ipt_tracker.web.worksheets.contract import agreed_words
from ipt_tracker.web.worksheets.view import day_of

SECTION = "beginning"
LABELS = {
    "symptom_review": "Symptoms and history reviewed",
    "diagnosis_named": "Diagnosis named",
    "sick_role": "Sick role given",
    "suitability_reviewed": "Suitability checked",
    "medication_evaluated": "Medication considered",
    "risk_assessed": "Risk asked about",
    "interpersonal_inventory": "Interpersonal inventory",
    "timeline_built": "Timeline",
    "ipt_explained": "IPT explained",
    "focal_area_chosen": "Focal area chosen",
    "formulation_shared": "Formulation shared and agreed",
    "contract_agreed": "Contract agreed",
}
"""Tasks of the beginning in catalogue order, as the steps of a course."""
OF_A_SHEET = {
    "suitability_reviewed": "suitability",
    "medication_evaluated": "medication_evaluation",
    "formulation_shared": "formulation",
}
OF_A_PAGE = {"interpersonal_inventory": "inventory.show", "timeline_built": "timeline.show"}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the beginning: done or not, how that is known, and where it is done.

    `left` says what is missing where it was begun and is not done.
    """

    label: str
    done: bool
    words: str
    url: str | None = None
    link: str = ""
    left: str = ""


def steps_of(plan: Plan) -> tuple[Step, ...]:
    """Say of each step of the beginning whether it is done, and how that is known."""
    return tuple(
        _step(plan, task.key, task.code) for task in TASKS.values() if task.section == SECTION
    )


def _step(plan: Plan, key: str, code: str) -> Step:
    label = LABELS.get(key, TASKS[code].text)
    found = "; ".join(_known(plan, key))
    ticked = plan.ticked.get(code)
    if not found and ticked:
        where = f"session {ticked.number}" if ticked.number is not None else "an appointment"
        found = f"Ticked in {where}, {day_year(ticked.held_on)}"
    left = _left(plan, key)
    done = bool(found) and not left and not _is_open(plan, key)
    url, link = _place(plan, key)
    return Step(label, done, found, url, link, left)


def _known(plan: Plan, key: str) -> Iterator[str]:
    """Give what the record itself says about a step, whatever was ticked."""
    course, row = plan.course, plan.sheets.get(OF_A_SHEET.get(key, ""))
    if row is not None:
        yield f"{row.who}, {day_year(day_of(row))}"
        if _is_open(plan, key):
            yield "written, not yet agreed with the patient"
    if key == "interpersonal_inventory" and plan.people:
        yield "1 person" if plan.people == 1 else f"{plan.people} people"
    if key == "timeline_built" and plan.events:
        yield "1 event" if plan.events == 1 else f"{plan.events} events"
    if key == "focal_area_chosen" and course.focal_areas:
        first = course.focal_areas[0]
        yield f"{focal_area_label(first.area)}, {day_year(first.started_on)}"
    if key == "contract_agreed" and course.contract_agreed:
        words = agreed_words(course.contract_agreed, course.contract_agreed_on)
        yield f"{words[0].upper()}{words[1:]}"


def _left(plan: Plan, key: str) -> str:
    """Say how many concerns of a suitability check are not answered; nothing where all are."""
    row = plan.sheets.get("suitability") if key == "suitability_reviewed" else None
    return unanswered_words(row.content) if row else ""


def _is_open(plan: Plan, key: str) -> bool:
    """Say whether a formulation is written that the patient has not agreed to."""
    row = plan.sheets.get("formulation") if key == "formulation_shared" else None
    return row is not None and text_of(row.content, "agreed") != "yes"


def _place(plan: Plan, key: str) -> tuple[str | None, str]:
    """Give where a step is written down, for those who may."""
    course_id = plan.course.id
    if key in OF_A_SHEET:
        sheet = OF_A_SHEET[key]
        there = sheet in plan.sheets
        endpoint = "worksheets.show" if there else "worksheets.edit"
        return url_for(endpoint, course_id=course_id, sheet=sheet), "Open" if there else "Fill in"
    if key in OF_A_PAGE:
        return url_for(OF_A_PAGE[key], course_id=course_id), "Open"
    if plan.course.ended_on is None and key == "contract_agreed":
        return url_for("courses.edit_contract", course_id=course_id), "Contract"
    if plan.course.ended_on is None and key == "focal_area_chosen" and not plan.course.focal_areas:
        return url_for("courses.open_focus", course_id=course_id), "Choose"
    return None, ""
