"""The report text of a portfolio: a supervisor writes it, and each save is another edition."""

from dataclasses import dataclass

from sqlalchemy import select

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import Permission, TherapistTies, require
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import Account, PortfolioText
from ipt_tracker.persistence.queries.portfolio import TextFound, texts
from ipt_tracker.services.unit_of_work import ChangedMeanwhile, Subject, UnitOfWork

SAME = "Nothing differs from the edition before, so nothing was saved."
NO_REASON = "Say why there is another edition. The one before stays readable."
EMPTY = "Write the report."
LONGEST = 20_000
TOO_LONG = f"The report is longer than {LONGEST} characters. Shorten it."


@dataclass(frozen=True, slots=True)
class TextEntry:
    """What a supervisor wrote; `seen` is the edition before them, 0 for none."""

    body: str | None
    text: str | None
    reason: str | None
    seen: int


def editions_of(work: UnitOfWork, therapist: Account) -> tuple[TextFound, ...]:
    """Give every edition with its writer, the newest first."""
    return texts(work.session, therapist.id)


def newest_text(work: UnitOfWork, therapist: Account) -> PortfolioText | None:
    """Give the newest edition, or None."""
    return work.session.scalars(
        select(PortfolioText)
        .where(PortfolioText.therapist_id == therapist.id)
        .order_by(PortfolioText.edition.desc())
        .limit(1)
    ).first()


def write_text(work: UnitOfWork, therapist: Account, entry: TextEntry) -> PortfolioText:
    """Keep another edition; the first needs no reason.

    Raises ChangedMeanwhile when another edition was saved after the one that was seen.
    """
    require(work.person, Permission.SUPERVISE, TherapistTies(therapist.id))
    before = newest_text(work, therapist)
    number = before.edition if before else 0
    if entry.seen != number:
        raise ChangedMeanwhile(f"edition {number} was saved meanwhile")
    _check(entry, before)
    kept = PortfolioText(
        therapist_id=therapist.id,
        edition=number + 1,
        body=entry.body,
        text=entry.text,
        reason=entry.reason,
        written_by=work.person.id,
        written_at=work.now,
    )
    work.session.add(kept)
    work.session.flush()
    work.audit(Event.PORTFOLIO_WRITTEN, Subject("therapist", therapist.id), edition=kept.edition)
    return kept


def _check(entry: TextEntry, before: PortfolioText | None) -> None:
    if not entry.text:
        raise RuleBroken(EMPTY, "text")
    if len(entry.text) > LONGEST:
        raise RuleBroken(TOO_LONG, "text")
    if before is None:
        return
    if (before.body, before.text) == (entry.body, entry.text):
        raise RuleBroken(SAME)
    if not entry.reason:
        raise RuleBroken(NO_REASON, "reason")
