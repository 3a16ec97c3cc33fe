"""What a rater marked, in words: on the comparison, in its history, on the forms that follow it."""

from collections.abc import Mapping
from typing import Any

from ipt_tracker.clinical.course.codes import label_of
from ipt_tracker.clinical.fidelity.codes import Basis, RaterRole, Selection
from ipt_tracker.clinical.fidelity.item_set import QUALITIES, ItemSet
from ipt_tracker.clinical.fidelity.rating import DELIVERED, QUALITY
from ipt_tracker.services.fidelity.comparison import Rater
from ipt_tracker.services.fidelity.doors import Rated, RatedKind
from ipt_tracker.web.fidelity.rate_form import in_order
from ipt_tracker.web.page import day
from ipt_tracker.web.sessions.rows import slot_title

Row = Any
"""A row of a table: this room works with rows and does not know the tables."""

ANSWERS: Mapping[float | None, str] = {1: "yes", 0.5: "partly", 0: "no", None: "n/a"}
NONE = "–"
YES_NO, NA_YES = "yes against no", "n/a against yes"
"""The answers on delivered that lie farthest apart."""
FIELDS = {
    "global_competence": "Overall competence",
    "alliance": "Alliance",
    "basis": "Basis",
    "portion": "Part that was heard",
    "minutes_heard": "Minutes heard",
    "remark": "Remark",
}
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def session_title(rated: Rated) -> str:
    """Name what is rated: "Session 6", "Group session 3"."""
    if rated.kind is RatedKind.GROUP:
        return f"Group session {rated.record.number}"
    return slot_title(rated.record)


def session_words(rated: Rated, therapists: tuple[str, ...]) -> str:
    """Say whose session it was, of which patient or group, and when."""
    title = session_title(rated)
    named = f"{title[:1].lower()}{title[1:]}"
    where = f"{rated.code}, {named}, {day(rated.held_on)}"
    return f"{' and '.join(therapists)} / {where}" if therapists else where


def delivered_words(delivered: float | None) -> str:
    """Say whether an item was delivered."""
    return ANSWERS.get(delivered, str(delivered))


def role_words(role: str) -> str:
    """Name a rater's role within a sentence."""
    return label_of(RaterRole, role).lower()


def short_name(rater: Rater) -> str:
    """Name a rater at the head of a column: "you", "self", "supervisor"."""
    return "you" if rater.is_own else role_words(rater.role)


def full_name(rater: Rater) -> str:
    """Name a rater in a sentence."""
    if rater.is_own:
        return "you"
    return "the consensus" if rater.role == RaterRole.CONSENSUS else rater.name


def scale_words(value: int | None, item_set: ItemSet) -> str:
    """Write a quality with its word: "3, adequate"."""
    return NONE if value is None else f"{value}, {item_set.quality_word(value).lower()}"


def basis_words(basis: str | None) -> str:
    """Say how a rater knows the session."""
    return label_of(Basis, basis) if basis else "Not stated"


def selection_words(selection: str | None, role: str) -> str:
    """Say how the session came to be rated; of a self-rating there is nothing to say."""
    if role == RaterRole.SELF:
        return ""
    return label_of(Selection, selection) if selection else "How it was picked is not stated"


def portion_words(row: Row) -> str:
    """Say which part was heard."""
    minutes = f"{row.minutes_heard} minutes" if row.minutes_heard else ""
    return ", ".join(part for part in (row.portion or "", minutes) if part)


def field_words(field: str, item_set: ItemSet) -> str:
    """Name an amended field: "Item 9, quality"; the field is stored as items.F09.q."""
    kind, _, rest = field.partition(".")
    code, _, part = rest.partition(".")
    if kind == "items" and code:
        named = {DELIVERED: ", delivered", QUALITY: ", quality"}.get(part, "")
        return f"{item_words(code, item_set)}{named}"
    if kind == "proscribed" and code:
        return item_set.text_of(code)
    return FIELDS.get(field) or field.replace("_", " ").replace(".", ", ").capitalize()


def item_words(code: str, item_set: ItemSet) -> str:
    """Name an item by its number in the set, or by its code where the set has none such."""
    codes = [item.code for item in in_order(item_set)]
    return f"Item {codes.index(code) + 1}" if code in codes else f"Item {code}"


def amended_words(field: str, value: Any, item_set: ItemSet) -> str:  # noqa: ANN401 -- a mark of any kind
    """Write what stood, or stands, in an amended field."""
    if isinstance(value, Mapping):
        delivered, quality = delivered_words(value.get(DELIVERED)), value.get(QUALITY)
        return delivered if quality is None else f"{delivered}, quality {quality}"
    if field.endswith(f".{DELIVERED}"):
        return delivered_words(value)
    if isinstance(value, bool):
        return "marked" if value else "not marked"
    return "nothing" if value is None or value == "" else _plain_words(field, value, item_set)


def _plain_words(field: str, value: object, item_set: ItemSet) -> str:
    if field == "basis":
        return basis_words(str(value))
    if field in {"global_competence", "alliance"} and value in QUALITIES:
        return scale_words(int(str(value)), item_set)
    return str(value)


def number_words(number: int) -> str:
    """Write a small number as a word."""
    return NUMBERS[number] if number < len(NUMBERS) else str(number)


def listed(words: tuple[str, ...] | list[str]) -> str:
    """Write "a, b and c"."""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last
