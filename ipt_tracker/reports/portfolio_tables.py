"""The tables of a portfolio in words, alike on the page and on paper."""

from collections.abc import Iterable, Sequence
from datetime import date

from ipt_tracker.clinical.course.codes import label_of
from ipt_tracker.clinical.course.focal_areas import focal_area_label
from ipt_tracker.clinical.course.phases import Phase
from ipt_tracker.clinical.fidelity.accreditation import StatusLine, hours
from ipt_tracker.clinical.fidelity.codes import Basis
from ipt_tracker.clinical.fidelity.portfolio import (
    AreaCount,
    CaseCount,
    CaseState,
    Counted,
    Period,
    PhaseCount,
    StratumFigures,
)
from ipt_tracker.clinical.fidelity.summary import Clustered, Summary
from ipt_tracker.clinical.fidelity.words import (
    ADHERENCE_FORM,
    MEAN_FROM,
    QUALITY_FORM,
    Form,
    interval_words,
    shown_bounds,
    too_few,
)
from ipt_tracker.reports.document import Facts, Table

NO_AREA = "No focal area yet"
NONE = "–"
NARROW = "\N{NO-BREAK SPACE}"
CASES = (
    *("Case", "Focal areas", "State", "Sessions held", "Rated", "Talked about"),
    *("Either", "Recordings (drawn)", "Time in meetings"),
)
AREAS = ("Focal area", "Cases", *(each.label for each in CaseState))
PHASES = ("Phase", "Recordings rated", "Drawn at random", "Chosen", "Not stated")
FIGURES = (
    *("How known, how picked", "Sessions", "Patients", "Adherence, %", "95 % interval"),
    *("Quality, 1 to 5", "95 % interval", "Interval is"),
)
BY_PATIENT, BY_SESSION = "by patient", "by session"
INTERVALS = {
    BY_PATIENT: "An interval by patient allows for sessions with one patient being alike.",
    BY_SESSION: (
        "An interval by session, used where there are fewer than 3 patients, takes sessions as "
        "independent and so is narrower than it should be."
    ),
}
REQUIREMENTS = ("Body", "Asks for", "In this record", "Read where")


def cases_table(counted: Counted) -> Table:
    """Give each case by its code, and all of them together."""
    rows = [_case_row(each) for each in counted.cases]
    time = hours(sum(each.minutes for each in counted.cases))
    picked = _recordings(
        sum(each.recordings for each in counted.cases),
        sum(each.recordings_drawn for each in counted.cases),
    )
    sums = (counted.held, counted.rated, counted.talked_about, counted.supervised)
    total = ("All", "", _how_many(counted.cases), *map(str, sums), picked, time)
    widths = (14, 21, 19, 12, 9, 10, 9, 16, 15)
    return Table(CASES, (*rows, total), widths, figures=3, total=True, coded=True)


def areas_table(counted: Counted) -> Table:
    """Give the cases by focal area and by how they stand."""
    single = [each for each in counted.cases if not each.case.is_group]
    total = AreaCount("", len(single), _states(single))
    rows = tuple(_area_row(each) for each in (*counted.areas, total))
    return Table(AREAS, rows, (30, 10, 12, 14, 18, 14), total=True)


def phases_table(counted: Counted) -> Table:
    """Give the recordings by phase, apart by how they were picked."""
    rows = [(label_of(Phase, each.phase), *_picked(each)) for each in counted.phases]
    total = [sum(n) for n in zip(*(_numbers(p) for p in counted.phases), strict=True)]
    return Table(PHASES, (*rows, ("All", *map(str, total))), (30, 18, 18, 12, 12), total=True)


def figures_table(figures: Iterable[StratumFigures]) -> Table:
    """Give adherence and quality with n and interval; two strata are never put together."""
    rows = tuple(
        (
            each.words,
            str(each.sessions),
            str(each.patients),
            *_mean(each.adherence, each.adherence_clustered, ADHERENCE_FORM),
            *_mean(each.quality, each.quality_clustered, QUALITY_FORM),
            " and ".join(interval_kinds(each)) or NONE,
        )
        for each in figures
    )
    return Table(FIGURES, rows, (26, 10, 10, 13, 15, 11, 15, 12))


def interval_kinds(each: StratumFigures) -> tuple[str, ...]:
    """Say how the intervals of a row were had: by patient, by session, or there is none."""
    found = (
        interval_kind(each.adherence, each.adherence_clustered, ADHERENCE_FORM),
        interval_kind(each.quality, each.quality_clustered, QUALITY_FORM),
    )
    return tuple(dict.fromkeys(filter(None, found)))


def interval_kind(plain: Summary, by_patient: Clustered, form: Form) -> str:
    """Say how the interval of one figure was had; nothing where none is shown."""
    wider = with_interval(plain, by_patient)
    if shown_bounds(wider, form) is None:
        return ""
    return BY_PATIENT if wider is by_patient else BY_SESSION


