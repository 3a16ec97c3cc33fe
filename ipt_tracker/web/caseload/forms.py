"""The find form, which stands in the head of every page, and the filters of the caseload."""

from typing import Any
from uuid import UUID

from flask import request
from wtforms import Form as Plain
from wtforms import HiddenField, SearchField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from ipt_tracker.clinical.course.notes import OPEN, NoteState
from ipt_tracker.clinical.course.phases import Phase
from ipt_tracker.services.caseload import Choices, Filters
from ipt_tracker.web.forms import Form, Needed, stripped

LONGEST = 80


class FindForm(Form):
    """A code or a name, or a part of one; a focal area in any school's words."""

    q = SearchField(
        "Code, name or focal area",
        [
            Needed("Type a code or a name, or a part of one."),
            Length(max=LONGEST, message=f"That is more than {LONGEST} characters."),
        ],
        filters=[stripped],
        description="A part is enough. Several words may stand in any order.",
    )


ANY = SelectChoice("", "Any")
NOTES = (*sorted(OPEN, reverse=True), NoteState.AWAITING_COSIGN)


class FilterForm(Plain):
    """What a list is narrowed down to. It is sent with GET: codes alone, no patient's word."""

    show = HiddenField()
    sort = HiddenField()
    phase = SelectField("Phase", choices=[ANY, *(SelectChoice(p.value, p.short) for p in Phase)])
    area = SelectField("Focal area")
    note = SelectField("Note", choices=[ANY, *(SelectChoice(n.value, n.label) for n in NOTES)])
    therapist = SelectField("Therapist")

    def offer(self, choices: Choices) -> None:
        """Offer the areas of the clinic, and whose courses there are."""
        self.area.choices = [ANY, *(SelectChoice(code, words) for code, words in choices.areas)]
        people = [SelectChoice(str(each), name) for each, name in choices.therapists]
        self.therapist.choices = [ANY, *people]
        if not people:
            del self.therapist


def chosen_filters() -> Filters:
    """Read the filters from the address; what is not one of a fixed list narrows nothing."""
    return Filters(
        area=_code("area"),
        phase=_one_of("phase", Phase),
        note=_one_of("note", NOTES),
        therapist=request.args.get("therapist", type=UUID),
    )


def _one_of(name: str, codes: Any) -> str | None:  # noqa: ANN401 -- an enumeration or a tuple
    text = request.args.get(name, "")
    return text if text in {str(code) for code in codes} else None


def _code(name: str) -> str | None:
    """Read the code of an area; the list of areas differs from clinic to clinic."""
    return request.args.get(name, "")[:LONGEST] or None


def arguments(filters: Filters) -> dict[str, Any]:
    """Give the filters as they stand in an address."""
    found = {
        "area": filters.area,
        "phase": filters.phase,
        "note": filters.note,
        "therapist": str(filters.therapist) if filters.therapist else None,
    }
    return {name: value for name, value in found.items() if value}
