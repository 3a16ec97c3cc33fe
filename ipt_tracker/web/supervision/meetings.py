"""Supervision meetings: the list, one of them, and the forms that record, change and strike one."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import Permission
from ipt_tracker.services.supervision import answers
from ipt_tracker.services.supervision import meetings as service
from ipt_tracker.services.supervision.doors import open_meeting
from ipt_tracker.services.supervision.meeting_page import (
    names_in,
    offered,
    read_meeting,
    read_meetings,
    supervised_on,
)
from ipt_tracker.services.unit_of_work import ChangedMeanwhile, UnitOfWork
from ipt_tracker.web.change_form import NEWER, ChangeForm
from ipt_tracker.web.policy import needs
from ipt_tracker.web.supervision.forms import (
    ChangedMeetingForm,
    DoneForm,
    MeetingForm,
    PeriodForm,
    StrikeForm,
    WhoForm,
    filled_from,
    meeting_form,
    usual,
)
from ipt_tracker.web.supervision.words import (
    action_rows,
    action_state,
    form_words,
    hours_words,
    line_rows,
    meeting_title,
)
from ipt_tracker.web.work import begin_reading, begin_work, given

meetings = Blueprint("meetings", __name__, url_prefix="/supervision/meetings")

YEAR = timedelta(days=365)
WITH, MORE = "with", "more"
"""The names of who was there, and of the button that asks for more rows."""
NOBODY_THERE = "Say who was there."
EARLIEST = date(1900, 1, 1)
NO_SUCH_DAY = "Give the day of the meeting, today or before."
NOT_THAT_DAY = "You did not supervise everybody in this list on that day."


@meetings.route("", methods=["GET"])
@needs(Permission.RATE_SESSION)
def list_all() -> ResponseReturnValue:
    """List the meetings that one held or was at, with hours by supervisee and open actions."""
    period, (first, last) = _period()
    with begin_reading() as work:
        found = read_meetings(work, first, last, request.args.get("page", 1, type=int))
    return render_template(
        "supervision/meetings.html",
        found=found,
        lines=line_rows(found.lines),
        hours=hours_words(found.hours),
        actions=action_rows(found.actions, work.today, names=found.is_supervisor),
        period=period,
        first=first,
        last=last,
        args={"from": first.isoformat(), "until": last.isoformat()},
    )


def _period() -> tuple[PeriodForm, tuple[date, date]]:
    """Read the time looked at: the last twelve months unless the address says otherwise."""
    form = PeriodForm(request.args, meta={"csrf": False})
    good = form.validate()
    last = (form.last.data if good else None) or given().today()
    first = (form.first.data if good else None) or max(last, date.min + YEAR) - YEAR
    if first > last:
        first, last = last, first
    form.first.data, form.last.data = first, last
    return form, (first, last)


@meetings.route("/new", methods=["GET", "POST"])
@needs(Permission.SUPERVISE)
def new() -> ResponseReturnValue:
    """Say who was there, then record what was talked about."""
    people, day = _chosen()
    if not people:
        return _ask_who(day)
    with begin_reading() as work:
        found = offered(work, people, day)
    form = meeting_form(MeetingForm, found, usual(len(people), day), more=MORE in request.form)
    if MORE not in request.form:
        meeting_id = _kept(form, lambda work: service.record_meeting(work, form.entry()).id)
        if meeting_id is not None:
            flash("The meeting is recorded. Who was there can read their part.", "success")
            return _to_meeting(meeting_id)
    return render_template("supervision/new.html", form=form, people=people), form.http_status


def _chosen() -> tuple[Mapping[UUID, str], date]:
    """Give who was there and the day; nobody where it must be asked first."""
    day = _day(request.form.get("held_on")) or _day(request.args.get("day")) or given().today()
    with begin_reading() as work:
        supervised = supervised_on(work, day)
        everybody = {**supervised_on(work, work.today), **supervised}
    if request.method == "GET" and "day" in request.args and _day(request.args["day"]) is None:
        return {}, day
    named = {each for sent in request.values.getlist(WITH) for each in sent.split()}
    if not named and len(supervised) == 1 and "choose" not in request.args:
        return supervised, day
    return {key: name for key, name in everybody.items() if str(key) in named}, day


def _ask_who(day: date) -> ResponseReturnValue:
    """Show the first step: the day, and whom one supervised on it."""
    with begin_reading() as work:
        people = supervised_on(work, day)
    form = WhoForm(None, meta={"csrf": False}, data={"day": day})
    form.offer(people)
    typed = request.args.get("day")
    sent = request.method == "POST" or typed is not None
    if typed is not None and _day(typed) is None:
        form.day.errors = [NO_SUCH_DAY]
    elif sent and people:
        form.people.errors = [NOBODY_THERE]
    return render_template("supervision/who.html", form=form, people=people), 422 if sent else 200


@meetings.route("/<uuid:meeting_id>", methods=["GET"])
@needs(Permission.SEE_FIDELITY)
def show(meeting_id: UUID) -> ResponseReturnValue:
    """Show a meeting: all of it to who held it, to a supervisee their own part."""
    return _page(meeting_id, {})


def _page(meeting_id: UUID, forms: dict[UUID, DoneForm], status: int = 200) -> ResponseReturnValue:
    with begin_reading() as work:
        meeting = open_meeting(work, meeting_id, Permission.SEE_FIDELITY)
        found = read_meeting(work, meeting)
    mine = [action for part in found.parts for action in part.actions]
    every = {each.id: forms.get(each.id) or DoneForm(None, prefix=each.id.hex) for each in mine}
    page = render_template(
        "supervision/meeting.html",
        found=found,
        meeting=found.meeting,
        title=meeting_title(found),
        how=form_words(found.meeting),
        forms=every,
        states={each.id: action_state(each, work.today) for each in mine},
        may_answer=not found.is_holder and found.meeting.struck_at is None,
        refused=next(iter(forms.values()), None),
    )
    return page, status


@meetings.route("/<uuid:meeting_id>/change", methods=["GET", "POST"])
@needs(Permission.SUPERVISE)
def change(meeting_id: UUID) -> ResponseReturnValue:
    """Record a meeting anew; what stood there before is struck and stays readable."""
    with begin_reading() as work:
        meeting = open_meeting(work, meeting_id, Permission.SUPERVISE)
        people = names_in(meeting)
        found = offered(work, people, meeting.held_on)
    if meeting.struck_at is not None:
        flash(service.GONE, "error")
        return _to_meeting(meeting_id)
    form: Any = meeting_form(
        ChangedMeetingForm, found, filled_from(meeting), more=MORE in request.form
    )

    def keep(work: UnitOfWork) -> UUID:
        own = open_meeting(work, meeting_id, Permission.SUPERVISE)
        seen = form.version.data
        made = service.change_meeting(work, own, form.entry(), form.reason.data, seen_version=seen)
        return made.id

    if MORE not in request.form:
        made = _kept(form, keep)
        if made is not None:
            flash("The meeting is recorded anew. What stood there before is kept.", "success")
            return _to_meeting(made)
    form.version.renew(meeting.version)
    page = render_template("supervision/change.html", form=form, people=people, meeting=meeting)
    return page, form.http_status


@meetings.route("/<uuid:meeting_id>/strike", methods=["GET", "POST"])
@needs(Permission.SUPERVISE)
def strike(meeting_id: UUID) -> ResponseReturnValue:
    """Mark a meeting as entered in error."""
    with begin_reading() as work:
        meeting = open_meeting(work, meeting_id, Permission.SUPERVISE)
    if meeting.struck_at is not None:
        flash(service.GONE, "error")
        return _to_meeting(meeting_id)
    form = StrikeForm()

    def keep(work: UnitOfWork) -> bool:
        own = open_meeting(work, meeting_id, Permission.SUPERVISE)
        service.strike_meeting(work, own, form.reason.data, seen_version=form.version.data)
        return True

    if _kept(form, keep):
        flash("The record is struck. It stays readable and counts no more.", "success")
        return _to_meeting(meeting_id)
    form.version.renew(meeting.version)
    return render_template("supervision/strike.html", form=form, meeting=meeting), form.http_status


@meetings.route("/<uuid:meeting_id>/read", methods=["POST"])
@needs(Permission.SEE_FIDELITY)
def acknowledge(meeting_id: UUID) -> ResponseReturnValue:
    """Say that one has read one's part of a meeting."""
    return _answered(
        meeting_id, answers.acknowledge_meeting, "Your supervisor sees that you read it."
    )


