"""The evidence as its pages show it: rows with their pictures, and the words above them."""

from dataclasses import dataclass

from ipt_tracker.clinical.evidence.comparison import signed
from ipt_tracker.clinical.evidence.library import SdOption, effects, sd_options
from ipt_tracker.clinical.evidence.published import (
    GROUPS,
    MCID_POINTS,
    Recomputed,
    difference,
    plain_words,
    published_rows,
)
from ipt_tracker.services.evidence import p_words

DASH = "–"
FAMILY = "CAPS-IV"


@dataclass(frozen=True, slots=True)
class Line:
    """One published effect in the words of the table."""

    row: Recomputed
    smd: str
    interval: str
    se: str
    p_printed: str
    p: str
    points_printed: str
    implied_sd: str
    points: tuple[str, ...]
    """In points, at each of the SDs that the table names."""


@dataclass(frozen=True, slots=True)
class Part:
    """The lines of one group, with the test that they do not differ."""

    name: str
    p: str
    lines: tuple[Line, ...]


def parts() -> tuple[Part, ...]:
    """Give the published effects by group."""
    return tuple(_part(group, name) for group, name in GROUPS.items())


def sds() -> tuple[SdOption, ...]:
    """Give the SDs of the CAPS for DSM-IV that turn an effect into points."""
    return tuple(each for each in sd_options().values() if each.family == FAMILY)


def _part(group: str, name: str) -> Part:
    tested = difference(group)
    lines = tuple(_line(row) for row in published_rows() if row.effect.group == group)
    return Part(name, p_words(tested.p) if tested else "", lines)


def _line(row: Recomputed) -> Line:
    each = row.effect
    return Line(
        row=row,
        smd=two(each.estimate),
        interval=ends(each.low, each.high),
        se=f"{row.se:.3f}" if row.se else DASH,
        p_printed=_printed(each.p_printed),
        p=p_words(row.p) if row.p is not None else DASH,
        points_printed=f"{each.points_printed:g}" if each.points_printed else DASH,
        implied_sd=f"{row.implied_sd:.1f}" if row.implied_sd else DASH,
        points=tuple(_points(row, option.value) for option in sds()),
    )


def _printed(p: float | None) -> str:
    """Write a p value with the digits that the paper prints: "0.10", "0.005"."""
    return DASH if p is None else max(f"{p:.2f}", f"{p:g}", key=len)


def _points(row: Recomputed, sd: float) -> str:
    found = row.points(sd)
    if found is None:
        return DASH
    low, middle, high = (signed(each) for each in found)
    return f"{middle} ({low} to {high})"


def two(value: float | None) -> str:
    """Write a number with two decimals, or a dash."""
    return DASH if value is None else signed(value, 2)


def ends(low: float | None, high: float | None) -> str:
    """Write the ends of an interval, or a dash."""
    return DASH if low is None or high is None else f"{signed(low, 2)} to {signed(high, 2)}"


@dataclass(frozen=True, slots=True)
class Said:
    """The page's answer in words, and the shares of people."""

    lead_before: str
    lead_strong: str
    lead_after: str
    then: str
    better: int
    below_mean: int
    overlap: int
    tone: str = "same"


def said() -> Said:
    """Say in words what the pooled effect is, with its caveat."""
    overall = effects()["overall"]
    measured, shares = overall.measured, plain_words(overall.measured.middle)
    sd = next(each.value for each in sds())
    low, high = (abs(measured.times(sd).high), abs(measured.times(sd).low))
    return Said(
        lead_before="On average, people given IPT ended with ",
        lead_strong="fewer PTSD symptoms",
        lead_after=(
            f" than people in the comparison groups: SMD {signed(measured.middle, 2)} "
            f"(95 % interval {ends(measured.low, measured.high)}), "
            "ten comparisons from nine trials."
        ),
        then=(
            f"At an SD of {sd:g} the interval reaches from {low:.0f} to {high:.0f} CAPS points, on "
            f"both sides of the {MCID_POINTS} called clinically important; a new clinic's own mean "
            "effect may plausibly be none at all. Against active treatments no difference was "
            "shown, which is not the same as equal."
        ),
        better=round(100 * shares.better),
        below_mean=round(100 * shares.below_mean),
        overlap=round(100 * shares.overlap),
    )
