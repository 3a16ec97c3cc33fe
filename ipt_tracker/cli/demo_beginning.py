"""One course of the demo with its whole beginning: people, timeline, sheets and goals. Invented."""

from datetime import date, timedelta

from ipt_tracker.clinical.course.timeline import EventKind, Exactness, When
from ipt_tracker.clinical.course.worksheets.fields import Value
from ipt_tracker.persistence.models import Course
from ipt_tracker.services.goals import GoalEntry, add_goal
from ipt_tracker.services.inventory import PersonEntry, add_person
from ipt_tracker.services.timeline import EventEntry, add_event
from ipt_tracker.services.unit_of_work import UnitOfWork
from ipt_tracker.services.worksheets import record_sheet

PEOPLE = (
    PersonEntry(
        "Runa",
        "sister",
        1,
        given="rings every evening",
        expected="that she comes by without being asked",
        missing="nothing is said about what happened",
        to_change="tell her one thing a week",
    ),
    PersonEntry("Milo", "son, 9", 1, given="makes things feel normal", missing="time together"),
    PersonEntry(
        "Eskil",
        "partner",
        2,
        given="runs the household",
        expected="patience for another half year",
        missing="to be asked how the day was",
        to_change="ask him for an hour alone on Sundays",
    ),
    PersonEntry("Dagny", "mother", 3, given="advice", missing="listening", remark="far away"),
    PersonEntry("the old team", "colleagues", 3, missing="being one of them"),
    PersonEntry("Torben", "friend since school", 4, remark="no contact since the move"),
)
EVENTS = (
    (EventKind.ROLE_CHANGE, -3900, Exactness.YEAR, "became a parent", "proud, and tired"),
    (EventKind.LOSS, -2600, Exactness.YEAR, "Torben moved abroad", "lost the one to talk to"),
    (EventKind.LIFE_EVENT, -1480, Exactness.DAY, "the event", "no sleep for a week"),
    (EventKind.ONSET, -1450, Exactness.MONTH, "nightmares and being on guard", None),
    (EventKind.ROLE_CHANGE, -1400, Exactness.MONTH, "gave up the old post", "stays in, phone off"),
    (EventKind.CONFLICT, -200, Exactness.MONTH, "quarrels with Eskil", "sleeps on the sofa"),
    (EventKind.TREATMENT, -120, Exactness.MONTH, "group at the clinic, six times", "some relief"),
)
"""Kind, days from the first session, how exactly it is known, what, and what it did."""
SHEETS: dict[str, dict[str, Value]] = {
    "suitability": {
        "psychosis": "absent",
        "bipolarity": "absent",
        "complex_trauma": "unclear",
        "complex_trauma_reason": "early losses, and a steady bond with the sister",
        "personality": "absent",
        "no_life_event": "absent",
        "substance_dependence": "absent",
        "suicide_risk": "absent",
        "decision": "adapted",
        "adaptation": "IPT for PTSD",
    },
    "medication_evaluation": {
        "needed": "no",
        "considered_by": "therapist and family doctor",
        "why": "moderate, first episode, prefers to try without",
        "decision": "none",
    },
    "formulation": {
        "event": "the event, and the weeks after it",
        "relationship": "the place in the team was lost, and at home everybody began to take care",
        "symptom": "on guard, sleepless, no feeling for people who are close",
        "link": "being looked after confirms that the old role is gone",
        "communication": "hints, then silence; others guess and guess wrong",
        "focal_areas": ["role_transition"],
        "shared_words": "Since the event you have been on guard, and you left the team that gave "
        "the week its shape. At home you became the one whom others look after. We work on what "
        "that change took from you, and on the place you want now.",
        "agreed": "yes",
    },
    "safety_plan": {
        "warning_signs": ["staying in for three days", "not answering the phone"],
        "coping": ["a walk by the water", "the breathing that helped in hospital"],
        "professionals": ["Clinic, daytime: 01632 960123", "Crisis line, always: 01632 960111"],
        "copy_given": "yes",
    },
}
WITH_A_DAY = {"formulation", "safety_plan"}
GOALS = ("sit with the old team once", "say what is missing before Sunday, not after")


def write_beginning(work: UnitOfWork, course: Course) -> None:
    """Write down what the beginning phase of a course brings, as its therapist."""
    for person in PEOPLE:
        add_person(work, course, person)
    for happening, days, exactness, what, effect in EVENTS:
        when = _when(course.started_on + timedelta(days=days), exactness)
        add_event(work, course, EventEntry(happening, when, None, what, effect))
    agreed = min(course.started_on + timedelta(weeks=2), work.today)
    for kind, content in SHEETS.items():
        dated = {"agreed_on": agreed.isoformat()} if kind in WITH_A_DAY else {}
        record_sheet(work, course, kind, {**content, **dated}, 0, None)
    spell = next((s.id for s in course.focal_areas if s.ended_on is None), None)
    for what in GOALS:
        add_goal(work, course, GoalEntry(what, agreed, spell))
    course.contract_agreed, course.contract_agreed_on = True, agreed


def _when(day: date, exactness: Exactness) -> When:
    """Keep a day as the first day of what is known of it."""
    if exactness is Exactness.DAY:
        return When(day)
    first = day.replace(day=1) if exactness is Exactness.MONTH else day.replace(month=1, day=1)
    return When(first, exactness)
