"""Reading fidelity ratings and amendments of a course bundle."""

from datetime import date

from ipt_tracker.exchange import bundle_codes as codes
from ipt_tracker.exchange import bundle_extras as extras
from ipt_tracker.exchange.bundle_reader import LONGEST_CODE, LONGEST_NAME, Node
from ipt_tracker.exchange.bundle_values import AmendmentIn, ItemRatingIn, ProscribedIn, RatingIn

DELIVERED = (0, 0.5, 1)
BEST_QUALITY = 5


def amendments_in(node: Node, first_contact: date) -> tuple[AmendmentIn, ...]:
    """Read the amendments of a session or a rating."""
    return tuple(_amendment_in(inner, first_contact) for inner in node.nodes("amendments"))


def rating_in(node: Node, first_contact: date) -> RatingIn:
    """Read one fidelity rating of a session."""
    node.set_aside(*extras.RATING)
    return RatingIn(
        rater=node.needed_text("rater"),
        basis=node.code("basis", codes.RATING_BASES),
        scope=node.code("scope", codes.RATING_SCOPES),
        rated_on=node.day("rated_day", first_contact),
        global_quality=node.whole("global_competence", 1, BEST_QUALITY),
        items=_items_in(node),
        proscribed=_proscribed_in(node),
        amendments=amendments_in(node, first_contact),
        extra=node.left_over(),
    )


def _amendment_in(node: Node, first_contact: date) -> AmendmentIn:
    return AmendmentIn(
        field=node.text("field", LONGEST_NAME),
        old=node.json("old"),
        new=node.json("new"),
        reason=node.text("reason"),
        by=node.text("by", LONGEST_CODE),
        amended_on=node.day("day", first_contact),
        note_status_at_time=node.code("note_status_at_time", codes.NOTE_STATUSES),
        extra=node.left_over(),
    )


def _items_in(rating: Node) -> tuple[ItemRatingIn, ...]:
    items = rating.node("items")
    if items is None:
        return ()
    values = []
    for code in items.names():
        if code not in codes.FIDELITY_ITEMS:
            items.warn(code, "unknown item, kept as text")
        item = items.node(code)
        if item is not None:
            values.append(_item_in(code, item))
            if item.left_over():
                # An item has no place of its own for more, so the rating keeps all of them.
                rating.keep("items", "an item says more than delivered and quality")
    return tuple(values)


def _item_in(code: str, item: Node) -> ItemRatingIn:
    delivered = item.raw("d")
    if delivered is not None and (isinstance(delivered, bool) or delivered not in DELIVERED):
        raise item.broken("d", "delivered is 1, 0.5, 0 or null.")
    return ItemRatingIn(
        code=code,
        delivered=float(delivered) if isinstance(delivered, int | float) else None,
        quality=item.whole("q", 1, BEST_QUALITY),
    )


def _proscribed_in(rating: Node) -> tuple[ProscribedIn, ...]:
    node = rating.node("proscribed")
    if node is None:
        return ()
    values = []
    for code in node.names():
        if code not in codes.PROSCRIBED_ITEMS:
            node.warn(code, "unknown item, kept as text")
        seen = node.raw(code)
        if seen not in (None, 0, 1):
            raise node.broken(code, "a flag is 0, 1 or null.")
        values.append(ProscribedIn(code, None if seen is None else bool(seen)))
    return tuple(values)
