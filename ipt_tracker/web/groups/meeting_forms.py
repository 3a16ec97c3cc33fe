"""The form of one meeting: the group's part, and a folded row for each member."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from wtforms import Form as Part
from wtforms import FormField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from ipt_tracker.clinical.course.attendance import Attendance
from ipt_tracker.clinical.course.catalogue import TASKS, TECHNIQUES, technique_label
from ipt_tracker.clinical.course.codes import label_of
from ipt_tracker.clinical.course.groups import OF_A_MEMBER
from ipt_tracker.clinical.course.records import Modality, RiskCheck
from ipt_tracker.clinical.course.session_rules import (
    check_minutes,
    check_minutes_late,
    check_mood,
)
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.services.group_entries import (
    NAMES_MEANT,
    MeetingEntry,
    MemberEntry,
    RowsRefused,
)
from ipt_tracker.services.group_meeting import MeetingPage
from ipt_tracker.services.session_entries import RiskEntry
from ipt_tracker.services.session_questions import EVERY_QUESTION
from ipt_tracker.web.change_form import NEWER
from ipt_tracker.web.fields import Day, Version, drop_down, one_of, options, text, words
from ipt_tracker.web.forms import Needed, WholeNumber
from ipt_tracker.web.groups.record_forms import NO_NAME, RecordForm, is_about_names, say
from ipt_tracker.web.measures.fields import Keeps
from ipt_tracker.web.measures.parts import Question
from ipt_tracker.web.sessions.fields import TimeOfDay

PREFIX = "m_"
Row = Any
"""A row of a table: this room works with rows and does not know the tables."""


class MemberPart(Part):  # type: ignore[misc]  # -- WTForms brings no types
    """One member: attendance and a note, and on demand what else there is to say."""

    seen = Version()
    attendance = SelectField(
        "Attendance", choices=options(list(OF_A_MEMBER)), validate_choice=False
    )
    note = words("Note")
    minutes_late = WholeNumber("Minutes late", [Keeps(check_minutes_late)])
    mood = WholeNumber("Mood, 0 to 10", [Keeps(check_mood)], description="0 worst, 10 best")
    linked_event = text("Event tied to it", 1000)
    risk = one_of("Was risk asked about?", list(RiskCheck))
    risk_detail = words("What was asked, found and done")
    plan = text("Plan for next time", 2000)
    names = Question(NO_NAME)
    asks_names = False
    member_id: UUID
    code = ""
    title = ""

    def validate_attendance(self, field: SelectField) -> None:
        """Ask about a member who was not on the page that was sent: nobody is taken as present."""
        if not field.raw_data or field.data not in OF_A_MEMBER:
            raise ValidationError("Say whether they came.")

    @property
    def typed(self) -> bool:
        """Whether anything was said about this member."""
        return self.more or bool(self.note.data)

    @property
    def more(self) -> bool:
        """Whether something stands in the folded part."""
        return any(field.data not in (None, "") or field.errors for field in self.folded)

    @property
    def stands_open(self) -> bool:
        """Whether the folded part is shown at once: not where risk was just not asked about."""
        if any(field.errors for field in self.folded):
            return True
        usual = (self.risk, self.risk_detail) if self.risk.data == RiskCheck.NOT_ASKED else ()
        return any(f.data not in (None, "") for f in self.folded if f not in usual)

    @property
    def folded(self) -> tuple[Any, ...]:
        """The fields that are shown on demand."""
        return (
            *(self.minutes_late, self.mood, self.linked_event),
            *(self.risk, self.risk_detail, self.plan),
        )

    def entry(self, for_all: frozenset[str]) -> MemberEntry:
        """Give what was entered."""
        own = frozenset({NAMES_MEANT} if self.names.data else ())
        risk = self.risk.data
        return MemberEntry(
            member_id=self.member_id,
            attendance=self.attendance.data,
            minutes_late=self.minutes_late.data or 0,
            mood=self.mood.data,
            linked_event=self.linked_event.data,
            note=self.note.data,
            plan=self.plan.data,
            risk=RiskEntry(risk, self.risk_detail.data) if risk else None,
            confirmed=own | for_all,
            seen_version=self.seen.data,
        )

    def reject(self, broken: RuleBroken) -> None:
        """Put the message of a broken rule beside its field, else beside the attendance."""
        self.asks_names |= is_about_names(broken)
        say(self[broken.field if broken.field in self else "attendance"], broken.message)

    def name_wrong(self) -> None:
        """Say in the summary of messages whom they are about."""
        for field in self:
            if field.errors and self.code not in field.label.text:
                field.label.text = f"{field.label.text}, {self.code}"


class MeetingForm(RecordForm):
    """What is written down about the group; the members' rows are added for the day."""

    slot = Version()
    held_on = Day("Date", [Needed("Enter the date.")])
    starts_at = TimeOfDay("Start")
    duration_minutes = WholeNumber("Minutes", [Keeps(check_minutes)])
    modality = drop_down("Setting", [SelectChoice("", "Not stated"), *options(list(Modality))])
    theme = text("Theme", 300)
    tasks = SelectMultipleField("Tasks")
    techniques = SelectMultipleField("Techniques")
    note = words("How the group worked")
    plan = text("Plan for the group", 2000)
    not_asked = text("Why risk was not asked of the others", 1000)
    here: frozenset[UUID] = frozenset()
    """Who belongs to the group on the day in the form."""

    def offer(self, ticked: Mapping[str, Iterable[str]]) -> None:
        """Offer the catalogue; codes that are ticked already stay, whatever they are."""
        tasks = dict.fromkeys([*TASKS, *ticked.get("tasks", ())])
        self.tasks.choices = [SelectChoice(c, TASKS[c].text if c in TASKS else c) for c in tasks]
        techniques = dict.fromkeys([*TECHNIQUES, *ticked.get("techniques", ())])
        self.techniques.choices = [SelectChoice(c, technique_label(c)) for c in techniques]

    @property
    def parts(self) -> tuple[MemberPart, ...]:
        """The members' rows, in order."""
        return tuple(f.form for f in self if isinstance(f, FormField))

    def entry(self) -> MeetingEntry:
        """Give what was entered about the group."""
        return MeetingEntry(
            held_on=self.held_on.data,
            starts_at=self.starts_at.data,
            duration_minutes=self.duration_minutes.data,
            modality=self.modality.data or None,
            theme=self.theme.data,
            tasks=tuple(self.tasks.data or ()),
            techniques=tuple(self.techniques.data or ()),
            note=self.note.data,
            plan=self.plan.data,
            not_asked=self.not_asked.data,
            confirmed=self.confirmed,
        )

    def members(self) -> tuple[MemberEntry, ...]:
        """Give what was entered about each member of the day.

        A row of somebody who is no member on that day is left out while nothing is typed in it.
        """
        for_all = EVERY_QUESTION if self.for_all.data else frozenset[str]()
        rows = (p for p in self.parts if p.member_id in self.here or p.typed)
        return tuple(part.entry(for_all) for part in rows)

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401 -- WTForms
        """Check the group's part and every row."""
        good: bool = super().validate(extra_validators)
        self._name_wrong()
        return good

    def reject_rows(self, refused: RowsRefused) -> None:
        """Put what is wrong about members into their rows."""
        rows = {part.member_id: part for part in self.parts}
        for member_id, broken in refused.rows.items():
            for each in broken:
                if member_id in rows:
                    rows[member_id].reject(each)
                else:
                    self.reject(RuleBroken(each.message))
            self.ask_for_all(broken)
        self._name_wrong()

    def _name_wrong(self) -> None:
        for part in self.parts:
            part.name_wrong()

    def say_stale(self, found: MeetingPage) -> None:
        """After a conflict, say what the record now holds beside each text; nothing is lost.

        The versions become those of now, so that sending again keeps what stands in the form.
        """
        if not self.stale:
            return
        self.form_errors = [*self.form_errors, NEWER]
        _say_now(self, ("theme", "note", "plan"), found.meeting)
        records = {line.member.id: line.record for line in found.lines}
        for part in self.parts:
            record = records.get(part.member_id)
            if record is not None:
                _say_now(part, ("attendance", "note", "plan", "linked_event"), record)
                part.seen.renew(record.version)
        self._name_wrong()


def with_rows(members: Iterable[Row]) -> type[MeetingForm]:
    """Make the form of a meeting with a row for each of these members, named by the membership."""
    rows = {f"{PREFIX}{member.id.hex}": FormField(MemberPart) for member in members}
    return type("MeetingForm", (MeetingForm,), rows)


def _say_now(form: Any, names: Iterable[str], record: Row) -> None:  # noqa: ANN401 -- a form or a part of it
    for name in names:
        field, stored = form[name], getattr(record, name)
        if (field.data or None) != (stored or None):
            now = label_of(Attendance, stored) if name == "attendance" else stored or "nothing"
            field.errors = [*field.errors, f"The record now says: {now}."]
