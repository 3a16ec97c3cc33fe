"""The start page of therapists and supervisors, and the days after today."""

from datetime import date, timedelta
from itertools import groupby

from flask import Blueprint, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ipt_tracker.clinical.outcome.rule_words import GAIN_ADVICE
from ipt_tracker.governance.access import OF_A_COURSE, Permission, allows
from ipt_tracker.services.day import DRAWN, MOST_WEEKS, Day, read_day, read_week
from ipt_tracker.web.notes.overdue import Unsigned, unsigned_words
from ipt_tracker.web.policy import needs
from ipt_tracker.web.today import rows, words
from ipt_tracker.web.today.agenda import agenda
from ipt_tracker.web.today.found_risk import found_rows
from ipt_tracker.web.today.from_supervision import supervision_rows
from ipt_tracker.web.today.gains import gain_rows
from ipt_tracker.web.today.week import week_rows
from ipt_tracker.web.work import begin_reading, given

today = Blueprint("today", __name__, url_prefix="/today")


@today.route("", methods=["GET"])
@needs(Permission.SEE_CASELOAD)
def show() -> ResponseReturnValue:
    """Show what today asks for."""
    with begin_reading() as work:
        found = read_day(work)
    may, now = OF_A_COURSE[work.person.role], words.local_now()
    off = rows.off_rows(found)
    return render_template(
        "today/show.html",
        found=found,
        headline=words.headline(found),
        moment=words.moment_words(now),
        ahead=words.ahead_words(found.ahead, work.today),
        agenda=agenda(found, may, now),
        risk=rows.risk_rows(found.tasks, may_answer=Permission.RECORD_MEASURE in may),
        found_risk=found_rows(found),
        unsigned=_unsigned(found, work.today),
        supervision=supervision_rows(found.from_supervision, work.today),
        notes=rows.notes_panel(found, work.today),
        cosign=rows.cosign_panel(found, work.today),
        drafts=rows.drafts_panel(found),
        dues=rows.due_panel(found),
        unbooked=rows.unbooked_panel(found),
        earlier=rows.earlier_panel(found),
        off=off[:DRAWN],
        off_more=off[DRAWN:],
        gains=gain_rows(found.gains, work.today, of_supervisees=found.of_supervisees),
        gains_shown=rows.SHOWN,
        gain_advice=GAIN_ADVICE,
        notes_url=_notes_url(),
        may_start=allows(work.person, Permission.START_COURSE),
    )


def _unsigned(found: Day, on: date) -> Unsigned | None:
    """Say to a supervisor how many notes are not signed, in the words of the list of notes."""
    if not found.of_supervisees:
        return None
    return unsigned_words(len(found.notes.to_finish), found.notes.overdue(on))


def _notes_url() -> str:
    """Give the address of the list of notes, where this version has one."""
    there = "notes.list_all" in current_app.view_functions
    return url_for("notes.list_all") if there else ""


@today.route("/week", methods=["GET"])
@needs(Permission.SEE_CASELOAD)
def week() -> ResponseReturnValue:
    """Show seven days, from today on or some weeks ahead."""
    ahead = min(max(request.args.get("ahead", 0, type=int), 0), MOST_WEEKS)
    with begin_reading() as work:
        first, booked = read_week(work, ahead)
    days = [first + timedelta(days=place) for place in range(7)]
    by_day = {when: list(each) for when, each in groupby(booked, lambda row: row.planned_on)}
    return render_template(
        "today/week.html",
        first=first,
        last=days[-1],
        days=[(words.weekday(when), week_rows(by_day.get(when, []))) for when in days],
        count=len(booked),
        ahead=ahead,
        most=MOST_WEEKS,
        is_now=first == given().today(),
    )
