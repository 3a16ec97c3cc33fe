"""What is written down about risk at a slot: what it must say, and keeping it."""

from dataclasses import dataclass

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
    if risk is None:
        if took_place(attendance):
            raise RuleBroken(NOT_SAID, "risk")
        return
    if risk.answer != RiskAnswer.ASKED_NONE and not risk.detail:
        found = risk.answer == RiskAnswer.ASKED_PRESENT
        what = "what was found and done" if found else "why it was not asked"
        raise RuleBroken(f"Say in a few words {what}.", "risk_detail")
    screen = screened(risk)
    _check_agrees(risk, screen)
    _check_override(risk, screen)
    _check_told(risk)
    _check_urgent(risk, screen)


def _check_agrees(risk: RiskEntry, screen: Screened) -> None:
    """The answer to “was it asked” and the screener may not contradict each other."""
    if screen.answers is None:
        return
    if risk.answer == RiskAnswer.NOT_ASKED:
        raise RuleBroken("The screener was answered, so it was asked. Say what came of it.", "risk")
    set_to_none = risk.override_band == RiskBand.NONE
    if risk.answer == RiskAnswer.ASKED_NONE and screen.found != RiskBand.NONE and not set_to_none:
        raise RuleBroken(
            f"The screener has a yes ({screen.words.lower()}). Choose “Asked: present”, or set "
            "the band to none with a reason.",
            "risk",
        )


def _check_override(risk: RiskEntry, screen: Screened) -> None:
    if risk.override_band is None:
        if risk.override_reason:
            raise RuleBroken("Say which band you set, or clear the reason.", "override_band")
        return
    if screen.band is None:
        raise RuleBroken("Answer the screener first: another band stands beside its own.", "screen")
    if risk.override_band == screen.band:
        raise RuleBroken("That is the band that follows already.", "override_band")
    if not risk.override_reason:
        raise RuleBroken("Say why you set another band.", "override_reason")


def _check_told(risk: RiskEntry) -> None:
    """Who was told and when belong together."""
    if risk.told_who and risk.told_on is None:
        raise RuleBroken("Say on which day.", "told_on")
    if risk.told_on is not None and not risk.told_who:
        raise RuleBroken("Say who was told.", "told_who")


def _check_urgent(risk: RiskEntry, screen: Screened) -> None:
    """A moderate or severe screen says what was done and who was told, whatever band was set."""
    if not {screen.band, screen.found, risk.override_band} & URGENT:
        return
    if not risk.action:
        raise RuleBroken(f"The screener says: {screen.words.lower()}. Say what was done.", "action")
    if not risk.told_who and risk.supervisor_told_on is None:
        raise RuleBroken(
            f"The screener says: {screen.words.lower()}. Say who was told, or when the "
            "supervisor was.",
            "told_who",
        )


def keep_risk(work: UnitOfWork, course: Course, record: SessionRecord, entry: RiskEntry) -> None:
    """Keep what was said about risk; what stood there before stays as an amendment."""
    for name in ("told_on", "supervisor_told_on"):
        day = getattr(entry, name)
        if day is not None and day > work.today:
            raise RuleBroken("The date is in the future.", name)
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
