"""One administration with everything that a table or a chart says about it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from ipt_tracker.clinical.course.attendance import took_place
from ipt_tracker.clinical.course.due import LATE_DAYS
from ipt_tracker.clinical.course.kinds import kind_of
from ipt_tracker.clinical.course.phases import Phase
from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.clinical.outcome.series import Administration, Status
from ipt_tracker.clinical.safety import ASK_FROM
from ipt_tracker.persistence.models import Amendment
from ipt_tracker.persistence.queries.records import MeasureRow, SlotRow

MONTH = 28
STATUSES = frozenset(Status)
LATE_ENTRY_DAYS = 2
"""More days than this from the form to its entry, and the entry is said to be late: our own."""
NO_TOTAL = "no total"


@dataclass(frozen=True, slots=True)
class Given:
    """One administration with everything that a table or a chart says about it."""

    administration: Administration
    row: MeasureRow
    slot: SlotRow | None
    total_was: str
    """The total before its last correction, "no total" where there was none; else empty."""
    amendment: str
    """When and why the total was corrected; empty when it was not."""
    changed_at: datetime
    """When it was recorded or, if that is later, corrected."""
    corrected: str = ""
    """When the total was corrected, without the reason: what may leave the page with a chart."""
    of_the_day: tuple[int, int] = (1, 1)
    """Which one it is of how many with a score of the same day."""

    @property
    def is_follow_up(self) -> bool:
        """Whether it was made after the treatment had ended."""
        return (self.row.point or "").startswith("follow_up")

    @property
    def days_late(self) -> int | None:
        """How many days too late it was made, where that is late at all."""
        if self.row.due_on is None or self.administration.total is None:
            return None
        late = (self.row.taken_on - self.row.due_on).days
        return late if late > LATE_DAYS else None

    @property
    def entered_late(self) -> int | None:
        """How many days after it was made it was entered by hand, where that is late."""
        if self.row.recorded_by is None:
            return None
        days = (self.row.recorded_at.astimezone().date() - self.row.taken_on).days
        return days if days > LATE_ENTRY_DAYS else None

    @property
    def remarks(self) -> tuple[str, ...]:
        """What every table says beside its number: repeats, late entry, correction, item 9."""
        which, of = self.of_the_day
        late = self.entered_late
        said = (
            f"{which} of {of} on this day" if of > 1 else "",
            f"entered {late} days later" if late else "",
            f"was {self.total_was}, {self.amendment}" if self.total_was else "",
            item9_words(self.row),
        )
        return tuple(filter(None, said))

    @property
    def gap_days(self) -> int | None:
        """Planned days since the administration before; None when there is no rhythm."""
        monthly = self.slot is not None and self.slot.phase == Phase.MAINTENANCE
        planned = INSTRUMENTS[self.row.instrument].planned_gap_days
        return MONTH if monthly and planned else planned


def given_of(
    row: MeasureRow, slot: SlotRow | None, corrections: Mapping[UUID, tuple[Amendment, ...]]
) -> Given:
    """Put one row together with its slot and what was corrected in it."""
    known = row.status in STATUSES
    administration = Administration(
        instrument_key=row.instrument,
        taken_on=row.taken_on,
        total=row.total,
        status=Status(row.status) if known else Status.MISSING,
        lowest=row.lowest,
        highest=row.highest,
        answered=row.answered,
        session_label=session_label(slot) if slot else "",
        note=row.reason or "",
    )
    own = corrections.get(row.id, ())
    total = next((a for a in reversed(own) if a.field == "total"), None)
    return Given(
        administration,
        row,
        slot,
        total_was=_was(total),
        amendment=_amendment_words(total),
        corrected=_corrected_words(total),
        changed_at=max([row.recorded_at, *(a.recorded_at for a in own)]),
    )


def corrections_of(amendments: tuple[Amendment, ...]) -> dict[UUID, tuple[Amendment, ...]]:
    """Give the corrections of each measure, oldest first. Only those of "total" change a total."""
    found: dict[UUID, list[Amendment]] = {}
    for each in amendments:
        if each.subject_kind == "measure":
            found.setdefault(each.subject_id, []).append(each)
    return {key: tuple(each) for key, each in found.items()}


def numbered(given: list[Given]) -> tuple[Given, ...]:
    """Number the scores of one day, which are all kept."""
    scored = [g.row.taken_on for g in given if g.row.total is not None]
    often = {day: count for day, count in Counter(scored).items() if count > 1}
    seen: Counter[date] = Counter()
    found = []
    for each in given:
        day = each.row.taken_on
        if day in often and each.row.total is not None:
            seen[day] += 1
            found.append(replace(each, of_the_day=(seen[day], often[day])))
        else:
            found.append(each)
    return tuple(found)


def _was(change: Amendment | None) -> str:
    if change is None:
        return ""
    return NO_TOTAL if change.old is None else str(change.old)


def _amendment_words(change: Amendment | None) -> str:
    if change is None:
        return ""
    reason = f" ({change.reason})" if change.reason else ""
    return f"{_corrected_words(change)}{reason}"


def _corrected_words(change: Amendment | None) -> str:
    return f"corrected {short_day(change.amended_on)}" if change else ""


def item9_words(row: MeasureRow) -> str:
    """Say the one answer that a file gave beside a total, from 1 on: a 0 would only reassure."""
    given = str(row.item9) if row.item9 is not None else ""
    return f"item 9: {given}" if given.isdecimal() and int(given) >= ASK_FROM else ""


def short_day(day: date) -> str:
    """Write "2 Apr"."""
    return f"{day.day} {day:%b}"


def session_label(slot: SlotRow) -> str:
    """Name a session in a narrow place, "11" or "M2"; nothing for one that did not take place."""
    return narrow_label(slot.kind, slot.number, slot.attendance)


def narrow_label(kind: str, number: int | None, attendance: str) -> str:
    """Name a session by its kind and number where it took place."""
    if number is None or not took_place(attendance):
        return ""
    known = kind_of(kind)
    return known.short(number) if known else str(number)
