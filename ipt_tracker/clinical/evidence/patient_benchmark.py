"""One patient's change beside the trials, saying how little a difference of groups can tell.

The pooled effect is treated minus control at the end of treatment. One patient's change from
first to last also holds natural recovery, regression to the mean and everything else, so its
counterpart is the mean change expected without a control group: waiting-list change plus the
effect over passive control. Nothing here says what one patient will do or why a score moved.
"""

from collections.abc import Iterator
from math import ceil, floor, isfinite

from ipt_tracker.clinical.evidence import library
from ipt_tracker.clinical.evidence.arm_distribution import meaningful_differences, positions
from ipt_tracker.clinical.evidence.comparison import (
    Axis,
    Comparison,
    NoComparison,
    Row,
    Unit,
    signed,
)
from ipt_tracker.clinical.evidence.library import Basis, SdOption
from ipt_tracker.clinical.evidence.patient_bands import bands
from ipt_tracker.clinical.evidence.trial_rows import (
    arm_rows,
    expected_interval,
    expected_row,
    patient_row,
    pooled_row,
    trial_rows,
)
from ipt_tracker.clinical.rules import RuleBroken

_STEPS = (1, 2, 5, 10, 20, 50)
_MOST_STEPS = 6
NO_ARMS = (
    "No trial arm of IPT or of a waiting list is held with the spread of its changes on the "
    "{family}, so this change has no place among their patients."
)


def beside_trials(  # noqa: PLR0913 -- the scores, and what the caller already knows about them
    instrument_family: str,
    first: int,
    last: int,
    sd: float | None = None,
    *,
    reliable_words: str = "",
    reliable_source: str = "",
) -> Comparison | NoComparison:
    """Set a change from `first` to `last` (totals of one instrument) beside the pooled trials.

    `sd`, in points, turns the standardised effects into points; without it the family's default
    is used. `reliable_words` and `reliable_source` say what is known about reliable change on the
    patient's row, for instance "under 15 points could be measurement error" and "Marx 2022".
    Returns NoComparison with its reason for a family without a published basis.
    Raises RuleBroken (field "first", "last" or "sd") for a number outside its range.
    Source of the method: Devilly & McFarlane 2009, J Consult Clin Psychol 77:1159 (historical
    waiting lists); Althobaiti et al. 2020, J Affect Disord 264:286-294 (effects).
    """
    basis = library.bases().get(instrument_family)
    if basis is None:
        return NoComparison(instrument_family, _why_none(instrument_family))
    _check_score(first, basis, "first")
    _check_score(last, basis, "last")
    options = _sd_options(instrument_family)
    sd_used = _checked_sd(sd, basis)
    patient = patient_row(first, last, reliable_words, reliable_source)
    ranges = bands(instrument_family, expected_interval(basis, sd_used), sd_used)
    places = positions(instrument_family, last - first)
    return Comparison(
        family=instrument_family,
        unit_words=f"{instrument_family} points",
        first=first,
        last=last,
        points=last - first,
        percent=100 * (last - first) / first if first else None,
        rows=(
            patient,
            *trial_rows(basis, sd_used, ranges, first),
            *arm_rows(instrument_family),
        ),
        sd_used=sd_used,
        sd_words=_sd_words(sd_used, options),
        sd_options=options,
        caveats=(*_caveats(instrument_family), _span(basis, options)),
        bands=ranges,
        positions=places,
        no_position="" if places else NO_ARMS.format(family=instrument_family),
        meaningful=meaningful_differences().get(instrument_family),
    )


def summary(comparison: Comparison | NoComparison) -> str:
    """Two or three plain sentences to stand above the table."""
    if isinstance(comparison, NoComparison):
        return comparison.reason
    expected, waiting = comparison.row("expected"), comparison.row("waiting_list")
    return (
        f"{_change_sentence(comparison)} {_position(comparison.points, expected)} "
        f"{expected.estimate_words} points (95 % interval {expected.interval_words}); "
        f"the mean on waiting lists is {waiting.estimate_words}. "
        "These are means of groups, not a forecast for one person, "
        "and they do not say what caused the change."
    )


