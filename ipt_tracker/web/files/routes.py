"""The files of a course: one page that lists them, and the two that hold all of it."""

from uuid import UUID

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.exchange.fhir import MEDIA_TYPE
from ipt_tracker.governance.access import Permission
from ipt_tracker.governance.disguise import Disguise
from ipt_tracker.services.bundles.course_file import course_bundle
from ipt_tracker.services.doors import open_course
from ipt_tracker.services.fhir_export import fhir_file
from ipt_tracker.services.outline import outline
from ipt_tracker.services.unit_of_work import UnitOfWork
from ipt_tracker.web.files.forms import TakeForm, Whole
from ipt_tracker.web.files.view import WHOLE, pictures, printed
from ipt_tracker.web.policy import fresh, needs
from ipt_tracker.web.strip import course_page
from ipt_tracker.web.work import begin_reading, given

files = Blueprint("files", __name__, url_prefix="/courses/<uuid:course_id>/files")

NEEDED = Permission.EXPORT_COURSE
TYPES = {Whole.COURSE: "application/json"}


@files.route("", methods=["GET"])
@needs(NEEDED)
def show(course_id: UUID) -> ResponseReturnValue:
    """List everything that can be taken from the course."""
    return _listed(course_id, TakeForm(None))


@files.route("", methods=["POST"])
@needs(NEEDED)
@fresh
def take(course_id: UUID) -> ResponseReturnValue:
    """Give a whole course as a file; that it leaves the building is written down first."""
    form = TakeForm()
    if not form.validate_on_submit():
        return _listed(course_id, form)
    kind = Whole(form.file.data)
    try:
        with begin_reading() as work:
            content = _made(work, course_id, kind, form.reason.data or "")
    except RuleBroken as broken:
        form.reject(broken)
        return _listed(course_id, form)
    response = Response(content, mimetype=TYPES.get(kind, MEDIA_TYPE))
    response.headers["Content-Disposition"] = f'attachment; filename="{kind}.json"'
    return response


def _made(work: UnitOfWork, course_id: UUID, kind: Whole, reason: str) -> bytes:
    course = open_course(work, course_id, NEEDED)
    version = given().version
    if kind is Whole.COURSE:
        return course_bundle(work, course, version, reason)
    disguise = Disguise(given().disguise_key) if kind is Whole.FHIR_WITHOUT_NAMES else None
    return fhir_file(work, course, reason, version, disguise)


def _listed(course_id: UUID, form: TakeForm) -> ResponseReturnValue:
    with begin_reading() as work:
        course = open_course(work, course_id, NEEDED)
        page = course_page(
            work,
            "files/show.html",
            outline(work, course),
            form=form,
            printed=printed(course.id),
            pictures=pictures(course.id),
            whole=WHOLE,
        )
    return page, form.http_status
