"""The meetings of a group: log one, log a cancellation, read, change and sign one."""

from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from ipt_tracker.clinical.course.groups import in_error
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import Permission
from ipt_tracker.services import group_changes as changes
from ipt_tracker.services import group_sessions as service
from ipt_tracker.services.fidelity.rating_sheet import may_rate_meeting
from ipt_tracker.services.group_doors import open_group, open_group_session
from ipt_tracker.services.group_errors import mark_in_error
from ipt_tracker.services.group_meeting import MeetingPage, read_meeting
from ipt_tracker.services.group_page import standing, usual_meeting
from ipt_tracker.services.group_signing import sign_group_session
from ipt_tracker.services.unit_of_work import ChangedMeanwhile, UnitOfWork
from ipt_tracker.web.drafts.kept import take_up
from ipt_tracker.web.drafts.taking_part import keeps_draft
from ipt_tracker.web.groups.changes import RECORD, kept
from ipt_tracker.web.groups.meeting_rows import (
    changes_of,
    group_facts,
    meeting_title,
    meeting_words,
    note_rows,
    sign_words,
    signed_words,
    signer_of,
    tasks_of,
)
from ipt_tracker.web.groups.page import group_page
from ipt_tracker.web.groups.prefilled import form_of, next_form, sheet_of
from ipt_tracker.web.groups.record_forms import CancelledForm, ErrorForm, SignForm
from ipt_tracker.web.policy import needs
from ipt_tracker.web.work import begin_reading, begin_work

group_sessions = Blueprint(
    "group_sessions", __name__, url_prefix="/groups/<uuid:group_id>/sessions"
)
CHANGED_MEANWHILE = "Somebody changed this record since you opened it. Read it again, then sign."


@group_sessions.route("/new", methods=["GET", "POST"])
@needs(Permission.RECORD_GROUP)
@keeps_draft("Group session")
def log(group_id: UUID) -> ResponseReturnValue:
    """Log the next session: the group's record and a note for each member, on one page."""
    with begin_reading() as work:
        facts = standing(work, open_group(work, group_id, RECORD))
    form = next_form(facts)

    def keep(work: UnitOfWork) -> int:
        group = open_group(work, group_id, RECORD)
        expected = form.slot.data
        return service.log_group_session(work, group, form.entry(), form.members(), expected).slot

    slot = kept(form, keep)
    if slot is not None:
        flash("The group session is saved, with a note for each member.", "success")
        return _to_meeting(group_id, slot)
    form.slot.renew(facts.next_slot)
    with begin_reading() as work:
        sheet = sheet_of(facts, facts.next_number)
        draft = take_up(work, form)
        page = group_page(work, "groups/log.html", facts, form=form, sheet=sheet, draft=draft)
    return page, form.http_status


@group_sessions.route("/cancelled", methods=["GET", "POST"])
@needs(Permission.RECORD_GROUP)
def cancel(group_id: UUID) -> ResponseReturnValue:
    """Log that a session was cancelled for the whole group."""
    with begin_reading() as work:
        facts = standing(work, open_group(work, group_id, RECORD))
    form = CancelledForm(data={"held_on": facts.today, "starts_at": usual_meeting(facts).starts_at})

    def keep(work: UnitOfWork) -> int:
        group = open_group(work, group_id, RECORD)
        return service.cancel_group_session(work, group, form.entry(), form.slot.data).slot

    slot = kept(form, keep)
    if slot is not None:
        flash("The cancellation is saved. It has no number and is nobody's absence.", "success")
        return _to_meeting(group_id, slot)
    form.slot.renew(facts.next_slot)
    with begin_reading() as work:
        page = group_page(work, "groups/cancel.html", facts, form=form)
    return page, form.http_status


@group_sessions.route("/<int:slot>", methods=["GET"])
@needs(Permission.OPEN_GROUP)
def show(group_id: UUID, slot: int) -> ResponseReturnValue:
    """Show the group's record of one meeting and the members' notes of it."""
    with begin_reading() as work:
        found = read_meeting(work, group_id, slot)
        form = SignForm(version=found.meeting.version)
        return group_page(
            work,
            "groups/meeting.html",
            found.standing,
            meeting=found.meeting,
            title=meeting_title(found.meeting),
            summary=meeting_words(found.standing, found.meeting),
            own=group_facts(found),
            tasks=tasks_of(found.meeting),
            notes=note_rows(found),
            before=changes_of(found),
            signed_by=signer_of(found),
            can_change=changes.can_change_meeting(found.meeting),
            form=form,
            sign=sign_words(found),
            wrong=in_error(found.meeting.cancel_reason),
            can_rate=may_rate_meeting(work, found.group, found.meeting),
        )


