"""What the figures of fidelity say in plain words, and what they cannot say."""

from dataclasses import dataclass

from ipt_tracker.clinical.course.codes import Code
from ipt_tracker.clinical.fidelity.agreement import BlandAltman, Icc, Interval
from ipt_tracker.clinical.fidelity.control_chart import Control, LimitStatus
from ipt_tracker.clinical.fidelity.lines import PUBLISHED_LINE
from ipt_tracker.clinical.fidelity.summary import Clustered, Summary

MEAN_FROM = 3
"""A mean on a page needs this many sessions."""
INTERVAL_FROM = 5
"""The interval of a mean on a page needs this many sessions, or ratings of an item or domain."""
AGREEMENT_FROM = 5
"""Agreement on a page needs this many pairs."""
NO_WIDTH = 1e-9
"""An interval narrower than this has no width but that of computing."""
RANK_FROM = 5
"""An item or domain is named among the weakest from this many ratings."""

QUALITY_SCALE = "Quality of what was done, 1 to 5; 3 is adequate. Higher is better."
ADHERENCE_SCALE = (
    "Adherence: what was done of what applied to the session, in percent. What did not apply "
    "counts neither way."
)
TWO_NUMBERS = "Adherence and quality are two numbers: what was done does not say how well."
NOT_OUTCOME = (
    "These ratings do not say how a patient will fare: across studies neither adherence (r = .02) "
    "nor competence (r = .07) went with outcome on average (Webb, DeRubeis and Barber 2010)."
)
ONE_RATER = (
    "Raters differ in how strict they are. One rater's mean is not a therapist's true level."
)
INDEPENDENT = (
    "The interval takes sessions as independent. Sessions with one patient are alike, so it is "
    "narrower than it should be."
)
CLUSTERED = "The interval allows for sessions with one patient being alike."
TOO_FEW_PATIENTS = "An interval that allows for patients needs sessions with 3 patients or more."
FIRST_SUBMITTED = "Agreement is computed on ratings as they were first submitted."
BUNCHED = (
    "When ratings bunch together, ICC and kappa can be low although raters seldom differ. Look at "
    "the plot."
)
SELF_RUNS_HIGH = "Self-ratings run higher than others' in most studies, though not in all."
CHOSEN_IS_NO_SAMPLE = "A session that somebody chose is not a sample of the work."
SIGNALS = "A signal invites a look together. It judges nobody."
WEAK_LIMITS = "Limits of fewer than 12 sessions are rough."
NO_LIMITS = "There are no limits below 6 sessions."
LIMITS_BEYOND_SCALE = "Limits can pass the ends of the scale. The drawing is cut, not the sum."
OUTSIDE_RULE = "A session outside the limits: mean ± 2.66 × mean moving range."
RUN_RULE = "Eight sessions or more in a row on one side of the mean."
AS_THEY_STAND = (
    "Means use the ratings as they stand now, amendments included; agreement uses them as first "
    "submitted."
)
RUN_IGNORES_PATIENTS = (
    "The chart puts the sessions of all patients into one row. A run can come from one patient, or "
    "from who was seen in those weeks, as well as from a change in the work."
)
CHANGING_RATERS = (
    "The raters change from session to session, so each rating is taken as from a rater of its own:"
    " ICC(1,1)."
)
SAME_RATERS = "The same two raters throughout, who should give the same numbers: ICC(A,1)."
UNVALIDATED = "The item set is the project's own. It is not validated and no published scale."


class Strength(Code):
    """How good an intraclass correlation is, read on the lower bound of its interval."""

    POOR = "poor", "poor"
    MODERATE = "moderate", "moderate"
    GOOD = "good", "good"
    EXCELLENT = "excellent", "excellent"


def strength_of(low: float) -> Strength:
    """Name a lower bound: under .5, from .5, from .75, above .9 (Koo and Li 2016)."""
    if low < 0.5:  # noqa: PLR2004 -- the published bounds
        return Strength.POOR
    if low < 0.75:  # noqa: PLR2004 -- the published bounds
        return Strength.MODERATE
    return Strength.EXCELLENT if low > 0.9 else Strength.GOOD  # noqa: PLR2004 -- as published


@dataclass(frozen=True, slots=True)
class Form:
    """How a mean is written: its digits, unit and scale, and what its n counts.

    `of_clusters`: the clusters of the mean are counted, not its values (ratings, not their items).
    """

    digits: int
    unit: str
    ends: Interval
    counted: str = "sessions"
    of_clusters: bool = False


QUALITY_FORM = Form(2, "", (1.0, 5.0))
ADHERENCE_FORM = Form(0, " %", (0.0, 100.0))
ITEM_FORM = Form(2, "", (1.0, 5.0), "ratings")
DOMAIN_FORM = Form(2, "", (1.0, 5.0), "ratings", of_clusters=True)
INTERVAL_RULE = (
    f"An interval stands from {INTERVAL_FROM} sessions on and is written as far as the scale goes; "
    "values that are all alike have none."
)


