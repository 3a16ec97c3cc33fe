"""What the demo's therapists have booked: today and the days after it, with some left to book."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import time, timedelta
from uuid import UUID

from ipt_tracker.persistence.models import Course
from ipt_tracker.services.appointments import book
from ipt_tracker.services.booking import read_booked, usual
from ipt_tracker.services.outline import outline
from ipt_tracker.services.unit_of_work import UnitOfWork

HOURS = tuple(time(*hour) for hour in ((9, 0), (10, 30), (13, 0), (15, 30)))
LEFT_UNBOOKED = 4
"""Of so many courses of a therapist, one has no appointment."""


def book_days(
    work: UnitOfWork, courses: Sequence[Course], own: Callable[[Course], UnitOfWork]
) -> None:
    """Book each open course once, four a day, as its therapist would."""
    seen = defaultdict[UUID, int](int)
    for course in courses:
        theirs = own(course)
        seen[theirs.person.id] += 1
        so_far = seen[theirs.person.id]
        if so_far % LEFT_UNBOOKED == 0:
            continue
        day, hour = divmod(so_far - so_far // LEFT_UNBOOKED - 1, len(HOURS))
        entry = usual(outline(work, course), read_booked(work, course))
        when = work.today + timedelta(days=day)
        book(theirs, course, replace(entry, planned_on=when, starts_at=HOURS[hour]))
