"""Notes: the list of what waits; one note signed, co-signed, added to, corrected, printed."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from ipt_tracker.clinical.course.notes import NoteState
from ipt_tracker.governance.access import Permission, Role
from ipt_tracker.governance.events import Event
from ipt_tracker.services import notes as service
from ipt_tracker.services.note_corrections import current
from ipt_tracker.services.note_list import read_notes
from ipt_tracker.services.session_page import Note, read_note, read_slot
from ipt_tracker.services.unit_of_work import Subject, UnitOfWork
from ipt_tracker.web.change_form import REFUSED
from ipt_tracker.web.drafts.kept import take_up
from ipt_tracker.web.drafts.taking_part import keeps_draft
from ipt_tracker.web.notes.correcting import FIELDS, correction_form, lines_of, sheet_for
from ipt_tracker.web.notes.dap import dap_of
from ipt_tracker.web.notes.forms import APPROVE, AddendumForm, CosignForm, SeenForm, SignForm
from ipt_tracker.web.notes.keeping import Row, kept
from ipt_tracker.web.notes.rows import list_view
from ipt_tracker.web.notes.signature import (
    THEN,
    changed_since_cosigned,
    obstacles_of,
    signature_of,
    state_words,
)
from ipt_tracker.web.policy import needs
from ipt_tracker.web.sessions.amended import field_label, value_words
from ipt_tracker.web.sessions.rows import slot_title
from ipt_tracker.web.sessions.view import slot_view
from ipt_tracker.web.strip import course_page
from ipt_tracker.web.work import begin_reading

notes = Blueprint("notes", __name__)
OF_A_SLOT = "/courses/<uuid:course_id>/sessions/<int:slot>"


@dataclass(frozen=True, slots=True)
class Shown:
    """What every page about one note is drawn with."""

    note: Note
    more: dict[str, object]


def _shown(work: UnitOfWork, course_id: UUID, slot: int, permission: Permission) -> Shown:
    note = read_note(work, course_id, slot, permission)
    found = note.slot
    more = {
        "title": slot_title(found.record),
        "record": found.record,
        "dap": dap_of(note),
        "signature": signature_of(work, found),
        "view": slot_view(found),
        "therapist": note.therapist,
        "held_by": note.therapist if note.is_anothers else None,
    }
    return Shown(note, more)


def _to_session(course_id: UUID, slot: int, then: str | None = None) -> ResponseReturnValue:
    values: dict[str, Any] = {"course_id": course_id, "slot": slot, THEN: then}
    return redirect(url_for("sessions.show", **values), 303)


@notes.route("/notes", methods=["GET"])
@needs(Permission.SEE_CASELOAD)
def list_all() -> ResponseReturnValue:
    """List the notes that wait for this person, what waits longest first."""
    with begin_reading() as work:
        found = read_notes(work)
        role = work.person.role
    view = list_view(found, of_others=role is Role.SUPERVISOR)
    return render_template("notes/list_all.html", view=view, role=role)


@notes.route(f"{OF_A_SLOT}/sign", methods=["GET", "POST"])
@needs(Permission.SIGN_NOTE)
def sign(course_id: UUID, slot: int) -> ResponseReturnValue:
    """Show what would be signed, and sign it."""
    form = SignForm()

    def act(work: UnitOfWork, course: Row, record: Row) -> None:
        service.sign_note(work, course, record, seen_version=form.version.data)

    if kept(form, (course_id, slot), Permission.SIGN_NOTE, act):
        flash("Signed. The note is locked.", "success")
        return _to_session(course_id, slot, "next")
    with begin_reading() as work:
        shown = _shown(work, course_id, slot, Permission.SIGN_NOTE)
        found = shown.note.slot
        form.show(found.record)
        waits = obstacles_of(work, found)
        course = found.facts.course
        more = {"obstacles": waits, "needs_cosign": service.needs_cosign(work, course)}
        more["can_sign"] = service.can_change(found.record)
        page = course_page(work, "notes/sign.html", found.facts, form=form, **shown.more, **more)
    return page, form.http_status


@notes.route(f"{OF_A_SLOT}/cosign", methods=["GET", "POST"])
@needs(Permission.COSIGN_NOTE)
def cosign(course_id: UUID, slot: int) -> ResponseReturnValue:
    """Show a note that waits for the supervisor, and keep the decision about it."""
    with begin_reading() as work:
        state = read_slot(work, course_id, slot, Permission.COSIGN_NOTE).record.note_state
    form = SeenForm() if state == NoteState.COSIGNED else CosignForm()

    def act(work: UnitOfWork, course: Row, record: Row) -> None:
        seen = form.version.data
        if isinstance(form, SeenForm):
            service.acknowledge_changes(work, course, record, seen_version=seen)
        elif form.decision.data == APPROVE:
            service.cosign(work, course, record, seen_version=seen)
        else:
            comment = form.comment.data
            service.request_changes(work, course, record, comment, seen_version=seen)

    if kept(form, (course_id, slot), Permission.COSIGN_NOTE, act):
        flash("Kept. The note and its author say so.", "success")
        return _to_session(course_id, slot, "next")
    with begin_reading() as work:
        shown = _shown(work, course_id, slot, Permission.COSIGN_NOTE)
        found = shown.note.slot
        form.show(found.record)
        more = {"waits": found.record.note_state == NoteState.AWAITING_COSIGN}
        more["changed"] = changed_since_cosigned(found)
        page = course_page(work, "notes/cosign.html", found.facts, form=form, **shown.more, **more)
    return page, form.http_status


@notes.route(f"{OF_A_SLOT}/addendum", methods=["GET", "POST"])
@needs(Permission.SIGN_NOTE)
@keeps_draft("Addition to the note at place {slot}")
def add(course_id: UUID, slot: int) -> ResponseReturnValue:
    """Add new information to a signed note."""
    form = AddendumForm()

    def act(work: UnitOfWork, course: Row, record: Row) -> None:
        service.add_addendum(work, course, record, form.text.data, form.reason.data)

    if kept(form, (course_id, slot), Permission.SIGN_NOTE, act):
        flash("Added. What was signed stays as it was.", "success")
        return _to_session(course_id, slot)
    with begin_reading() as work:
        shown = _shown(work, course_id, slot, Permission.SIGN_NOTE)
        locked = not service.can_change(shown.note.slot.record)
        more = {"locked": locked, "draft": take_up(work, form)}
        facts = shown.note.slot.facts
        page = course_page(work, "notes/add.html", facts, form=form, **shown.more, **more)
    return page, (REFUSED if form.errors else 200)


@notes.route(f"{OF_A_SLOT}/correct", methods=["GET"])
@needs(Permission.SIGN_NOTE)
def choose(course_id: UUID, slot: int) -> ResponseReturnValue:
    """Show what a signed note says, field by field, to choose the one that is wrong."""
    with begin_reading() as work:
        found = read_slot(work, course_id, slot, Permission.SIGN_NOTE)
        return course_page(
            work,
            "notes/choose.html",
            found.facts,
            title=slot_title(found.record),
            record=found.record,
            locked=not service.can_change(found.record),
            lines=lines_of(found.record),
        )


@notes.route(f"{OF_A_SLOT}/correct/<field>", methods=["GET", "POST"])
@needs(Permission.SIGN_NOTE)
@keeps_draft("Correction of the note at place {slot}")
def correct(course_id: UUID, slot: int, field: str) -> ResponseReturnValue:
    """Correct one field of a signed note; what it said stays readable, with the reason."""
    with begin_reading() as work:
        found = read_slot(work, course_id, slot, Permission.SIGN_NOTE)
    if field not in FIELDS:
        abort(404)
    form = correction_form(field, found.facts.course, found.record)

    def act(work: UnitOfWork, course: Row, record: Row) -> None:
        said = service.Correction(field, form.value(), form.reason.data)
        service.correct_note(work, course, record, said, seen_version=form.version.data)

    if kept(form, (course_id, slot), Permission.SIGN_NOTE, act):
        flash("Corrected. What it said before stays readable.", "success")
        return _to_session(course_id, slot)
    with begin_reading() as work:
        found = read_slot(work, course_id, slot, Permission.SIGN_NOTE)
        form.fill(found.record)
        page = course_page(
            work,
            "notes/correct.html",
            found.facts,
            form=form,
            draft=take_up(work, form),
            title=slot_title(found.record),
            record=found.record,
            locked=not service.can_change(found.record),
            field=field,
            label=field_label(field),
            now=value_words(field, current(found.record, field)),
            sheet=sheet_for(found.facts.course, found.record),
        )
    return page, form.http_status


@notes.route(f"{OF_A_SLOT}/print", methods=["GET"])
@needs(Permission.OPEN_COURSE)
def printed(course_id: UUID, slot: int) -> ResponseReturnValue:
    """Show a note as it is put on paper: data, assessment, plan, and who signed."""
    with begin_reading() as work:
        shown = _shown(work, course_id, slot, Permission.OPEN_COURSE)
        found = shown.note.slot
        subject = Subject("session", found.record.id, found.facts.course.patient_id)
        work.audit(Event.NOTE_PRINTED, subject, slot=slot)
        state = state_words(found)
        return course_page(work, "notes/printed.html", found.facts, state=state, **shown.more)