@meetings.route("/<uuid:meeting_id>/actions/<uuid:action_id>/seen", methods=["POST"])
@needs(Permission.SEE_FIDELITY)
def take_note(meeting_id: UUID, action_id: UUID) -> ResponseReturnValue:
    """Say that one has taken note of an action."""
    return _answered(
        meeting_id,
        lambda work, own: answers.acknowledge_action(work, own, action_id),
        "Your supervisor sees that you will do it.",
    )


@meetings.route("/<uuid:meeting_id>/actions/<uuid:action_id>/done", methods=["POST"])
@needs(Permission.SEE_FIDELITY)
def finish(meeting_id: UUID, action_id: UUID) -> ResponseReturnValue:
    """Say that an action is done."""
    form = DoneForm(prefix=action_id.hex)
    if not form.validate_on_submit():
        return _page(meeting_id, {action_id: form}, 422)
    remark = form.done_remark.data
    return _answered(
        meeting_id,
        lambda work, own: answers.finish_action(work, own, action_id, remark),
        "The action is done. Your supervisor sees it.",
    )


def _answered(
    meeting_id: UUID, act: Callable[[UnitOfWork, Any], None], said: str
) -> ResponseReturnValue:
    """Do what a supervisee answers, and go back to the meeting."""
    try:
        with begin_work() as work:
            act(work, open_meeting(work, meeting_id, Permission.SEE_FIDELITY))
    except RuleBroken as broken:
        flash(broken.message, "error")
    else:
        flash(said, "success")
    return _to_meeting(meeting_id)


def _kept(form: ChangeForm, act: Callable[[UnitOfWork], Any]) -> Any:  # noqa: ANN401 -- what the service gives
    """Do what the form says in one transaction; None where nothing was kept, and it says why."""
    if not form.validate_on_submit():
        return None
    try:
        with begin_work() as work:
            return act(work)
    except RuleBroken as broken:
        form.reject(broken)
    except ChangedMeanwhile:
        form.stale = True
        form.form_errors = [*form.form_errors, NEWER]
    return None


def _day(typed: str | None) -> date | None:
    """Give the day that was typed; None for what is none, and for one that no meeting was on."""
    try:
        day = date.fromisoformat((typed or "").strip())
    except ValueError:
        return None
    return day if EARLIEST <= day <= given().today() else None


def _to_meeting(meeting_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("meetings.show", meeting_id=meeting_id), 303)
