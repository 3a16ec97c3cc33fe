"""What the published criteria say of one administration, each with its name and its source."""

from collections.abc import Iterator
from dataclasses import dataclass

from ipt_tracker.clinical.instruments.bands import BandSet
from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.clinical.instruments.finding import Finding
from ipt_tracker.clinical.instruments.instrument import Algorithm, ClusterRule, Instrument
from ipt_tracker.clinical.instruments.judging import (
    band_set_at,
    cut_at,
    rule_at,
    subtype,
    with_event,
)
from ipt_tracker.clinical.instruments.phq9 import PHQ9, Depression, prorate
from ipt_tracker.clinical.instruments.source import Source
from ipt_tracker.clinical.outcome.thresholds import threshold_set_at
from ipt_tracker.services.measure_page import OneMeasure
from ipt_tracker.web.measures.left_open import left_open

CANNOT_TELL = Finding.CANNOT_TELL.words
CUT_WORDS = {Finding.MET: "reached", Finding.NOT_MET: "not reached"}
ALGORITHM_WORDS = {
    Depression.MAJOR: "major depressive syndrome",
    Depression.OTHER: "other depressive syndrome",
    Depression.NONE: "neither major nor other depressive syndrome",
    Depression.CANNOT_TELL: CANNOT_TELL,
}
PROVISIONAL = (
    "Provisional: the patient's own form does not settle what happened, how long it has lasted or "
    "what it impairs. An interview does."
)
NEEDS_CLINICIAN = "A diagnosis also needs impairment, and exclusions by a clinician."
NEEDS_ITEMS = "A total alone does not say."
A2 = (
    "DSM-IV also asks for the response at the time (A2), which is not recorded here: criterion A "
    "of the course is the event alone."
)
CHANGE_ONLY = "No diagnosis: over the past week the interview measures change alone."
ESTIMATE = "An estimate, not a total: it is never stored, drawn or compared."
NO_BAND = {
    "CAPS-5": "No severity band: none has been published for the CAPS-5.",
    "CAPS-IV": "No severity band: none could be traced to a publication.",
    "PCL-5": "No severity band: none has been derived for the PCL-5.",
    "PCL-IV": "No severity band: none has been published for this form.",
}
"""Why there is no word such as "severe" for a total; each family that could be expected to."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One line: what was asked, what came of it, by which criterion, and what to know of that."""

    what: str
    says: str
    by: str
    certainty: str = ""
    notes: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether the answers there are leave it open."""
        return self.says == CANNOT_TELL


def judged(found: OneMeasure) -> tuple[Judged, ...]:
    """Say everything that was judged when it was entered, and by what."""
    if found.score is None:
        return ()
    return (
        *_diagnosis(found),
        *_cut(found),
        *_bands(found),
        *_estimate(found),
        *_thresholds(found),
    )


def not_said(found: OneMeasure) -> tuple[str, ...]:
    """Say why no band stands beside the total, and where a form makes no diagnosis at all."""
    form = INSTRUMENTS.get(found.measure.instrument)
    if form is None or found.score is None:
        return ()
    of_change = "" if form.rule or form.algorithm or form.band_sets else CHANGE_ONLY
    return tuple(filter(None, (of_change, NO_BAND.get(form.family))))


def event_open(found: OneMeasure) -> bool:
    """Say whether a diagnosis waits for criterion A of the course."""
    form = INSTRUMENTS.get(found.measure.instrument)
    interview = form is not None and not form.self_report and found.measure.rule is not None
    waits = _said(found, "rule") not in {None, Finding.NOT_MET}
    return interview and waits and found.facts.course.criterion_a is None


def _form(found: OneMeasure) -> Instrument:
    return INSTRUMENTS[found.measure.instrument]


def _said(found: OneMeasure, key: str) -> str | None:
    value = (found.measure.findings or {}).get(key)
    return None if value is None else str(value)


def _source(name: str, version: str, source: Source) -> tuple[str, str]:
    return f"{name}, version {version}. {source.text}", str(source.certainty)


def _unknown(ref: str) -> tuple[str, str]:
    return f"{ref}, which this version of the program does not know", ""


def _diagnosis(found: OneMeasure) -> Iterator[Judged]:
    ref = found.measure.rule
    if ref is None:
        return
    rule = rule_at(ref)
    form = _form(found)
    by = _source(_rule_name(form, rule), rule.version, rule.source) if rule else _unknown(ref)
    if form.algorithm is not None:
        said = _said(found, "algorithm")
        words = ALGORITHM_WORDS[Depression(said)] if said else CANNOT_TELL
        yield Judged("PHQ-9 algorithm", words, *by, _notes(said, NEEDS_CLINICIAN))
    elif form.self_report:
        said = _said(found, "rule")
        words = Finding(said or Finding.CANNOT_TELL).words
        missing = left_open(found) if words == CANNOT_TELL else ()
        yield Judged("PTSD by symptom counts", words, *by, (*missing, *_notes(said, PROVISIONAL)))
    else:
        yield from _interview(found, by)


def _rule_name(form: Instrument, rule: ClusterRule | Algorithm) -> str:
    """Name a rule with what it asks for beside the symptoms."""
    wanted = rule.beside if isinstance(rule, ClusterRule) else ()
    beside = [f"{each.code} {each.label}" for each in form.beside if each.key in wanted]
    return f"{rule.name}, with {' and '.join(beside)}" if beside else rule.name


def _notes(said: str | None, always: str) -> tuple[str, ...]:
    return (always,) if said else (NEEDS_ITEMS, always)


def _interview(found: OneMeasure, by: tuple[str, str]) -> Iterator[Judged]:
    """Join criterion A, a fact of the course, to what was rated."""
    said = _said(found, "rule")
    form = Finding(said or Finding.CANNOT_TELL)
    event = found.facts.course.criterion_a
    ptsd = with_event(form, event)
    notes = _criteria_words(found, form, event) if said else (NEEDS_ITEMS,)
    if event and _form(found).family == "CAPS-IV":
        notes = (*notes, A2)
    yield Judged("PTSD", ptsd.words, *by, notes)
    rated = _said(found, "dissociative")
    if rated:
        depends = "" if ptsd is Finding.MET else f"PTSD itself: {ptsd.words}."
        both = f"One of the two ratings at 2 or more: {Finding(rated).words}."
        notes = tuple(filter(None, (both, depends)))
        yield Judged("Dissociative subtype", subtype(ptsd, Finding(rated)).words, *by, notes)


def _criteria_words(
    found: OneMeasure,
    form: Finding,
    event: bool | None,  # noqa: FBT001 -- the fact itself, not a switch
) -> tuple[str, ...]:
    rated = f"What was rated: {form.words}."
    known = {True: "met", False: "not met"}
    if form is Finding.NOT_MET and event is None:
        return (rated, "Criterion A, the event, is not recorded and would not change it.")
    own = () if event is None else (f"Criterion A, the event: {known[event]}.",)
    is_open = with_event(form, event) is Finding.CANNOT_TELL
    return (rated, *own, *(left_open(found) if is_open else ()))


def _cut(found: OneMeasure) -> Iterator[Judged]:
    ref, said = found.measure.cut, _said(found, "cut")
    if ref is None:
        return
    cut = cut_at(ref)
    words = CUT_WORDS.get(Finding(said), CANNOT_TELL) if said else CANNOT_TELL
    if cut is None:
        yield Judged("Cut", words, *_unknown(ref))
        return
    span = _span_words(found) if words == CANNOT_TELL else ""
    by = _source(f"Cut at {cut.at}", cut.version, cut.source)
    yield Judged(cut.label, words, *by, (span,) if span else ())


def _span_words(found: OneMeasure) -> str:
    score = found.score
    return f"The total lies between {score.lowest} and {score.highest}." if score else ""


def _bands(found: OneMeasure) -> Iterator[Judged]:
    ref, said = found.measure.band_set, _said(found, "band")
    if ref is None:
        return
    chosen = band_set_at(ref)
    if chosen is None:
        yield Judged("Severity band", said or CANNOT_TELL, *_unknown(ref))
        return
    label = next((band.label for band in chosen.bands if band.key == said), CANNOT_TELL)
    span = (_span_words(found),) if label == CANNOT_TELL else ()
    yield Judged("Severity band", label, *_source(chosen.name, chosen.version, chosen.source), span)
    others = (each for each in _form(found).band_sets if each is not chosen)
    yield from (_other_band(found, each) for each in others)


def _other_band(found: OneMeasure, bands: BandSet) -> Judged:
    score = found.score
    band = bands.judge(score.lowest, score.highest) if score else None
    by = _source(bands.name, bands.version, bands.source)
    note = ("For comparison: this set was not chosen here.",)
    return Judged("The other band set", band.label if band else CANNOT_TELL, *by, note)


def _estimate(found: OneMeasure) -> Iterator[Judged]:
    form, entered = _form(found), found.entered
    if form is not PHQ9 or entered is None or found.measure.total is not None:
        return
    if not found.shows_estimates:
        return
    made = prorate([entered.answers.get(item.key) for item in form.items])
    if made is not None:
        blanks = "1 blank" if made.filled == 1 else f"{made.filled} blanks"
        by = f"Mean of the answered items for {blanks}. {made.source.text}"
        certainty = str(made.source.certainty)
        yield Judged("Estimate of the total", f"about {made.total}", by, certainty, (ESTIMATE,))


def _thresholds(found: OneMeasure) -> Iterator[Judged]:
    ref = found.measure.threshold_set
    if ref is None:
        return
    used = threshold_set_at(ref)
    if used is None:
        yield Judged("Change", "judged by the set named here", *_unknown(ref))
        return
    by = f"{used.name}, version {used.version}. {used.source}; {used.population}"
    says = f"reliable from {used.reliable_points} points"
    yield Judged("Change", says, by, str(used.certainty))
