"""From a therapist's sessions to what a plan counts and a draw is made from."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from ipt_tracker.clinical.fidelity.codes import Selection
from ipt_tracker.clinical.fidelity.coverage import Seen
from ipt_tracker.clinical.fidelity.sampling import Delivered, Plan
from ipt_tracker.persistence.queries import day
from ipt_tracker.persistence.queries.rated import given_up
from ipt_tracker.persistence.queries.sampling import asked
from ipt_tracker.services.fidelity.facts import (
    BY_OTHERS,
    EVER,
    NOT_STATED,
    RatedSession,
    RatingFact,
    SealedFact,
    sessions_of,
)
from ipt_tracker.services.off_track import fired
from ipt_tracker.services.unit_of_work import UnitOfWork
from ipt_tracker.services.watched import watched


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of therapists' sessions on the day of a draw, for any window and plan.

    `off_track` holds the courses under way of which a rule says so today.
    """

    sessions: tuple[RatedSession, ...]
    asked: Mapping[UUID, bool]
    """Those that somebody is asked to rate, with whether they were drawn at random."""
    given_up: frozenset[UUID]
    """Those that the actor gave up rating."""
    off_track: frozenset[UUID]

    def of(self, therapist_id: UUID) -> tuple[RatedSession, ...]:
        """Give the sessions that one of them gave, oldest first."""
        return tuple(each for each in self.sessions if therapist_id in each.therapists)

    def frame(
        self, therapist_id: UUID, plan: Plan, first: date, last: date
    ) -> tuple[Delivered, ...]:
        """Give the sessions of a window that can be drawn, oldest first."""
        return tuple(
            Delivered(
                key_of(each),
                str(each.owner),
                each.phase,
                plan.is_new(each.held_on, place),
                each.owner in self.off_track,
            )
            for place, each in enumerate(self.of(therapist_id), 1)
            if first <= each.held_on <= last
        )

    def already(self, therapist_id: UUID) -> dict[str, str]:
        """Give what is rated by another, asked for or given up: each session with its course."""
        return {
            key_of(each): str(each.owner)
            for each in self.of(therapist_id)
            if each.id in self.asked or each.id in self.given_up or by_others(each)
        }

    def chosen(self, therapist_id: UUID) -> frozenset[str]:
        """Give those of `already` that no draw ever took: they count towards no share."""
        return frozenset(
            key_of(each)
            for each in self.of(therapist_id)
            if not self.asked.get(each.id) and seen(each).picked != Selection.RANDOM
        )


def known(work: UnitOfWork, therapists: Collection[UUID]) -> Known:
    """Read it in a fixed number of statements. The caller has come through a door."""
    session, person, today = work.session, work.person, work.today
    courses = day.open_courses(session, person, today)
    off = fired(watched(courses, day.totals(session, person, today)))
    return Known(
        sessions_of(work, therapists, EVER, BY_OTHERS),
        asked(session, therapists),
        given_up(session, person.id),
        frozenset(each.course.id for each in off),
    )


def key_of(session: RatedSession) -> str:
    """Name a session for good, as a draw does: what it is, and its id."""
    return f"{session.kind.value}:{session.id}"


def by_others(session: RatedSession) -> tuple[RatingFact | SealedFact, ...]:
    """Give the ratings by others than the therapist, open to the viewer or not."""
    every: Iterable[RatingFact | SealedFact] = (*session.ratings, *session.sealed)
    return tuple(each for each in every if each.role in BY_OTHERS)


def seen(session: RatedSession) -> Seen:
    """Give a session as coverage counts it."""
    return Seen(
        session.phase,
        tuple((each.selection, each.basis or NOT_STATED) for each in by_others(session)),
    )


def stored(
    frame: Iterable[Delivered], already: Mapping[str, str], chosen: Collection[str]
) -> list[dict[str, object]]:
    """Write a frame and what counted already, so that the draw can be repeated."""
    frame = tuple(frame)
    inside = {each.key for each in frame}
    found: list[dict[str, object]] = [
        {
            "key": each.key,
            "course": each.course,
            "phase": each.phase,
            "new": each.is_new,
            "off_track": each.is_off_track,
            "already": each.key in already,
            "chosen": each.key in already and each.key in chosen,
        }
        for each in frame
    ]
    outside = ((key, course) for key, course in already.items() if key not in inside)
    found += [{"key": key, "course": course, "already": True} for key, course in outside]
    return found


def from_stored(
    entries: Iterable[Mapping[str, object]],
) -> tuple[tuple[Delivered, ...], dict[str, str], frozenset[str]]:
    """Read back what `stored` wrote: the frame, what was seen before, and what of it was chosen."""
    frame, already, chosen = [], {}, set()
    for each in entries:
        key, course = str(each["key"]), str(each["course"])
        if each["already"]:
            already[key] = course
        if each.get("chosen"):
            chosen.add(key)
        if "phase" in each:
            is_new, off = bool(each["new"]), bool(each["off_track"])
            frame.append(Delivered(key, course, str(each["phase"]), is_new, off))
    return tuple(frame), already, frozenset(chosen)
