"""The words of a day: its headline, its hours, and how far off something is."""

from datetime import date, datetime, time

from flask import current_app, url_for

from ipt_tracker.clinical.course.kinds import Kind, kind_of
from ipt_tracker.clinical.course.records import Modality
from ipt_tracker.persistence.queries.day import BookedRow
from ipt_tracker.services.clashes import USUAL_MINUTES
from ipt_tracker.services.day import Day
from ipt_tracker.web.caseload.lists import number_words
from ipt_tracker.web.page import day
from ipt_tracker.web.work import given

SOON = 120
"""Minutes before a session from which the page says in how many it begins."""
PLACES = {Modality.VIDEO: "video", Modality.TELEPHONE: "telephone"}


def local_now() -> datetime:
    """Give the moment in the machine's own time zone."""
    return given().clock().astimezone()


def headline(found: Day) -> str:
    """Say in words what today asks for: "Three sessions to go today. One risk task first."."""
    said = [_sessions(found)]
    if tasks := len(found.tasks):
        counted = f"{number_words(tasks).capitalize()} risk {'task' if tasks == 1 else 'tasks'}"
        said.append(f"{counted} to answer first.")
    if courses := len(found.found_risk):
        counted = f"{number_words(courses)} {'course' if courses == 1 else 'courses'}"
        said.append(f"Risk was found in {counted}.")
    return " ".join(said)


def _sessions(found: Day) -> str:
    to_go, every = len(found.waiting), len(found.entries)
    if to_go:
        sessions = "session" if to_go == 1 else "sessions"
        return f"{number_words(to_go).capitalize()} {sessions} to go today."
    if every:
        return "All of today is logged."
    return "No session is booked today." if found.courses else "No patients yet."


def moment_words(now: datetime) -> str:
    """Write "Monday 7 April 2025, 09:52"."""
    return f"{now:%A} {now.day} {now:%B %Y}, {now:%H:%M}"


def until(booked: BookedRow | None, now: datetime) -> str:
    """Say how soon an appointment begins, or that it is over and not logged."""
    ends = end_of(booked)
    if booked is None or booked.starts_at is None or ends is None:
        return ""
    minutes = minute(booked.starts_at) - minute(now.time())
    if ends <= minute(now.time()):
        return "not logged"
    if minutes > SOON:
        return ""
    return f"in {minutes} min" if minutes > 0 else "now"


def end_of(booked: BookedRow | None) -> int | None:
    """Give the minute of the day at which an appointment is over; None without an hour."""
    if booked is None or booked.starts_at is None:
        return None
    return minute(booked.starts_at) + (booked.minutes or USUAL_MINUTES)


def minute(value: time) -> int:
    """Give the minute of the day."""
    return value.hour * 60 + value.minute


def clock(value: time | None) -> str:
    """Write an hour; an appointment may have none."""
    return f"{value:%H:%M}" if value else "no time"


def place(modality: str | None) -> str:
    """Say where, unless it is here."""
    return PLACES.get(Modality(modality), "") if modality in set(Modality) else modality or ""


def weekday(value: date) -> str:
    """Write "Thursday 12 Mar"."""
    return f"{value:%A} {day(value)}"


def short_name(kind: str, number: int | None) -> str:
    """Name a session in running text: "session 12", "maintenance visit 2"."""
    known = kind_of(kind)
    if number is None:
        return "slot that did not take place"
    if known in {None, Kind.INDIVIDUAL, Kind.GROUP}:
        return f"session {number}"
    return f"{known.label.lower()} {number}" if known else f"session {number}"


def ahead_words(rows: tuple[BookedRow, ...], today: date) -> str:
    """Say in one line what is booked after today: "Tomorrow: 3 sessions, first at 09:30."."""
    if not rows:
        return "Nothing is booked for the next seven days."
    by_day: dict[date, list[BookedRow]] = {}
    for row in rows:
        by_day.setdefault(row.planned_on, []).append(row)
    return " ".join(_one_day(when, each, today) for when, each in by_day.items())


def _one_day(when: date, rows: list[BookedRow], today: date) -> str:
    tomorrow = (when - today).days == 1
    sessions = "session" if len(rows) == 1 else "sessions"
    first = next((row.starts_at for row in rows if row.starts_at), None)
    words = f"{len(rows)} {sessions}" if tomorrow else str(len(rows))
    at = f", first at {clock(first)}" if tomorrow and first else ""
    return f"{'Tomorrow' if tomorrow else f'{when:%A}'}: {words}{at}."


def group_url(row: BookedRow) -> str:
    """Give the address of a group's page where this version has one."""
    if "groups.show" not in current_app.view_functions:
        return ""
    return url_for("groups.show", group_id=row.group_id)
