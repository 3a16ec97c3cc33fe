"""The answers of one administration, line by line, with what stood there before a correction."""

from collections.abc import Mapping
from dataclasses import dataclass

from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.clinical.instruments.finding import Finding, at_least
from ipt_tracker.clinical.instruments.instrument import ClusterScore, Instrument
from ipt_tracker.clinical.instruments.items import Item
from ipt_tracker.clinical.instruments.judging import Entered
from ipt_tracker.clinical.instruments.symptom_counts import SymptomCount, count_present
from ipt_tracker.services.measure_page import OneMeasure
from ipt_tracker.web.measures.words import Row, answer_words, rating_words

NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Given:
    """One answer as it stands: its sign, its meaning, and what it was before."""

    sign: str
    words: str
    was: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One item with its answer, or the answers to its halves and their sum."""

    number: str
    label: str
    code: str
    given: tuple[Given, ...]
    points: str = ""


@dataclass(frozen=True, slots=True)
class ClusterLine:
    """One cluster: its sum or the range it can have, and how many of its symptoms count."""

    label: str
    total: str
    is_open: bool
    present: str
    needed: str


def answer_lines(found: OneMeasure) -> tuple[Line, ...]:
    """Give every item of a form that was entered by items, in form order."""
    entered = found.entered
    if entered is None:
        return ()
    form, was = entered.instrument, _before(found, "answers")
    return tuple(
        Line(
            str(number),
            item.label,
            item.code,
            tuple(_given(each, entered, was) for each in _own(form, item)),
            _points(entered, item),
        )
        for number, item in enumerate(form.items, start=1)
    )


def _own(form: Instrument, item: Item) -> tuple[Item, ...]:
    return tuple(part.of(item) for part in form.parts) or (item,)


def _given(item: Item, entered: Entered, was: Mapping[str, str]) -> Given:
    answer = entered.answers.get(item.key)
    sign = NOTHING if answer is None else str(answer)
    words = answer_words(answer, item, entered.instrument)
    return Given(sign, words, was.get(item.key, ""))


def _points(entered: Entered, item: Item) -> str:
    """Add the halves of an item up; nothing for a form whose items have none."""
    if not entered.instrument.parts:
        return ""
    answers = [entered.answers.get(each.key) for each in _own(entered.instrument, item)]
    known = [answer for answer in answers if answer is not None]
    return str(sum(known)) if len(known) == len(answers) else NOTHING


def _before(found: OneMeasure, column: str) -> dict[str, str]:
    """Give what each answer was before it was last corrected."""
    own = (a for a in found.amendments if a.field.startswith(f"{column}."))
    return {a.field.partition(".")[2]: _sign(a.old) for a in own}


def _sign(value: object) -> str:
    return NOTHING if value is None else rating_words(value)


def rating_lines(found: OneMeasure) -> tuple[Line, ...]:
    """Give what was rated with the form outside its total."""
    form = INSTRUMENTS.get(found.measure.instrument)
    if form is None or found.entered is None:
        return ()
    ratings, was = found.measure.beside or {}, _before(found, "beside")
    return tuple(
        Line(
            "",
            each.label,
            each.code,
            (Given(rating_words(ratings.get(each.key)), "", was.get(each.key, "")),),
        )
        for each in form.beside
    )


def cluster_lines(found: OneMeasure) -> tuple[ClusterLine, ...]:
    """Give the clusters of a form that was entered by items."""
    entered, score = found.entered, found.score
    if entered is None or score is None:
        return ()
    labels = {c.key: f"{c.key} {c.label}" for c in entered.instrument.clusters}
    counts = {count.cluster: count for count in counts_of(entered)}
    needed = dict(entered.instrument.rule.needed) if entered.instrument.rule else {}
    return tuple(
        ClusterLine(
            labels[cluster.key],
            _sum_words(cluster),
            cluster.total is None,
            _count_words(counts.get(cluster.key)),
            str(needed.get(cluster.key, "")),
        )
        for cluster in score.clusters
    )


def _sum_words(cluster: ClusterScore) -> str:
    if cluster.total is not None:
        return str(cluster.total)
    return f"{cluster.lowest} to {cluster.highest} possible"


def _count_words(count: SymptomCount | None) -> str:
    if count is None:
        return ""
    if count.surely == count.possibly:
        return str(count.surely)
    return f"{count.surely} to {count.possibly}"


def counts_of(entered: Entered) -> tuple[SymptomCount, ...]:
    """Count the symptoms of each cluster; none where no rule counts them."""
    form = entered.instrument
    if form.rule is None:
        return ()
    return count_present(form, [_present(entered, item) for item in form.items])


def _present(entered: Entered, item: Item) -> Finding:
    rule = entered.instrument.rule
    if rule is None:
        return Finding.CANNOT_TELL
    if rule.parts_from:
        parts = entered.instrument.parts
        return rule.counts({p.key: entered.answers.get(p.of(item).key) for p in parts})
    return at_least(entered.answers.get(item.key), rule.present_from)


def differing_lines(measure: Row, keying: Row) -> tuple[tuple[str, str, str], ...]:
    """Give what a second keying has otherwise than the form has now: label, first, second."""
    form = INSTRUMENTS[measure.instrument]
    first, second = measure.answers or {}, keying.answers
    found = [
        (f"Item {number}, {each.label}", first.get(each.key), second.get(each.key))
        for number, item in enumerate(form.items, start=1)
        for each in _own(form, item)
    ]
    beside, again = measure.beside or {}, keying.beside
    found += [(b.label.capitalize(), beside.get(b.key), again.get(b.key)) for b in form.beside]
    return tuple((label, _sign(a), _sign(b)) for label, a, b in found if a != b)
