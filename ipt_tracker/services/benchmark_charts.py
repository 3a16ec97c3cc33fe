"""From the figures of a caseload to the frozen inputs of its two pictures, and no value more.

Under ten courses a picture has the single courses and neither a mean nor an interval. No picture
names a patient or a therapist: the courses stand in order of their change.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from ipt_tracker.charts.caseload_change import CaseloadChange
from ipt_tracker.charts.model import Provenance
from ipt_tracker.charts.windows import days_words
from ipt_tracker.charts.within_change import Group as Kind
from ipt_tracker.charts.within_change import WithinChange, WithinRow
from ipt_tracker.clinical.course.codes import Code
from ipt_tracker.clinical.evidence import library
from ipt_tracker.clinical.evidence.caseload_benchmark import CaseloadBenchmark
from ipt_tracker.clinical.evidence.library import SdOption, Status
from ipt_tracker.clinical.evidence.within_group import IPT, WAITING_LIST, WithinGroup, within_groups
from ipt_tracker.services import benchmark_words as words
from ipt_tracker.services.benchmark_page import Choice
from ipt_tracker.services.chart_words import recorded

SPREAD_AT_START = {
    "CAPS-IV": "caps4_baseline",
    "CAPS-5": "caps5_baseline",
    "PCL-5": "pcl5_treatment",
}
"""The published SD that turns the change of a single course into SDs, by instrument family."""
KINDS: dict[str, Kind] = {WAITING_LIST: "waiting", IPT: "ipt"}
OWN_SOURCE = "this caseload"


class Drawing(Code):
    """The pictures of the page."""

    WITHIN = "within", "Change within groups"
    COURSES = "courses", "Everyone who started"


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupOfPicture:
    """One row of the picture of change within groups, with where its number comes from."""

    label: str
    kind: str
    n: int
    d: float | None
    low: float | None
    high: float | None
    status: Status
    source: str
    population: str
    note: str = ""
    gap: str = ""
    method: str = ""


def drawing(
    found: CaseloadBenchmark, choice: Choice, which: Drawing, software: str
) -> WithinChange | CaseloadChange:
    """Give one picture of the page."""
    if which is Drawing.WITHIN:
        return _within(found, choice, software)
    return _courses(found, choice, software)


def _within(found: CaseloadBenchmark, choice: Choice, software: str) -> WithinChange:
    spread = spread_of(found.family)
    small = found.everyone.is_small and spread is not None
    said = f"{words.UNCONTROLLED} {words.ANOTHER_QUANTITY}"
    return WithinChange(
        title=f"{choice.measure.name}   Change within groups, in SDs at the start",
        verdict=f"{said} {_spread_words(spread)}" if small and spread else said,
        rows=tuple(_row(each) for each in groups_of(found)) if words.has_basis(found) else (),
        raw=tuple(-p / spread.value for p in found.everyone.points) if small and spread else (),
        provenance=_provenance(found, choice, software, _studies()),
    )


def _row(group: GroupOfPicture) -> WithinRow:
    return WithinRow(
        group.label,
        KINDS.get(group.kind, "caseload"),
        group.n,
        group.d,
        group.low,
        group.high,
        group.note,
    )


def groups_of(found: CaseloadBenchmark) -> tuple[GroupOfPicture, ...]:
    """Give the trials' groups, waiting lists first, and then the caseload, on one measure each."""
    trials = sorted(within_groups().values(), key=lambda one: one.kind != WAITING_LIST)
    return (*(_of_trial(each) for each in trials), *_own(found))


def _of_trial(group: WithinGroup) -> GroupOfPicture:
    named = f"{group.study}, {group.label}" if group.study else group.label
    return GroupOfPicture(
        label=named,
        kind=group.kind,
        n=group.people,
        d=group.estimate,
        low=group.low,
        high=group.high,
        status=group.certainty,
        source=group.source,
        population=group.population,
        note=group.family,
        gap=group.why_no_interval,
        method="" if group.study else group.note,
    )


def _own(found: CaseloadBenchmark) -> Iterator[GroupOfPicture]:
    for name, group in ((words.EVERYONE, found.everyone), (words.COMPLETERS, found.completers)):
        yield GroupOfPicture(
            label=name,
            kind="caseload",
            n=group.n,
            d=None if group.is_small else group.d,
            low=None if group.is_small else group.d_low,
            high=None if group.is_small else group.d_high,
            status=Status.RECORDED,
            source=OWN_SOURCE,
            population=OWN_SOURCE,
            note=found.family,
            gap=words.few_words(group) if group.is_small else "",
        )


def _studies() -> str:
    """Name where the groups of the trials come from: a file leaves the table behind."""
    trials = within_groups().values()
    named = dict.fromkeys(each.study for each in trials if each.study and each.kind == IPT)
    return f"waiting lists: US National Center for PTSD; IPT arms: {', '.join(named)}"


def spread_of(family: str) -> SdOption | None:
    """Give the published SD for the changes of single courses; None where there is none."""
    key = SPREAD_AT_START.get(family)
    return library.sd_options()[key] if key else None


def _spread_words(spread: SdOption) -> str:
    return f"Single courses: change divided by {spread.value:g} points, {spread.label}."


def _courses(found: CaseloadBenchmark, choice: Choice, software: str) -> CaseloadChange:
    return CaseloadChange(
        title=f"{choice.measure.name}   Everyone who started, by change",
        verdict=_course_words(found),
        changes=found.everyone.points,
        unknown=found.without_second,
        reliable=found.reliable_points,
        lowest=found.lowest - found.highest,
        highest=found.highest - found.lowest,
        words=f"Change in {choice.measure.name} points, last minus first",
        provenance=_provenance(found, choice, software, ""),
    )


def _course_words(found: CaseloadBenchmark) -> str:
    counted = words.numbers(found.everyone.n)
    unknown = f"{found.without_second} without a later score: unknown, not unchanged."
    return f"{counted} with a first and a later score, {unknown} {words.UNCONTROLLED}"


def _provenance(
    found: CaseloadBenchmark, choice: Choice, software: str, evidence: str
) -> Provenance:
    started = found.everyone.n + found.without_second
    return Provenance(
        patient_code="",
        instrument=choice.measure.version,
        completeness=f"{found.everyone.n} of {started} courses with a first and a later score",
        threshold_source=found.reliable_source,
        window=", ".join(_window(found, choice)),
        software=f"IPT Tracker {software}",
        newest_recorded=recorded([found.newest] if found.newest else []),
        evidence=evidence,
    )


def _window(found: CaseloadBenchmark, choice: Choice) -> Iterator[str]:
    if found.first_on and found.last_on:
        yield days_words(found.first_on, found.last_on)
    if choice.narrows:
        yield "as filtered"
