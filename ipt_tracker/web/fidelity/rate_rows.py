"""The form of a rating as its page draws it, and its session in words."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from ipt_tracker.clinical.course.codes import label_of
from ipt_tracker.clinical.course.focal_areas import DisputeStage, focal_area_label
from ipt_tracker.clinical.course.kinds import kind_of
from ipt_tracker.clinical.fidelity.codes import RaterRole, Selection
from ipt_tracker.clinical.fidelity.item_set import ItemSet, domain_label
from ipt_tracker.services.fidelity.rating_sheet import RatingSheet
from ipt_tracker.web.fidelity.rate_form import RatingForm, in_order
from ipt_tracker.web.measures.fields import Key, KeyField
from ipt_tracker.web.page import day, day_year
from ipt_tracker.web.sessions.rows import phase_label

NOT_EXPECTED = "not expected in this phase"
BLIND = {
    RaterRole.SELF: (
        "Ratings of this session by your supervisor or anybody else stay sealed until you submit."
    ),
    RaterRole.SUPERVISOR: (
        "{therapist}’s own rating of this session, and any other rater’s, stay sealed until you "
        "submit."
    ),
    RaterRole.INDEPENDENT: "All other ratings of this session stay sealed until you submit.",
}
AFTER = "After that all open side by side, and yours can be amended but not replaced."


@dataclass(frozen=True, slots=True)
class Pad:
    """One row of keys: the field with its radios, each under its key."""

    field: KeyField
    cells: tuple[tuple[Key, Any], ...]


@dataclass(frozen=True, slots=True)
class PadRow:
    """One item, or one of the two overall ratings, which have no `delivered`."""

    number: str
    label: str
    cluster: str
    note: str
    delivered: Pad | None
    quality: Pad


@dataclass(frozen=True, slots=True)
class RatedWords:
    """A session that is rated in words: "SYN-02, session 6", and the line under the heading."""

    name: str
    lead: str
    blind: str
    who: tuple[str, ...]
    """Whose it is and how it was picked, as far as this rater may know."""


def pad_rows(form: RatingForm, phase: str) -> tuple[PadRow, ...]:
    """Give every item under its domain, then what is rated overall."""
    items = [
        PadRow(
            str(number),
            item.text,
            domain_label(item.domain),
            "" if item.is_expected_in(phase) else NOT_EXPECTED,
            _pad(form.delivered(item)),
            _pad(form.quality(item)),
        )
        for number, item in enumerate(in_order(form.item_set), 1)
    ]
    overall = [PadRow("", f.label.text, "Overall", "", None, _pad(f)) for f in form.overall]
    return (*items, *overall)


def quality_words(item_set: ItemSet) -> str:
    """Say what the ends and the middle of quality mean: "1 poor, 3 adequate, 5 very good"."""
    return ", ".join(f"{n} {item_set.quality_word(n).lower()}" for n in (1, 3, 5))


def rated_words(sheet: RatingSheet) -> RatedWords:
    """Name a session that is rated, with what its rater may know of it."""
    record = sheet.rated.record
    kind = getattr(record, "kind", "group")
    facts = [day_year(record.held_on), f"{phase_label(record.phase).lower()} phase"]
    if sheet.focal_area:
        stage = sheet.dispute_stage and label_of(DisputeStage, sheet.dispute_stage).lower()
        area = focal_area_label(sheet.focal_area).lower()
        facts.append(f"focus: {area}, {stage}" if stage else f"focus: {area}")
    blind = BLIND[sheet.role].format(therapist=" and ".join(sheet.therapists))
    return RatedWords(
        name=f"{sheet.rated.code}, {session_words(kind, record.number, record.held_on)}",
        lead=", ".join(facts),
        blind=f"{blind} {AFTER}",
        who=_who(sheet),
    )


def session_words(kind: str, number: int | None, held_on: date) -> str:
    """Name a session after a code: "session 6", "maintenance visit 2", "group session 3"."""
    if kind == "group":
        return f"group session {number}" if number else f"group session of {day(held_on)}"
    if number is None:
        return f"appointment of {day(held_on)}"
    known = kind_of(kind)
    if known is None or known.counts_against_the_contract:
        return f"session {number}"
    return f"{known.label.lower()} {number}"


def _who(sheet: RatingSheet) -> tuple[str, ...]:
    said = list(sheet.therapists) if sheet.role is RaterRole.SUPERVISOR else []
    if sheet.role is RaterRole.SUPERVISOR:
        said.append(label_of(Selection, sheet.selection or Selection.CHOSEN.value).lower())
    return tuple(said)


def _pad(field: KeyField) -> Pad:
    return Pad(field, tuple(zip(field.keys, field, strict=True)))
