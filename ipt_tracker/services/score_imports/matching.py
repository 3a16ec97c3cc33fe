"""Which column of a spreadsheet holds what, and what its names of forms mean."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.exchange import score_heads as heads
from ipt_tracker.exchange.score_dates import DateOrder, date_order
from ipt_tracker.exchange.score_sheet import Sheet

NAMED = "named"
"""The items stand in columns that name them, such as pcl5_3 or item_3."""
NO_ITEMS = "none"
LEAVE = "leave"
"""Rows of this form are left out."""
MOST_SPELLINGS = 30
TOO_MANY = (
    f"This column has more than {MOST_SPELLINGS} different texts, so it does not name the form. "
    "Choose another one."
)


@dataclass(frozen=True, slots=True)
class Matching:
    """What a person said about a spreadsheet. Places of columns count from 0.

    `form` is the column that names the form of each row; without one the columns name their own,
    or `every_form` is the key of the one form of all rows. `items` is "named", "none" or the
    place of the first of all items, which stand in the order of the form. `forms` gives the key
    for each name of a form, or "leave".
    """

    patient: int
    day: int
    form: int | None = None
    every_form: str | None = None
    total: int | None = None
    items: str = NAMED
    forms: Mapping[str, str] = field(default_factory=dict)
    day_first: bool | None = None

    def as_json(self) -> dict[str, Any]:
        """Write it as it is kept."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Self:
        """Read what was kept."""
        return cls(**kept)

    @property
    def names_forms(self) -> bool:
        """Whether the columns name their forms themselves: several forms stand in one row."""
        return self.form is None and self.every_form is None


@dataclass(frozen=True, slots=True)
class Spelling:
    """A name of a form in the file, and which of ours it can mean; none where it is not known."""

    text: str
    keys: tuple[str, ...]

    @property
    def small(self) -> str:
        """The name without capitals and signs, under which the answer is kept."""
        return heads.small(self.text)


def proposed(sheet: Sheet) -> dict[str, object]:
    """Propose what each column is by its head."""
    form = heads.first_called(sheet.head, heads.FORM)
    return {
        "patient": heads.first_called(sheet.head, heads.PATIENT),
        "day": heads.first_called(sheet.head, heads.DAY),
        "form": form,
        "total": heads.first_called(sheet.head, heads.TOTAL),
        "items": NAMED,
    }


def spellings_of(sheet: Sheet, form: int | None, every_form: str | None) -> tuple[Spelling, ...]:
    """Give the names of forms that a table uses. RuleBroken where a column names no forms."""
    if every_form is not None:
        return ()
    if form is not None:
        texts = heads.spellings(sheet.values(form))
        if len(texts) > MOST_SPELLINGS:
            raise RuleBroken(TOO_MANY, "form")
    else:
        texts = tuple(dict.fromkeys(each.spelling for each in heads.form_columns(sheet.head)))
    return tuple(Spelling(text, tuple(o.key for o in heads.meant_by(text))) for text in texts)


def order_of(sheet: Sheet, day: int | None) -> DateOrder:
    """Look at the dates of a column for their order."""
    if day is None or day >= len(sheet.head):
        return date_order(())
    return date_order(sheet.values(day))


def check_matching(sheet: Sheet, matching: Matching) -> None:
    """Refuse what does not fit the table (RuleBroken with the field)."""
    chosen = [matching.patient, matching.day, matching.form, matching.total]
    places = [place for place in chosen if place is not None]
    if len(set(places)) < len(places):
        raise RuleBroken("One column is chosen for two things.")
    if matching.form is not None and matching.every_form is not None:
        raise RuleBroken("Choose the column of the form, or one form for all rows.", "every_form")
    if not _holds_scores(sheet, matching):
        raise RuleBroken("No column with totals or items is chosen or named.", "total")
    if order_of(sheet, matching.day).must_ask and matching.day_first is None:
        raise RuleBroken("Say in which order day and month stand.", "day_first")
    for spelling in spellings_of(sheet, matching.form, matching.every_form):
        said = matching.forms.get(spelling.small)
        if said != LEAVE and said not in INSTRUMENTS:
            raise RuleBroken(f"Say which form “{spelling.text}” is.", "forms")


def _holds_scores(sheet: Sheet, matching: Matching) -> bool:
    named = heads.form_columns(sheet.head)
    if matching.names_forms:
        return bool(named)
    if matching.total is not None or matching.items.isdecimal() or named:
        return True
    return matching.items == NAMED and bool(heads.item_columns(sheet.head))
