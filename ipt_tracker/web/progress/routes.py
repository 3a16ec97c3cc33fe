"""The progress page, its chart on the page, and the same chart as a file."""

from uuid import UUID

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from ipt_tracker.charts import export
from ipt_tracker.charts.nested_bands import NestedBands
from ipt_tracker.charts.progress import Progress
from ipt_tracker.governance.access import Permission
from ipt_tracker.services.doors import open_course
from ipt_tracker.services.progress import (
    CourseProgress,
    note_download,
    read_chart,
    read_progress,
)
from ipt_tracker.web.pictures import attached, picture
from ipt_tracker.web.policy import needs
from ipt_tracker.web.progress.forms import chosen
from ipt_tracker.web.progress.view import beside_view, drawn_beside
from ipt_tracker.web.strip import course_page
from ipt_tracker.web.work import begin_reading, given

progress = Blueprint("progress", __name__, url_prefix="/courses/<uuid:course_id>/progress")

MOST_LINES = 60
"""Longer tables show the first and the newest scores, and all of them on request."""


@progress.route("", methods=["GET"])
@needs(Permission.OPEN_COURSE)
def show(course_id: UUID) -> ResponseReturnValue:
    """Show the verdict, the chart, the scores and the trials beside them."""
    choice = chosen()
    with begin_reading() as work:
        course = open_course(work, course_id, Permission.OPEN_COURSE)
        facts, found = read_progress(work, course, choice.chart, given().version)
        beside = beside_view(found, facts, choice.sd) if found else None
        page = course_page(
            work,
            "progress/show.html",
            facts,
            progress=found,
            alt=export.alt(found.picture) if found else "",
            choice=choice,
            beside=beside,
            most=10**6 if request.args.get("rows") == "all" else MOST_LINES,
        )
    return page, 422 if beside and beside.problem else 200


@progress.route("/chart.svg", methods=["GET"])
@needs(Permission.OPEN_COURSE)
def chart(course_id: UUID) -> Response:
    """Give the picture that the page shows."""
    with begin_reading() as work:
        course = open_course(work, course_id, Permission.OPEN_COURSE)
        drawn = read_chart(work, course, chosen().chart, given().version)
    return picture(_there(drawn))


@progress.route("/download/chart.<any(svg, png, pdf):fmt>", methods=["GET"])
@needs(Permission.DOWNLOAD_CHART)
def download(course_id: UUID, fmt: str) -> Response:
    """Give the same picture as a file; that it left the building is written down first."""
    choice = chosen().chart
    with begin_reading() as work:
        course = open_course(work, course_id, Permission.DOWNLOAD_CHART)
        drawn = _there(read_chart(work, course, choice, given().version))
        note_download(work, course, fmt, choice)
    return attached(drawn, fmt, "progress-chart")


@progress.route("/beside.svg", methods=["GET"])
@needs(Permission.OPEN_COURSE)
def bands(course_id: UUID) -> Response:
    """Give the picture of the course beside the trials."""
    with begin_reading() as work:
        course = open_course(work, course_id, Permission.OPEN_COURSE)
        _, found = read_progress(work, course, chosen().chart.whole(), given().version)
    drawn = _bands(found)
    return picture(drawn) if drawn else _nothing()


@progress.route("/download/beside.<any(svg, png, pdf):fmt>", methods=["GET"])
@needs(Permission.DOWNLOAD_CHART)
def download_bands(course_id: UUID, fmt: str) -> Response:
    """Give the same picture as a file; that it left the building is written down first."""
    choice = chosen().chart.whole()
    with begin_reading() as work:
        course = open_course(work, course_id, Permission.DOWNLOAD_CHART)
        _, found = read_progress(work, course, choice, given().version)
        drawn = _bands(found)
        if drawn:
            note_download(work, course, fmt, choice, "beside_trials")
    return attached(drawn, fmt, "beside-the-trials") if drawn else _nothing()


def _bands(found: CourseProgress | None) -> NestedBands | None:
    return drawn_beside(found, chosen().sd) if found else None


def _nothing() -> Response:
    """Answer that the course is there and has no comparison yet."""
    return Response(status=204)


def _there(drawn: Progress | None) -> Progress:
    if drawn is None:
        raise NotFound
    return drawn
