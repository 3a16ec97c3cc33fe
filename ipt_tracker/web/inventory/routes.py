"""People of a course: the closeness circle, its table, and the forms that keep them."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from ipt_tracker.charts import export
from ipt_tracker.charts.closeness import Closeness
from ipt_tracker.governance.access import Permission
from ipt_tracker.services import inventory as service
from ipt_tracker.services.doors import open_course
from ipt_tracker.services.inventory_chart import picture_of
from ipt_tracker.services.outline import outline
from ipt_tracker.services.unit_of_work import UnitOfWork
from ipt_tracker.web.drafts.kept import take_up
from ipt_tracker.web.drafts.taking_part import keeps_draft
from ipt_tracker.web.inventory.forms import PersonForm, QuickForm
from ipt_tracker.web.inventory.rows import earlier_lines, listed, person_lines
from ipt_tracker.web.kept_rows import EDIT, Row, SwitchForm, kept, pressed
from ipt_tracker.web.pictures import attached, picture
from ipt_tracker.web.policy import needs
from ipt_tracker.web.strip import course_page
from ipt_tracker.web.work import begin_reading, begin_work, given

inventory = Blueprint("inventory", __name__, url_prefix="/courses/<uuid:course_id>/people")
OPEN = Permission.OPEN_COURSE
INITIALS = "initials"


@inventory.route("", methods=["GET"])
@needs(OPEN)
def show(course_id: UUID) -> ResponseReturnValue:
    """Show the people of a course, the circle and the table."""
    return _page(course_id, OPEN, QuickForm(formdata=None)), 200


@inventory.route("/new", methods=["GET", "POST"])
@needs(EDIT)
def add(course_id: UUID) -> ResponseReturnValue:
    """Put a person into the inventory, in one line."""
    form = QuickForm()
    if form.validate_on_submit() and _added(form, course_id):
        flash("The person is added. Details can follow any time.", "success")
        return _back(course_id)
    return _page(course_id, EDIT, form), 422 if form.errors else 200


@inventory.route("/<uuid:person_id>", methods=["GET", "POST"])
@needs(EDIT)
@keeps_draft("A person of the inventory")
def edit(course_id: UUID, person_id: UUID) -> ResponseReturnValue:
    """Change what is known of a person; the old values stay readable."""
    form = PersonForm()

    def change(work: UnitOfWork, course: Row) -> None:
        service.change_person(work, course, person_id, form.entry(), form.version.data)

    if kept(form, course_id, change):
        flash("The person is changed. The old values are kept.", "success")
        return _back(course_id)
    with begin_reading() as work:
        course = open_course(work, course_id, EDIT)
        person = service.find_person(work, course, person_id)
        form.show(person)
        whole = listed(service.read_inventory(work, course), person_id)
        more = {"person": person, "earlier": earlier_lines(whole), "switch": SwitchForm()}
        more["draft"] = take_up(work, form)
        page = course_page(work, "inventory/edit.html", outline(work, course), form=form, **more)
    return page, form.http_status


@inventory.route("/<uuid:person_id>/move", methods=["POST"])
@needs(EDIT)
def move(course_id: UUID, person_id: UUID) -> ResponseReturnValue:
    """Put a person into another circle."""
    ring = request.form.get("ring", type=int, default=0)

    def change(work: UnitOfWork, course: Row) -> None:
        service.move_person(work, course, person_id, ring)

    return _done(course_id, change, "The person is moved. Where they stood before stays readable.")


@inventory.route("/<uuid:person_id>/off", methods=["POST"])
@needs(EDIT)
def take_off(course_id: UUID, person_id: UUID) -> ResponseReturnValue:
    """Take a person off the page."""

    def change(work: UnitOfWork, course: Row) -> None:
        service.take_off(work, course, person_id)

    return _done(course_id, change, "The person is taken off. They can be put back below.")


@inventory.route("/<uuid:person_id>/back", methods=["POST"])
@needs(EDIT)
def put_back(course_id: UUID, person_id: UUID) -> ResponseReturnValue:
    """Put a person back onto the page."""

    def change(work: UnitOfWork, course: Row) -> None:
        service.put_back(work, course, person_id)

    return _done(course_id, change, "The person is back on the page.")


@inventory.route("/circle.svg", methods=["GET"])
@needs(OPEN)
def chart(course_id: UUID) -> Response:
    """Give the picture that the page shows."""
    with begin_reading() as work:
        course = open_course(work, course_id, OPEN)
        drawn = picture_of(course, service.read_inventory(work, course), given().version)
    return picture(drawn)


@inventory.route("/download/circle.<any(svg, png, pdf):fmt>", methods=["GET"])
@needs(Permission.DOWNLOAD_CHART)
def download(course_id: UUID, fmt: str) -> Response:
    """Give the picture as a file; that it left the building is written down first."""
    with begin_reading() as work:
        course = open_course(work, course_id, Permission.DOWNLOAD_CHART)
        content = attached(_chosen(work, course), fmt, "closeness-circle")
        names = INITIALS if _wants_initials() else "as written"
        service.note_download(work, course, format=fmt, picture="closeness", names=names)
    return content


def _chosen(work: UnitOfWork, course: Row) -> Closeness:
    found = service.read_inventory(work, course)
    return picture_of(course, found, given().version, initials_only=_wants_initials())


def _wants_initials() -> bool:
    return request.args.get("names") == INITIALS


def _added(form: QuickForm, course_id: UUID) -> bool:
    with begin_work() as work:
        service.add_person(work, open_course(work, course_id, EDIT), form.entry())
    return True


def _page(course_id: UUID, permission: Permission, form: QuickForm) -> str:
    with begin_reading() as work:
        course = open_course(work, course_id, permission)
        found = service.read_inventory(work, course)
        return course_page(
            work,
            "inventory/show.html",
            outline(work, course),
            form=form,
            switch=SwitchForm(formdata=None),
            lines=person_lines(found.people),
            removed=person_lines(found.removed),
            alt=export.alt(picture_of(course, found, given().version)),
        )


def _done(
    course_id: UUID, change: Callable[[UnitOfWork, Row], Any], said: str
) -> ResponseReturnValue:
    wrong = pressed(course_id, change)
    flash(wrong or said, "warning" if wrong else "success")
    return _back(course_id)


def _back(course_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("inventory.show", course_id=course_id), 303)
