"""The measures of a course: the list, choosing one, entering it, correcting a total."""

from uuid import UUID

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.clinical.instruments.instrument import Instrument
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import Permission
from ipt_tracker.persistence.queries.records import amendments_of
from ipt_tracker.services.doors import open_course
from ipt_tracker.services.measure_list import list_measures
from ipt_tracker.services.measures import correct_total, find_measure, record_measure
from ipt_tracker.services.outline import outline
from ipt_tracker.web.measures.forms import CorrectionForm, MeasureForm, measure_form
from ipt_tracker.web.measures.rows import offers, table_of
from ipt_tracker.web.measures.words import remarks_of, result_words, version_of
from ipt_tracker.web.policy import needs
from ipt_tracker.web.strip import course_page
from ipt_tracker.web.work import begin_reading, begin_work, given

measures = Blueprint("measures", __name__, url_prefix="/courses/<uuid:course_id>/measures")

REFUSED = 422


@measures.route("", methods=["GET"])
@needs(Permission.OPEN_COURSE)
def list_all(course_id: UUID) -> ResponseReturnValue:
    """List every measure of a course, by instrument; the one just saved stands in a sentence."""
    with begin_reading() as work:
        course = open_course(work, course_id, Permission.OPEN_COURSE)
        facts = outline(work, course)
        found = list_measures(work, facts)
        saved = found.find(request.args.get("saved", type=UUID))
        return course_page(
            work,
            "measures/list_all.html",
            facts,
            found=found,
            tables=[table_of(table) for table in found.tables],
            planned=[(version_of(r.instrument), r.due_on, remarks_of(r)) for r in found.planned],
            unknown=[(r, result_words(r), remarks_of(r)) for r in found.unknown],
            saved=saved
            and f"{version_of(saved.given.row.instrument)}: {result_words(saved.given.row)}.",
        )


@measures.route("/new", methods=["GET"])
@needs(Permission.RECORD_MEASURE)
def choose(course_id: UUID) -> ResponseReturnValue:
    """Ask which measure is to be entered."""
    with begin_reading() as work:
        course = open_course(work, course_id, Permission.RECORD_MEASURE)
        return course_page(work, "measures/choose.html", outline(work, course), groups=offers())


@measures.route("/<instrument:instrument>/new", methods=["GET", "POST"])
@needs(Permission.RECORD_MEASURE)
def record(course_id: UUID, instrument: Instrument) -> ResponseReturnValue:
    """Enter one form or interview, by items or by its total."""
    form = measure_form(instrument.family)(instrument, given().today())
    saved = _recorded(form, course_id)
    if saved is not None:
        return redirect(url_for("measures.list_all", course_id=course_id, saved=saved), 303)
    with begin_reading() as work:
        course = open_course(work, course_id, Permission.RECORD_MEASURE)
        page = course_page(
            work,
            "measures/record.html",
            outline(work, course),
            form=form,
            part=form.answers_part,
            instrument=instrument,
        )
    return page, (REFUSED if form.errors else 200)


def _recorded(form: MeasureForm, course_id: UUID) -> UUID | None:
    if not form.validate_on_submit():
        return None
    try:
        with begin_work() as work:
            course = open_course(work, course_id, Permission.RECORD_MEASURE)
            return record_measure(work, course, form.entry()).id
    except RuleBroken as broken:
        form.reject(broken)
    return None


@measures.route("/<uuid:measure_id>/correction", methods=["GET", "POST"])
@needs(Permission.RECORD_MEASURE)
def correct(course_id: UUID, measure_id: UUID) -> ResponseReturnValue:
    """Correct a total with a reason; the old one stays readable."""
    form = CorrectionForm()
    if _corrected(form, course_id, measure_id):
        return redirect(url_for("measures.list_all", course_id=course_id, saved=measure_id), 303)
    with begin_reading() as work:
        course = open_course(work, course_id, Permission.RECORD_MEASURE)
        measure = find_measure(work, course, measure_id)
        amendments = amendments_of(work.session, course.id)
        page = course_page(
            work,
            "measures/correct.html",
            outline(work, course),
            form=form,
            measure=measure,
            instrument=_ours(measure.instrument),
            result=result_words(measure),
            earlier=[a for a in amendments if a.subject_id == measure_id],
        )
    return page, (REFUSED if form.errors else 200)


def _corrected(form: CorrectionForm, course_id: UUID, measure_id: UUID) -> bool:
    if not form.validate_on_submit():
        return False
    try:
        with begin_work() as work:
            course = open_course(work, course_id, Permission.RECORD_MEASURE)
            measure = find_measure(work, course, measure_id)
            correct_total(work, course, measure, _ours(measure.instrument), form.correction())
    except RuleBroken as broken:
        form.reject(broken)
        return False
    return True


def _ours(key: str) -> Instrument:
    """Give the instrument; a score of one that is not ours cannot be checked, so not corrected."""
    if key not in INSTRUMENTS:
        raise NotFound
    return INSTRUMENTS[key]
