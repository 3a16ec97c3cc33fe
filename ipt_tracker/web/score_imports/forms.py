"""The forms of taking in scores: the file, its columns, what is asked about its rows, and why."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from flask import request
from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.exchange.score_dates import DateOrder, read_date
from ipt_tracker.exchange.score_sheet import LARGEST_FILE, TOO_LARGE, Sheet
from ipt_tracker.services.score_imports.matching import (
    LEAVE,
    NAMED,
    NO_ITEMS,
    Matching,
    Spelling,
    order_of,
    spellings_of,
)
from ipt_tracker.services.score_imports.taking import Answers
from ipt_tracker.web.change_form import ChangeForm
from ipt_tracker.web.fields import OneOf, drop_down, text
from ipt_tracker.web.forms import Form, Needed

YES, NO = "yes", "no"
MEANT = {YES: True, NO: False}
FORM_FIELD = "form_"
WHICH = "Choose a form, or leave these rows out."


class FileForm(Form):
    """A spreadsheet to be read."""

    form_errors: list[str]
    file = FileField(
        "Spreadsheet, CSV or XLSX",
        [Needed("Choose a file.")],
        description="At most 2 MB and 5,000 rows. You see every row before anything is kept.",
    )

    def validate_file(self, field: Any) -> None:  # noqa: ANN401 -- a WTForms field
        """Refuse a file that no table of scores fills."""
        self.content = field.data.stream.read(LARGEST_FILE + 1) if field.data else b""
        if len(self.content) > LARGEST_FILE:
            raise ValidationError(TOO_LARGE)


class ColumnsForm(ChangeForm):
    """Which column holds what."""

    patient = drop_down("Patient code", [], Needed("Choose the column of the patient code."))
    day = drop_down("Date on the form", [], Needed("Choose the column of the date."))
    day_first = OneOf("Order of day and month", validate_choice=True)
    form = drop_down("Form", [])
    every_form = drop_down("Or: all rows are", [])
    total = drop_down("Total", [])
    items = drop_down("Items", [])
    spelled: tuple[Spelling, ...] = ()
    filled: Mapping[str, object] = MappingProxyType({})
    asks_order = False

    def offer(self, sheet: Sheet) -> None:
        """Offer the columns of a table, and ask for the order of its dates where that matters."""
        columns = [SelectChoice(str(n), sheet.column(n)) for n in range(len(sheet.head))]
        self.patient.choices = self.day.choices = [SelectChoice("", "Choose a column"), *columns]
        named = SelectChoice("", "No column: the heads name it, as in phq9_total")
        self.form.choices = [named, *columns]
        self.every_form.choices = [SelectChoice("", "Not one form for all"), *_every_form()]
        self.total.choices = [SelectChoice("", "No column of its own"), *columns]
        begin = [SelectChoice(each.value, f"Begin at {each.label}") for each in columns]
        own = SelectChoice(NAMED, "In columns named like item_1 or pcl5_1")
        self.items.choices = [own, SelectChoice(NO_ITEMS, "Do not read items"), *begin]
        order = order_of(sheet, _place(self.day.data))
        self.asks_order = order.must_ask
        self.day_first.choices = _orders(order)
        if not self.is_submitted() and self.day_first.data is None and order.proposal is not None:
            self.day_first.data = YES if order.proposal else NO

    @property
    def spelling_fields(self) -> list[Any]:
        """The fields that say which form a name means."""
        return [self[f"{FORM_FIELD}{n}"] for n in range(len(self.spelled))]

    def matching(self) -> Matching:
        """Give what was said."""
        said = zip(self.spelled, self.spelling_fields, strict=True)
        return Matching(
            patient=int(self.patient.data),
            day=int(self.day.data),
            form=_place(self.form.data),
            every_form=self.every_form.data or None,
            total=_place(self.total.data),
            items=self.items.data,
            forms={spelling.small: field.data for spelling, field in said},
            day_first=MEANT.get(self.day_first.data),
        )


def columns_form(sheet: Sheet, filled: Mapping[str, object]) -> ColumnsForm:
    """Make the form for a table; it asks what each name of a form in it means.

    Where the chosen column cannot be one of names, saving says so.
    """
    typed = request.form if request.method == "POST" else filled
    try:
        form, every = _place(typed.get("form")), str(typed.get("every_form") or "") or None
        spelled = spellings_of(sheet, form, every)
    except (RuleBroken, IndexError):
        spelled = ()
    fields = {f"{FORM_FIELD}{n}": _which(each) for n, each in enumerate(spelled)}
    made = type("MatchedColumnsForm", (ColumnsForm,), {**fields, "spelled": spelled})
    known: Any = filled.get("forms")
    answers = {} if known is None else {s.small: known.get(s.small) for s in spelled}
    first = {f"{FORM_FIELD}{n}": _sure(each, answers) for n, each in enumerate(spelled)}
    form_made: ColumnsForm = made(data={**filled, **first})
    form_made.filled = {**filled, **first}
    form_made.offer(sheet)
    return form_made


def _sure(spelling: Spelling, answers: Mapping[str, str | None]) -> str:
    """Give what was answered, else the one form that the name can mean."""
    return answers.get(spelling.small) or (spelling.keys[0] if len(spelling.keys) == 1 else "")


def _which(spelling: Spelling) -> Any:  # noqa: ANN401 -- a WTForms field
    choices = [
        SelectChoice("", "Choose"),
        *_every_form(),
        SelectChoice(LEAVE, "Leave these rows out"),
    ]
    several = "The name does not say over which time it asks." if len(spelling.keys) > 1 else ""
    return drop_down(f"“{spelling.text}” is", choices, Needed(WHICH), description=several)


def _every_form() -> list[SelectChoice]:
    return [SelectChoice(key, one.version) for key, one in INSTRUMENTS.items()]


def _place(value: object) -> int | None:
    """Read the place of a column; None where none is chosen."""
    text_of = "" if value is None else str(value)
    return int(text_of) if text_of.isdecimal() else None


def _orders(order: DateOrder) -> list[SelectChoice]:
    """Offer the two ways to read the first date that has two."""
    if order.both is None:
        return [SelectChoice(YES, "Day first"), SelectChoice(NO, "Month first")]
    ways = ((YES, "Day first"), (NO, "Month first"))
    return [SelectChoice(code, f"{words}: {_read(order.both, code)}") for code, words in ways]


def _read(both: str, code: str) -> str:
    day = read_date(both, day_first=MEANT[code])
    return f"{both} is {day.day} {day:%B %Y}"


class TakeForm(ChangeForm):
    """What is asked before the rows are taken in."""

    seal = HiddenField()
    same = OneOf(
        "Forms that are here already with the same total",
        choices=[
            SelectChoice(NO, "Leave them out"),
            SelectChoice(YES, "Take them in as second forms of that day"),
        ],
    )
    other = OneOf(
        "Forms of a day that has one with another total",
        choices=[
            SelectChoice(NO, "Leave them out"),
            SelectChoice(YES, "Take them in as second forms of that day"),
        ],
    )
    odd = BooleanField("They stand so on the forms")

    def answers(self) -> Answers:
        """Give what was answered."""
        same, other = (MEANT.get(field.data) for field in (self.same, self.other))
        return Answers(self.seal.data or "", same, other, bool(self.odd.data))


class DropForm(Form):
    """Dropping what was read."""


class UndoForm(ChangeForm):
    """Why all of it is taken back."""

    reason = text("Reason", 500, Needed("Give the reason."))