def with_interval(plain: Summary, by_patient: Clustered) -> Summary | Clustered:
    """Give the figure whose interval is shown: the one that allows for patients, if there is."""
    return by_patient if by_patient.low is not None else plain


def requirements_table(lines: Iterable[StatusLine]) -> Table:
    """Give what bodies ask for beside what the record holds."""
    rows = tuple((each.body, each.asks, each.here, each.source.words) for each in lines)
    return Table(REQUIREMENTS, rows, (19, 28, 27, 31), figures=len(REQUIREMENTS))


def supervision_facts(counted: Counted) -> Facts:
    """Give the time of supervision, individual and group apart, and the therapist's own ratings."""
    found = counted.supervision
    own = f"{hours(found.own_case_minutes)} noted" if found.own_case_minutes else "none noted"
    untimed = f"; {found.untimed} more without minutes" if found.untimed else ""
    return Facts(
        (
            ("Individual", _meetings(found.individual, found.individual_minutes)),
            ("Group", _meetings(found.group, found.group_minutes)),
            ("Together", hours(found.minutes)),
            ("Of these on own cases", f"{own}{untimed}"),
            ("Self-ratings", f"{counted.self_rated} of {counted.held} sessions held"),
        )
    )


def without_recording(counted: Counted) -> str:
    """Say how many sessions were rated in another way than from a recording."""
    if not counted.other_bases:
        return ""
    said = ", ".join(
        f"{label_of(Basis, basis).lower() if basis else 'basis not stated'} {n}"
        for basis, n in sorted(counted.other_bases.items(), key=lambda each: each[0] or "")
    )
    return f"Sessions rated without a recording: {said}."


def period_words(period: Period) -> str:
    """Say which days are looked at."""
    first, last = period.first, period.last
    if first and last:
        return f"{day_words(first)} to {day_words(last)}"
    if first:
        return f"from {day_words(first)}"
    return f"up to {day_words(last)}" if last else "all records"


def day_words(day: date) -> str:
    """Write a date as "7 Apr 2025"."""
    return f"{day.day} {day:%b} {day.year}".replace(" ", "\N{NO-BREAK SPACE}")


def area_words(area: str | None) -> str:
    """Name a focal area."""
    return NO_AREA if area is None else focal_area_label(area)


def _case_row(found: CaseCount) -> tuple[str, ...]:
    case = found.case
    ended = f", {day_words(case.ended_on)}" if case.ended_on else ""
    untimed = f", {found.untimed} without minutes" if found.untimed else ""
    return (
        f"{case.code} (group)" if case.is_group else case.code,
        ", ".join(map(area_words, case.areas)) or (NONE if case.is_group else NO_AREA),
        f"{case.state.label}{ended}",
        *map(str, (found.held, found.rated)),
        NONE if case.is_group else str(found.talked_about),
        str(found.supervised),
        _recordings(found.recordings, found.recordings_drawn),
        f"{hours(found.minutes)}{untimed}" if found.meetings else NONE,
    )


def _recordings(n: int, drawn: int) -> str:
    return f"{n} ({drawn})" if n else "0"


def _how_many(cases: Sequence[CaseCount]) -> str:
    groups = sum(each.case.is_group for each in cases)
    single = len(cases) - groups
    said = f"{single} case{'' if single == 1 else 's'}"
    return f"{said}, {groups} group{'' if groups == 1 else 's'}" if groups else said


def _area_row(found: AreaCount) -> tuple[str, ...]:
    name = "All" if found.area == "" else area_words(found.area)
    return (name, str(found.cases), *(str(found.by_state[state]) for state in CaseState))


def _states(cases: Iterable[CaseCount]) -> dict[CaseState, int]:
    states = [each.case.state for each in cases]
    return {state: states.count(state) for state in CaseState}


def _numbers(found: PhaseCount) -> tuple[int, ...]:
    return found.recordings, found.drawn, found.chosen, found.not_stated


def _picked(found: PhaseCount) -> tuple[str, ...]:
    return tuple(map(str, _numbers(found)))


def _mean(plain: Summary, by_patient: Clustered, form: Form) -> tuple[str, str]:
    """Give a mean and its interval, or why there is none."""
    if plain.mean is None or plain.n < MEAN_FROM:
        return too_few(plain.n), NONE
    wider = with_interval(plain, by_patient)
    said = interval_words(wider, form)
    if shown_bounds(wider, form) is not None:
        said = said.removesuffix(form.unit).replace(" ", NARROW)
    return f"{plain.mean:.{form.digits}f}", said


def _meetings(n: int, minutes: int) -> str:
    if not n:
        return "none"
    return f"{n} meeting{'' if n == 1 else 's'}, {hours(minutes)}"
