"""Entering a measure: choosing one, and its form."""

from uuid import UUID

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from ipt_tracker.clinical.instruments.instrument import Instrument
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import Permission
from ipt_tracker.services.doors import open_course
from ipt_tracker.services.measures import record_measure
from ipt_tracker.services.outline import outline
from ipt_tracker.services.safety import open_prompts
from ipt_tracker.web.change_form import OK, REFUSED
from ipt_tracker.web.drafts.kept import drop_draft, take_up
from ipt_tracker.web.drafts.taking_part import keeps_draft
from ipt_tracker.web.measures.asking import note_for
from ipt_tracker.web.measures.forms import MeasureForm, measure_form
from ipt_tracker.web.measures.rows import offers
from ipt_tracker.web.policy import needs
from ipt_tracker.web.strip import course_page
from ipt_tracker.web.work import begin_reading, begin_work, given


@needs(Permission.RECORD_MEASURE)
def choose(course_id: UUID) -> ResponseReturnValue:
    """Ask which measure is to be entered."""
    with begin_reading() as work:
        course = open_course(work, course_id, Permission.RECORD_MEASURE)
        return course_page(work, "measures/choose.html", outline(work, course), groups=offers())


@needs(Permission.RECORD_MEASURE)
@keeps_draft("Entering a {instrument.name}")
def record(course_id: UUID, instrument: Instrument) -> ResponseReturnValue:
    """Enter one form or interview, by items or by its total."""
    filled = {"point": request.args.get("point", "")}
    form = measure_form(instrument.family)(instrument, given().today(), filled)
    said = _proposed(form)
    onward = None if said else _recorded(form, course_id)
    if onward is not None:
        return redirect(onward, 303)
    with begin_reading() as work:
        course = open_course(work, course_id, Permission.RECORD_MEASURE)
        draft = take_up(work, form)
        page = course_page(
            work,
            "measures/record.html",
            outline(work, course),
            form=form,
            draft=draft,
            part=form.answers_part,
            instrument=instrument,
            note=note_for(form.answers_part),
            said=said,
        )
    return page, (REFUSED if form.errors else OK)


def _proposed(form: MeasureForm) -> tuple[str, ...]:
    """Fill in the severities that were asked for; nothing is checked, and nothing is saved."""
    if not form.is_submitted() or "propose" not in request.form:
        return ()
    part = form.answers_part
    count = part.propose()
    items = "1 item" if count == 1 else f"{count} items"
    return f"Severity proposed for {items}. Nothing is saved yet.", *part.otherwise


def _recorded(form: MeasureForm, course_id: UUID) -> str | None:
    """Keep what was entered and say where to go on: to what must be asked, else to the list."""
    if not form.validate_on_submit():
        return None
    try:
        with begin_work() as work:
            course = open_course(work, course_id, Permission.RECORD_MEASURE)
            saved = record_measure(work, course, form.entry()).id
            asked = [p.id for p in open_prompts(work, course) if p.measure_id == saved]
            drop_draft(work)
    except RuleBroken as broken:
        form.reject(broken)
        return None
    if asked:
        return url_for("measures.acknowledge", course_id=course_id, prompt_id=asked[0])
    return url_for("measures.list_all", course_id=course_id, saved=saved)
