"""A believable caseload out of nothing, for the demo clinic and for measuring speed.

The same arguments give the same caseload. People, events and scores are invented; the spread of
outcomes is chosen to look like a clinic and says nothing about the treatment.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import cycle
from random import Random
from typing import NamedTuple

from ipt_tracker.clinical.course.protocols import PROTOCOLS, Protocol
from ipt_tracker.exchange.course_bundle import SCHEMA
from ipt_tracker.exchange.generated_course import Case, Order, case_of, long_protocol, primary_of
from ipt_tracker.exchange.generated_people import Person, background
from ipt_tracker.exchange.generated_timeline import Fate, happens

__all__ = ["Caseload", "Person", "generate"]

NOTICE = "Every person and event here is invented by a program. Not for clinical use."
THERAPISTS = ("TH-01", "TH-02")
PROTOCOL_WEIGHTS = {
    "IPT-PTSD-14": 45,
    "IPT-PTSD-16": 15,
    "IPT-16": 20,
    "IPT-B-8-maintenance": 20,
}
LEAVE_EARLY = 0.21
"""Of the courses that are over. With those that go on, about 17 % of all."""
OPEN_IN_A_SMALL_CLINIC = 30
SHARE_OPEN, MOST_OPEN = 0.18, 0.6
"""A course takes a fifth of the eighteen months; in a small demo more are open, to look at."""
LONG = "GEN-LONG"


class Caseload(NamedTuple):
    """A course bundle, and by case id what such a bundle does not hold of each patient."""

    bundle: dict[str, object]
    people: Mapping[str, Person]


def generate(
    patients: int, seed: int, today: date, long_course: int | None = None, prefix: str = "GEN"
) -> Caseload:
    """Invent `patients` courses whose last events lie just before `today`.

    Case ids are `prefix` and a number. `long_course` adds one more, with that many maintenance
    visits, for measuring speed.
    """
    rng = Random(seed)  # noqa: S311 -- invented people, and the same again for the same seed
    cases: list[Case] = []
    people: dict[str, Person] = {}
    for order in _orders(rng, _ids(prefix, patients), today, long_course):
        cases.append(case_of(rng, order))
        people[order.case_id] = order.about.person
    return Caseload({"schema": SCHEMA, "notice": NOTICE, "cases": cases}, people)


def _ids(prefix: str, patients: int) -> list[str]:
    return [f"{prefix}-{index:03}" for index in range(1, patients + 1)]


def _orders(rng: Random, ids: list[str], today: date, long_course: int | None) -> Iterator[Order]:
    shared_out = {True: cycle(THERAPISTS), False: cycle(THERAPISTS)}
    for case_id, is_open in zip(ids, _open_or_over(rng, len(ids)), strict=True):
        protocol = PROTOCOLS[_protocol_key(rng)]
        fate = Fate(is_open, None if is_open else _leaves_after(rng, protocol))
        about = background(rng, today, primary_of(protocol))
        yield Order(case_id, next(shared_out[is_open]), protocol, fate, about, today)
    if long_course is not None:
        protocol = long_protocol(long_course)
        about = background(rng, today, primary_of(protocol))
        yield Order(LONG, THERAPISTS[0], protocol, Fate(is_open=True, all_held=True), about, today)


def _open_or_over(rng: Random, patients: int) -> list[bool]:
    share = min(MOST_OPEN, max(SHARE_OPEN, OPEN_IN_A_SMALL_CLINIC / max(patients, 1)))
    number_open = round(patients * share)
    fates = [index < number_open for index in range(patients)]
    rng.shuffle(fates)
    return fates


def _protocol_key(rng: Random) -> str:
    return rng.choices(tuple(PROTOCOL_WEIGHTS), tuple(PROTOCOL_WEIGHTS.values()))[0]


def _leaves_after(rng: Random, protocol: Protocol) -> int | None:
    if not happens(rng, LEAVE_EARLY):
        return None
    return rng.randint(2, protocol.planned_sessions - 2)