def axis_limits(comparison: Comparison, *also: float) -> Axis:
    """Round ends that hold zero, every row in points, and `also` (a reliable-change band, say).

    Rows in percent have no place on an axis in points and are left out.
    """
    values = [0.0, *also]
    for row in comparison.rows:
        if row.unit is Unit.POINTS:
            values += [value for value in (row.estimate, row.low, row.high) if value is not None]
    margin = 0.02 * (max(values) - min(values))  # so that no mark sits on the edge
    low, high = min(values) - margin, max(values) + margin
    step = next((step for step in _STEPS if high - low <= _MOST_STEPS * step), _STEPS[-1])
    return Axis(floor(low / step) * step, ceil(high / step) * step, step)


def _why_none(family: str) -> str:
    known = library.without_basis().get(family)
    return known.why_none if known else f"No published trial of IPT for PTSD is held for {family}."


def _check_score(score: int, basis: Basis, field: str) -> None:
    if basis.lowest <= score <= basis.highest:
        return
    which = "high" if score > basis.highest else "low"
    message = (
        f"{signed(score, 0)} is too {which}, the form goes from {basis.lowest} to {basis.highest}."
    )
    raise RuleBroken(message, field=field)


def _checked_sd(sd: float | None, basis: Basis) -> float:
    if sd is None:
        return library.sd_options()[basis.default_sd].value
    if not isfinite(sd) or sd <= 0:
        raise RuleBroken("The SD must be a number greater than 0.", field="sd")
    largest = (basis.highest - basis.lowest) / 2  # half the people at each end of the form
    if sd > largest:
        message = f"{sd:g} is too high, an SD of this form is at most {largest:g}."
        raise RuleBroken(message, field="sd")
    return sd


def _sd_options(family: str) -> tuple[SdOption, ...]:
    return tuple(option for option in library.sd_options().values() if option.family == family)


def _sd_words(sd: float, options: tuple[SdOption, ...]) -> str:
    label = next((option.label for option in options if option.value == sd), None)
    return f"{sd:g}, {label or 'typed in, without a published source'}"


def _caveats(family: str) -> Iterator[str]:
    return (caveat.text for caveat in library.caveats().values() if caveat.applies_to(family))


def _span(basis: Basis, options: tuple[SdOption, ...]) -> str:
    small, large = (choose(option.value for option in options) for choose in (min, max))
    pooled = [pooled_row(sd).estimate_words for sd in (small, large)]
    expected = [expected_row(basis, sd).estimate_words for sd in (small, large)]
    return (
        f"The points depend on the SD: from an SD of {small:g} to one of {large:g}, "
        f"IPT minus control goes from {pooled[0]} to {pooled[1]} points "
        f"and the expected mean change from {expected[0]} to {expected[1]}."
    )


def _change_sentence(comparison: Comparison) -> str:
    size, scores = abs(comparison.points), f"from {comparison.first} to {comparison.last}"
    if size == 0:
        return f"The {comparison.family} is where it began, at {comparison.first}."
    verb = "fell" if comparison.points < 0 else "rose"
    share = "" if comparison.percent is None else f" ({signed(comparison.percent, 0)} %)"
    return f"The {comparison.family} {verb} by {size} point{'s' * (size > 1)}, {scores}{share}."


def _position(points: int, expected: Row) -> str:
    if points >= 0:
        return "The mean change expected if the trials apply is a fall:"
    if expected.low is not None and points < expected.low:
        return "That is a larger fall than the mean expected if the trials apply:"
    if expected.high is not None and points > expected.high:
        return "That is a smaller fall than the mean expected if the trials apply:"
    return "That lies within the interval of the mean expected if the trials apply:"
