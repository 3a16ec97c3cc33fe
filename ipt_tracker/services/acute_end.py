"""The scores of the acute treatment alone, where the newest score is of a maintenance visit."""

from datetime import date

from ipt_tracker.clinical.course.kinds import Kind
from ipt_tracker.clinical.course.phases import Phase
from ipt_tracker.clinical.instruments.instrument import Instrument
from ipt_tracker.clinical.outcome.acute import acute_words
from ipt_tracker.clinical.outcome.series import Series
from ipt_tracker.persistence.queries.records import SlotRow
from ipt_tracker.services.progress_facts import Facts
from ipt_tracker.services.scores import Given


def acute_of(facts: Facts, instrument: Instrument) -> Series | None:
    """Give the scores before maintenance; None where the last one is of the acute treatment."""
    visits = [slot.held_on for slot in facts.slots if _is_maintenance(slot)]
    since = min(visits, default=None)
    if since is None:
        return None
    given = [g for g in facts.scores.by_key.get(instrument.key, ()) if not g.is_follow_up]
    acute = Series(
        instrument.key, tuple(g.administration for g in given if not _is_after(g, since))
    )
    last = facts.scores.series(instrument.key, of_treatment=True).last
    return None if last is None or last is acute.last else acute


def acute_end(facts: Facts, instrument: Instrument, today: date) -> str:
    """Say the last score of the acute treatment; empty where the last score of all is one."""
    acute = acute_of(facts, instrument)
    if acute is None:
        return ""
    return acute_words(acute, facts.threshold_of(instrument), today.year)


def _is_after(given: Given, since: date) -> bool:
    """Tell whether a form belongs to maintenance; one without a session does so by its day."""
    if given.slot is not None:
        return _is_maintenance(given.slot)
    return given.row.point is None and given.row.taken_on >= since


def _is_maintenance(slot: SlotRow) -> bool:
    return slot.kind == Kind.MAINTENANCE or slot.phase == Phase.MAINTENANCE
