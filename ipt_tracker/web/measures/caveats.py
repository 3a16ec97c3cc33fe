"""What to know of the answers of one administration: odd pairs, and what adds nothing."""

from collections.abc import Iterator

from ipt_tracker.clinical.instruments.judging import Entered, doubts
from ipt_tracker.services.measure_page import OneMeasure


def caveats(found: OneMeasure) -> tuple[str, ...]:
    """Say which answers were kept against doubt, and which were not assessed."""
    entered = found.entered
    if entered is None:
        return ()
    by_hand = found.measure.recorded_by is not None
    return (*_odd_pairs(entered, by_hand=by_hand), *_not_assessed(entered))


def _odd_pairs(entered: Entered, *, by_hand: bool) -> Iterator[str]:
    """Name each pair that was asked about; what came from a file was confirmed by nobody."""
    if not doubts(entered):
        return
    form = entered.instrument
    since = "confirmed when it was entered" if by_hand else "as it was imported"
    for number, item in enumerate(form.items, start=1):
        answers = entered.answers_to(item)
        if 0 in answers and any(answers):
            pairs = zip(form.parts, answers, strict=True)
            said = [f"{part.label} {'blank' if n is None else n}" for part, n in pairs]
            yield f"Item {number} ({item.label}): {' with '.join(said)}, {since}."


def _not_assessed(entered: Entered) -> Iterator[str]:
    for number, item in enumerate(entered.instrument.items, start=1):
        answer = entered.answers.get(item.key)
        if answer is not None and answer == item.not_assessed:
            yield (
                f"Item {number} ({item.label}) was not assessed: it adds nothing to the total, "
                "and is no 0."
            )
