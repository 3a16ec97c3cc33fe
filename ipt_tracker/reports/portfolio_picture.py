"""The picture of a portfolio: which of the sessions held the supervisor saw, phase by phase."""

from collections.abc import Sequence

from ipt_tracker.charts import export
from ipt_tracker.charts.coverage import Coverage, Row, Seen
from ipt_tracker.clinical.course.codes import label_of
from ipt_tracker.clinical.course.phases import Phase
from ipt_tracker.clinical.fidelity.portfolio import HeldSession
from ipt_tracker.clinical.fidelity.portfolio_count import in_order
from ipt_tracker.clinical.fidelity.words import CHOSEN_IS_NO_SAMPLE, sessions
from ipt_tracker.reports.document import Picture

MOST_SESSIONS = 400
"""More marks than this fill pages and say nothing that the tables do not."""


def seen_by_phase(held: Sequence[HeldSession]) -> tuple[Picture, ...]:
    """Draw one mark for each session held; nothing where there are none, or too many to see."""
    if not 0 < len(held) <= MOST_SESSIONS:
        return ()
    drawn = coverage_of(held)
    return (Picture(export.svg(drawn).decode(), export.alt(drawn)),)


def coverage_of(held: Sequence[HeldSession]) -> Coverage:
    """Give the input of the picture; it names nobody."""
    in_time = sorted(held, key=lambda each: (each.held_on, str(each.owner)))
    rows = tuple(
        _row(phase, [each for each in in_time if each.phase == phase])
        for phase in in_order({each.phase for each in held})
    )
    rated = sum(bool(each.looks) for each in held)
    return Coverage(
        title="Sessions held, by phase",
        verdict=f"The supervisor of the case rated {rated} of {sessions(len(held))}.",
        footer=CHOSEN_IS_NO_SAMPLE,
        rows=rows,
    )


def _row(phase: str, held: Sequence[HeldSession]) -> Row:
    twice = tuple(place for place, each in enumerate(held) if len(each.looks) > 1)
    return Row(label_of(Phase, phase), tuple(_seen(each) for each in held), twice=twice)


def _seen(session: HeldSession) -> Seen:
    """Say how it was picked: at random if it ever was drawn, else chosen."""
    how = {look.selection for look in session.looks}
    if not how:
        return Seen.NOT
    return next((way for way in (Seen.RANDOM, Seen.CHOSEN) if way in how), Seen.NOT_STATED)
