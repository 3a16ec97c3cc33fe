"""Answers on suicide: what is to be asked, and writing down what was done about it."""

from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import Permission
from ipt_tracker.services import safety
from ipt_tracker.services.doors import open_course
from ipt_tracker.services.measure_page import read_measure
from ipt_tracker.web.change_form import REFUSED
from ipt_tracker.web.drafts.kept import drop_draft, take_up
from ipt_tracker.web.drafts.taking_part import keeps_draft
from ipt_tracker.web.measures.changing import AskedForm
from ipt_tracker.web.measures.view import asked_view, title_of
from ipt_tracker.web.onward import onward, screener_of
from ipt_tracker.web.policy import needs
from ipt_tracker.web.strip import course_page
from ipt_tracker.web.work import begin_reading, begin_work


@needs(Permission.RECORD_MEASURE)
@keeps_draft("A question about suicide")
def acknowledge(course_id: UUID, prompt_id: UUID) -> ResponseReturnValue:
    """Show what was answered, and keep who did what about it, and when."""
    form = AskedForm()
    if _acknowledged(form, course_id, prompt_id):
        flash("Kept with your name and the time.", "success")
        return redirect(
            url_for("measures.acknowledge", course_id=course_id, prompt_id=prompt_id), 303
        )
    with begin_reading() as work:
        course = open_course(work, course_id, Permission.RECORD_MEASURE)
        prompt = safety.find_prompt(work, course, prompt_id)
        found = read_measure(work, course, prompt.measure_id)
        at = found.measure.session_id
        page = course_page(
            work,
            "measures/acknowledge.html",
            found.facts,
            form=form,
            draft=take_up(work, form),
            asked=asked_view(found, prompt),
            measure=found.measure,
            title=title_of(found.measure),
            onward=() if prompt.acknowledged_at is None else onward(work, course, at),
            screener=screener_of(work, found.facts, at),
        )
    return page, (REFUSED if form.errors else 200)


def _acknowledged(form: AskedForm, course_id: UUID, prompt_id: UUID) -> bool:
    if not form.validate_on_submit():
        return False
    try:
        with begin_work() as work:
            course = open_course(work, course_id, Permission.RECORD_MEASURE)
            prompt = safety.find_prompt(work, course, prompt_id)
            done = form.risk_done.data
            action = safety.found_words(form.risk_found.data, form.risk_note.data)
            safety.acknowledge(work, course, prompt, done, action)
            drop_draft(work)
    except RuleBroken as broken:
        form.reject(broken)
        return False
    return True
