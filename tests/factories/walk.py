"""Every address of the application, with example values for what stands in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from ipt_tracker.clinical.instruments.phq9 import PHQ9
from ipt_tracker.governance.access import Permission
from ipt_tracker.persistence.models import SafetyPrompt
from ipt_tracker.services.doors import open_course
from tests.factories.clinic import Clinic
from tests.factories.courses import CourseRef, add_measure, measure

METHODS = ("GET", "POST")
FRAMEWORK = {"static", "bootstrap.static"}


@dataclass(frozen=True, slots=True)
class Stop:
    """One address and method of the walk. `of_a_course`, `of_a_record`: what it names."""

    endpoint: str
    method: str
    url: str
    policy: object
    of_a_course: bool
    of_a_record: bool


def stops(app: Flask, examples: dict[str, Any]) -> Iterator[Stop]:
    """Give every address and method; KeyError names what has no example value yet."""
    addresses = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if rule.endpoint in FRAMEWORK:
            continue
        for values in _values(rule, examples):
            for method in METHODS:
                if method in (rule.methods or ()):
                    yield Stop(
                        rule.endpoint,
                        method,
                        addresses.build(rule.endpoint, values, method=method),
                        getattr(app.view_functions[rule.endpoint], "policy", None),
                        "course_id" in rule.arguments,
                        bool(rule.arguments & RECORDS),
                    )


RECORDS = {"course_id", "account_id", "supervision_id"}


def _values(rule: Rule, examples: dict[str, Any]) -> list[dict[str, Any]]:
    found = {name: examples[name] for name in rule.arguments}
    if "fmt" not in found:
        return [found]
    return [found | {"fmt": fmt} for fmt in examples["fmt"]]


def of_course(clinic: Clinic, course: CourseRef) -> dict[str, Any]:
    """Give the values that lead to a course and what belongs to it."""
    return {
        "course_id": course.id,
        "slot": course.slots[0],
        "spell_id": course.spells[0],
        "measure_id": course.measures[-1],
        "prompt_id": prompt_of(clinic, course),
        "account_id": clinic.therapist2.id,
        "supervision_id": clinic.people.supervision,
        "instrument": "pcl5_week",
        "fmt": ("svg", "png", "pdf"),
    }


def prompt_of(clinic: Clinic, course: CourseRef) -> UUID:
    """Give a question on suicide that stands open in the course; a PHQ-9 raises the first."""
    wanted = select(SafetyPrompt.id).where(SafetyPrompt.course_id == course.id)
    with clinic.reading() as work:
        found = work.session.scalars(wanted).first()
    if found is not None:
        return found
    owner = clinic.therapist if course is clinic.course else clinic.therapist2
    with clinic.writing(owner) as work:
        opened = open_course(work, course.id, Permission.RECORD_MEASURE)
        answers = dict.fromkeys(PHQ9.answer_keys, 1)
        add_measure(work, opened, measure("phq9", clinic.today, answers=answers))
        return work.session.scalars(wanted).one()


def of_nothing() -> dict[str, Any]:
    """Give values of the same shape that lead nowhere."""
    ids = ("course_id", "spell_id", "measure_id", "prompt_id", "account_id", "supervision_id")
    return {name: uuid4() for name in ids} | {
        "slot": 1,
        "instrument": "pcl5_week",
        "fmt": ("svg", "png", "pdf"),
    }
