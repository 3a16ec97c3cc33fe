"""The form that corrects one field of a signed note: the same kind of field as in the session."""

from collections.abc import Callable
from types import MappingProxyType
from typing import Any

from wtforms import SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice

from ipt_tracker.clinical.course.attendance import Attendance
from ipt_tracker.clinical.course.catalogue import (
    TASKS,
    TECHNIQUES,
    Task,
    TaskGroup,
    TaskSheet,
    task_text,
    tasks_for,
    technique_label,
)
from ipt_tracker.clinical.course.focal_areas import DisputeStage, focal_area_label
from ipt_tracker.clinical.course.records import Modality, RiskCheck
from ipt_tracker.clinical.course.session_rules import BEST_MOOD
from ipt_tracker.services.note_corrections import CORRECTABLE, current
from ipt_tracker.web.fields import Day, Version, text, words
from ipt_tracker.web.forms import Needed, WholeNumber
from ipt_tracker.web.notes.forms import ReadForm
from ipt_tracker.web.sessions.amended import field_label, value_words
from ipt_tracker.web.sessions.fields import TimeOfDay, with_own

Row = Any
"""A row of a table: this room works with rows and does not know the tables."""
NEW = "What is right"
NOTHING = SelectChoice("", "Not stated")
LINE, WORDS, SELECT, BOXES, TASK_LIST = "line", "words", "select", "boxes", "tasks"
"""How a field stands on the page."""


class CorrectionForm(ReadForm):
    """What is right instead, and why it was wrong; `new` differs from field to field."""

    version = Version(validators=[Needed("Open the note again, then send this.")])
    reason = words("Why it is corrected", Needed("Say why it is corrected."))
    shape = LINE
    name_of_field = ""

    def fill(self, record: Row) -> None:
        """Start from what the note says, in a form that nobody has sent yet."""
        if not self.is_submitted():
            value = current(record, self.name_of_field)
            select = isinstance(self["new"], SelectField)
            self.process(data={"new": "" if value is None and select else value})
        self.show(record)

    def value(self) -> object:
        """Give what was entered, as the record keeps it."""
        given = self["new"].data
        if isinstance(given, list):
            return list(given)
        if self.name_of_field == "minutes_late":
            return given or 0
        if self.name_of_field == "mood":
            return int(given) if given else None
        return None if given in (None, "") else given


def _mood(_course: Row, _record: Row) -> SelectField:
    choices = [SelectChoice("", "Not given")]
    choices += [SelectChoice(str(n), f"{n} of {BEST_MOOD}") for n in range(BEST_MOOD + 1)]
    return SelectField(NEW, choices=choices)


def _focal_area(course: Row, record: Row) -> SelectField:
    codes = dict.fromkeys([*(s.area for s in course.focal_areas), record.focal_area or ""])
    made = [SelectChoice(code, focal_area_label(code)) for code in codes if code]
    return SelectField(NEW, choices=[SelectChoice("", "No focus"), *made])


def _codes(field: str, codes: Any, *first: SelectChoice) -> Callable[[Row, Row], SelectField]:  # noqa: ANN401 -- a set of codes
    def made(_course: Row, record: Row) -> SelectField:
        own = current(record, field)
        return SelectField(NEW, choices=[*first, *with_own(codes, codes, str(own or ""))])

    return made


def _tasks(_course: Row, record: Row) -> SelectMultipleField:
    codes = dict.fromkeys([*TASKS, *record.tasks])
    return SelectMultipleField(NEW, choices=[SelectChoice(c, task_text(c)) for c in codes])


def _techniques(_course: Row, record: Row) -> SelectMultipleField:
    codes = dict.fromkeys([*TECHNIQUES, *record.techniques])
    return SelectMultipleField(NEW, choices=[SelectChoice(c, technique_label(c)) for c in codes])


def _plain(make: Callable[[], Any]) -> Callable[[Row, Row], Any]:
    return lambda _course, _record: make()


FIELDS: MappingProxyType[str, tuple[str, Callable[[Row, Row], Any]]] = MappingProxyType(
    {
        "held_on": (LINE, _plain(lambda: Day(NEW))),
        "starts_at": (LINE, _plain(lambda: TimeOfDay(NEW))),
        "duration_minutes": (LINE, _plain(lambda: WholeNumber(NEW))),
        "minutes_late": (LINE, _plain(lambda: WholeNumber(NEW))),
        "modality": (SELECT, _codes("modality", Modality, NOTHING)),
        "patient_location": (LINE, _plain(lambda: text(NEW, 200))),
        "attendance": (SELECT, _codes("attendance", Attendance)),
        "mood": (SELECT, _mood),
        "linked_event": (WORDS, _plain(lambda: words(NEW))),
        "focal_area": (SELECT, _focal_area),
        "dispute_stage": (SELECT, _codes("dispute_stage", DisputeStage, NOTHING)),
        "tasks": (TASK_LIST, _tasks),
        "techniques": (BOXES, _techniques),
        "homework": (WORDS, _plain(lambda: words(NEW))),
        "plan": (WORDS, _plain(lambda: words(NEW))),
        "note": (WORDS, _plain(lambda: words(NEW))),
        "risk": (SELECT, _codes("risk", RiskCheck, SelectChoice("", "Choose"))),
        "risk_detail": (WORDS, _plain(lambda: words(NEW))),
        "risk_action": (WORDS, _plain(lambda: words(NEW))),
        "risk_told_who": (LINE, _plain(lambda: text(NEW, 200))),
        "risk_told_on": (LINE, _plain(lambda: Day(NEW))),
    }
)


def correction_form(field: str, course: Row, record: Row) -> CorrectionForm:
    """Make the form for one field of one record."""
    shape, make = FIELDS[field]
    made = type(
        "OneField",
        (CorrectionForm,),
        {"new": make(course, record), "shape": shape, "name_of_field": field},
    )
    form: CorrectionForm = made()
    return form


def sheet_for(course: Row, record: Row) -> TaskSheet:
    """Give the tasks of the session's phase and focus first, then all others."""
    sheet = tasks_for(record.phase, record.focal_area, course.protocol)
    own = tuple(Task(code, "", code, code) for code in record.tasks if code not in TASKS)
    more = (TaskGroup("", "From another catalogue", own),) if own else ()
    return TaskSheet(sheet.shown, (*sheet.others, *more))


def lines_of(record: Row) -> list[tuple[str, str, str]]:
    """Give each field that can be corrected, with its name and what it says now."""
    return [
        (field, field_label(field), value_words(field, current(record, field)))
        for field in CORRECTABLE
    ]
