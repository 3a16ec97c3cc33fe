"""One administration: look at it, correct it, key it again, take it back, move it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.clinical.instruments.instrument import Instrument
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import Permission
from ipt_tracker.services import corrections, moving
from ipt_tracker.services import second_keying as keyings
from ipt_tracker.services.doors import open_course
from ipt_tracker.services.measure_page import OneMeasure, read_measure
from ipt_tracker.services.measures import find_measure
from ipt_tracker.services.safety import still_to_ask
from ipt_tracker.services.unit_of_work import ChangedMeanwhile, UnitOfWork
from ipt_tracker.web.change_form import REFUSED
from ipt_tracker.web.drafts.kept import drop_draft, take_up
from ipt_tracker.web.drafts.taking_part import keeps_draft
from ipt_tracker.web.forms import Form
from ipt_tracker.web.measures.asking import note_for
from ipt_tracker.web.measures.changing import (
    CorrectionForm,
    MoveForm,
    ReasonForm,
    correction_form,
)
from ipt_tracker.web.measures.forms import KeyingForm, keying_form
from ipt_tracker.web.measures.view import MeasureView, measure_view
from ipt_tracker.web.policy import needs
from ipt_tracker.web.strip import course_page
from ipt_tracker.web.work import begin_reading, begin_work, given

ONCE = ("total", "not_done")
"""Fields of a form that are not keyed a second time; nor are the halves of a severity."""
Row = Any
"""A row of a table: this room works with rows and does not know the tables."""


@needs(Permission.OPEN_COURSE)
def show(course_id: UUID, measure_id: UUID) -> ResponseReturnValue:
    """Show one administration in full; a second keying just made stands first."""
    with begin_reading() as work:
        course = open_course(work, course_id, Permission.OPEN_COURSE)
        found = read_measure(work, course, measure_id)
        more = {"measure": found.measure, "view": measure_view(found)}
        keyed = "keyed" in request.args and bool(found.keyings)
        return course_page(work, "measures/show.html", found.facts, keyed=keyed, **more)


@needs(Permission.RECORD_MEASURE)
@keeps_draft("Correction of a measure")
def correct(course_id: UUID, measure_id: UUID) -> ResponseReturnValue:
    """Correct what was entered, with a reason; the old values stay readable."""
    form = _corrected(course_id, measure_id) if request.method == "POST" else None
    if request.method == "POST" and form is None:
        flash("The measure is corrected. What it said before is kept.", "success")
        return _onward(course_id, measure_id)
    with begin_reading() as work:
        found, view = _opened(work, course_id, measure_id)
        if not view.can_correct:
            return _to(course_id, measure_id)
        measure, form = found.measure, form or _correction(found.measure)
        if form.stale:
            form.renew(measure.version)
        draft = take_up(work, form)
        part = form.answers_part
        asked = any(each.by_a_person for each in view.prompts) and not form.says_what_was_done
        note = None if asked else note_for(part)
        more = {"form": form, "part": part, "note": note, "instrument": part.instrument}
        more["draft"] = draft
        page = course_page(
            work, "measures/correct.html", found.facts, measure=measure, view=view, **more
        )
    return page, form.http_status


def _onward(course_id: UUID, measure_id: UUID) -> ResponseReturnValue:
    """Go on to what a corrected answer calls for, else to the measure."""
    with begin_reading() as work:
        course = open_course(work, course_id, Permission.RECORD_MEASURE)
        asks = [each.id for each in still_to_ask(work, course) if each.measure_id == measure_id]
    if asks:
        url = url_for("measures.acknowledge", course_id=course_id, prompt_id=asks[0])
        return redirect(url, 303)
    return _to(course_id, measure_id)


def _correction(measure: Row) -> CorrectionForm:
    form = _ours(measure.instrument)
    return correction_form(form.family)(measure, form, given().today())


def _ours(key: str) -> Instrument:
    """Give the instrument; a score of one that is not ours cannot be checked, so not corrected."""
    if key not in INSTRUMENTS:
        raise NotFound
    return INSTRUMENTS[key]


def _corrected(course_id: UUID, measure_id: UUID) -> CorrectionForm | None:
    """Keep a correction; give the form back when it was not kept, with what is wrong."""
    try:
        with begin_work() as work:
            course = open_course(work, course_id, Permission.RECORD_MEASURE)
            measure = find_measure(work, course, measure_id)
            form = _correction(measure)
            if not form.validate_on_submit():
                return form
            corrections.correct_measure(
                work,
                course,
                measure,
                form.entry_of(measure),
                reason=form.reason.data,
                seen_version=form.version.data or 0,
            )
            drop_draft(work)
    except RuleBroken as broken:
        form.reject(broken)
        return form
    except ChangedMeanwhile:
        form.stale = True
        return form
    return None


@needs(Permission.RECORD_MEASURE)
def withdraw(course_id: UUID, measure_id: UUID) -> ResponseReturnValue:
    """Take back what was entered in error; it stays readable and counts for nothing."""
    form = ReasonForm()

    def act(work: UnitOfWork, course: Row, measure: Row) -> None:
        corrections.withdraw_measure(work, course, measure, form.reason.data)

    if _done(form, course_id, measure_id, act):
        flash("The measure is withdrawn. It stays readable.", "success")
        return _to(course_id, measure_id)
    return _page("measures/withdraw.html", form, course_id, measure_id, lambda v: not v.withdrawn)


@needs(Permission.RECORD_MEASURE)
def restore(course_id: UUID, measure_id: UUID) -> ResponseReturnValue:
    """Put back what was withdrawn."""
    form = ReasonForm()

    def act(work: UnitOfWork, course: Row, measure: Row) -> None:
        corrections.restore_measure(work, course, measure, form.reason.data)

    if _done(form, course_id, measure_id, act):
        flash("The measure is put back and counts again.", "success")
        return _to(course_id, measure_id)
    return _page("measures/restore.html", form, course_id, measure_id, lambda v: bool(v.withdrawn))


@needs(Permission.RECORD_MEASURE)
def move(course_id: UUID, measure_id: UUID) -> ResponseReturnValue:
    """File a measure under the patient it is of; this record says nothing of who that is."""
    form = MoveForm()
    there: list[UUID] = []

    def act(work: UnitOfWork, course: Row, measure: Row) -> None:
        code, reason = form.code.data, form.reason.data
        to = moving.move_measure(work, course, measure, code, reason, confirmed=form.confirmed)
        there.append(to.id)

    if _done(form, course_id, measure_id, act):
        flash("The measure is moved. Both records say so, neither names the other.", "success")
        return _to(there[0], measure_id)
    return _page("measures/move.html", form, course_id, measure_id, lambda v: v.can_move)


@needs(Permission.RECORD_MEASURE)
def key_again(course_id: UUID, measure_id: UUID) -> ResponseReturnValue:
    """Key the same paper form a second time, without sight of the first."""
    form = _keyed(course_id, measure_id) if request.method == "POST" else None
    if request.method == "POST" and form is None:
        url = url_for("measures.show", course_id=course_id, measure_id=measure_id, keyed="again")
        return redirect(url, 303)
    with begin_reading() as work:
        found, view = _opened(work, course_id, measure_id)
        if not view.can_key_again:
            return _to(course_id, measure_id)
        form = form or _keying(found.measure)
        part = form.answers_part
        more = {"form": form, "part": part, "instrument": part.instrument}
        page = course_page(
            work, "measures/key_again.html", found.facts, measure=found.measure, view=view, **more
        )
    return page, _status(form)


def _keying(measure: Row) -> KeyingForm:
    instrument = _ours(measure.instrument)
    form = keying_form(instrument.family)(instrument)
    part = form.answers_part
    for field in (*ONCE, *(level.short_name for level in part.level_fields)):
        del part[field]
    return form


def _keyed(course_id: UUID, measure_id: UUID) -> KeyingForm | None:
    """Keep a second keying; give the form back when it was not kept, with what is wrong."""
    try:
        with begin_work() as work:
            course = open_course(work, course_id, Permission.RECORD_MEASURE)
            measure = find_measure(work, course, measure_id)
            form = _keying(measure)
            if not form.validate_on_submit():
                return form
            part = form.answers_part
            keyings.key_again(work, course, measure, part.given(), part.given_beside())
    except RuleBroken as broken:
        _reject(form, broken)
        return form
    return None


def _reject(form: KeyingForm, broken: RuleBroken) -> None:
    """Put a message beside its item; there is no total to put it beside."""
    if broken.field is None:
        form.form_errors = [*form.form_errors, broken.message]
    else:
        form.reject(broken)


def _opened(work: UnitOfWork, course_id: UUID, measure_id: UUID) -> tuple[OneMeasure, MeasureView]:
    course = open_course(work, course_id, Permission.RECORD_MEASURE)
    found = read_measure(work, course, measure_id)
    return found, measure_view(found)


def _done(
    form: Form, course_id: UUID, measure_id: UUID, act: Callable[[UnitOfWork, Row, Row], None]
) -> bool:
    """Do what a form asks for; False when nothing was kept, and the form says why."""
    if not form.validate_on_submit():
        return False
    try:
        with begin_work() as work:
            course = open_course(work, course_id, Permission.RECORD_MEASURE)
            act(work, course, find_measure(work, course, measure_id))
    except RuleBroken as broken:
        form.reject(broken)
        return False
    return True


def _page(
    template: str,
    form: Form,
    course_id: UUID,
    measure_id: UUID,
    fits: Callable[[MeasureView], bool],
) -> ResponseReturnValue:
    """Ask for a reason; where there is nothing of the kind to do, lead to the measure."""
    with begin_reading() as work:
        found, view = _opened(work, course_id, measure_id)
        if not fits(view) and not form.errors:
            return _to(course_id, measure_id)
        page = course_page(work, template, found.facts, form=form, measure=found.measure, view=view)
    return page, _status(form)


def _status(form: Form) -> int:
    return REFUSED if form.errors else 200


def _to(course_id: UUID, measure_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("measures.show", course_id=course_id, measure_id=measure_id), 303)
