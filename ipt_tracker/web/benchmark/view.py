"""A caseload beside the trials as the page draws it."""

from dataclasses import dataclass
from types import MappingProxyType

from ipt_tracker.charts import export
from ipt_tracker.clinical.evidence.caseload_benchmark import SMALLEST, CaseloadBenchmark
from ipt_tracker.clinical.evidence.comparison import signed
from ipt_tracker.governance.access import Role
from ipt_tracker.services import benchmark_words as words
from ipt_tracker.services.benchmark_charts import Drawing, drawing, groups_of
from ipt_tracker.services.benchmark_page import Choice
from ipt_tracker.web.benchmark.lines import (
    Line,
    Part,
    RateLine,
    change_lines,
    part_lines,
    rate_lines,
)

OWN = "recorded in these courses"
TITLES = MappingProxyType(
    {
        Role.THERAPIST: "My caseload beside the trials",
        Role.SUPERVISOR: "Supervisees’ caseload beside the trials",
    }
)
WHOSE = MappingProxyType(
    {
        Role.THERAPIST: "All courses that are yours today",
        Role.SUPERVISOR: "All courses of your supervisees today, taken together",
    }
)


@dataclass(frozen=True, slots=True)
class Lead:
    """The page's answer in words, as the verdict component takes it."""

    lead: str
    then: str
    tone: str = "unsure"


@dataclass(frozen=True, slots=True)
class GroupLine:
    """One line of the table under the picture of change within groups."""

    label: str
    note: str
    n: int
    effect: str
    interval: str
    status: str
    population: str
    source: str
    method: str


@dataclass(frozen=True, slots=True)
class CourseLine:
    """One course of the picture sorted by change, counted from 1; it has no name."""

    place: int
    change: float
    what: str


@dataclass(frozen=True, slots=True)
class View:
    """What the template is given besides the figures themselves."""

    title: str
    summary: str
    verdict: Lead
    beside: bool
    started: int
    nothing: str
    margin: str
    lines: tuple[Line, ...]
    rates: tuple[RateLine, ...]
    no_rate: str
    parts: tuple[Part, ...]
    groups: tuple[GroupLine, ...]
    courses: tuple[CourseLine, ...]
    caveats: tuple[str, ...]
    alts: dict[str, str]


def view_of(found: CaseloadBenchmark, choice: Choice, role: Role, software: str) -> View:
    """Give the page in words."""
    beside = words.has_basis(found)
    drawn = Drawing if beside else (Drawing.COURSES,)
    return View(
        title=TITLES.get(role, TITLES[Role.THERAPIST]),
        summary=_summary(found, choice, role),
        verdict=_verdict(found, beside=beside),
        beside=beside,
        started=found.everyone.n + found.without_second,
        nothing=_nothing(choice),
        margin=words.MARGIN,
        lines=change_lines(found, beside=beside),
        rates=rate_lines(found),
        no_rate=_no_rate(found, choice),
        parts=part_lines(found.breakdowns),
        groups=_group_lines(found) if beside else (),
        courses=_course_lines(found),
        caveats=words.caveats(found),
        alts={str(w): export.alt(drawing(found, choice, w, software)) for w in drawn},
    )


def _summary(found: CaseloadBenchmark, choice: Choice, role: Role) -> str:
    whose = f"{WHOSE.get(role, '')}{', as filtered' if choice.narrows else ''}"
    with_two = words.numbers(found.everyone.n)
    return f"{whose}. {choice.measure.version}: {with_two} with a first and a later score."


def _no_rate(found: CaseloadBenchmark, choice: Choice) -> str:
    missing = [key.replace("_", " ") for key, rate in found.everyone.rates.items() if rate is None]
    borrowed = "A definition that belongs to another measure says so in its line."
    if not missing:
        return borrowed
    name = choice.measure.name
    return f"Not shown, as no definition holds for the {name}: {', '.join(missing)}. {borrowed}"


def _nothing(choice: Choice) -> str:
    name = choice.measure.version
    if choice.narrows:
        return f"No course of this choice has a score on the {name}."
    return f"No course has a complete score on the {name} yet. Another measure may have some."


def _verdict(found: CaseloadBenchmark, *, beside: bool) -> Lead:
    group = found.everyone
    if group.is_small or group.mean_change is None:
        lead = f"{words.numbers(group.n).capitalize()} with a first and a later score."
        then = f"From {SMALLEST} on there is a mean with its interval; below that, single changes."
        return Lead(lead, then)
    ends = group.mean_change_ci95
    interval = f" (95 % interval {words.interval_words(*ends)})" if ends else ""
    lead = f"Mean change {signed(group.mean_change)} points{interval}, {words.numbers(group.n)}."
    if not beside:
        return Lead(lead, f"{found.basis_words} {words.UNCONTROLLED}")
    said = f"{words.waiting_words(group)} {words.ipt_words(group)} {words.UNCONTROLLED}"
    return Lead(lead, said)


def _group_lines(found: CaseloadBenchmark) -> tuple[GroupLine, ...]:
    return tuple(
        GroupLine(
            each.label,
            each.note,
            each.n,
            "–" if each.d is None else signed(each.d, 2),
            words.interval_words(each.low, each.high, 2) or each.gap,
            OWN if each.kind == "caseload" else str(each.status),
            each.population if each.population != each.source else "",
            each.source,
            each.method,
        )
        for each in groups_of(found)
    )


def _course_lines(found: CaseloadBenchmark) -> tuple[CourseLine, ...]:
    return tuple(
        CourseLine(place, change, _class(change, found.reliable_points))
        for place, change in enumerate(found.everyone.points, start=1)
    )


def _class(change: int, reliable: int | None) -> str:
    if reliable is None:
        return "no threshold"
    if abs(change) < reliable:
        return "no reliable change"
    return "reliable improvement" if change < 0 else "reliable worsening"
