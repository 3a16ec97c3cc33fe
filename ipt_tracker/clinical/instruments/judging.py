"""One form as a person filled it in: its score, what the published criteria say, what to ask.

From a total alone only a cut and a band follow. A missing answer makes a result "indeterminate"
only where it could change it. Criterion A is a fact of the course and joins by `with_event`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ipt_tracker.clinical.instruments import catalogue
from ipt_tracker.clinical.instruments.bands import BandSet, Cut
from ipt_tracker.clinical.instruments.finding import Finding, all_of, any_of, at_least, known
from ipt_tracker.clinical.instruments.instrument import (
    Algorithm,
    ClusterRule,
    Instrument,
    Item,
    Score,
    YesNo,
    score_spans,
)
from ipt_tracker.clinical.instruments.symptom_counts import count_present, enough
from ipt_tracker.clinical.rules import RuleBroken


@dataclass(frozen=True, slots=True)
class Entered:
    """The answers by answer key and the ratings beside the total; an absent key is a blank."""

    instrument: Instrument
    answers: Mapping[str, int | None]
    beside: Mapping[str, int | bool | None] = field(default_factory=dict)

    def answers_to(self, item: Item) -> tuple[int | None, ...]:
        """Give the answer to an item, or to each of its halves."""
        own = self.instrument.answers_of(item)
        return tuple(self.answers.get(each.key) for each in own)


@dataclass(frozen=True, slots=True)
class Criteria:
    """Which published criteria judge a result, each "key@version" or None."""

    rule: str | None
    cut: str | None
    band_set: str | None
    threshold_set: str | None


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that can be right but seldom is, to ask about before a form is kept."""

    key: str
    message: str
    field: str | None


def score_entered(entered: Entered) -> Score:
    """Add up one form; RuleBroken, with the answer key as field, for what is not on the form.

    An item with halves counts as answered when all of them were rated.
    """
    _check_answers(entered)
    one = entered.instrument
    given = [entered.answers_to(item) for item in one.items]
    spans = [_span(one, item, answers) for item, answers in zip(one.items, given, strict=True)]
    return score_spans(one, spans, sum(None not in answers for answers in given))


def _span(one: Instrument, item: Item, answers: tuple[int | None, ...]) -> tuple[int, int]:
    pairs = zip(one.answers_of(item), answers, strict=True)
    lows, highs = zip(*(own.span(answer) for own, answer in pairs), strict=True)
    return sum(lows), sum(highs)


def _check_answers(entered: Entered) -> None:
    one = entered.instrument
    _refuse_unknown(one, entered.answers, set(one.answer_keys))
    for number, item in enumerate(one.items, start=1):
        for own in one.answers_of(item):
            answer = entered.answers.get(own.key)
            if answer is not None and not own.allows(answer):
                raise RuleBroken(f"Item {number}, {_not_on_form(own, answer)}", field=own.key)


def check_beside(entered: Entered) -> None:
    """Refuse a rating beside the total that the form does not have (RuleBroken)."""
    one = entered.instrument
    _refuse_unknown(one, entered.beside, {each.key for each in one.beside})
    for each in one.beside:
        answer = entered.beside.get(each.key)
        if answer is not None and not each.allows(answer):
            raise RuleBroken(_not_on_form(each, answer), field=each.key)


def _refuse_unknown(one: Instrument, given: Mapping[str, object], own: set[str]) -> None:
    for key in given:
        if key not in own:
            raise RuleBroken(f"The {one.name} does not ask for {key}.", field=key)


def _not_on_form(asked: Item | YesNo, answer: object) -> str:
    if isinstance(asked, YesNo):
        return f"{asked.label}: {answer} is not on the form, which asks for yes or no."
    return (
        f"{asked.label}: {answer} is not on the form, which goes from {asked.low} to {asked.high}."
    )


