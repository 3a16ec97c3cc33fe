"""The portfolio of a therapist as a table for spreadsheets: one number or word a row."""

from collections.abc import Iterator

from ipt_tracker.clinical.fidelity.portfolio import CaseCount, CaseState, StratumFigures
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
from ipt_tracker.exchange.tables import Value, csv_bytes
from ipt_tracker.reports.portfolio import PortfolioFacts
from ipt_tracker.reports.portfolio_tables import interval_kind, with_interval

HEAD = ("part", "of", "what", "value", "unit", "n", "low_95", "high_95", "interval")
"""`interval`: how it was had, by patient or by session, or why there is none."""
Row = tuple[Value, ...]
MOST_DIGITS = {ADHERENCE_FORM: 1, QUALITY_FORM: 2}
"""What is worth writing down of a mean; more digits would claim more than is known."""


def as_csv(facts: PortfolioFacts) -> bytes:
    """Write a portfolio as rows of one shape, so that any program can pick what it needs."""
    parts = (_about, _cases, _areas, _supervision, _recordings, _figures, _text)
    return csv_bytes(HEAD, (row for part in parts for row in part(facts)))


def _row(part: str, of: str, what: str, value: Value, unit: str = "") -> Row:
    return part, of, what, value, unit, None, None, None, None


def _about(facts: PortfolioFacts) -> Iterator[Row]:
    yield _row("about", "", "therapist", facts.name)
    yield _row("about", "", "therapist_code", facts.code or None)
    yield _row("about", "", "period_from", facts.period.first)
    yield _row("about", "", "period_to", facts.period.last)
    newest = facts.newest.date() if facts.newest else None
    yield _row("about", "", "newest_entry", newest)
    yield _row("about", "", "software", facts.software)
    yield _row("about", "", "seen_by", facts.viewer)
    yield _row("about", "", "seen_by_role", facts.viewer_role)
    yield _row("about", "", "sealed_to_this_reader", facts.sealed, "sessions")


def _cases(facts: PortfolioFacts) -> Iterator[Row]:
    for each in facts.counted.cases:
        yield from _case(each)


def _case(found: CaseCount) -> Iterator[Row]:
    case = found.case
    words: tuple[tuple[str, Value], ...] = (
        ("format", "group" if case.is_group else "individual"),
        ("state", case.state.value),
        ("focal_areas", "; ".join(case.areas)),
        ("started_on", case.started_on),
        ("ended_on", case.ended_on),
    )
    yield from (_row("case", case.code, what, value) for what, value in words)
    numbers = (
        ("held", found.held),
        ("rated_by_supervisor", found.rated),
        ("talked_about", found.talked_about),
        ("supervised", found.supervised),
        ("recordings_rated", found.recordings),
        ("recordings_drawn_at_random", found.recordings_drawn),
    )
    yield from (_row("case", case.code, what, value, "sessions") for what, value in numbers)
    yield _row("case", case.code, "discussed", found.meetings, "meetings")
    yield _row("case", case.code, "discussed_without_minutes", found.untimed, "meetings")
    yield _row("case", case.code, "discussed_for", found.minutes, "minutes")


def _areas(facts: PortfolioFacts) -> Iterator[Row]:
    for each in facts.counted.areas:
        area = each.area or "none"
        yield _row("focal_area", area, "cases", each.cases, "cases")
        for state in CaseState:
            yield _row("focal_area", area, state.value, each.by_state[state], "cases")


def _supervision(facts: PortfolioFacts) -> Iterator[Row]:
    found = facts.counted.supervision
    yield _row("supervision", "individual", "meetings", found.individual, "meetings")
    yield _row("supervision", "individual", "time", found.individual_minutes, "minutes")
    yield _row("supervision", "group", "meetings", found.group, "meetings")
    yield _row("supervision", "group", "time", found.group_minutes, "minutes")
    yield _row("supervision", "own_cases", "time", found.own_case_minutes, "minutes")
    yield _row("supervision", "own_cases", "discussed_without_minutes", found.untimed, "meetings")


def _recordings(facts: PortfolioFacts) -> Iterator[Row]:
    counted = facts.counted
    for each in counted.phases:
        yield _row("recordings", each.phase, "drawn_at_random", each.drawn, "sessions")
        yield _row("recordings", each.phase, "chosen", each.chosen, "sessions")
        yield _row("recordings", each.phase, "not_stated", each.not_stated, "sessions")
    for basis, n in counted.other_bases.items():
        yield _row("rated_otherwise", basis or "not_stated", "rated", n, "sessions")
    yield _row("self_ratings", "", "rated", counted.self_rated, "sessions")


def _figures(facts: PortfolioFacts) -> Iterator[Row]:
    for each in facts.figures:
        of = f"{each.basis}/{each.selection}"
        adherence = each.adherence, each.adherence_clustered
        quality = each.quality, each.quality_clustered
        yield (*("figure", of, "adherence"), *_mean("percent", *adherence, ADHERENCE_FORM))
        yield (*("figure", of, "quality"), *_mean("1 to 5", *quality, QUALITY_FORM))
        yield from _left_out(of, each)


def _left_out(of: str, each: StratumFigures) -> Iterator[Row]:
    yield _row("figure", of, "patients", each.patients, "patients")
    yield _row("figure", of, "sealed", each.sealed, "sessions")


def _mean(unit: str, plain: Summary, by_patient: Clustered, form: Form) -> Row:
    """Give a mean where there are sessions enough, as on the page; n always."""
    if plain.mean is None or plain.n < MEAN_FROM:
        return None, unit, plain.n, None, None, too_few(plain.n)
    wider = with_interval(plain, by_patient)
    bounds = shown_bounds(wider, form)
    digits = MOST_DIGITS[form]
    if bounds is None:
        why = interval_words(wider, form)
        return round(plain.mean, digits), unit, plain.n, None, None, why
    kind = interval_kind(plain, by_patient, form)
    low, high = (round(bound, digits) for bound in bounds)
    return round(plain.mean, digits), unit, plain.n, low, high, kind


def _text(facts: PortfolioFacts) -> Iterator[Row]:
    for each in facts.editions[:1]:
        of = str(each.edition)
        yield _row("report", of, "for", each.body)
        yield _row("report", of, "written_by", each.writer)
        yield _row("report", of, "written_on", each.written_at.date())
        yield _row("report", of, "text", each.text)
