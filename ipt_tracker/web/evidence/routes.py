"""The pages of the published evidence, their pictures and what can be taken away."""

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from ipt_tracker.charts import export
from ipt_tracker.clinical.evidence.context import other_treatments, repoolings, study_facts
from ipt_tracker.clinical.evidence.inconsistencies import inconsistencies
from ipt_tracker.clinical.evidence.library import effects
from ipt_tracker.clinical.evidence.trials import Place, trials
from ipt_tracker.governance.access import Permission
from ipt_tracker.services.evidence import Drawn, drawing, figures_csv, note_download
from ipt_tracker.web.evidence.view import ends, parts, said, sds, two
from ipt_tracker.web.pictures import attached, picture
from ipt_tracker.web.policy import fresh, needs
from ipt_tracker.web.work import begin_reading, given

evidence = Blueprint("evidence", __name__, url_prefix="/evidence")
SEE = Permission.SEE_EVIDENCE
DRAWN = f"any({', '.join(Drawn)})"
SHOWN_NOTES = ("disaster_ci_asymmetric", "n_755_vs_795", "caps_sd_not_single")
"""The points that a reader of the table above them needs first."""


@evidence.route("", methods=["GET"])
@needs(SEE)
def show() -> ResponseReturnValue:
    """Show the pooled effect, its subgroups, and what they do not show."""
    notes = inconsistencies()
    return render_template(
        "evidence/show.html",
        said=said(),
        parts=parts(),
        sds=sds(),
        scenario=effects()["new_setting_scenario"],
        notes=[notes[key] for key in SHOWN_NOTES],
        all_notes=len(notes),
        facts=study_facts().values(),
        later=[each for each in trials().values() if each.place is Place.LATER],
        pooled=[each for each in trials().values() if each.place is Place.POOLED],
        others=other_treatments().values(),
        alts={each.value: export.alt(drawing(each, given().version)) for each in Drawn},
        ends=ends,
        two=two,
    )


@evidence.route("/trials", methods=["GET"])
@needs(SEE)
def list_trials() -> ResponseReturnValue:
    """Show every trial: who, against what, how sure its effect is, was fidelity assessed."""
    by_place = {place: [t for t in trials().values() if t.place is place] for place in Place}
    return render_template(
        "evidence/trials.html",
        by_place=by_place,
        poolings=repoolings().values(),
        ends=ends,
        two=two,
    )


@evidence.route("/notes", methods=["GET"])
@needs(SEE)
def notes() -> ResponseReturnValue:
    """Show everything that does not add up, with what was checked."""
    return render_template("evidence/notes.html", notes=inconsistencies().values())


@evidence.route(f"/<{DRAWN}:picture_of>.svg", methods=["GET"])
@needs(SEE)
def drawn(picture_of: str) -> Response:
    """Give a picture that the page shows."""
    return picture(drawing(Drawn(picture_of), given().version))


@evidence.route(f"/download/<{DRAWN}:picture_of>.<any(svg, png, pdf):fmt>", methods=["GET"])
@needs(SEE)
def download(picture_of: str, fmt: str) -> Response:
    """Give a picture as a file."""
    with begin_reading() as work:
        note_download(work, picture_of, fmt)
    made = drawing(Drawn(picture_of), given().version)
    return attached(made, fmt, f"evidence-{picture_of}")


@evidence.route("/download/figures.csv", methods=["GET"])
@needs(SEE)
@fresh
def figures() -> Response:
    """Give all figures with their sources as a table."""
    with begin_reading() as work:
        note_download(work, "figures", "csv")
    response = Response(figures_csv(), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="evidence-figures.csv"'
    return response
