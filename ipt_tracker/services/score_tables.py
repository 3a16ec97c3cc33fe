"""The scores of one instrument as the table beside the chart shows them."""

from dataclasses import dataclass

from ipt_tracker.clinical.instruments.instrument import Instrument
from ipt_tracker.clinical.outcome.change import ChangeClass
from ipt_tracker.clinical.outcome.series import Row, Status, change_over
from ipt_tracker.services.chart_series import point_words
from ipt_tracker.services.progress_facts import Facts
from ipt_tracker.services.scores import Given

NO_FORM = {
    Status.NOT_RETURNED: "not returned",
    Status.DECLINED: "declined",
    Status.NOT_ADMINISTERED: "not given",
    Status.MISSING: "missing",
}


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """One administration as the table under the chart shows it."""

    given: Given
    row: Row

    @property
    def score_words(self) -> str:
        """The total, or in words why there is none."""
        one = self.row.administration
        if one.total is not None:
            return str(one.total)
        if one.status is Status.INCOMPLETE:
            return f"{one.answered} answered" if one.answered is not None else "incomplete"
        return NO_FORM[one.status]

    @property
    def tag(self) -> str:
        """The kind of tag for its class: open for the start, better, worse, same or unsure."""
        kinds = {ChangeClass.IMPROVED: "better", ChangeClass.WORSE: "worse"}
        if self.row.is_baseline:
            return "open"
        if self.row.klass is ChangeClass.UNKNOWN:
            return "unsure"
        return kinds.get(self.row.klass, "same") if self.row.klass else ""

    @property
    def remarks(self) -> tuple[str, ...]:
        """What must be known beside the number."""
        one, late = self.row.administration, self.given.days_late
        possible = one.total is None and one.lowest is not None
        said = (
            point_words(self.given.row.point),
            f"{one.lowest} to {one.highest} possible, no total" if possible else "",
            f"{late} days late" if late else "",
            "assessor not blind" if self.given.row.blind is False else "",
            *self.given.remarks,
            one.note,
        )
        return tuple(filter(None, said))


@dataclass(frozen=True, slots=True)
class ScoreTable:
    """The administrations of one instrument, and whose thresholds judged them."""

    instrument: Instrument
    lines: tuple[ScoreLine, ...]
    thresholds: str
    complete: int

    def shown(self, most: int) -> tuple[ScoreLine, ...]:
        """Give every line, or the first and the newest when there are more than that."""
        if len(self.lines) <= most:
            return self.lines
        return (self.lines[0], *self.lines[1 - most :])


def score_tables(facts: Facts) -> tuple[ScoreTable, ...]:
    """Give a table for each instrument: the main one, the one drawn below it, then the rest."""
    first = [each for each in (facts.main, facts.second) if each is not None]
    rest = [each for each in facts.scores.instruments() if each not in first]
    return tuple(_table(facts, each) for each in first + rest)


def _table(facts: Facts, instrument: Instrument) -> ScoreTable:
    series = facts.scores.series(instrument.key)
    rows = change_over(series, facts.threshold_of(instrument)).rows
    by_id = {id(row.administration): row for row in rows}
    given = sorted(facts.scores.by_key[instrument.key], key=lambda g: g.row.taken_on)
    return ScoreTable(
        instrument,
        tuple(ScoreLine(g, by_id[id(g.administration)]) for g in given),
        facts.set_words(instrument),
        sum(g.administration.total is not None for g in given),
    )
