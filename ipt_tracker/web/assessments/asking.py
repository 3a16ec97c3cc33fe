"""Asking a blinded assessor for an assessment of a course."""

from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import Permission
from ipt_tracker.services.assessments.requests import (
    RequestLine,
    RequestState,
    ask_assessment,
    assessors,
    find_open_request,
    requests_of,
    take_back,
)
from ipt_tracker.services.doors import open_course
from ipt_tracker.services.outline import outline
from ipt_tracker.web.assessments.forms import AskForm, WhyForm
from ipt_tracker.web.page import day
from ipt_tracker.web.policy import needs
from ipt_tracker.web.strip import course_page
from ipt_tracker.web.work import begin_reading, begin_work

asking = Blueprint("asking", __name__, url_prefix="/courses/<uuid:course_id>/assessments")
ASK = Permission.ASK_ASSESSMENT
STATES = {
    RequestState.OPEN: ("open", "Waits"),
    RequestState.DONE: ("done", "Done"),
    RequestState.DECLINED: ("flag", "Declined"),
    RequestState.TAKEN_BACK: ("same", "Taken back"),
}


@asking.route("", methods=["GET", "POST"])
@needs(ASK)
def show(course_id: UUID) -> ResponseReturnValue:
    """Show what was asked of assessors in this course, and ask for another assessment."""
    form = AskForm()
    if _asked(form, course_id):
        flash("Asked. The assessor sees the clinic code, the form and your note.", "success")
        return _to(course_id)
    with begin_reading() as work:
        course = open_course(work, course_id, ASK)
        people = assessors(work)
        form.offer(people)
        page = course_page(
            work,
            "assessments/asking.html",
            outline(work, course),
            form=form,
            people=people,
            lines=[
                (each, form_name(each), STATES[each.state]) for each in requests_of(work, course)
            ],
        )
    return page, form.http_status


def _line(line: RequestLine) -> tuple[RequestLine, str, tuple[str, str]]:
    return line, form_name(line), STATES[line.state]


def form_name(line: RequestLine) -> str:
    """Name the form of a request."""
    known = INSTRUMENTS.get(line.instrument)
    return known.version if known else line.instrument


def _asked(form: AskForm, course_id: UUID) -> bool:
    if not form.validate_on_submit():
        return False
    try:
        with begin_work() as work:
            ask_assessment(work, open_course(work, course_id, ASK), form.entry())
    except RuleBroken as broken:
        form.reject(broken)
        return False
    return True


@asking.route("/<uuid:request_id>/withdrawal", methods=["GET", "POST"])
@needs(ASK)
def withdraw(course_id: UUID, request_id: UUID) -> ResponseReturnValue:
    """Take back what was asked and is not done."""
    form = WhyForm()
    if form.validate_on_submit():
        with begin_work() as work:
            take_back(work, open_course(work, course_id, ASK), request_id, form.why.data)
        flash("Taken back. The assessor no longer sees it.", "success")
        return _to(course_id)
    with begin_reading() as work:
        course = open_course(work, course_id, ASK)
        find_open_request(work, course, request_id)
        line = next(each for each in requests_of(work, course) if each.id == request_id)
        page = course_page(
            work,
            "assessments/withdraw.html",
            outline(work, course),
            form=form,
            name=form_name(line),
            asked_on=day(line.asked_at.astimezone().date()),
            line=line,
        )
    return page, form.http_status


def _to(course_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("asking.show", course_id=course_id), 303)
