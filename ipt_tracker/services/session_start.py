"""What the session form starts from: the next number, the last time, the usual answers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from ipt_tracker.clinical.course.attendance import Attendance, took_place
from ipt_tracker.clinical.course.catalogue import TITLES, TaskGroup, TaskSheet, tasks_for
from ipt_tracker.clinical.course.focal_areas import DISPUTE
from ipt_tracker.clinical.course.records import Modality
from ipt_tracker.clinical.course.schedule import Occasion
from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.persistence.models import Appointment, FocalAreaSpell, SessionRecord
from ipt_tracker.persistence.queries.appointments import Held, of_course
from ipt_tracker.persistence.queries.sessions import newest_sessions, tasks_of
from ipt_tracker.services.appointments import AppointmentEntry
from ipt_tracker.services.booking import Booked, left_to_book, proposal
from ipt_tracker.services.outline import Outline, contract_kind
from ipt_tracker.services.progress_facts import read_scores
from ipt_tracker.services.schedules import schedule_of
from ipt_tracker.services.scores import Given, Scores, session_label
from ipt_tracker.services.session_entries import SessionEntry
from ipt_tracker.services.unit_of_work import UnitOfWork

LOOKED_BACK = 8
"""Appointments among which the last session and the last risk check are looked for."""
USUAL_FORM = "pcl5_week"


def _family(key: str) -> str:
    return INSTRUMENTS[key].family


def _latest(records: Iterable[SessionRecord]) -> SessionRecord | None:
    return max(records, key=lambda r: (r.held_on, r.slot), default=None)


@dataclass(frozen=True, slots=True)
class SessionStart:
    """The course so far, as far as the next session needs it.

    `recent` are the newest slots, newest first. `done` says at which session a task was ticked
    last, by its code. `ahead` are the appointments that are booked from today on.
    """

    facts: Outline
    today: date
    recent: tuple[SessionRecord, ...]
    done: Mapping[str, str]
    scores: Scores
    ahead: tuple[Appointment, ...] = ()

    @property
    def booked_today(self) -> Appointment | None:
        """What was booked for today, the first of the day."""
        return next((a for a in self.ahead if a.planned_on == self.today), None)

    @property
    def booked_next(self) -> Appointment | None:
        """What is booked after today."""
        return next((a for a in self.ahead if a.planned_on > self.today), None)

    @property
    def is_past_the_plan(self) -> bool:
        """Whether the next session would be one more than the contract has."""
        following, course = self.facts.next, self.facts.course
        own = following.kind == contract_kind(course)
        return own and following.number > course.planned_sessions

    @property
    def following(self) -> AppointmentEntry | None:
        """What to book after today's session; nothing where it is booked or the contract is done.

        The day follows today's session by the spacing of the contract, at the hour of today's.
        """
        if self.booked_next is not None or left_to_book(self.facts, 0) <= 1:
            return None
        usual = self.usual_answers()
        place = (usual.duration_minutes, usual.modality, usual.attendance)
        today = Held(self.facts.next.slot, self.today, usual.starts_at, *place)
        return proposal(self.facts, Booked((today,), ()), self.today)

    @property
    def last(self) -> SessionRecord | None:
        """The last session that took place, by its day: slots can be logged late."""
        return _latest(r for r in self.recent if took_place(r.attendance))

    @property
    def last_asked(self) -> SessionRecord | None:
        """The last of the recent slots at which risk was asked about."""
        return _latest(r for r in self.recent if r.risk is not None and r.risk.asked)

    @property
    def areas(self) -> tuple[FocalAreaSpell, ...]:
        """The focal areas of the course, those that are open first, each area once."""
        spells = sorted(
            self.facts.course.focal_areas,
            key=lambda s: (s.ended_on is not None, -(s.ended_on or s.started_on).toordinal()),
        )
        once = {spell.area: spell for spell in reversed(spells)}
        return tuple(spell for spell in spells if once[spell.area] is spell)

    @property
    def main_form(self) -> str:
        """The key of the form that the session form asks for first.

        It is the first that the schedule gives at sessions; else the self-report form that the
        course is followed with; else the weekly PCL-5. Over which time it asks, the one of its
        family that was given last at a session decides.
        """
        followed = self.scores.main_key(self.facts.course)
        at_sessions = (Occasion.EVERY_SESSION, Occasion.EVERY_SECOND_SESSION)
        wanted = next(
            (keys[0] for keys in map(self._scheduled, at_sessions) if keys),
            followed if followed and INSTRUMENTS[followed].self_report else USUAL_FORM,
        )
        given = [g for g in self._at_sessions() if _family(g.row.instrument) == _family(wanted)]
        return given[-1].row.instrument if given else wanted

    @property
    def last_score(self) -> Given | None:
        """The newest total of the form that is asked for first, over the same time."""
        own = [g for g in self.scores.by_key.get(self.main_form, ()) if g.row.total is not None]
        return own[-1] if own else None

    @property
    def other_form(self) -> str:
        """The key of another form of the sessions, given last or else scheduled; empty for none."""
        main = _family(self.main_form)
        given = [g.row.instrument for g in self._at_sessions()]
        keys = (*reversed(given), *self._scheduled(Occasion.EVERY_SESSION))
        return next((key for key in keys if _family(key) != main), "")

    def _scheduled(self, occasion: Occasion) -> tuple[str, ...]:
        schedule = schedule_of(self.facts.course)
        return schedule.keys(occasion) if schedule else ()

    def _at_sessions(self) -> list[Given]:
        """Give the self-report forms that were given at sessions, by day."""
        given = (
            g
            for key, each in self.scores.by_key.items()
            if INSTRUMENTS[key].self_report
            for g in each
            if g.slot is not None
        )
        return sorted(given, key=lambda g: g.row.taken_on)

    def usual_answers(self) -> SessionEntry:
        """Give the answers that a routine session starts with."""
        last, course, booked = self.last, self.facts.course, self.booked_today
        focus = self._usual_focus()
        stage = last.dispute_stage if last and focus == DISPUTE else None
        return SessionEntry(
            kind=self.facts.next.kind,
            number=None,
            held_on=self.today,
            starts_at=booked.starts_at if booked else last.starts_at if last else None,
            duration_minutes=(booked.minutes if booked else None)
            or (last.duration_minutes if last else None)
            or course.session_minutes,
            minutes_late=0,
            modality=(booked.modality if booked else None)
            or (last.modality if last else None)
            or Modality.IN_PERSON,
            attendance=Attendance.ATTENDED,
            phase=None,
            phase_reason=None,
            focal_area=focus,
            dispute_stage=stage,
            mood=None,
            linked_event=None,
            tasks=(),
            techniques=(),
            homework=None,
            plan=None,
            note=None,
        )

    def _usual_focus(self) -> str | None:
        """The focal area of last time while it is open, else the one taken up first."""
        open_areas = [spell.area for spell in self.facts.open_focus]
        if self.last and self.last.focal_area in open_areas:
            return self.last.focal_area
        return open_areas[0] if open_areas else None

    def task_sheet(self, phase: str, focus: str | None) -> TaskSheet:
        """Give the tasks of this phase with the strategies of every open area, and the others."""
        course = self.facts.course
        areas = {focus, *(spell.area for spell in self.facts.open_focus)}
        sheets = [tasks_for(phase, area, course.protocol) for area in areas]
        shown = {group.section: group for sheet in sheets for group in sheet.shown}
        every = {group.section: group for group in (*sheets[0].shown, *sheets[0].others)}
        return TaskSheet(
            _in_order(shown), _in_order({k: g for k, g in every.items() if k not in shown})
        )


def _in_order(groups: Mapping[str, TaskGroup]) -> tuple[TaskGroup, ...]:
    return tuple(groups[section] for section in TITLES if section in groups)


def start_session(work: UnitOfWork, facts: Outline, before: int | None = None) -> SessionStart:
    """Read what the form of the next session needs, or that of the slot `before` which is changed.

    Six statements for the next session, five for one that is there; whatever their number.
    """
    course_id = facts.course.id
    recent = newest_sessions(work.session, course_id, LOOKED_BACK, before=before)
    slots = {s.id: s for s in facts.slots if before is None or s.slot < before}
    done = {
        code: f"done in session {session_label(slots[session_id])}"
        for session_id, codes in tasks_of(work.session, course_id)
        if session_id in slots and session_label(slots[session_id])
        for code in codes
    }
    ahead = of_course(work.session, course_id, work.today) if before is None else ()
    return SessionStart(facts, work.today, recent, done, read_scores(work, facts), ahead)
