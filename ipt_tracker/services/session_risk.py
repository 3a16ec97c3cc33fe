"""What is written down about risk at a slot: what it must say, and keeping it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ipt_tracker.clinical.course.attendance import took_place
from ipt_tracker.clinical.course.records import RiskBand
from ipt_tracker.clinical.course.records import RiskCheck as RiskAnswer
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.clinical.suicide_screen import (
    SCREENER,
    URGENT,
    at_least,
    band_words,
    derive_band,
    kept_answers,
)
from ipt_tracker.persistence.models import Course, RiskCheck, SessionRecord
from ipt_tracker.services.session_amendments import amend_columns
from ipt_tracker.services.session_entries import RiskEntry
from ipt_tracker.services.unit_of_work import UnitOfWork

NOT_SAID = "Say whether you asked. “Not asked” with a reason is an answer."


@dataclass(frozen=True, slots=True)
class Screened:
    """What the answers to the screener come to; nothing where it was not used."""

    answers: dict[str, bool | None] | None

    @property
    def band(self) -> RiskBand | None:
        """The band that follows."""
        return None if self.answers is None else derive_band(self.answers)

    @property
    def found(self) -> RiskBand:
        """The band of what was answered with yes."""
        return RiskBand.NONE if self.answers is None else at_least(self.answers)

    @property
    def words(self) -> str:
        """What the screener says."""
        return "" if self.answers is None else band_words(self.answers)


def screened(entry: RiskEntry) -> Screened:
    """Look at the screener of an entry."""
    return Screened(kept_answers(entry.answers or {}))


def check_risk(attendance: str, risk: RiskEntry | None) -> None:
    """Refuse a record that leaves open whether risk was asked about, what came of it, or who knows.

    A session that took place says whether it was asked. What was found, and a moderate or severe
    screen, say what was done.
    """
    for broken in broken_risk(attendance, risk):
        raise broken


def broken_risk(
    attendance: str, risk: RiskEntry | None, today: date | None = None
) -> tuple[RuleBroken, ...]:
    """Give every rule about risk that is not kept, one for each field: all are seen at once.

    Without `today` the days on which somebody was told are not looked at.
    """
    found = {broken.field: broken for broken in reversed([*_broken(attendance, risk, today)])}
    return tuple(reversed(found.values()))


def _broken(attendance: str, risk: RiskEntry | None, today: date | None) -> Iterator[RuleBroken]:
    if not (risk and risk.answer) and took_place(attendance):
        yield RuleBroken(NOT_SAID, "risk")
    if risk is None:
        return
    screen = screened(risk)
    yield from _agrees(risk, screen)
    yield from _detail(risk, screen)
    yield from _override(risk, screen)
    yield from _told(risk)
    yield from _urgent(risk, screen)
    yield from _days(risk, today)


def _detail(risk: RiskEntry, screen: Screened) -> Iterator[RuleBroken]:
    """What was found, and why it was not asked, is said in words: also what a screen has found."""
    if risk.detail or not risk.answer:
        return
    if _contradicts(risk, screen):
        if screen.found != RiskBand.NONE:
            words = "With “Asked: present”, say in a few words what was found and done."
            yield RuleBroken(words, "risk_detail")
    elif risk.answer != RiskAnswer.ASKED_NONE:
        found = risk.answer == RiskAnswer.ASKED_PRESENT
        what = "what was found and done" if found else "why it was not asked"
        yield RuleBroken(f"Say in a few words {what}.", "risk_detail")


def _contradicts(risk: RiskEntry, screen: Screened) -> bool:
    if screen.answers is None:
        return False
    set_to_none = risk.override_band == RiskBand.NONE
    found = screen.found != RiskBand.NONE and not set_to_none
    return risk.answer == RiskAnswer.NOT_ASKED or (risk.answer == RiskAnswer.ASKED_NONE and found)


def _agrees(risk: RiskEntry, screen: Screened) -> Iterator[RuleBroken]:
    """The answer to “was it asked” and the screener may not contradict each other."""
    if not _contradicts(risk, screen):
        return
    if risk.answer == RiskAnswer.NOT_ASKED:
        yield RuleBroken("The screener was answered, so it was asked. Say what came of it.", "risk")
        return
    yield RuleBroken(
        f"The screener has a yes ({screen.words.lower()}). Choose “Asked: present”, or set "
        "the band to none with a reason.",
        "risk",
    )


def _override(risk: RiskEntry, screen: Screened) -> Iterator[RuleBroken]:
    if risk.override_band is None:
        if risk.override_reason:
            yield RuleBroken("Say which band you set, or clear the reason.", "override_band")
        return
    if screen.band is None:
        yield RuleBroken("Answer the screener first: another band stands beside its own.", "screen")
    elif risk.override_band == screen.band:
        yield RuleBroken("That is the band that follows already.", "override_band")
    if not risk.override_reason:
        yield RuleBroken("Say why you set another band.", "override_reason")


def _told(risk: RiskEntry) -> Iterator[RuleBroken]:
    """Who was told and when belong together."""
    if risk.told_who and risk.told_on is None:
        yield RuleBroken("Say on which day.", "told_on")
    if risk.told_on is not None and not risk.told_who:
        yield RuleBroken("Say who was told.", "told_who")


def _urgent(risk: RiskEntry, screen: Screened) -> Iterator[RuleBroken]:
    """A moderate or severe screen says what was done and who was told, whatever band was set."""
    if not {screen.band, screen.found, risk.override_band} & URGENT:
        return
    said = f"The screener says: {screen.words.lower()}."
    if not risk.action:
        yield RuleBroken(f"{said} Say what was done.", "action")
    if not risk.told_who and risk.supervisor_told_on is None:
        yield RuleBroken(f"{said} Say who was told, or when the supervisor was.", "told_who")


def _days(risk: RiskEntry, today: date | None) -> Iterator[RuleBroken]:
    """Nobody was told on a day that has not come."""
    for name in ("told_on", "supervisor_told_on"):
        day = getattr(risk, name)
        if today is not None and day is not None and day > today:
            yield RuleBroken("The date is in the future.", name)


def keep_risk(work: UnitOfWork, course: Course, record: SessionRecord, entry: RiskEntry) -> None:
    """Keep what was said about risk; what stood there before stays as an amendment."""
    for broken in _days(entry, work.today):
        raise broken
    values = _columns(record.risk, entry)
    if record.risk is None:
        work.session.add(RiskCheck(session_id=record.id, **values))
        return
    amend_columns(work, course, record, record.risk, values)


def _columns(kept: RiskCheck | None, entry: RiskEntry) -> dict[str, object]:
    asked = entry.answer != RiskAnswer.NOT_ASKED
    present = entry.answer == RiskAnswer.ASKED_PRESENT
    values: dict[str, object] = {
        "asked": asked,
        "result": ("present" if present else "none") if asked else None,
        "detail": entry.detail,
        "action": entry.action,
        "told_who": entry.told_who,
        "told_on": entry.told_on,
        "supervisor_told_on": entry.supervisor_told_on,
        "override_band": entry.override_band,
        "override_reason": entry.override_reason,
    }
    screen = screened(entry)
    before = kept_answers(kept.answers or {}) if kept is not None else None
    if screen.answers == before:
        return values
    band = screen.band
    return values | {
        "answers": screen.answers,
        "instrument": None if band is None else SCREENER,
        "band": None if band is None else str(band),
    }
