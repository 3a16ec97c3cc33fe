"""The sessions of a course: the list, one of them, logging the next, changing what is unsigned."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from ipt_tracker.clinical.course.notes import is_signed
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import Permission
from ipt_tracker.services.attendance import attendance_of
from ipt_tracker.services.doors import open_course, open_session
from ipt_tracker.services.fidelity.rating_sheet import may_rate
from ipt_tracker.services.group_links import ask_by_hand, ask_names, group_of_course, place_of
from ipt_tracker.services.outline import outline
from ipt_tracker.services.session_page import list_slots, measures_of_slot, read_slot
from ipt_tracker.services.session_start import start_session
from ipt_tracker.services.sessions import can_change, change_session, log_session
from ipt_tracker.services.unit_of_work import ChangedMeanwhile, UnitOfWork
from ipt_tracker.web.drafts.kept import drop_draft, take_up
from ipt_tracker.web.drafts.taking_part import keeps_draft
from ipt_tracker.web.merging import undecided
from ipt_tracker.web.notes.signature import signature_of
from ipt_tracker.web.policy import needs
from ipt_tracker.web.sessions.forms import SessionForm
from ipt_tracker.web.sessions.last_time import last_time, start_words
from ipt_tracker.web.sessions.merging import keep_texts, merge_slot, texts_not_saved
from ipt_tracker.web.sessions.prefilled import beside_the_group, of_next, of_record
from ipt_tracker.web.sessions.rows import (
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
            rates=attendance_of(each.attendance for each in facts.slots),
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
            summary=slot_words(found.record, found.facts.course.planned_sessions),
            view=slot_view(found),
            neighbours=found.neighbours,
            record=found.record,
            can_change=can_change(found.record),
            signature=signature_of(work, found),
            in_group=place_of(work, found.record),
            can_rate=may_rate(work, found.facts.course, found.record),
        )


@sessions.route("/new", methods=["GET", "POST"])
@needs(Permission.RECORD_SESSION)
@keeps_draft("The next session")
def log(course_id: UUID) -> ResponseReturnValue:
    """Log the next session, with everything that belongs to it, on one page."""
    with begin_reading() as work:
        course = open_course(work, course_id, Permission.RECORD_SESSION)
        start = start_session(work, outline(work, course))
        group = group_of_course(work, course)
    form = SessionForm(start, **of_next(start) | (beside_the_group(start) if group else {}))

    def keep(work: UnitOfWork) -> int:
        course = open_course(work, course_id, Permission.RECORD_SESSION)
        ask_by_hand(work, course, form.kind.data, confirmed=bool(form.by_hand.data))
        ask_names(work, course, form.texts, confirmed=bool(form.names.data))
        return log_session(work, course, form.entry(), form.attached(), form.slot.data).slot

    slot = _kept(form, keep)
    if slot is not None:
        return redirect(url_for("sessions.show", course_id=course_id, slot=slot), 303)
    form.slot.renew(start.facts.next.slot)
    with begin_reading() as work:
        draft = take_up(work, form)
        page = course_page(
            work,
            "sessions/log.html",
            start.facts,
            draft=draft,
            what="individual meeting" if group else next_words(start.facts),
            group=group,
            form=form,
            sheet=sheet_of(form),
            last=last_time(start),
            start_words=start_words(start),
        )
    return page, form.status


@sessions.route("/<int:slot>/edit", methods=["GET", "POST"])
@needs(Permission.RECORD_SESSION)
@keeps_draft("Change of the appointment at place {slot}")
def edit(course_id: UUID, slot: int) -> ResponseReturnValue:
    """Change a slot that is not signed; of a signed one, say why it cannot be."""
    with begin_reading() as work:
        course, record = open_session(work, course_id, slot, Permission.RECORD_SESSION)
        start = start_session(work, outline(work, course), before=slot)
        measures = measures_of_slot(work, record)
    title = slot_title(record)
    if not can_change(record):
        signed = is_signed(record.note_state)
        form = SessionForm(start, **of_record(start, record))
        refusal = {"record": record, "title": title, "signed": signed}
        refusal["typed"] = texts_not_saved(form, start, record)
        with begin_reading() as work:
            return course_page(work, "sessions/signed.html", start.facts, **refusal)
    form = SessionForm(start, **of_record(start, record))

    def keep(work: UnitOfWork) -> int:
        course, own = open_session(work, course_id, slot, Permission.RECORD_SESSION)
        ask_names(work, course, form.texts, confirmed=bool(form.names.data))
        change_session(
            work, course, own, form.entry(), form.attached(), seen_version=form.version.data
        )
        keep_texts(work, course, own)
        return slot

    if _kept(form, keep) is not None:
        return redirect(url_for("sessions.show", course_id=course_id, slot=slot), 303)
    if form.stale:
        return merge_slot(form, start, record), form.status
    form.version.renew(record.version)
    with begin_reading() as work:
        draft = take_up(work, form)
        page = course_page(
            work,
            "sessions/edit.html",
            start.facts,
            draft=draft,
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
    form.stale = bool(undecided())
    if form.stale or not form.validate_on_submit():
        return None
    try:
        with begin_work() as work:
            slot = keep(work)
            drop_draft(work)
    except RuleBroken as broken:
        form.reject(broken)
    except ChangedMeanwhile:
        form.stale = True
    else:
        flash("Session saved.", "success")
        return slot
    return None
