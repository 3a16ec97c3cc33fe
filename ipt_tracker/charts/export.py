"""Pictures to bytes. The frozen input is the cache key: equal input, equal bytes, in any process.

Nothing here is shared between threads but the caches: each drawing has its own Figure, canvas and
buffer, and matplotlib keeps one set of fonts per thread.
"""

import io
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.backends.backend_svg import FigureCanvasSVG

from ipt_tracker.charts import (
    bland_altman,
    caseload_change,
    closeness,
    course_fidelity,
    course_strip,
    coverage,
    domains,
    forest,
    funnel,
    nested_bands,
    progress,
    timeline,
    within_change,
    xmr,
)
from ipt_tracker.charts.bland_altman import BlandAltman
from ipt_tracker.charts.caseload_change import CaseloadChange
from ipt_tracker.charts.closeness import Closeness
from ipt_tracker.charts.course_fidelity import Fidelity
from ipt_tracker.charts.course_strip import CourseStrip
from ipt_tracker.charts.coverage import Coverage
from ipt_tracker.charts.domains import Domains
from ipt_tracker.charts.forest import Forest
from ipt_tracker.charts.funnel import Funnel
from ipt_tracker.charts.hover import finish
from ipt_tracker.charts.model import Score, Series
from ipt_tracker.charts.nested_bands import NestedBands
from ipt_tracker.charts.page import Chart
from ipt_tracker.charts.progress import Progress
from ipt_tracker.charts.timeline import Lifeline
from ipt_tracker.charts.typeset import clean
from ipt_tracker.charts.within_change import WithinChange
from ipt_tracker.charts.words import provenance
from ipt_tracker.charts.xmr import Xmr

# Process-wide, because matplotlib takes them nowhere else. Set once, here, never in a request.
# Cutting a TrueType font (42) down to the signs in use took two thirds of the time of a PDF; the
# same outlines as a font of drawings (3) are searched and copied just as well.
mpl.rcParams.update({"svg.hashsalt": "ipt-tracker", "svg.fonttype": "none", "pdf.fonttype": 3})

Picture = (
    Progress
    | Closeness
    | Lifeline
    | Fidelity
    | Domains
    | Xmr
    | BlandAltman
    | Coverage
    | Forest
    | Funnel
    | WithinChange
    | CaseloadChange
    | NestedBands
    | CourseStrip
)
"""The input of any of the pictures: each has a title, a verdict and its provenance."""
_DRAWN_BY: dict[type, Callable[[Any], Chart]] = {
    Progress: progress.draw,
    Closeness: closeness.draw,
    Lifeline: timeline.draw,
    Fidelity: course_fidelity.draw,
    Domains: domains.draw,
    Xmr: xmr.draw,
    BlandAltman: bland_altman.draw,
    Coverage: coverage.draw,
    Forest: forest.draw,
    Funnel: funnel.draw,
    WithinChange: within_change.draw,
    CaseloadChange: caseload_change.draw,
    NestedBands: nested_bands.draw,
    CourseStrip: course_strip.draw,
}
_WORDS: dict[type, Callable[[Any], str]] = {
    Progress: progress.alt,
    Closeness: closeness.alt,
    Lifeline: timeline.alt,
    Fidelity: course_fidelity.alt,
    Domains: domains.alt,
    Xmr: xmr.alt,
    BlandAltman: bland_altman.alt,
    Coverage: coverage.alt,
    Forest: forest.alt,
    Funnel: funnel.alt,
    WithinChange: within_change.alt,
    CaseloadChange: caseload_change.alt,
    NestedBands: nested_bands.alt,
    CourseStrip: course_strip.alt,
}
QUICK = 3
"""How hard a PNG is compressed: the usual 6 takes half as long again for a tenth of the size."""
NO_DATE = {"Date": None, "Creator": None, "Format": None, "Type": None}


def alt(data: Picture) -> str:
    """A short text alternative for the picture; the table beside it holds the values."""
    return _WORDS[type(data)](data)


def description(data: Picture) -> str:
    """The verdict, the picture in words, and where it comes from."""
    said = (data.verdict.replace("\n", " "), alt(data), provenance(data.provenance))
    return " ".join(text for text in said if text)


def _drawn(data: Picture) -> Chart:
    return _DRAWN_BY[type(data)](data)


def _facts(data: Picture) -> dict[str, str]:
    """The provenance by name, fit for any file format."""
    return {n: clean(t) for n, t in data.provenance.entries} if data.provenance else {}


def _dublin_core(data: Picture) -> list[tuple[str, str]]:
    source = data.provenance
    out = [("title", data.title), ("description", description(data))]
    if source:
        out += [
            ("identifier", source.patient_code or source.therapist),
            ("subject", source.instrument or source.ratings),
            ("source", source.evidence or source.threshold_source),
            ("coverage", source.window),
            ("creator", source.software),
            ("date", source.newest_recorded),
        ]
    return [(name, text) for name, text in out if text]


def _without_targets(page: Chart) -> Chart:
    """Hover titles live in SVG only; elsewhere their circles would be dead weight."""
    for artist in page.targets:
        artist.set_visible(False)
    return page


@lru_cache(maxsize=256)
def svg(data: Picture) -> bytes:
    """For the page and for download; text stays text."""
    page, out = _drawn(data), io.StringIO()
    FigureCanvasSVG(page).print_svg(out, metadata=NO_DATE)  # type: ignore[no-untyped-call]  # -- without types
    words = (data.title, description(data))
    return finish(out.getvalue(), words, page.hover, _dublin_core(data)).encode()


@lru_cache(maxsize=64)
def png(data: Picture, dpi: int = 150) -> bytes:
    """Pixels, for word processors; provenance in text chunks."""
    page, out = _without_targets(_drawn(data)), io.BytesIO()
    page.set_dpi(dpi)
    about = {"Title": clean(data.title), "Description": clean(description(data))}
    about |= {"Software": ""} | _facts(data)
    squeeze = {"compress_level": QUICK}
    FigureCanvasAgg(page).print_png(out, metadata=about, pil_kwargs=squeeze)  # type: ignore[no-untyped-call]  # -- without types
    return out.getvalue()


@lru_cache(maxsize=64)
def pdf(data: Picture) -> bytes:
    """For paper, with its font inside; provenance in the document information."""
    page, out = _without_targets(_drawn(data)), io.BytesIO()
    facts = _facts(data)
    about: dict[str, str | None] = {
        "Title": clean(data.title),
        "Subject": clean(description(data)),
        "Keywords": "; ".join(f"{name}: {text}" for name, text in facts.items()) or None,
        "Creator": facts.get("Software"),
        "Producer": None,
        "CreationDate": None,
    }
    FigureCanvasPdf(page).print_pdf(out, metadata=about)  # type: ignore[no-untyped-call]  # -- without types
    return out.getvalue()


def warm_up() -> None:
    """Draw a tiny chart in each format, so that the first person does not wait for fonts."""
    day = date(2000, 1, 1)
    tiny = Progress("", "", "", Series("", 1, (Score(day, 0), Score(day, 1))))
    for make in (svg, png, pdf):
        make.__wrapped__(tiny)
