"""Every address of the application, with example values for what stands in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from flask import Flask
from werkzeug.routing import Rule

from tests.factories.clinic import Clinic
from tests.factories.courses import CourseRef

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
        "account_id": clinic.therapist2.id,
        "supervision_id": clinic.people.supervision,
        "instrument": "pcl5_week",
        "fmt": ("svg", "png", "pdf"),
    }


def of_nothing() -> dict[str, Any]:
    """Give values of the same shape that lead nowhere."""
    ids = ("course_id", "spell_id", "measure_id", "account_id", "supervision_id")
    return {name: uuid4() for name in ids} | {
        "slot": 1,
        "instrument": "pcl5_week",
        "fmt": ("svg", "png", "pdf"),
    }
