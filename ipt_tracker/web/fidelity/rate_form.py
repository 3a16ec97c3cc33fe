"""The form of a rating: made for one item set, with the basis and what is rated overall."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, cast

from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, SelectMultipleField
from wtforms.fields.choices import SelectChoice

from ipt_tracker.clinical.fidelity.codes import Basis, RaterRole
from ipt_tracker.clinical.fidelity.item_set import QUALITIES, Item, ItemSet
from ipt_tracker.clinical.fidelity.marks import (
    NO,
    PARTLY,
    YES,
    Marks,
    faults_of,
    mark,
    was_done,
)
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.services.fidelity.ratings import RatingEntry
from ipt_tracker.web.fields import drop_down, options, text, words
from ipt_tracker.web.forms import Form, WholeNumber
from ipt_tracker.web.measures.fields import BLANK, FocusFirst, Key, KeyField

DELIVERED = (
    Key("Yes", "1", "delivered"),
    Key("Partly", "0.5", "delivered"),
    Key("No", "0", "not delivered"),
    Key("n/a", BLANK, "not applicable"),
)
VALUES = {"1": YES, "0.5": PARTLY, "0": NO, BLANK: None}
OVERALL = ("global_competence", "alliance")
TAKEN_AWAY = "Quality {} was taken away: it is for what was delivered, yes or partly."


def in_order(item_set: ItemSet) -> tuple[Item, ...]:
    """Give the items as the page has them: domain by domain."""
    return tuple(item for domain in item_set.domains for item in item_set.of_domain(domain))


def quality_keys(item_set: ItemSet) -> tuple[Key, ...]:
    """Give the keys of quality with the words that the item set has for them."""
    return tuple(Key(str(n), str(n), item_set.quality_word(n).lower(), n) for n in QUALITIES)


class RatingForm(Form):
    """A rating of one session. The item set is carried along: a form is finished as it began."""

    item_set_ref = HiddenField(name="item_set")
    basis = drop_down("Basis", options(list(Basis)))
    minutes_heard = WholeNumber("Minutes heard")
    portion = text("Which part", 120)
    remark = words("In your own words")
    form_errors: list[str]
    item_set: ItemSet
    flags: Any

    def __init__(self, role: RaterRole, *, recorded: bool, starts_here: bool = True) -> None:
        """Make it for a rater. One's own session is recalled; others say how they know it."""
        is_own = role is RaterRole.SELF
        super().__init__(data={"basis": Basis.RECALL.value if is_own else ""})
        self.asks_basis = not is_own
        if self.asks_basis:
            self.basis.choices = [SelectChoice("", "Choose"), *self.basis.choices]
        self.recorded = recorded
        self.carry()
        if starts_here and is_own and not self.is_submitted():
            self.delivered(in_order(self.item_set)[0]).option_widget = FocusFirst()

    def take(self, typed: MultiDict[str, str]) -> None:
        """Show what was typed at another time, with the item set that this form is of."""
        super().take(typed)
        self.carry()

    def carry(self) -> None:
        """Carry the name of the item set."""
        self.item_set_ref.raw_data, self.item_set_ref.data = None, self.item_set.ref

    def delivered(self, item: Item) -> KeyField:
        """Give the field that says whether an item was delivered."""
        return cast("KeyField", self[f"d_{item.code}"])

    def quality(self, item: Item) -> KeyField:
        """Give the field of an item's quality."""
        return cast("KeyField", self[f"q_{item.code}"])

    @property
    def overall(self) -> tuple[KeyField, ...]:
        """Give the two fields that rate the session as a whole."""
        return tuple(cast("KeyField", self[name]) for name in OVERALL)

    @property
    def answered(self) -> int:
        """How many items are answered, with their quality where they were delivered."""
        return sum(self._is_answered(item) for item in self.item_set.items)

    def entry(self) -> RatingEntry:
        """Give what was entered."""
        return RatingEntry(self.item_set.ref, self.marks())

    def marks(self) -> Marks:
        """Give what was marked; an item without an answer is left out."""
        overall = {name: _number(self[name].data) for name in OVERALL}
        seen = set(self.flags.data or ())
        return Marks(
            items={item.code: mark(*found) for item, found in self._items()},
            proscribed={each.code: each.code in seen for each in self.item_set.proscribed},
            basis=self.basis.data,
            portion=self.portion.data,
            minutes_heard=self.minutes_heard.data,
            remark=self.remark.data,
            **overall,
        )

    def judge(self) -> None:
        """Say beside its field everything that keeps this from being a rating."""
        for item in self.item_set.items:
            self._take_away(item)
        for fault in faults_of(self.marks(), self.item_set, recorded=self.recorded):
            self.reject(fault)

    def reject(self, broken: RuleBroken) -> None:
        """Put the message beside the field it belongs to; one message a field is enough."""
        field = self._field_of(broken.field or "")
        if field is None:
            super().reject(broken)
        elif not field.errors:
            field.errors = [broken.message]

    def _items(self) -> Iterator[tuple[Item, tuple[float | None, int | None]]]:
        for item in self.item_set.items:
            pressed = self.delivered(item).data
            if pressed in VALUES:
                yield item, (VALUES[pressed], _number(self.quality(item).data))

    def _is_answered(self, item: Item) -> bool:
        pressed = self.delivered(item).data
        if pressed not in VALUES:
            return False
        return not was_done(VALUES[pressed]) or _number(self.quality(item).data) is not None

    def _take_away(self, item: Item) -> None:
        """Take away a quality that has nothing to belong to: without scripts no key goes up."""
        pressed, quality = self.delivered(item).data, self.quality(item)
        if quality.data is None or pressed not in VALUES or was_done(VALUES[pressed]):
            return
        self.delivered(item).errors = [TAKEN_AWAY.format(quality.data)]
        quality.raw_data, quality.data = None, None

    def _field_of(self, name: str) -> Any:  # noqa: ANN401 -- WTForms
        kind, _, code = name.partition(".")
        if kind == "proscribed":
            return self.flags
        if kind != "items":
            return self._fields.get(name)
        answered = (self[f"d_{code}"].data if f"d_{code}" in self else None) in VALUES
        return self._fields.get(f"q_{code}" if answered else f"d_{code}")


@lru_cache(maxsize=8)
def rating_form(item_set: ItemSet) -> type[RatingForm]:
    """Make the form for one item set."""
    keys = quality_keys(item_set)
    fields: dict[str, Any] = {"item_set": item_set}
    for number, item in enumerate(in_order(item_set), 1):
        named = f"Item {number}, {item.text[:1].lower()}{item.text[1:]}"
        fields[f"d_{item.code}"] = KeyField(named, DELIVERED)
        fields[f"q_{item.code}"] = KeyField(named, keys)
    fields["global_competence"] = KeyField("Overall competence", keys)
    fields["alliance"] = KeyField("Alliance", keys)
    flags = [SelectChoice(each.code, each.text) for each in item_set.proscribed]
    fields["flags"] = SelectMultipleField("Not IPT", choices=flags)
    return cast("type[RatingForm]", type("RatingFormOf", (RatingForm,), fields))


def set_of(typed: Mapping[str, str]) -> str | None:
    """Give the item set with which a form or a draft was begun."""
    return typed.get("item_set") or None


def _number(pressed: str | None) -> int | None:
    return int(pressed) if pressed and pressed.isdecimal() else None
