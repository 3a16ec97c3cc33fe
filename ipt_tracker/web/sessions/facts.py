"""What was said of a slot, as pairs of a label and words."""

from datetime import date
from typing import Any

from ipt_tracker.web.page import day

Fact = tuple[str, str]


def facts(*pairs: tuple[str, object]) -> tuple[Fact, ...]:
    """Keep what was said; a zero was said, an empty answer was not."""
    return tuple((label, _text(value)) for label, value in pairs if value not in (None, "", {}))


def _text(value: object) -> str:
    return day(value) if isinstance(value, date) else str(value)


def extra_facts(extra: Any) -> tuple[Fact, ...]:  # noqa: ANN401 -- whatever a file said
    """Show what an imported file said and no column holds."""
    return facts(*((str(k).replace("_", " "), v) for k, v in (extra or {}).items()))
