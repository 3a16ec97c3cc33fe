"""HAM-D, 17 items: the clinician rating of depression, total 0 to 52.

Sources print 50, 52, 53, 54 and 69 as the highest total because they differ in item maxima, and
they number the items differently; here the maxima are fixed, the range follows from them, and
items are known by meaning.
"""

from collections.abc import Sequence

from ipt_tracker.clinical.instruments.bands import Band, BandSet
from ipt_tracker.clinical.instruments.instrument import Instrument, Item, Lookback, check
from ipt_tracker.clinical.instruments.source import Certainty, Source

SUICIDE, WEIGHT = "suicide", "weight"
NOT_ASSESSED = 3  # weight only: allowed, adds nothing (Guy 1976, as documented by CamCOPS)

_ITEMS = (
    ("mood", "depressed mood", 4),
    ("guilt", "guilt", 4),
    (SUICIDE, "suicide", 4),
    ("insomnia_early", "insomnia, early", 2),
    ("insomnia_middle", "insomnia, middle", 2),
    ("insomnia_late", "insomnia, late", 2),
    ("activities", "work and activities", 4),
    ("slowing", "slowing", 4),
    ("agitation", "agitation", 4),
    ("anxiety_psychic", "anxiety, psychic", 4),
    ("anxiety_somatic", "anxiety, somatic", 4),
    ("somatic_gut", "bodily symptoms, gut", 2),
    ("somatic_general", "bodily symptoms, general", 2),
    ("genital", "genital symptoms", 2),
    ("health_worry", "worry about health", 4),
    (WEIGHT, "weight loss", 2),
    ("insight", "insight", 2),
)
COMMON = BandSet(
    "common",
    "Common bands",
    (
        Band("none", "none", 0),
        Band("mild", "mild", 8),
        Band("moderate", "moderate", 14),
        Band("severe", "severe", 19),
        Band("very_severe", "very severe", 23),
    ),
    Source("CamCOPS and others, no single publication", Certainty.CONVENTION),
)
ZIMMERMAN = BandSet(
    "zimmerman2013",
    "Zimmerman 2013",
    (
        Band("none", "none", 0),
        Band("mild", "mild", 8),
        Band("moderate", "moderate", 17),
        Band("severe", "severe", 24),
    ),
    Source("Zimmerman 2013 (outpatients, n 627)", Certainty.SEEN),
)
HAMD17 = Instrument(
    key="hamd17",
    family="HAM-D17",
    name="HAM-D 17",
    version="HAM-D, 17 items",
    lookback=Lookback.UNSTATED,
    self_report=False,
    items=tuple(
        Item(key, label, 0, high, not_assessed=NOT_ASSESSED if key == WEIGHT else None)
        for key, label, high in _ITEMS
    ),
    sources=(
        Source("Item maxima as in CamCOPS; range computed from them", Certainty.SEEN),
        Source(
            "Internal consistency .789, inter-rater .937: Trajković 2011 (meta-analysis)",
            Certainty.SEEN,
        ),
    ),
    band_sets=(COMMON, ZIMMERMAN),
    suicidality_item=SUICIDE,
    cadence="baseline, half way, end, follow-up",
    access="Public domain.",
    names=("hamd17", "hamd", "hdrs17"),
    windows=("", "week"),
    place=60,
)
INSTRUMENTS = (HAMD17,)


def suicide_level(answers: Sequence[int | None]) -> int | None:
    """Give the rating of the suicide item, 0 to 4; None means that it must be asked."""
    check(HAMD17, answers)
    return HAMD17.answer_to(SUICIDE, answers)


def weight_assessed(answers: Sequence[int | None]) -> bool | None:
    """Tell whether weight was assessed; None where the item was left blank."""
    check(HAMD17, answers)
    answer = HAMD17.answer_to(WEIGHT, answers)
    return None if answer is None else answer != NOT_ASSESSED
