"""What differs between two editions of a sheet, with the words marked that do."""

from dataclasses import dataclass

from ipt_tracker.clinical.course.worksheets.fields import Field
from ipt_tracker.clinical.course.worksheets.sheet import Sheet
from ipt_tracker.persistence.queries.worksheets import SheetRow
from ipt_tracker.web.differences import Piece, marked

NOTHING: tuple[Piece, ...] = (("nothing", False),)


@dataclass(frozen=True, slots=True)
class Differing:
    """One answer that differs between two editions, in pieces: some words, and whether marked."""

    label: str
    before: tuple[Piece, ...]
    now: tuple[Piece, ...]


def differing(sheet: Sheet, before: SheetRow, now: SheetRow) -> tuple[Differing, ...]:
    """Give the answers that differ, with the words that do."""
    return tuple(
        _differing(field, text_in(field, before), text_in(field, now))
        for field in sheet.changed(before.content, now.content)
    )


def _differing(field: Field, old: str, new: str) -> Differing:
    return Differing(field.label, marked(old, new) or NOTHING, marked(new, old) or NOTHING)


def text_in(field: Field, row: SheetRow) -> str:
    """Write an answer of an edition as one text; nothing where there is none."""
    value = row.content.get(field.key)
    return "" if value is None else "\n".join(field.words(value))