def interval_words(found: Summary | Clustered, form: Form) -> str:
    """Say the interval of a mean within its scale, or in words why there is none."""
    if counted(found, form) < INTERVAL_FROM:
        return f"interval from {INTERVAL_FROM} {form.counted} on"
    if found.low is None or found.high is None:
        return "no interval"
    bounds = shown_bounds(found, form)
    if bounds is None:
        alike = "no spread" if isinstance(found, Clustered) else "all alike"
        return f"{alike}, no interval"
    digits = form.digits
    while _number(bounds[0], digits) == _number(bounds[1], digits):
        digits += 1
    return bounds_words(bounds, digits) + form.unit


def shown_bounds(found: Summary | Clustered, form: Form) -> Interval | None:
    """Give the interval of a mean that is shown, cut at the ends of the scale.

    None with too few, and where the values have no spread: an interval of no width would claim a
    certainty that nobody has.
    """
    if found.low is None or found.high is None or counted(found, form) < INTERVAL_FROM:
        return None
    if found.high - found.low < NO_WIDTH:
        return None
    bottom, top = form.ends
    return max(found.low, bottom), min(found.high, top)


def counted(found: Summary | Clustered, form: Form) -> int:
    """Give what the n of a mean counts: its values, or the ratings that they are from."""
    return found.clusters if form.of_clusters and isinstance(found, Clustered) else found.n


def bounds_words(interval: Interval | None, digits: int = 2) -> str:
    """Say the two ends of an interval, such as "0.10 to 0.94"."""
    if interval is None:
        return "no interval"
    return " to ".join(_number(bound, digits) for bound in interval)


def icc_words(form: str, value: float | None, interval: Interval | None, n: int) -> str:
    """Say one intraclass correlation with its n, read on its lower bound.

    `form` is "ICC(A,1)", "ICC(C,1)" or "ICC(1,1)".
    """
    if value is None:
        return f"{form} cannot be had from {sessions(n)}."
    said = f"{form} {_number(value)} over {sessions(n)}"
    if interval is None:
        return f"{said}, without an interval."
    return (
        f"{said}, 95 % interval {bounds_words(interval)}: it may be no better than "
        f"{strength_of(interval[0]).label} (lower bound, Koo and Li 2016)."
    )


def agreement_words(found: Icc | None, *, changing: bool) -> str:
    """Say how far supervisors agree, in the form that fits whether their pairs change."""
    if found is None:
        return "Too few sessions were rated by two supervisors to say how far they agree."
    if changing:
        return icc_words("ICC(1,1)", found.one_way, found.one_way_ci, found.n)
    return icc_words("ICC(A,1)", found.absolute, found.absolute_ci, found.n)


def bias_words(found: BlandAltman) -> str:
    """Say how far self-ratings lie from the supervisor's, in points of quality."""
    if found.bias is None:
        return "No session has a quality rating by both."
    size = _number(abs(found.bias))
    side = "higher" if found.bias > 0 else "lower"
    said = f"On average the self-rating is {size} {side} than the supervisor's"
    if size == "0.00":
        said = "On average the self-rating is the same as the supervisor's"
    if found.low is None or found.high is None:
        return f"{said} ({sessions(found.n)})."
    limits = bounds_words((found.low, found.high))
    return f"{said}; about 95 % of differences lie from {limits} ({sessions(found.n)})."


def control_words(found: Control) -> tuple[str, ...]:
    """Say what an XmR chart shows: how far its limits carry, and each signal."""
    if found.status is LimitStatus.TOO_FEW:
        return (f"{NO_LIMITS} There {_are(found.points)}.",)
    said = [WEAK_LIMITS] if found.status is LimitStatus.WEAK else []
    if found.outside:
        said.append(f"{sessions(len(found.outside)).capitalize()} outside the limits.")
    if found.runs:
        said.append(RUN_RULE)
    return (*said, SIGNALS if found.outside or found.runs else "No signal.")


def pass_line_words(line: float) -> str:
    """Name the clinic's quality line for what it is."""
    return f"Line at {_number(line, 1)}: this clinic's convention. {PUBLISHED_LINE}"


def adherence_line_words(line: float) -> str:
    """Name the clinic's adherence line for what it is."""
    return (
        f"Line at {line:g} %: this clinic's convention. 80 % is common usage; no source was found "
        "for it."
    )


def too_few(n: int) -> str:
    """Say that there is too little for a figure, and how little."""
    return f"too few to say ({n})"


def sessions(n: int) -> str:
    """Count sessions."""
    return "1 session" if n == 1 else f"{n} sessions"


def _are(n: int) -> str:
    return f"is {n}" if n == 1 else f"are {n}"


def _number(value: float, digits: int = 2) -> str:
    """Write a number with a true minus, and no minus before a zero."""
    text = f"{value:.{digits}f}"
    return text.removeprefix("-") if float(text) == 0 else text.replace("-", "−")
