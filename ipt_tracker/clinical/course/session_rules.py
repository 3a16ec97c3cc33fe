"""What must hold of a session before it is kept. Each rule names the answer it is about."""

from dataclasses import dataclass
from datetime import date

from ipt_tracker.clinical.course.attendance import took_place
from ipt_tracker.clinical.course.kinds import Kind
from ipt_tracker.clinical.rules import RuleBroken

LONGEST_SESSION = 300
"""Minutes: five hours, so that a typed 500 for 50 is caught."""
BEST_MOOD = 10


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """The parts of a session that the rules look at.

    Minutes are whole minutes; mood is 0 to 10, higher is better. `derived_phase` is the phase
    that the protocol's map gives; `phase` is the one recorded.
    """

    attendance: str
    kind: str
    held_on: date
    number: int | None = None
    duration_min: int | None = None
    minutes_late: int | None = None
    mood: int | None = None
    tasks: tuple[str, ...] = ()
    techniques: tuple[str, ...] = ()
    phase: str | None = None
    derived_phase: str | None = None
    phase_reason: str | None = None


def check_session(session: SessionFacts, course_started_on: date, today: date) -> None:
    """Raise RuleBroken for the first rule that the session does not keep."""
    check_date(session.held_on, course_started_on, today)
    if took_place(session.attendance):
        check_minutes(session.duration_min)
        check_mood(session.mood)
    else:
        check_nothing_happened(session)
    check_minutes_late(session.minutes_late)
    check_phase(session.phase, session.derived_phase, session.phase_reason)


def check_date(held_on: date, course_started_on: date, today: date) -> None:
    """Refuse a day that has not come, and one before the course began."""
    if held_on > today:
        raise RuleBroken("The date is in the future.", field="held_on")
    if held_on < course_started_on:
        raise RuleBroken("The date is before the course began.", field="held_on")


def check_minutes(minutes: int | None) -> None:
    """Refuse a length outside 1 to 300 minutes; it may be left out."""
    if minutes is not None and not 1 <= minutes <= LONGEST_SESSION:
        raise RuleBroken(
            f"{minutes} minutes cannot be right, it must be 1 to {LONGEST_SESSION}.",
            field="duration_min",
        )


def check_minutes_late(minutes: int | None) -> None:
    """Refuse minutes late outside 0 to 300; they may be left out."""
    if minutes is not None and not 0 <= minutes <= LONGEST_SESSION:
        raise RuleBroken(
            f"{minutes} minutes late cannot be right, it must be 0 to {LONGEST_SESSION}.",
            field="minutes_late",
        )


def check_mood(mood: int | None) -> None:
    """Refuse a mood outside 0 to 10; it may be left out."""
    if mood is not None and not 0 <= mood <= BEST_MOOD:
        raise RuleBroken(f"Mood goes from 0 to {BEST_MOOD}, not {mood}.", field="mood")


def check_nothing_happened(session: SessionFacts) -> None:
    """Refuse number, length, mood, tasks or techniques for a session that did not take place.

    A group session that this member missed keeps the group's number.
    """
    given = {
        "number": session.number is not None and session.kind != Kind.GROUP,
        "duration_min": session.duration_min is not None,
        "mood": session.mood is not None,
        "tasks": bool(session.tasks),
        "techniques": bool(session.techniques),
    }
    names = {"duration_min": "length"}
    for field, is_given in given.items():
        if is_given:
            raise RuleBroken(
                f"A session that did not take place has no {names.get(field, field)}.",
                field=field,
            )


def check_phase(phase: str | None, derived: str | None, reason: str | None) -> None:
    """Refuse a phase other than the protocol's without a reason."""
    if phase and derived and phase != derived and not (reason and reason.strip()):
        raise RuleBroken(
            "Say why the phase differs from the one the protocol gives.", field="phase_reason"
        )
