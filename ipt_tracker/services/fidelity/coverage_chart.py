"""Which of a therapist's sessions somebody else has seen: table and picture, phase by phase."""

from collections.abc import Mapping, Sequence

from ipt_tracker.charts.coverage import Coverage, Row, Seen
from ipt_tracker.clinical.course.codes import label_of
from ipt_tracker.clinical.course.phases import Phase
from ipt_tracker.clinical.fidelity import coverage as counted
from ipt_tracker.clinical.fidelity.coverage import Cover, cover_by_phase
from ipt_tracker.clinical.fidelity.words import CHOSEN_IS_NO_SAMPLE
from ipt_tracker.services.fidelity.figure_pages import TherapistPage
from ipt_tracker.services.fidelity.figure_source import of_coverage
from ipt_tracker.services.fidelity.frames import seen

MOST_DRAWN = 500
"""So many of the newest sessions are drawn: more would be a wall of squares."""
TWO = 2


def covered(page: TherapistPage) -> Mapping[str, Cover]:
    """Count rated of delivered by phase, in the order of phases."""
    return cover_by_phase([seen(each) for each in page.held], [each.value for each in Phase])


def coverage_chart(page: TherapistPage, software: str) -> Coverage:
    """Give the picture of the newest sessions; a rating that is sealed counts as one made."""
    shown = page.held[-MOST_DRAWN:]
    found = [seen(each) for each in shown]
    phases = cover_by_phase(found, [each.value for each in Phase])
    left = len(page.held) - len(shown)
    rated = sum(bool(each.ratings) for each in found)
    older = f" The {left} before them are in the table." if left else ""
    return Coverage(
        title=f"{page.called}   Sessions seen by somebody else",
        verdict=f"Rated by a supervisor or second rater: {rated} of {len(shown)} sessions.{older}",
        footer=CHOSEN_IS_NO_SAMPLE,
        rows=tuple(_row(phase, found) for phase in phases),
        provenance=of_coverage(page, shown, software),
    )


def _row(phase: str, found: Sequence[counted.Seen]) -> Row:
    own = [each for each in found if each.phase == phase]
    return Row(
        label_of(Phase, phase),
        tuple(Seen(each.picked or Seen.NOT) for each in own),
        twice=tuple(place for place, each in enumerate(own) if len(each.ratings) >= TWO),
    )
