"""Forms that begin with marks that are there: one's own rating amended, a consensus of several."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

from wtforms import SelectMultipleField
from wtforms.fields.choices import SelectChoice

from ipt_tracker.clinical.fidelity.codes import RaterRole
from ipt_tracker.clinical.fidelity.item_set import ItemSet
from ipt_tracker.clinical.fidelity.rating import DELIVERED, QUALITY, ItemRating
from ipt_tracker.clinical.fidelity.side_by_side import ItemBeside
from ipt_tracker.services.fidelity.comparison import RatingShown
from ipt_tracker.services.fidelity.consensus import Start
from ipt_tracker.web.fidelity.mark_words import (
    NONE,
    basis_words,
    delivered_words,
    portion_words,
    scale_words,
)
from ipt_tracker.web.fidelity.rate_form import OVERALL, VALUES, RatingForm, rating_form
from ipt_tracker.web.fidelity.rate_rows import PadRow, pad_rows
from ipt_tracker.web.fields import Version, words
from ipt_tracker.web.forms import Needed

Row = Any
"""A row of a table: this room works with rows and does not know the tables."""

PRESSED = {value: key for key, value in VALUES.items()}
"""Which key stands for an answer."""
FROM = "from"
WAS = "It says"


def amend_form(item_set: ItemSet, row: Row, *, recorded: bool) -> RatingForm:
    """Make the form that amends a rating: filled in with what it says, and why it changes."""
    fields = {
        "item_set": item_set,
        "version": Version(validators=[Needed("Open the rating again, then send this.")]),
        "reason": words("Why you amend it", Needed("Say why you amend it.")),
    }
    form = _made("AmendForm", item_set, fields, recorded=recorded)
    items = {code: _item(item) for code, item in row.items.items()}
    plain = {name: getattr(row, name) for name in ("basis", "portion", "minutes_heard", "remark")}
    overall = {name: getattr(row, name) for name in OVERALL}
    seen = [code for code, seen in row.proscribed.items() if seen]
    _begin(form, {**_typed(items, overall), **plain, "flags": seen, "version": row.version})
    return form


def consensus_form(start: Start, *, recorded: bool) -> RatingForm:
    """Make the form of a consensus: filled in where raters agree, empty where they differ."""
    choices = [
        SelectChoice(str(each.row.id), f"{each.rater.name}, {RaterRole(each.row.role).label}")
        for each in start.ratings
    ]
    who = SelectMultipleField("Who took part", choices=choices)
    fields = {"item_set": start.item_set, FROM: who}
    form = _made("ConsensusForm", start.item_set, fields, recorded=recorded)
    overall = dict(zip(OVERALL, (start.competence, start.alliance), strict=True))
    more = {"basis": start.basis, "flags": [code for code, seen in start.flags.items() if seen]}
    took_part = [choice.value for choice in choices]
    _begin(form, {**_typed(start.items, overall), **more, FROM: took_part})
    return form


def amended_rows(form: RatingForm, row: Row, phase: str) -> tuple[PadRow, ...]:
    """Give the rows of keys, each with what the rating says now."""
    said = {
        f"d_{code}": f"{WAS}: {_item_words(_item(item))}" for code, item in row.items.items()
    } | {name: f"{WAS}: {scale_words(getattr(row, name), form.item_set)}" for name in OVERALL}
    return _noted(form, phase, said)


def consensus_rows(form: RatingForm, start: Start, phase: str) -> tuple[PadRow, ...]:
    """Give the rows of keys, with what each rater marked where they differ."""
    both = zip(start.beside, start.first, strict=True)
    said = {
        f"d_{item.code}": _each_words(item, first, start)
        for item, first in both
        if not item.is_same or item != first
    }
    for name, agreed in zip(OVERALL, (start.competence, start.alliance), strict=True):
        if agreed is None or any(each.first[name] != agreed for each in start.ratings):
            said[name] = "; ".join(
                f"{each.rater.name}: {_overall_words(each, name, start)}" for each in start.ratings
            )
    return _noted(form, phase, said)


def flag_words(start: Start) -> tuple[str, ...]:
    """Say who marked what is not IPT, where raters differ."""
    return tuple(
        f"{each.text}: marked by {', '.join(_marking(start, each.code))}"
        for each in start.item_set.proscribed
        if each.code not in start.flags
    )


def basis_of(row: Row) -> str:
    """Say how a rating was made, with the part that was heard."""
    portion = portion_words(row)
    return f"{basis_words(row.basis)}, {portion}" if portion else basis_words(row.basis)


def _made(name: str, item_set: ItemSet, fields: dict[str, Any], *, recorded: bool) -> RatingForm:
    made = cast("type[RatingForm]", type(name, (rating_form(item_set),), fields))
    return made(RaterRole.SUPERVISOR, recorded=recorded, starts_here=False)


def _begin(form: RatingForm, values: Mapping[str, Any]) -> None:
    """Fill in a form that nobody has sent yet."""
    if not form.is_submitted():
        form.process(data=dict(values))
    form.carry()


def _typed(items: Mapping[str, ItemRating], overall: Mapping[str, int | None]) -> dict[str, Any]:
    """Give marks as the keys that stand for them."""
    found: dict[str, Any] = {}
    for code, item in items.items():
        found[f"d_{code}"] = PRESSED.get(item.delivered)
        found[f"q_{code}"] = None if item.quality is None else str(item.quality)
    return found | {n: None if v is None else str(v) for n, v in overall.items()}


def _item(item: Mapping[str, Any]) -> ItemRating:
    return ItemRating(item.get(DELIVERED), item.get(QUALITY))


def _noted(form: RatingForm, phase: str, said: Mapping[str, str]) -> tuple[PadRow, ...]:
    rows = []
    for row in pad_rows(form, phase):
        field = row.delivered.field if row.delivered else row.quality.field
        notes = [part for part in (row.note, said.get(field.name, "")) if part]
        rows.append(replace(row, note=". ".join(notes)))
    return tuple(rows)


def _item_words(item: ItemRating) -> str:
    delivered = delivered_words(item.delivered)
    return delivered if item.quality is None else f"{delivered}, quality {item.quality}"


def _each_words(item: ItemBeside, first: ItemBeside, start: Start) -> str:
    every = zip(item.marks, first.marks, start.ratings, strict=True)
    return "; ".join(
        f"{each.rater.name}: {_since(_mark_words(now), _mark_words(was))}"
        for now, was, each in every
    )


def _mark_words(mark: ItemRating | None) -> str:
    return _item_words(mark) if mark else NONE


def _overall_words(shown: RatingShown, name: str, start: Start) -> str:
    now, was = getattr(shown.row, name), shown.first[name]
    return _since(scale_words(now, start.item_set), scale_words(was, start.item_set))


def _since(now: str, was: str) -> str:
    """Write a value, and what it was at first where it was amended."""
    return now if now == was else f"{now} (amended, first {was})"


def _marking(start: Start, code: str) -> list[str]:
    return [each.rater.name for each in start.ratings if each.row.proscribed.get(code)]
