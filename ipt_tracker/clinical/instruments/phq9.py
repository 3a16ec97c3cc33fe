"""PHQ-9: the self-report form for depression, 9 symptoms rated 0 to 3 over the last two weeks.

Item 9 asks about death and self-harm. A 0 there is not reassurance and a blank is not a 0: a blank
means "ask", and a form with a blank item 9 is never prorated.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import product

from ipt_tracker.clinical.instruments.bands import Band, BandSet, Cut
from ipt_tracker.clinical.instruments.finding import Finding, between, known
from ipt_tracker.clinical.instruments.instrument import Algorithm, Instrument, Item, Lookback, check
from ipt_tracker.clinical.instruments.source import Certainty, Source

KROENKE = Source("Kroenke 2001 (primary care, N 6000); LOINC LL382-3", Certainty.SEEN)
ALGORITHM = Source("PHQ-9 algorithm as documented by CamCOPS", Certainty.SEEN)
PRORATING = Source("Arrieta 2017, as quoted by the R package qscorer", Certainty.SECOND_HAND)
SELF_HARM = "self_harm"
MOST_MISSING = 2  # blanks that prorating may fill

_LABELS = (
    ("interest", "loss of interest"),
    ("mood", "low mood"),
    ("sleep", "sleep"),
    ("energy", "energy"),
    ("appetite", "appetite"),
    ("self_worth", "self-worth"),
    ("concentration", "concentration"),
    ("psychomotor", "slowed or restless"),
    (SELF_HARM, "death or self-harm"),
)
BANDS = BandSet(
    "kroenke2001",
    "Kroenke 2001",
    (
        Band("minimal", "minimal", 0),
        Band("mild", "mild", 5),
        Band("moderate", "moderate", 10),
        Band("moderately_severe", "moderately severe", 15),
        Band("severe", "severe", 20),
    ),
    KROENKE,
)


class Depression(StrEnum):
    """What the algorithm says; a diagnosis also needs impairment and exclusions by a clinician."""

    NONE = "none"
    OTHER = "other"
    MAJOR = "major"
    CANNOT_TELL = "indeterminate"


def algorithm(answers: Sequence[int | None]) -> Depression:
    """Apply the PHQ-9 algorithm, trying every way in which the blanks could have been answered.

    Items count from 2, item 9 from 1; one of the first two must count; five make "major", two to
    four "other". RuleBroken for an answer that is not on the form.
    """
    check(PHQ9, answers)
    options = [
        (False, True) if finding is Finding.CANNOT_TELL else (finding is Finding.MET,)
        for finding in _present(answers)
    ]
    possible = {_decide(present) for present in product(*options)}
    return possible.pop() if len(possible) == 1 else Depression.CANNOT_TELL


def _present(answers: Sequence[int | None]) -> list[Finding]:
    return [
        known(None if answer is None else answer >= (1 if item.key == SELF_HARM else 2))
        for item, answer in zip(PHQ9.items, answers, strict=True)
    ]


def _decide(present: Sequence[bool]) -> Depression:
    enough_for_major, enough_for_other = 5, 2
    if not (present[0] or present[1]) or sum(present) < enough_for_other:
        return Depression.NONE
    return Depression.MAJOR if sum(present) >= enough_for_major else Depression.OTHER


PHQ9 = Instrument(
    key="phq9",
    family="PHQ-9",
    name="PHQ-9",
    version="PHQ-9, last two weeks",
    lookback=Lookback.TWO_WEEKS,
    self_report=True,
    items=tuple(Item(key, label, 0, 3) for key, label in _LABELS),
    sources=(
        KROENKE,
        ALGORITHM,
        Source("Two-week retest .737 in depressed patients, PMC7525967", Certainty.SEEN),
    ),
    cuts=(Cut("cut_10", 10, "10 or more: probable depression", KROENKE),),
    band_sets=(BANDS,),
    suicidality_item=SELF_HARM,
    cadence="every second week",
    planned_gap_days=14,
    access="Copyright Pfizer; no permission needed to reproduce.",
    algorithm=Algorithm("phq9_algorithm", "PHQ-9 algorithm", algorithm, ALGORITHM),
    anchors=("never", "some days", "most days", "nearly daily"),
    names=("phq9",),
    windows=("", "2weeks"),
    place=50,
)
INSTRUMENTS = (PHQ9,)


@dataclass(frozen=True, slots=True)
class Prorated:
    """An estimate that fills blanks with the mean of the answered items; always shown as one.

    `raw` is in points before rounding, `total` is rounded half up, `filled` counts the blanks.
    """

    raw: float
    total: int
    filled: int
    source: Source = PRORATING


def self_harm(answers: Sequence[int | None]) -> Finding:
    """Tell whether item 9 was answered with 1 or more; CANNOT_TELL means that it must be asked."""
    check(PHQ9, answers)
    answer = PHQ9.answer_to(SELF_HARM, answers)
    return Finding.CANNOT_TELL if answer is None else between(answer, answer, 1)


def prorate(answers: Sequence[int | None]) -> Prorated | None:
    """Estimate the total from the answered items; None with a blank item 9 or over two blanks.

    An option that someone chooses, never a default: the second-hand rule is the mean of the
    answered items times nine.
    """
    check(PHQ9, answers)
    given = [answer for answer in answers if answer is not None]
    missing = len(answers) - len(given)
    if PHQ9.answer_to(SELF_HARM, answers) is None or missing > MOST_MISSING:
        return None
    points, items, answered = sum(given), len(answers), len(given)
    half_up = (2 * points * items + answered) // (2 * answered)  # whole numbers: no float ties
    return Prorated(points * items / answered, half_up, missing)
