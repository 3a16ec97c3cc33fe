"""Finding a patient: by code, by name, or by what the treatment works on, in any school's words."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from ipt_tracker.clinical.course.area_list import SHORTEST_SEARCH
from ipt_tracker.clinical.course.focal_areas import focal_area_label
from ipt_tracker.governance.access import Permission
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.queries import caseload as query
from ipt_tracker.persistence.queries.caseload import Named, SpellFact
from ipt_tracker.services.caseload import Line, lines_of
from ipt_tracker.services.clinic_settings import focal_areas
from ipt_tracker.services.unit_of_work import Subject, UnitOfWork

MOST_FOUND = 25
"""Courses listed for one search; more than that and the words were too few."""


@dataclass(frozen=True, slots=True)
class Found:
    """The courses that answer to some words; `total` counts those not listed too.

    `areas` names the focal areas that the words mean; `by_area` says of a course which of them
    it works or worked on, where it was found by that and not by code or name.
    """

    lines: tuple[Line, ...]
    total: int
    areas: tuple[str, ...]
    by_area: dict[UUID, str]


def find_patients(work: UnitOfWork, words: str) -> Found:
    """Find visible courses: every word part of code or name, in any order, or a focal area.

    What was typed is kept nowhere, in the audit neither.
    """
    work.require(Permission.SEE_CASELOAD)
    wanted = _plain(words).split()
    who = (work.session, work.person, work.today)
    hits = _matching(query.named(*who), wanted) if wanted else []
    spells = _spells(work, words)
    by_area = {spell.course_id: _area_words(spell) for spell in spells}
    by_area = {each: said for each, said in by_area.items() if each not in hits}
    every = [*hits, *by_area]
    work.audit(Event.PATIENT_SEARCHED, Subject("list", "found"), hits=len(every))
    areas = tuple(sorted({focal_area_label(spell.area) for spell in spells}))
    shown = every[:MOST_FOUND]
    found = query.some_courses(*who, shown) if shown else ()
    lines = sorted(lines_of(work, found), key=lambda line: shown.index(line.course.id))
    return Found(tuple(lines), len(every), areas, by_area)


def _matching(people: Iterable[Named], wanted: list[str]) -> list[UUID]:
    """Pick by name, in the order of the names; an exact code stands alone."""
    ranked = sorted(people, key=lambda p: (_plain(p.name or p.code), p.code))
    exact = [p.course_id for p in ranked if _plain(p.code).split() == wanted]
    if exact:
        return exact
    texts = ((p.course_id, _plain(f"{p.code} {p.name or ''}")) for p in ranked)
    return [course_id for course_id, text in texts if all(word in text for word in wanted)]


def _spells(work: UnitOfWork, words: str) -> tuple[SpellFact, ...]:
    """Give the spells of the areas that the words mean: of one course the open ones last.

    The words of a file that no list knows are searched as they stand.
    """
    plain = _plain(words).strip()
    if len(plain) < SHORTEST_SEARCH:
        return ()
    codes = focal_areas(work).matching(words)
    return tuple(
        spell
        for spell in query.spells(work.session, work.person, work.today)
        if spell.area in codes or plain in _plain(focal_area_label(spell.area))
    )


def _area_words(spell: SpellFact) -> str:
    label = focal_area_label(spell.area).lower()
    return f"focal area {label}" if spell.is_open else f"focal area {label}, ended"


def _plain(text: str) -> str:
    """Leave out case and accents, so that "elodie" finds Élodie on every database alike."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in parts if not unicodedata.combining(c))
