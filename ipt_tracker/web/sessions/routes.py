"""The sessions of a course: the list, one of them, logging the next, changing what is unsigned."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import Permission
from ipt_tracker.services.doors import open_course, open_session
from ipt_tracker.services.outline import outline
from ipt_tracker.services.session_page import list_slots, measures_of_slot, read_slot
from ipt_tracker.services.session_start import start_session
from ipt_tracker.services.sessions import can_change, change_session, log_session
from ipt_tracker.services.unit_of_work import ChangedMeanwhile, UnitOfWork
from ipt_tracker.web.policy import needs
from ipt_tracker.web.sessions.forms import SessionForm
from ipt_tracker.web.sessions.last_time import last_time, start_words
from ipt_tracker.web.sessions.prefilled import of_next, of_record
from ipt_tracker.web.sessions.rows import (
    is_signed,
    list_words,
    next_words,
    score_words,
    slot_row,
    slot_title,
    slot_words,
)
from ipt_tracker.web.sessions.sheet import sheet_of
from ipt_tracker.web.sessions.view import slot_view
from ipt_tracker.web.strip import course_page
from ipt_tracker.web.work import begin_reading, begin_work

sessions = Blueprint("sessions", __name__, url_prefix="/courses/<uuid:course_id>/sessions")


@sessions.route("", methods=["GET"])
@needs(Permission.OPEN_COURSE)
def list_all(course_id: UUID) -> ResponseReturnValue:
    """List the slots of a course, newest first, twenty-five a page."""
    with begin_reading() as work:
        course = open_course(work, course_id, Permission.OPEN_COURSE)
        facts = outline(work, course)
        found = list_slots(work, course, len(facts.slots), request.args.get("page", 1, type=int))
        rows = [slot_row(each, found.measures.get(each.id, ())) for each in found.records]
        return course_page(
            work,
            "sessions/list_all.html",
            facts,
            page=found.page,
            rows=rows,
            what=next_words(facts),
            summary=list_words(facts),
        )


@sessions.route("/<int:slot>", methods=["GET"])
@needs(Permission.OPEN_COURSE)
def show(course_id: UUID, slot: int) -> ResponseReturnValue:
    """Show everything of one slot."""
    with begin_reading() as work:
        found = read_slot(work, course_id, slot)
        return course_page(
            work,
            "sessions/show.html",
            found.facts,
            title=slot_title(found.record),
            summary=slot_words(found.record),
            view=slot_view(found),
            neighbours=found.neighbours,
            record=found.record,
            can_change=can_change(found.record),
        )


@sessions.route("/new", methods=["GET", "POST"])
@needs(Permission.RECORD_SESSION)
def log(course_id: UUID) -> ResponseReturnValue:
    """Log the next session, with everything that belongs to it, on one page."""
    with begin_reading() as work:
        course = open_course(work, course_id, Permission.RECORD_SESSION)
        start = start_session(work, outline(work, course))
    form = SessionForm(start, **of_next(start))

    def keep(work: UnitOfWork) -> int:
        course = open_course(work, course_id, Permission.RECORD_SESSION)
        return log_session(work, course, form.entry(), form.attached(), form.slot.data).slot

    slot = _kept(form, keep)
    if slot is not None:
        return redirect(url_for("sessions.show", course_id=course_id, slot=slot), 303)
    form.slot.renew(start.facts.next.slot)
    with begin_reading() as work:
        page = course_page(
            work,
            "sessions/log.html",
            start.facts,
            what=next_words(start.facts),
            form=form,
            sheet=sheet_of(form),
            last=last_time(start),
            start_words=start_words(start),
        )
    return page, form.status


@sessions.route("/<int:slot>/edit", methods=["GET", "POST"])
@needs(Permission.RECORD_SESSION)
def edit(course_id: UUID, slot: int) -> ResponseReturnValue:
    """Change a slot that is not signed; of a signed one, say why it cannot be."""
    with begin_reading() as work:
        course, record = open_session(work, course_id, slot, Permission.RECORD_SESSION)
        start = start_session(work, outline(work, course), before=slot)
        measures = measures_of_slot(work, record)
    title = slot_title(record)
    if not can_change(record):
        signed = is_signed(record.note_state)
        refusal = {"record": record, "title": title, "signed": signed}
        with begin_reading() as work:
            return course_page(work, "sessions/signed.html", start.facts, **refusal)
    form = SessionForm(start, **of_record(start, record))

    def keep(work: UnitOfWork) -> int:
        course, own = open_session(work, course_id, slot, Permission.RECORD_SESSION)
        change_session(
            work, course, own, form.entry(), form.attached(), seen_version=form.version.data
        )
        return slot

    if _kept(form, keep) is not None:
        return redirect(url_for("sessions.show", course_id=course_id, slot=slot), 303)
    form.name_newer(of_record(start, record))
    form.version.renew(record.version)
    with begin_reading() as work:
        page = course_page(
            work,
            "sessions/edit.html",
            start.facts,
            form=form,
            sheet=sheet_of(form),
            record=record,
            title=title,
            measures=[score_words(each) for each in measures],
            start_words=start_words(start),
        )
    return page, form.status


def _kept(form: SessionForm, keep: Callable[[UnitOfWork], int]) -> int | None:
    """Keep what was entered and give its slot; None where nothing was, and the form says why."""
    if not form.validate_on_submit():
        return None
    try:
        with begin_work() as work:
            slot = keep(work)
    except RuleBroken as broken:
        form.reject(broken)
    except ChangedMeanwhile:
        form.stale = True
    else:
        flash("Session saved.", "success")
        return slot
    return None