@group_sessions.route("/<int:slot>/edit", methods=["GET", "POST"])
@needs(Permission.RECORD_GROUP)
@keeps_draft("Group session, slot {slot}")
def edit(group_id: UUID, slot: int) -> ResponseReturnValue:
    """Change a meeting that is not signed; of a signed one, say why it cannot be."""
    with begin_reading() as work:
        found = read_meeting(work, group_id, slot, RECORD)
        if not changes.can_change_meeting(found.meeting):
            title = meeting_title(found.meeting)
            wrong = in_error(found.meeting.cancel_reason)
            more = {"meeting": found.meeting, "title": title, "wrong": wrong}
            return group_page(work, "groups/signed.html", found.standing, **more)
    return _edit_cancelled(found) if found.meeting.cancelled else _edit_held(found)


def _edit_held(found: MeetingPage) -> ResponseReturnValue:
    group_id, slot = found.group.id, found.meeting.slot
    form = form_of(found)

    def keep(work: UnitOfWork) -> bool:
        group, meeting = open_group_session(work, group_id, slot, RECORD)
        entry, seen = form.entry(), form.version.data
        changes.change_group_session(work, group, meeting, entry, form.members(), seen_version=seen)
        return True

    if kept(form, keep):
        flash("The group session is changed. What stood there before is kept.", "success")
        return _to_meeting(group_id, slot)
    form.say_stale(found)
    form.version.renew(found.meeting.version)
    with begin_reading() as work:
        page = group_page(
            work,
            "groups/change.html",
            found.standing,
            form=form,
            sheet=sheet_of(found.standing, found.meeting.number, found.meeting.phase),
            meeting=found.meeting,
            title=meeting_title(found.meeting),
            draft=take_up(work, form),
        )
    return page, form.http_status


def _edit_cancelled(found: MeetingPage) -> ResponseReturnValue:
    group_id, meeting = found.group.id, found.meeting
    names = ("held_on", "starts_at", "cancel_reason")
    form = CancelledForm(data={name: getattr(meeting, name) for name in names})

    def keep(work: UnitOfWork) -> bool:
        group, own = open_group_session(work, group_id, meeting.slot, RECORD)
        seen = form.version.data
        changes.change_cancelled(work, group, own, form.entry(), seen_version=seen)
        return True

    if kept(form, keep):
        flash("The cancellation is changed. What stood there before is kept.", "success")
        return _to_meeting(group_id, meeting.slot)
    form.say_stale()
    form.version.renew(meeting.version)
    with begin_reading() as work:
        page = group_page(
            work,
            "groups/cancel.html",
            found.standing,
            form=form,
            meeting=meeting,
            draft=take_up(work, form),
        )
    return page, form.http_status


@group_sessions.route("/<int:slot>/error", methods=["GET", "POST"])
@needs(Permission.RECORD_GROUP)
def error(group_id: UUID, slot: int) -> ResponseReturnValue:
    """Mark a record that should not be there as entered in error, signed or not."""
    with begin_reading() as work:
        found = read_meeting(work, group_id, slot, RECORD)
    form = ErrorForm()

    def keep(work: UnitOfWork) -> bool:
        group, own = open_group_session(work, group_id, slot, RECORD)
        seen, no_name = form.version.data, bool(form.names.data)
        mark_in_error(work, group, own, form.reason.data, seen_version=seen, no_name=no_name)
        return True

    if kept(form, keep):
        flash("The record is marked as entered in error. It counts nowhere.", "success")
        return _to_meeting(group_id, slot)
    form.say_stale()
    form.version.renew(found.meeting.version)
    title = meeting_title(found.meeting)
    with begin_reading() as work:
        page = group_page(work, "groups/error.html", found.standing, form=form, title=title)
    return page, form.http_status


@group_sessions.route("/<int:slot>/sign", methods=["POST"])
@needs(Permission.RECORD_GROUP)
def sign(group_id: UUID, slot: int) -> ResponseReturnValue:
    """Sign the group's record, and the members' notes of it that are one's own."""
    form = SignForm()
    try:
        with begin_work() as work:
            group, meeting = open_group_session(work, group_id, slot, RECORD)
            seen = form.version.data
            signed = sign_group_session(work, group, meeting, seen_version=seen)
    except ChangedMeanwhile:
        flash(CHANGED_MEANWHILE, "error")
    except RuleBroken as broken:
        flash(broken.message, "error")
    else:
        for words, kind in signed_words(signed):
            flash(words, kind)
    return _to_meeting(group_id, slot)


def _to_meeting(group_id: UUID, slot: int) -> ResponseReturnValue:
    return redirect(url_for("group_sessions.show", group_id=group_id, slot=slot), 303)