def findings(
    instrument: Instrument, score: Score, criteria: Criteria, entered: Entered | None
) -> dict[str, str]:
    """Judge a result by the criteria named; one that this version does not know judges nothing.

    Keys: "rule" (without criterion A), "dissociative", "algorithm", "cut", "band". `entered` is
    None where only a total is known, which leaves the cut and the band.
    """
    found = {} if entered is None else _by_answers(instrument, criteria.rule, entered)
    for cut in instrument.cuts:
        if cut.ref == criteria.cut:
            found["cut"] = str(cut.judge(score.lowest, score.highest))
    for bands in instrument.band_sets:
        if bands.ref == criteria.band_set:
            band = bands.judge(score.lowest, score.highest)
            found["band"] = str(Finding.CANNOT_TELL) if band is None else band.key
    return found


def _by_answers(one: Instrument, ref: str | None, entered: Entered) -> dict[str, str]:
    found: dict[str, str] = {}
    if one.algorithm is not None and one.algorithm.ref == ref:
        in_order = tuple(entered.answers.get(key) for key in one.answer_keys)
        found["algorithm"] = str(one.algorithm.decide(in_order))
    if one.rule is not None and one.rule.ref == ref:
        found["rule"] = str(_rule(one.rule, entered))
        if one.rule.subtype:
            found["dissociative"] = str(_dissociative(one.rule, entered))
    return found


def _rule(rule: ClusterRule, entered: Entered) -> Finding:
    one = entered.instrument
    present = [_present(rule, entered, item) for item in one.items]
    others = (_yes(entered.beside.get(key)) for key in rule.beside)
    return all_of((enough(rule.needed, count_present(one, present)), *others))


def _present(rule: ClusterRule, entered: Entered, item: Item) -> Finding:
    answers = entered.answers_to(item)
    if not rule.parts_from:
        return at_least(answers[0], rule.present_from)
    parts = (part.key for part in entered.instrument.parts)
    return rule.counts(dict(zip(parts, answers, strict=True)))


def _yes(answer: int | bool | None) -> Finding:  # noqa: FBT001 -- the answer itself, not a switch
    return known(None if answer is None else bool(answer))


def _dissociative(rule: ClusterRule, entered: Entered) -> Finding:
    return any_of(at_least(entered.beside.get(key), rule.present_from) for key in rule.subtype)


def with_event(rule: Finding, event: bool | None) -> Finding:  # noqa: FBT001 -- the fact itself, not a switch
    """Join criterion A, a fact of the course, to what the form says; None is not recorded."""
    return all_of((rule, known(event)))


def subtype(ptsd: Finding, dissociative: Finding) -> Finding:
    """Judge the dissociative subtype: PTSD, criterion A included, and one of its two ratings."""
    return all_of((ptsd, dissociative))


def doubts(entered: Entered) -> tuple[Doubt, ...]:
    """Name the items of which one half is 0 and the other is not, in one doubt for the form.

    Source: the data-quality rules of medRxiv 2024.07.09.24310039.
    """
    odd = tuple(_contradicting(entered))
    if not odd:
        return ()
    one = entered.instrument
    halves = " or ".join(part.label for part in one.parts)
    items = ", ".join(f"{number} ({item.label})" for number, item in odd)
    message = f"{halves.capitalize()} is 0 and the other is not: item {items}."
    return (Doubt("pairs", message, one.answers_of(odd[0][1])[0].key),)


def _contradicting(entered: Entered) -> Iterator[tuple[int, Item]]:
    for number, item in enumerate(entered.instrument.items, start=1):
        answers = entered.answers_to(item)
        if 0 in answers and any(answers):
            yield number, item


def rule_at(ref: str) -> ClusterRule | Algorithm | None:
    """Find a diagnosis rule by the "key@version" of a result; None for one not known here."""
    every = catalogue.INSTRUMENTS.values()
    rules = (rule for one in every for rule in (one.rule, one.algorithm) if rule is not None)
    return next((rule for rule in rules if rule.ref == ref), None)


def cut_at(ref: str) -> Cut | None:
    """Find a cut by the "key@version" of a result; None for one not known here."""
    cuts = (cut for one in catalogue.INSTRUMENTS.values() for cut in one.cuts)
    return next((cut for cut in cuts if cut.ref == ref), None)


def band_set_at(ref: str) -> BandSet | None:
    """Find a band set by the "key@version" of a result; None for one not known here."""
    sets = (bands for one in catalogue.INSTRUMENTS.values() for bands in one.band_sets)
    return next((bands for bands in sets if bands.ref == ref), None)
