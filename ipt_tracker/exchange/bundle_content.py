"""Comparing two versions of one case: the same text for the same content, and where they differ."""

import json
from collections.abc import Iterator

NOT_DATA = "expected"
"""The figures that a case should reproduce are no part of its content."""
LONGEST_SHOWN = 60


def canonical(value: object) -> str:
    """Write a JSON value as text that is the same for the same content.

    Keys are sorted, and a number without a fraction is written without one.
    """
    return json.dumps(_plain(value), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def content_of(case: dict[str, object]) -> str:
    """Write the content of a case, which leaves out the figures it should reproduce."""
    return canonical({key: value for key, value in case.items() if key != NOT_DATA})


def first_difference(stored: str, given: str) -> str | None:
    """Name the first place where two canonical texts differ, or None where they say the same.

    "sessions[3].measures[0].total: 41 stored, 42 in the file".
    """
    return next(_differences(_plain(json.loads(stored)), _plain(json.loads(given)), ""), None)


def _differences(stored: object, given: object, place: str) -> Iterator[str]:
    if isinstance(stored, dict) and isinstance(given, dict):
        yield from _between_objects(stored, given, place)
    elif isinstance(stored, list) and isinstance(given, list):
        yield from _between_lists(stored, given, place)
    elif canonical(stored) != canonical(given):
        yield f"{place or 'the case'}: {_shown(stored)} stored, {_shown(given)} in the file"


def _between_objects(
    stored: dict[str, object], given: dict[str, object], place: str
) -> Iterator[str]:
    for key in sorted(stored.keys() | given.keys()):
        inner = f"{place}.{key}" if place else key
        if key not in given:
            yield f"{inner}: {_shown(stored[key])} stored, not in the file"
        elif key not in stored:
            yield f"{inner}: not stored, {_shown(given[key])} in the file"
        else:
            yield from _differences(stored[key], given[key], inner)


def _between_lists(stored: list[object], given: list[object], place: str) -> Iterator[str]:
    for index, (one, other) in enumerate(zip(stored, given, strict=False)):
        yield from _differences(one, other, f"{place}[{index}]")
    if len(stored) != len(given):
        yield f"{place}: {len(stored)} entries stored, {len(given)} in the file"


def _shown(value: object) -> str:
    text = canonical(value)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value
