"""From the scores of one instrument to its line in a chart, with the names of its levels."""

from collections.abc import Iterable
from datetime import date

from ipt_tracker.charts.model import Reference, Score, Series
from ipt_tracker.charts.windows import base_of, since
from ipt_tracker.clinical.instruments.bands import Cut
from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.clinical.instruments.instrument import Instrument
from ipt_tracker.clinical.outcome.thresholds import ThresholdSet
from ipt_tracker.services.progress_facts import Facts
from ipt_tracker.services.scores import Given

UNPLANNED_GAP = 400
"""Days: an interview at fixed points is joined with the one before, whatever the months between."""


def given_of(facts: Facts, instrument: Instrument, *, lookback: bool = True) -> list[Given]:
    """Give every score of an instrument that has a height, also over the other lookback."""
    other = facts.scores.other_lookback(instrument.key) if lookback else None
    keys = (instrument.key, other or "")
    return [g for key in keys for g in facts.scores.by_key.get(key, ()) if drawable(g)]


def series_of(
    facts: Facts, instrument: Instrument, first: date | None = None, *, lookback: bool = True
) -> Series:
    """Give one line of a chart. Change is counted from the first score, drawn or not."""
    scores, thresholds = facts.scores, facts.threshold_of(instrument)
    given = scores.by_key.get(instrument.key, ())
    other = scores.other_lookback(instrument.key) if instrument.self_report and lookback else None
    every = tuple(_score(g) for g in given if drawable(g))
    return Series(
        name=instrument.version,
        top=instrument.highest,
        bottom=instrument.lowest,
        scores=since(every, first),
        references=tuple(_references(instrument, thresholds, scores.cut_of(instrument.key))),
        reliable=thresholds.reliable_points if thresholds else None,
        source=f"({thresholds.short})" if thresholds else "",
        remarks=tuple(_remarks(instrument, [g for g in given if _inside(g, first)])),
        other_scores=since(
            (_score(g) for g in scores.by_key.get(other or "", ()) if drawable(g)), first
        ),
        other_name=INSTRUMENTS[other].version if other else "",
        base=base_of(every, first),
    )


def _inside(given: Given, first: date | None) -> bool:
    return first is None or given.row.taken_on >= first


def drawable(given: Given) -> bool:
    """Leave out what has no height: a form that was not done is a remark, not a mark."""
    one = given.administration
    return one.total is not None or (one.lowest is not None and one.highest is not None)


def _score(given: Given) -> Score:
    one = given.administration
    return Score(
        day=one.taken_on,
        value=one.total,
        session=one.session_label,
        low=one.lowest or 0,
        high=one.highest or 0,
        gap_days=given.gap_days or UNPLANNED_GAP,
        note=_note(given),
        was=given.total_was,
        hollow=given.row.blind is False,
    )


def _note(given: Given) -> str:
    """Say what a mark is; the reason of a correction is free text and stays off the picture."""
    if given.total_was:
        return given.corrected
    return point_words(given.row.point)


def point_words(point: str | None) -> str:
    """Name a point of assessment in a narrow place."""
    words = {"mid": "middle", "follow_up_3m": "at 3 months", "follow_up_6m": "at 6 months"}
    return words.get(point or "", (point or "").replace("_", " "))


def _references(
    instrument: Instrument, thresholds: ThresholdSet | None, cut: Cut | None
) -> Iterable[Reference]:
    if cut is not None and instrument.self_report:
        yield Reference(cut.at - 0.5, cut.label)
    at = thresholds.end_range_at_most if thresholds else None
    if at is not None and thresholds is not None and not instrument.self_report:
        yield Reference(at + 0.5, f"{at} or less: range without PTSD ({thresholds.short})")


def _remarks(instrument: Instrument, given: list[Given]) -> Iterable[str]:
    odd = []
    for each in given:
        point = point_words(each.row.point)
        if each.days_late:
            odd.append(f"{point} {each.days_late} days late")
        if each.row.blind is False:
            why = f" ({each.row.unblinding})" if each.row.unblinding else ""
            odd.append(f"{point} not blind, hollow{why}")
    odd += _repeats(given)
    if odd:
        yield f"{instrument.name}: {'; '.join(odd)}."
    absent = [_absent(each) for each in given if each.row.point and not drawable(each)]
    if absent:
        yield f"{instrument.name} not done: {'; '.join(absent)}."


def _repeats(given: list[Given]) -> list[str]:
    """Name the days with more than one score, all of which are drawn."""
    days = dict.fromkeys((g.row.taken_on, g.of_the_day[1]) for g in given if g.of_the_day[1] > 1)
    return [f"{count} scores of {day.day} {day:%b}, each drawn" for day, count in days]


def _absent(given: Given) -> str:
    due = given.row.due_on
    day = f"due {due.day} {due:%b}, " if due else ""
    why = given.row.reason or given.administration.status.replace("_", " ")
    return f"{point_words(given.row.point)} ({day}{why})"
