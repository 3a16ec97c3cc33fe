"""The caseload beside the trials: its page, its two pictures, and the files of both."""

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from ipt_tracker.charts.export import Picture
from ipt_tracker.clinical.evidence.caseload_benchmark import CaseloadBenchmark
from ipt_tracker.governance.access import Permission
from ipt_tracker.services.benchmark_charts import Drawing, drawing
from ipt_tracker.services.benchmark_csv import as_csv
from ipt_tracker.services.benchmark_page import Choice, note_download, read_page
from ipt_tracker.web.benchmark.forms import chosen, filled
from ipt_tracker.web.benchmark.view import view_of
from ipt_tracker.web.pictures import attached, picture
from ipt_tracker.web.policy import fresh, needs
from ipt_tracker.web.work import begin_reading, given

benchmark = Blueprint("benchmark", __name__, url_prefix="/benchmark")

SEE = Permission.SEE_CASELOAD
CHARTS = "any(within, courses)"
FILES = "any(svg, png, pdf)"
MOST_ROWS = 15
"""A longer table of single courses shows the first ones, and all of them on request."""


@benchmark.route("", methods=["GET"])
@needs(SEE)
def show() -> ResponseReturnValue:
    """Show how the caseload changed, beside the trials."""
    choice = chosen()
    with begin_reading() as work:
        found = read_page(work, choice)
    return render_template(
        "benchmark/show.html",
        found=found,
        choice=choice,
        form=filled(choice),
        view=view_of(found, choice, work.person.role, given().version),
        most=10**6 if request.args.get("rows") == "all" else MOST_ROWS,
    )


@benchmark.route(f"/<{CHARTS}:plot>.svg", methods=["GET"])
@needs(SEE)
def drawn(plot: str) -> Response:
    """Give one picture of the page."""
    choice = chosen()
    with begin_reading() as work:
        found = read_page(work, choice)
    return picture(_drawing(found, choice, plot))


@benchmark.route(f"/download/<{CHARTS}:plot>.<{FILES}:fmt>", methods=["GET"])
@needs(SEE)
def download(plot: str, fmt: str) -> Response:
    """Give the same picture as a file; that it left the building is written down first."""
    choice = chosen()
    with begin_reading() as work:
        found = read_page(work, choice)
        note_download(work, choice, plot, fmt)
    return attached(_drawing(found, choice, plot), fmt, f"benchmark-{plot}")


@benchmark.route("/download/figures.csv", methods=["GET"])
@needs(SEE)
@fresh
def figures() -> Response:
    """Give every figure of the page as a table."""
    choice = chosen()
    with begin_reading() as work:
        found = read_page(work, choice)
        note_download(work, choice, "figures", "csv")
    response = Response(as_csv(found, choice), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="benchmark-figures.csv"'
    return response


def _drawing(found: CaseloadBenchmark, choice: Choice, plot: str) -> Picture:
    return drawing(found, choice, Drawing(plot), given().version)
