"""What can be taken from a course: each file with what it holds and whom it is for."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import url_for

PICTURES = (("PDF", "pdf"), ("PNG", "png"), ("SVG", "svg"))


@dataclass(frozen=True, slots=True)
class Link:
    """One way to a file; `label` says it without the rest of the line."""

    words: str
    label: str
    url: str
    is_file: bool = True


@dataclass(frozen=True, slots=True)
class FileLine:
    """One file: its name, what is in it, for whom, whether it names the patient, where it is."""

    title: str
    holds: str
    for_whom: str
    names: str
    links: tuple[Link, ...]


def printed(course_id: UUID) -> tuple[FileLine, ...]:
    """Give the documents of a course."""
    report, letter = "Progress report", "Letter to the patient"
    return (
        FileLine(
            report,
            "Verdict in words, chart, scores, course line, comparison with the trials, signatures",
            "The record, a referrer, a reviewer",
            "Name and code",
            (
                _page(report, course_id, kind="progress"),
                _link("PDF", report, "reports.download", course_id, kind="progress"),
            ),
        ),
        FileLine(
            f"{report}, without names",
            "The same with a code of its own, dates shifted and nothing that was typed",
            "Teaching, peer review",
            "No names",
            (
                _page(f"{report}, without names", course_id, kind="progress", without="name"),
                _link(
                    "PDF",
                    f"{report}, without names",
                    "reports.download",
                    course_id,
                    kind="progress",
                    without="name",
                ),
            ),
        ),
        FileLine(
            letter,
            "What changed, in plain words, without any trial",
            "The patient",
            "Name and code",
            (
                _page(letter, course_id, kind="letter"),
                _link("PDF", letter, "reports.download", course_id, kind="letter"),
            ),
        ),
    )


def pictures(course_id: UUID) -> tuple[FileLine, ...]:
    """Give the pictures of a course."""
    return (
        FileLine(
            "Progress chart",
            "Scores over time with phases, thresholds and events",
            "A letter, a case discussion",
            "Code only",
            _formats("Progress chart", "progress.download", course_id),
        ),
        FileLine(
            "Timeline",
            "Life events beside the scores",
            "Work with the patient, a case discussion",
            "Code, what was typed of events",
            _formats("Timeline", "timeline.download", course_id),
        ),
    )


WHOLE = (
    FileLine(
        "Whole record, JSON",
        "Every form, session, plan and note of the course that you may read; IPT Tracker reads "
        "it back",
        "Another clinic with IPT Tracker, safekeeping",
        "Name, people, free text",
        (),
    ),
    FileLine(
        "FHIR, with the name",
        "Patient, course, plan, appointments, answers and totals as FHIR R4; no free text",
        "Another record system",
        "Name, code, birth date",
        (),
    ),
    FileLine(
        "FHIR, without names",
        "The same with codes of its own, dates shifted and age in bands",
        "Research, testing of an interface",
        "No names",
        (),
    ),
)


def _page(title: str, course_id: UUID, **more: Any) -> Link:  # noqa: ANN401 -- what stands in an address
    url = url_for("reports.show", course_id=course_id, **more)
    return Link("Read", f"Read: {title}", url, is_file=False)


def _link(words: str, title: str, endpoint: str, course_id: UUID, **more: Any) -> Link:  # noqa: ANN401 -- what stands in an address
    url = url_for(endpoint, course_id=course_id, **more)
    return Link(words, f"{title}, {words}", url)


def _formats(title: str, endpoint: str, course_id: UUID) -> tuple[Link, ...]:
    return tuple(_link(words, title, endpoint, course_id, fmt=fmt) for words, fmt in PICTURES)
