"""What was found about risk in a course, check by check: asked, screened, or on a form."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from ipt_tracker.clinical.course.codes import label_of
from ipt_tracker.clinical.course.records import RiskBand
from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.clinical.missed_visits import Finding
from ipt_tracker.clinical.safety import ASK_FROM
from ipt_tracker.persistence.queries.contacts import (
    AnsweredForm,
    RiskRow,
    answered_forms,
    risk_checks_of,
)
from ipt_tracker.persistence.queries.safety import PromptRow, open_prompts_with_forms
from ipt_tracker.services.unit_of_work import UnitOfWork

ASKED = "asked"
NOTHING_FOUND = (None, RiskBand.NONE.value)
FOUND = frozenset({RiskBand.LOW, RiskBand.MODERATE, RiskBand.SEVERE})


def findings_of(work: UnitOfWork, course_id: UUID) -> tuple[Finding, ...]:
    """Give every check of a course: three statements."""
    keys = frozenset(k for k, one in INSTRUMENTS.items() if one.suicidality_item is not None)
    return (
        *(_asked(row) for row in risk_checks_of(work.session, course_id)),
        *_on_forms(answered_forms(work.session, course_id, keys)),
        *(_waiting(row) for row in open_prompts_with_forms(work.session, [course_id])),
    )


def _asked(row: RiskRow) -> Finding:
    """Read one time at which it was asked; a band that was set by hand takes nothing back."""
    bands = FOUND & {row.band, row.override_band}
    yes = any(answer is True for answer in (row.answers or {}).values())
    present = row.result not in NOTHING_FOUND
    words = f"Risk was present when asked on {_day(row.held_on)}."
    if row.band is not None and (bands or yes):
        band = label_of(RiskBand, row.band).lower()
        words = f"The suicide screener of {_day(row.held_on)} said: {band}."
    return Finding(row.held_on, ASKED, bool(present or bands or yes), words)


def _on_forms(forms: tuple[AnsweredForm, ...]) -> Iterator[Finding]:
    """Read the answers on suicide; a form without that answer says nothing either way."""
    for form in forms:
        one = INSTRUMENTS[form.instrument]
        key = one.suicidality_item or ""
        answer = (form.answers or {}).get(key)
        text = "" if form.item9 is None else str(form.item9)
        if answer is None and text.isdecimal():
            answer = int(text)
        if answer is None:
            continue
        number = one.items.index(one.item(key)) + 1
        words = f"Item {number} of the {one.name} of {_day(form.taken_on)} stands at {answer}."
        yield Finding(form.taken_on, form.instrument, answer >= ASK_FROM, words)


def _waiting(row: PromptRow) -> Finding:
    name = INSTRUMENTS[row.instrument].name
    words = f"Nobody has asked yet about the answer on the {name} of {_day(row.taken_on)}."
    return Finding(
        row.taken_on, f"prompt {row.instrument}", is_positive=True, words=words, is_open=True
    )


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
