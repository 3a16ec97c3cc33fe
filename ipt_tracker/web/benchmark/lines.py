"""The figures of a caseload as lines of tables: every number as text, nothing under ten courses."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ipt_tracker.clinical.evidence.caseload_benchmark import (
    SMALLEST,
    Breakdown,
    CaseloadBenchmark,
    Group,
)
from ipt_tracker.clinical.evidence.comparison import signed
from ipt_tracker.clinical.evidence.rates import Rate
from ipt_tracker.services import benchmark_words as words

NONE = "–"


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure and the smaller words under it; a figure that is not shown is quiet."""

    text: str
    sub: str = ""
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One figure for everyone who started and for completers; `wide` where it is a sentence."""

    name: str
    note: str
    everyone: Cell
    completers: Cell
    wide: bool = False


@dataclass(frozen=True, slots=True)
class RateLine:
    """One rate by its own definition, and what the trials say by theirs."""

    name: str
    definition: str
    everyone: Cell
    completers: Cell
    trials: str
    source: str


@dataclass(frozen=True, slots=True)
class PartLine:
    """One part of the caseload; under ten courses it has its single changes and nothing else."""

    label: str
    n: int
    mean: Cell
    effect: Cell
    points: str


@dataclass(frozen=True, slots=True)
class Part:
    """The caseload by one feature."""

    by: str
    lines: tuple[PartLine, ...]


def change_lines(found: CaseloadBenchmark, *, beside: bool) -> tuple[Line, ...]:
    """Give the table of change; `beside` adds the tests against the trials."""
    both = found.everyone, found.completers
    lines = [
        _line("Courses", "", _courses, both),
        _line("Mean first score", "", lambda each: _mean(each, each.mean_first), both),
        _line("Mean last score", "", lambda each: _mean(each, each.mean_last), both),
        _line("Mean change", "points, last minus first, 95 % interval", _change, both),
        _line("d", "positive is improvement, 95 % interval", _effect, both),
    ]
    if any(each.is_small and each.n for each in both):
        lines.append(_line("Single changes", "points", _points, both))
    return (*lines, *(_tests(both) if beside else ()))


def _line(name: str, note: str, cell: Callable[[Group], Cell], both: tuple[Group, Group]) -> Line:
    everyone, completers = both
    return Line(name, note, cell(everyone), cell(completers))


def _courses(group: Group) -> Cell:
    return Cell(str(group.n))


def _tests(both: tuple[Group, Group]) -> Iterator[Line]:
    margin = "margin unverified"
    for name, said in (
        ("Beside waiting lists", words.waiting_words),
        ("Beside the trials’ IPT arms", words.ipt_words),
    ):
        everyone, completers = (_said(each, said(each)) for each in both)
        yield Line(name, margin, everyone, completers, wide=True)


def _said(group: Group, text: str) -> Cell:
    return _few(group) if group.is_small else Cell(text)


def _few(group: Group) -> Cell:
    return Cell(words.few_words(group) if group.n else NONE, quiet=True)


def _mean(group: Group, value: float | None) -> Cell:
    if group.is_small:
        return _few(group)
    return Cell(NONE if value is None else signed(value))


def _change(group: Group) -> Cell:
    if group.is_small or group.mean_change is None:
        return _few(group) if group.is_small else Cell(NONE)
    ends = group.mean_change_ci95
    return Cell(signed(group.mean_change), words.interval_words(*ends) if ends else "")


def _effect(group: Group) -> Cell:
    if group.is_small or group.d is None:
        return _few(group) if group.is_small else Cell(NONE)
    return Cell(signed(group.d, 2), words.interval_words(group.d_low, group.d_high, 2))


def _points(group: Group) -> Cell:
    if not group.is_small:
        return Cell("in the picture below", quiet=True)
    return Cell(words.points_words(group) or NONE)


def rate_lines(found: CaseloadBenchmark) -> tuple[RateLine, ...]:
    """Give every rate whose definition holds for the measure."""
    own = found.completers.rates
    return tuple(
        RateLine(
            rate.name,
            rate.definition,
            rate_cell(rate),
            rate_cell(own.get(key)),
            rate.trials,
            rate.source,
        )
        for key, rate in found.everyone.rates.items()
        if rate is not None
    )


def rate_cell(rate: Rate | None) -> Cell:
    """Write a rate as its percentage with interval and count; under ten courses the count alone."""
    if rate is None or not rate.n:
        return Cell(NONE, quiet=True)
    count = f"{rate.events} of {rate.n}"
    if rate.n < SMALLEST or rate.proportion is None or rate.low is None or rate.high is None:
        return Cell(count, quiet=True)
    ends = f"{100 * rate.low:.0f} to {100 * rate.high:.0f} %"
    return Cell(f"{100 * rate.proportion:.0f} %", f"{ends}; {count}")


def part_lines(breakdowns: tuple[Breakdown, ...]) -> tuple[Part, ...]:
    """Give the caseload by focal area, protocol, event and diagnosis."""
    return tuple(
        Part(each.by, tuple(_part(*group) for group in each.groups)) for each in breakdowns
    )


def _part(label: str, group: Group) -> PartLine:
    if group.is_small:
        hidden = Cell(NONE, quiet=True)
        return PartLine(label, group.n, hidden, hidden, words.points_words(group))
    return PartLine(label, group.n, _change(group), _effect(group), "")
