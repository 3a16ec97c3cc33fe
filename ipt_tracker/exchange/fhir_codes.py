"""Codes of a FHIR file: those of LOINC and SNOMED CT that were seen, else the program's own.

A code that nobody has seen in a source is never written: the items of the PCL-5, CAPS and HAM-D
have none here. Seen at LOINC, save the panel and the total of the PCL-5, which were seen in copies
of it. LOINC's codes for the PCL-C are left out: the record of a PCL for DSM-IV does not say
whether its civilian, military or specific form was given.
"""

from dataclasses import dataclass
from typing import Any

from ipt_tracker.clinical.instruments.instrument import Instrument

Json = dict[str, Any]

URN = "urn:ipt-tracker:"
LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"
UCUM = "http://unitsofmeasure.org"
HL7 = "http://terminology.hl7.org/CodeSystem/"

PANELS = {"PCL-5": "101697-1", "PHQ-9": "44249-1"}
"""LOINC codes of whole forms, by the family of the instrument."""
TOTALS = {"PCL-5": ((LOINC, "101698-9"),), "PHQ-9": ((LOINC, "44261-6"), (SNOMED, "720433000"))}
PHQ9_ITEMS = (
    *("44250-9", "44255-8", "44259-0", "44254-1", "44251-7"),
    *("44258-2", "44252-5", "44253-3", "44260-8"),
)
ITEMS = {"PHQ-9": PHQ9_ITEMS}
"""LOINC codes of items in the order of the form."""
ANSWERS = {"PHQ-9": ("LA6568-5", "LA6569-3", "LA6570-1", "LA6571-9")}
"""LOINC codes of answers from 0 up."""


@dataclass(frozen=True, slots=True)
class Named:
    """A code of the program's own with its words; without a code, words from elsewhere alone."""

    code: str | None
    label: str


def coding(system: str, code: str, display: str = "") -> Json:
    """Give one code of one system."""
    return kept({"system": system, "code": code, "display": display})


def own(area: str, code: str, display: str = "") -> Json:
    """Give one code of the program's own, such as of a phase."""
    return coding(f"{URN}{area}", code, display)


def concept(area: str, named: Named) -> Json:
    """Give what is meant in codes and words; words that no code has stay words."""
    codes = [own(area, named.code, named.label)] if named.code else []
    return kept({"coding": codes, "text": named.label})


def total_concept(instrument: Instrument) -> Json:
    """Name the total of an instrument. The program's own code tells its time windows apart."""
    seen = [coding(system, code) for system, code in TOTALS.get(instrument.family, ())]
    local = own("total", instrument.key, f"{instrument.version}, total")
    return {"coding": [*seen, local], "text": f"{instrument.version}, total"}


def panel_concept(instrument: Instrument) -> Json:
    """Name a form as a whole."""
    code = PANELS.get(instrument.family)
    seen = [coding(LOINC, code)] if code else []
    local = own("instrument", instrument.key, instrument.version)
    return {"coding": [*seen, local], "text": instrument.version}


def answer_concept(instrument: Instrument, key: str, label: str) -> Json:
    """Name one question of a form by the key of its answer."""
    codes = ITEMS.get(instrument.family, ())
    keys = instrument.answer_keys
    code = codes[keys.index(key)] if codes and key in keys else None
    seen = [coding(LOINC, code)] if code else []
    return {"coding": [*seen, own("item", f"{instrument.key}.{key}", label)], "text": label}


def answer_coding(instrument: Instrument, answer: int) -> Json | None:
    """Give the code of an answer, or None for a form whose answers are numbers alone."""
    codes = ANSWERS.get(instrument.family)
    return coding(LOINC, codes[answer]) if codes else None


def points(value: int) -> Json:
    """Give points of a scale as a quantity."""
    return {"value": value, "unit": "points", "system": UCUM, "code": "{score}"}


def kept(made: Json) -> Json:
    """Leave out what is empty: FHIR allows no empty element."""
    return {name: value for name, value in made.items() if value not in (None, "", [], {})}
