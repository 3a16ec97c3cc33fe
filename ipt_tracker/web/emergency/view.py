"""Notices of emergency access in the words of their pages."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from ipt_tracker.services.emergency.notices import Notice, PageRead
from ipt_tracker.web.measures.words import moment
from ipt_tracker.web.page import day

AREAS = {
    "courses": "Course overview and contract",
    "sessions": "Sessions",
    "notes": "Notes",
    "appointments": "Appointments",
    "measures": "Measures",
    "schedules": "Schedule of measures",
    "progress": "Progress",
    "inventory": "People",
    "timeline": "Timeline",
    "worksheets": "Formulation and contract",
    "goals": "Goals",
    "contact": "Same-day contact",
}
"""What a page is called, by the area of its address."""


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """One notice as the list shows it."""

    notice: Notice
    when: str
    until: str
    pages: str
    seen: str


@dataclass(frozen=True, slots=True)
class ReadRow:
    """Pages of one area that were read in a row."""

    when: str
    what: str
    count: int


def notice_row(notice: Notice) -> NoticeRow:
    """Put one notice into words."""
    end, by_hand = notice.ended_at or notice.ends_at, notice.ended_at is not None
    return NoticeRow(
        notice,
        moment(notice.started_at),
        f"{end.astimezone():%H:%M}, {'ended by hand' if by_hand else 'by time'}",
        f"{notice.pages} page{'' if notice.pages == 1 else 's'}" if notice.pages else "none",
        "; ".join(f"{each.name}, {day(each.at.astimezone().date())}" for each in notice.seen),
    )


def read_rows(pages: Iterable[PageRead]) -> tuple[ReadRow, ...]:
    """Put the pages that were read into words, those of one area in a row as one line."""
    rows = []
    for what, found in groupby(pages, key=_words):
        every = list(found)
        rows.append(ReadRow(f"{every[0].at.astimezone():%H:%M}", what, len(every)))
    return tuple(rows)


def _words(page: PageRead) -> str:
    area = page.page.partition(".")[0]
    return AREAS.get(area, area.replace("_", " ").capitalize())
