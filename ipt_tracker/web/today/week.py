"""Seven days of appointments, a line each."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import url_for

from ipt_tracker.persistence.queries.day import BookedRow
from ipt_tracker.web.today import words


@dataclass(frozen=True, slots=True)
class WeekRow:
    """One appointment of a week."""

    time: str
    label: str
    code: str
    url: str
    text: str


def week_rows(booked: Iterable[BookedRow]) -> tuple[WeekRow, ...]:
    """Put the appointments of one day into words."""
    return tuple(_week_row(row) for row in booked)


def _week_row(row: BookedRow) -> WeekRow:
    group = row.course_id is None
    minutes = f"{row.minutes} min" if row.minutes else ""
    logged = "logged" if row.logged else ""
    said = ("group" if group else "", minutes, words.place(row.modality), row.remark, logged)
    url = words.group_url(row) if group else url_for("courses.show", course_id=row.course_id)
    text = ", ".join(filter(None, said))
    return WeekRow(words.clock(row.starts_at), row.name or row.code, row.code, url, text)
