"""Fidelity ratings of invented sessions: therapists rate themselves higher than supervisors do."""

from random import Random

from ipt_tracker.clinical.course.phases import Phase
from ipt_tracker.exchange.bundle_codes import FIDELITY_ITEMS, PROSCRIBED_ITEMS
from ipt_tracker.exchange.generated_timeline import happens

SUPERVISOR = "SUP-01"
SELF_RATED, SUPERVISOR_RATED, PROSCRIBED_SEEN = 0.8, 0.18, 0.02
QUALITIES = (1, 2, 3, 4, 5)
SELF_WEIGHTS, SUPERVISOR_WEIGHTS = (0, 2, 18, 50, 30), (2, 10, 35, 38, 15)
ITEMS = tuple(sorted(FIDELITY_ITEMS))
EARLY_NOT_APPLICABLE = frozenset({"F06", "F08", "F09"})
"""Rehearsal and the strategies of an area come after the beginning: not applicable, never zero."""


def ratings(rng: Random, phase: Phase, day: int, last_day: int) -> list[dict[str, object]]:
    """Rate a session that took place on `day`; nothing is rated after `last_day`."""
    rated: list[dict[str, object]] = []
    if happens(rng, SELF_RATED):
        rated.append(_rating(rng, "self", phase, day, SELF_WEIGHTS))
    seen_on = day + rng.randint(3, 12)
    if happens(rng, SUPERVISOR_RATED) and seen_on <= last_day:
        rated.append(_rating(rng, SUPERVISOR, phase, seen_on, SUPERVISOR_WEIGHTS))
    return rated


def _rating(
    rng: Random, rater: str, phase: Phase, day: int, weights: tuple[int, ...]
) -> dict[str, object]:
    qualities = rng.choices(QUALITIES, weights, k=len(ITEMS) + 1)
    chances = rng.choices((1, 0.5, 0), (90, 4, 6), k=len(ITEMS))
    items = {
        code: _item(code, phase, delivered, quality)
        for code, delivered, quality in zip(ITEMS, chances, qualities, strict=False)
    }
    return {
        "rater": rater,
        "items": items,
        "proscribed": {
            code: int(happens(rng, PROSCRIBED_SEEN)) for code in sorted(PROSCRIBED_ITEMS)
        },
        "global_competence": qualities[-1],
        "rated_day": day,
        "basis": "recall" if rater == "self" else "full_recording",
        "scope": "session",
    }


def _item(code: str, phase: Phase, delivered: float, quality: int) -> dict[str, object]:
    early = phase in {Phase.ENGAGEMENT, Phase.BEGINNING}
    if early and code in EARLY_NOT_APPLICABLE:
        return {"d": None, "q": None}
    return {"d": delivered, "q": quality if delivered else None}
