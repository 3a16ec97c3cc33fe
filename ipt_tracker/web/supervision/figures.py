"""How sessions are done: the figures of one therapist, of agreement, and of one case."""

from uuid import UUID

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from ipt_tracker.clinical.course.codes import known
from ipt_tracker.governance.access import Permission
from ipt_tracker.services.chart_choice import Days
from ipt_tracker.services.doors import course_subject, open_course
from ipt_tracker.services.fidelity.beside_outcome import course_beside
from ipt_tracker.services.fidelity.course_chart import CourseView, course_chart
from ipt_tracker.services.fidelity.doors import open_therapist
from ipt_tracker.services.fidelity.figure_charts import (
    TherapistChart,
    agreement_chart,
    note_chart_download,
    therapist_chart,
)
from ipt_tracker.services.fidelity.figure_pages import (
    AGREEMENT,
    agreement_page,
    therapist_page,
    therapist_subject,
)
from ipt_tracker.services.fidelity.strata import BASES, SELECTIONS, Choice
from ipt_tracker.web.pictures import attached, picture
from ipt_tracker.web.policy import needs
from ipt_tracker.web.supervision import agreement_view, course_view, therapist_view
from ipt_tracker.web.work import begin_reading, given

fidelity_figures = Blueprint("fidelity_figures", __name__, url_prefix="/supervision")

SEE, SUPERVISE = Permission.SEE_FIDELITY, Permission.SUPERVISE
THERAPIST = "/therapists/<uuid:therapist_id>"
CHARTS = "any(sessions, quality, domains, self, coverage)"
COURSE = "/courses/<uuid:course_id>"
FILES = "any(svg, png, pdf)"
MOST_ROWS = 10
"""Longer tables show the newest rows, and all of them on request."""


@fidelity_figures.route(THERAPIST, methods=["GET"])
@needs(SEE)
def therapist(therapist_id: UUID) -> ResponseReturnValue:
    """Show how the sessions of one therapist were rated."""
    with begin_reading() as work:
        account = open_therapist(work, therapist_id, SEE)
        found = therapist_page(work, account, _chosen())
        view = therapist_view.therapist_view(found, given().version, work.person.role)
    return render_template("supervision/figures.html", found=found, view=view, most=_most_rows())


@fidelity_figures.route(f"{THERAPIST}/<{CHARTS}:chart>.svg", methods=["GET"])
@needs(SEE)
def therapist_picture(therapist_id: UUID, chart: str) -> Response:
    """Give one picture of a therapist's page."""
    with begin_reading() as work:
        found = therapist_page(work, open_therapist(work, therapist_id, SEE), _chosen())
    return picture(therapist_chart(found, TherapistChart(chart), given().version))


@fidelity_figures.route(f"{THERAPIST}/download/<{CHARTS}:chart>.<{FILES}:fmt>", methods=["GET"])
@needs(SEE)
def download_of_therapist(therapist_id: UUID, chart: str, fmt: str) -> Response:
    """Give the same picture as a file; that it left the building is written down first."""
    with begin_reading() as work:
        account = open_therapist(work, therapist_id, SEE)
        found = therapist_page(work, account, _chosen())
        drawn = therapist_chart(found, TherapistChart(chart), given().version)
        note_chart_download(work, therapist_subject(account), fmt, found.stratum, chart)
        return attached(drawn, fmt, f"fidelity-{chart}")


@fidelity_figures.route("/agreement", methods=["GET"])
@needs(SUPERVISE)
def agreement() -> ResponseReturnValue:
    """Show how far raters agree on the sessions of the actor's supervisees."""
    with begin_reading() as work:
        found = agreement_page(work, _chosen())
    view = agreement_view.agreement_view(found, given().version)
    return render_template(
        "supervision/figures_agreement.html", found=found, view=view, most=_most_rows()
    )


@fidelity_figures.route("/agreement/self.svg", methods=["GET"])
@needs(SUPERVISE)
def agreement_picture() -> Response:
    """Give the picture of self beside supervisor."""
    with begin_reading() as work:
        found = agreement_page(work, _chosen())
    return picture(agreement_chart(found, given().version))


@fidelity_figures.route(f"/agreement/download/self.<{FILES}:fmt>", methods=["GET"])
@needs(SUPERVISE)
def download_of_agreement(fmt: str) -> Response:
    """Give the same picture as a file."""
    with begin_reading() as work:
        found = agreement_page(work, _chosen())
        drawn = agreement_chart(found, given().version)
        note_chart_download(work, AGREEMENT, fmt, found.stratum, "self")
        return attached(drawn, fmt, "fidelity-self")


@fidelity_figures.route(COURSE, methods=["GET"])
@needs(SEE)
def course(course_id: UUID) -> ResponseReturnValue:
    """Show how the sessions of one course were done, beside its scores."""
    with begin_reading() as work:
        opened = open_course(work, course_id, SEE)
        found = course_beside(work, opened, _chosen())
    view = course_view.course_view(found, given().version, _view())
    return render_template("supervision/figures_course.html", found=found, view=view)


@fidelity_figures.route(f"{COURSE}/chart.svg", methods=["GET"])
@needs(SEE)
def course_picture(course_id: UUID) -> Response:
    """Give the picture of one course: how it was done, and the scores below."""
    with begin_reading() as work:
        opened = open_course(work, course_id, SEE)
        found = course_beside(work, opened, _chosen())
    return picture(course_chart(found, given().version, _view()))


@fidelity_figures.route(f"{COURSE}/download/chart.<{FILES}:fmt>", methods=["GET"])
@needs(SEE)
def download_of_course(course_id: UUID, fmt: str) -> Response:
    """Give the same picture as a file."""
    with begin_reading() as work:
        opened = open_course(work, course_id, SEE)
        found = course_beside(work, opened, _chosen())
        drawn = course_chart(found, given().version, _view())
        subject, window = course_subject(opened), _view().days
        note_chart_download(work, subject, fmt, found.stratum, "course", window)
        return attached(drawn, fmt, "fidelity-course")


def _chosen() -> Choice:
    """Read the stratum from the address; what is not known is left open."""
    basis, selection = request.args.get("basis"), request.args.get("selection")
    return Choice(basis if basis in BASES else None, selection if selection in SELECTIONS else None)


def _view() -> CourseView:
    """Read how much of a course is drawn, and whether with its scores."""
    days = known(Days, request.args.get("window", "")) or Days.ALL
    return CourseView(days, request.args.get("series") != course_view.RATINGS)


def _most_rows() -> int:
    return 10**6 if request.args.get("rows") == "all" else MOST_ROWS
