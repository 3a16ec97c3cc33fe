"""The fields of a form, made from what the instrument says about itself."""

from collections.abc import Iterator, Mapping

from wtforms import Field

from ipt_tracker.clinical.instruments.caps5 import CAPS5_MONTH
from ipt_tracker.clinical.instruments.caps5_severity import FREQUENCIES, INTENSITIES, propose
from ipt_tracker.clinical.instruments.instrument import Instrument
from ipt_tracker.clinical.instruments.items import Item
from ipt_tracker.web.measures.fields import (
    NO,
    YES,
    AnswerField,
    BesideField,
    Key,
    LevelField,
    blank_key,
    keys_of,
)

HELPED = (CAPS5_MONTH.key,)
"""The forms with a published rule that proposes a severity from its two halves."""
FREQUENCY, INTENSITY = "how_often", "how_strong"
PROPOSALS = tuple(
    tuple(propose(intensity, frequency) for frequency in range(len(FREQUENCIES)))
    for intensity in range(len(INTENSITIES))
)
"""The whole rule as a table: the page is handed the same one that the server uses."""
YES_NO = (Key("Yes", YES), Key("No", NO), blank_key("not recorded"))


def blank_words(form: Instrument) -> str:
    """Say what it is for an item to have no answer."""
    return "left blank" if form.self_report else "not rated"


def answer_fields(form: Instrument) -> dict[str, Field]:
    """Make a field for each answer, by its key."""
    anchors = {part.key: part.anchors for part in form.parts}
    each = max(len(form.parts), 1)
    return {
        own.key: AnswerField(
            nth // each + 1,
            own,
            (
                *keys_of(own, anchors.get(own.key.rpartition(".")[2], form.anchors)),
                blank_key(blank_words(form)),
            ),
        )
        for nth, own in enumerate(form.answer_items)
    }


def beside_fields(forms: tuple[Instrument, ...]) -> dict[str, Field]:
    """Make a field for everything that one of these forms rates beside its total."""
    every = {own.key: (own, form) for form in forms for own in form.beside}
    return {
        key: BesideField(
            own,
            (*keys_of(own, form.anchors), YES_NO[-1]) if isinstance(own, Item) else YES_NO,
        )
        for key, (own, form) in every.items()
    }


def level_fields(form: Instrument) -> dict[str, Field]:
    """Make two fields for each item: how often it was, and how strong."""
    halves = {
        FREQUENCY: ("frequency", FREQUENCIES),
        INTENSITY: ("intensity", INTENSITIES),
    }
    return {
        f"{item.key}.{half}": LevelField(item, label, words)
        for item in form.items
        for half, (label, words) in halves.items()
    }


def proposed(
    answers: tuple[AnswerField, ...], levels: Mapping[str, LevelField]
) -> Iterator[tuple[AnswerField, int]]:
    """Give the severity that the rule proposes wherever frequency and intensity are both there."""
    for answer in answers:
        halves = (levels.get(f"{answer.item.key}.{half}") for half in (INTENSITY, FREQUENCY))
        intensity, frequency = (half.level if half else None for half in halves)
        if intensity is not None and frequency is not None:
            severity = PROPOSALS[intensity][frequency]
            if severity is not None:
                yield answer, severity
