"""Process notes: pages of their own, for the one who writes them."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import Permission
from ipt_tracker.services.doors import open_course
from ipt_tracker.services.outline import Outline, outline
from ipt_tracker.services.process_notes import Opened, list_own, open_own, write_new, write_on
from ipt_tracker.services.unit_of_work import ChangedMeanwhile, UnitOfWork
from ipt_tracker.web.change_form import CONFLICT, REFUSED
from ipt_tracker.web.drafts.kept import drop_draft, take_up
from ipt_tracker.web.drafts.taking_part import keeps_draft
from ipt_tracker.web.notes.forms import NO_SESSION, ProcessForm
from ipt_tracker.web.notes.signature import moment
from ipt_tracker.web.page import day
from ipt_tracker.web.policy import needs
from ipt_tracker.web.sessions.rows import slot_title
from ipt_tracker.web.strip import course_page
from ipt_tracker.web.work import begin_reading, begin_work

process_notes = Blueprint(
    "process_notes", __name__, url_prefix="/courses/<uuid:course_id>/process-notes"
)
OWN = Permission.WRITE_PROCESS_NOTE
NEWER = (
    "You wrote on this note in another window meanwhile, so nothing was kept. What you typed is "
    "still here; what the note says now stands below. Keep it again to have yours as the newest."
)


@process_notes.route("", methods=["GET"])
@needs(OWN)
def list_all(course_id: UUID) -> ResponseReturnValue:
    """List one's own process notes of a course, without a word of them."""
    with begin_reading() as work:
        course = open_course(work, course_id, OWN)
        facts = outline(work, course)
        titles = dict(_titles(facts))
        rows = [(each, titles.get(each.slot or 0, "")) for each in list_own(work, course)]
        return course_page(work, "process_notes/list_all.html", facts, rows=rows)


@process_notes.route("/new", methods=["GET", "POST"])
@needs(OWN)
@keeps_draft("A new process note")
def write(course_id: UUID) -> ResponseReturnValue:
    """Write a new process note."""
    with begin_reading() as work:
        facts = outline(work, open_course(work, course_id, OWN))
    form = ProcessForm()
    form.offer(_titles(facts))

    def keep(work: UnitOfWork) -> None:
        write_new(work, open_course(work, course_id, OWN), form.entry())

    if _kept(form, keep):
        return redirect(url_for("process_notes.list_all", course_id=course_id), 303)
    if not form.is_submitted():
        form.slot.data = request.args.get("slot", NO_SESSION)
    with begin_reading() as work:
        draft = take_up(work, form)
        more = {"form": form, "found": None, "draft": draft}
        page = course_page(work, "process_notes/write.html", facts, **more)
    return page, _status(form)


@process_notes.route("/<uuid:thread>", methods=["GET", "POST"])
@needs(OWN)
@keeps_draft("A process note")
def show(course_id: UUID, thread: UUID) -> ResponseReturnValue:
    """Read one process note with its editions, and write on."""
    form = ProcessForm()
    with begin_reading() as work:
        course, found = open_own(work, course_id, thread)
        facts = outline(work, course)
    form.offer(_titles(facts))

    def keep(work: UnitOfWork) -> None:
        course, own = open_own(work, course_id, thread)
        write_on(work, course, own, form.entry(), seen_edition=form.edition.data)

    if _kept(form, keep):
        return redirect(url_for("process_notes.list_all", course_id=course_id), 303)
    with begin_reading() as work:
        _, found = open_own(work, course_id, thread)
        _fill(form, found)
        page = course_page(
            work,
            "process_notes/write.html",
            facts,
            form=form,
            found=found,
            draft=take_up(work, form),
            editions=[(e, moment(e.written_at)) for e in reversed(found.editions)],
        )
    return page, _status(form)


def _fill(form: ProcessForm, found: Opened) -> None:
    if not form.is_submitted():
        form.text.data = found.newest.text
        form.slot.data = NO_SESSION if found.slot is None else str(found.slot)
    if form.stale:
        form.form_errors = [*form.form_errors, NEWER]
    form.edition.renew(found.newest.edition)


def _titles(facts: Outline) -> list[tuple[int, str]]:
    return [(s.slot, f"{slot_title(s)}, {day(s.held_on)}") for s in reversed(facts.slots)]


def _kept(form: ProcessForm, keep: Callable[[UnitOfWork], None]) -> bool:
    if not form.validate_on_submit():
        return False
    try:
        with begin_work() as work:
            keep(work)
            drop_draft(work)
    except RuleBroken as broken:
        form.reject(broken)
    except ChangedMeanwhile:
        form.stale = True
    else:
        flash("Kept, for you alone.", "success")
        return True
    return False


def _status(form: ProcessForm) -> int:
    if form.stale:
        return CONFLICT
    return REFUSED if form.errors else 200
