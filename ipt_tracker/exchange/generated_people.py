"""Invented people for the generated caseload: names, birth dates, numbers nobody answers."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from ipt_tracker.clinical.course.records import PrecipitatingEvent, PrimaryDiagnosis
from ipt_tracker.exchange import generated_words as words
from ipt_tracker.exchange.generated_timeline import happens

YEAR = 365.2425
YOUNGEST, OLDEST = 19, 67
LAST_BIRTH = 45
BANDS = ((18, 24), (25, 34), (35, 44), (45, 54), (55, 64), (65, 74))


@dataclass(frozen=True, slots=True)
class Person:
    """What a course bundle does not say of a patient. Codes as in `clinical.course.records`."""

    name: str
    birth_date: date
    phone: str
    emergency_contact: str
    prescriber: str | None
    primary_diagnosis: str
    precipitating_event: str


@dataclass(frozen=True, slots=True)
class Background:
    """A person with the bands and sentences that their case in the bundle carries."""

    person: Person
    gender: str
    demographics: dict[str, object]
    diagnosis: str
    event: str


def background(rng: Random, today: date, primary: PrimaryDiagnosis) -> Background:
    """Invent one patient. The telephone numbers are from a range that is never given out."""
    gender = rng.choices(("woman", "man", "nonbinary"), (60, 36, 4))[0]
    age = rng.triangular(YOUNGEST, OLDEST, 33)
    kind = _event_kind(rng, gender, age)
    family = rng.choice(words.FAMILY_NAMES)
    person = Person(
        name=f"{rng.choice(words.GIVEN_NAMES[gender])} {family}",
        birth_date=today - timedelta(days=int(age * YEAR)),
        phone=_phone(rng),
        emergency_contact=_contact(rng, family),
        prescriber=f"Dr {rng.choice(words.FAMILY_NAMES)}" if happens(rng, 0.4) else None,
        primary_diagnosis=primary,
        precipitating_event=kind,
    )
    texts = words.PTSD_DIAGNOSES if primary is PrimaryDiagnosis.PTSD else words.MDD_DIAGNOSES
    fitting = [text for text in texts if kind is PrecipitatingEvent.PERINATAL or "peri" not in text]
    return Background(
        person=person,
        gender=gender,
        demographics=_demographics(rng, gender, age),
        diagnosis=rng.choice(fitting),
        event=rng.choice(words.EVENTS[kind]),
    )


def _event_kind(rng: Random, gender: str, age: float) -> PrecipitatingEvent:
    fertile = gender == "woman" and age < LAST_BIRTH
    kinds = (
        PrecipitatingEvent.INTERPERSONAL,
        PrecipitatingEvent.DISASTER,
        PrecipitatingEvent.PERINATAL,
        PrecipitatingEvent.OTHER,
    )
    return rng.choices(kinds, (50, 15, 18 if fertile else 0, 20))[0]


def _phone(rng: Random) -> str:
    return f"01632 960 {rng.randrange(1000):03}"


def _contact(rng: Random, family: str) -> str:
    gender = rng.choice(tuple(words.RELATIONS))
    given, relation = rng.choice(words.GIVEN_NAMES[gender]), rng.choice(words.RELATIONS[gender])
    return f"{given} {family} ({relation}), {_phone(rng)}"


def _demographics(rng: Random, gender: str, age: float) -> dict[str, object]:
    low, high = next((low, high) for low, high in BANDS if age < high + 1)
    return {
        "age_band": f"{low}-{high}",
        "gender": gender,
        "ethnicity_band": "not recorded",
        "employment": rng.choice(words.EMPLOYMENT),
        "relationship": rng.choice(words.RELATIONSHIPS),
    }
