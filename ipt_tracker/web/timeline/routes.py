"""The timeline of a course: its picture, its table, and the forms that keep its events."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from ipt_tracker.charts import export
from ipt_tracker.charts.timeline import Lifeline
from ipt_tracker.clinical.course.timeline import EventKind
from ipt_tracker.governance.access import Permission
from ipt_tracker.services import timeline as service
from ipt_tracker.services.doors import open_course
from ipt_tracker.services.inventory import note_download
from ipt_tracker.services.outline import outline
from ipt_tracker.services.timeline_chart import NAMES, View, Window, lifeline_of
from ipt_tracker.services.timeline_page import Timeline, read_timeline
from ipt_tracker.services.unit_of_work import UnitOfWork
from ipt_tracker.web.drafts.kept import take_up
from ipt_tracker.web.drafts.taking_part import keeps_draft
from ipt_tracker.web.kept_rows import EDIT, Row, SwitchForm, kept, pressed
from ipt_tracker.web.pictures import attached, picture
from ipt_tracker.web.policy import needs
from ipt_tracker.web.strip import course_page
from ipt_tracker.web.timeline.forms import EventForm
from ipt_tracker.web.timeline.rows import earlier_lines, event_lines, removed_lines
from ipt_tracker.web.work import begin_reading, given

timeline = Blueprint("timeline", __name__, url_prefix="/courses/<uuid:course_id>/timeline")
OPEN = Permission.OPEN_COURSE
KINDS, EVENTS = "kinds", "events"
MOST_SCORES = 60
"""Longer lists of scores stand on the progress page."""


@timeline.route("", methods=["GET"])
@needs(OPEN)
def show(course_id: UUID) -> ResponseReturnValue:
    """Show the picture of one window, every event in a table, and the scores."""
    window = _window()
    with begin_reading() as work:
        course = open_course(work, course_id, OPEN)
        found = read_timeline(work, course)
        drawn = _drawn(work, found)
        scores = drawn.series.scores if drawn.series else ()
        return course_page(
            work,
            "timeline/show.html",
            found.outline,
            found=found,
            lines=event_lines(found),
            removed=removed_lines(found),
            switch=SwitchForm(formdata=None),
            window=window,
            windows=NAMES.items(),
            series=_series(),
            drawn=drawn,
            alt=export.alt(drawn),
            scores=scores[:1] + scores[1:][-MOST_SCORES:],
        )


@timeline.route("/new", methods=["GET", "POST"])
@needs(EDIT)
@keeps_draft("A new event")
def add(course_id: UUID) -> ResponseReturnValue:
    """Put an event onto the timeline."""
    form = EventForm()

    def change(work: UnitOfWork, course: Row) -> None:
        service.add_event(work, course, form.entry())

    if kept(form, course_id, change):
        return _back(course_id, "The event is on the timeline.")
    with begin_reading() as work:
        course = open_course(work, course_id, EDIT)
        form.offer(service.linkable(work, course))
        form.prepare(course, kind=_wanted_kind())
        more = {"event": None, "draft": take_up(work, form)}
        page = course_page(work, "timeline/edit.html", outline(work, course), form=form, **more)
    return page, form.http_status


@timeline.route("/<uuid:event_id>", methods=["GET", "POST"])
@needs(EDIT)
@keeps_draft("An event of the timeline")
def edit(course_id: UUID, event_id: UUID) -> ResponseReturnValue:
    """Change what is known of an event; the old values stay readable."""
    form = EventForm()

    def change(work: UnitOfWork, course: Row) -> None:
        service.change_event(work, course, event_id, form.entry(), form.version.data)

    if kept(form, course_id, change):
        return _back(course_id, "The event is changed. The old values are kept.")
    with begin_reading() as work:
        course = open_course(work, course_id, EDIT)
        event = service.find_event(work, course, event_id)
        form.offer(service.linkable(work, course, event))
        form.show(event)
        changes = read_timeline(work, course).changes.get(event_id, ())
        names = {str(p.id): p.name for p in service.everybody(work, course)}
        more = {"event": event, "earlier": earlier_lines(changes, names), "switch": SwitchForm()}
        more["draft"] = take_up(work, form)
        page = course_page(work, "timeline/edit.html", outline(work, course), form=form, **more)
    return page, form.http_status


@timeline.route("/<uuid:event_id>/off", methods=["POST"])
@needs(EDIT)
def take_off(course_id: UUID, event_id: UUID) -> ResponseReturnValue:
    """Take an event off the timeline."""

    def change(work: UnitOfWork, course: Row) -> None:
        service.take_off(work, course, event_id)

    return _done(course_id, change, "The event is taken off. It can be put back below.")


@timeline.route("/<uuid:event_id>/back", methods=["POST"])
@needs(EDIT)
def put_back(course_id: UUID, event_id: UUID) -> ResponseReturnValue:
    """Put an event back onto the timeline."""

    def change(work: UnitOfWork, course: Row) -> None:
        service.put_back(work, course, event_id)

    return _done(course_id, change, "The event is back on the timeline.")


@timeline.route("/chart.svg", methods=["GET"])
@needs(OPEN)
def chart(course_id: UUID) -> Response:
    """Give the picture that the page shows."""
    with begin_reading() as work:
        course = open_course(work, course_id, OPEN)
        found = read_timeline(work, course)
        return picture(_drawn(work, found))


@timeline.route("/download/timeline.<any(svg, png, pdf):fmt>", methods=["GET"])
@needs(Permission.DOWNLOAD_CHART)
def download(course_id: UUID, fmt: str) -> Response:
    """Give the picture as a file; that it left the building is written down first."""
    with begin_reading() as work:
        course = open_course(work, course_id, Permission.DOWNLOAD_CHART)
        content = attached(_chosen(work, course), fmt, "timeline")
        words = KINDS if _wants_kinds() else "as written"
        note_download(
            work, course, format=fmt, picture="timeline", window=str(_window()), words=words
        )
    return content


def _chosen(work: UnitOfWork, course: Row) -> Lifeline:
    return _drawn(work, read_timeline(work, course), kinds_only=_wants_kinds())


def _drawn(work: UnitOfWork, found: Timeline, *, kinds_only: bool = False) -> Lifeline:
    view = View(_window(), kinds_only, _series() is None)
    return lifeline_of(found, view, work.today, given().version)


def _wants_kinds() -> bool:
    return request.args.get("words") == KINDS


def _window() -> Window:
    wanted = request.args.get("window")
    return next((each for each in Window if each == wanted), Window.LIFE)


def _series() -> str | None:
    """Give "events" where the scores were chosen not to be drawn, as it stands in an address."""
    return EVENTS if request.args.get("series") == EVENTS else None


def _wanted_kind() -> str | None:
    """Give the kind that a link asks for, such as the one to the onset."""
    wanted = request.args.get("kind")
    return wanted if wanted in set(EventKind) else None


def _done(
    course_id: UUID, change: Callable[[UnitOfWork, Row], Any], said: str
) -> ResponseReturnValue:
    wrong = pressed(course_id, change)
    if wrong is None:
        return _back(course_id, said)
    flash(wrong, "warning")
    return _to_page(course_id)


def _back(course_id: UUID, said: str) -> ResponseReturnValue:
    flash(said, "success")
    return _to_page(course_id)


def _to_page(course_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("timeline.show", course_id=course_id), 303)
