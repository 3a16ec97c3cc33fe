"""Forms about a group itself: starting one, its leaders, its members, its norms and its end."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from wtforms import SelectMultipleField
from wtforms.fields.choices import SelectChoice

from ipt_tracker.clinical.course.groups import GROUP_PROTOCOLS
from ipt_tracker.clinical.course.protocols import Spacing
from ipt_tracker.clinical.course.records import Modality
from ipt_tracker.services.appointments import AppointmentEntry
from ipt_tracker.services.groups import GroupChange, GroupEntry
from ipt_tracker.web.change_form import ChangeForm
from ipt_tracker.web.fields import Day, drop_down, options, text, words
from ipt_tracker.web.forms import Needed, WholeNumber
from ipt_tracker.web.sessions.fields import TimeOfDay

NOTHING_SAID = "Nothing was changed: add a norm, or say when the group met last."
NOBODY = SelectChoice("", "Nobody, one leader")


class NewGroupForm(ChangeForm):
    """What is agreed when a group starts."""

    code = text("Code of the group", 40, Needed("Give the group a code."))
    protocol = drop_down(
        "Protocol", [SelectChoice(p.key, p.name) for p in GROUP_PROTOCOLS.values()]
    )
    started_on = Day("First session", [Needed("Enter the day of the first session.")])
    planned_sessions = WholeNumber("Sessions", description="Empty: as many as the protocol has")
    session_minutes = WholeNumber("Minutes", description="Empty: the protocol's")
    spacing = drop_down(
        "Spacing", [SelectChoice("", "As the protocol has it"), *options(list(Spacing))]
    )
    co_leader = drop_down("Co-leader", [NOBODY])
    norms = words("Norms", description="What the members agree with each other")

    def offer(self, people: Iterable[tuple[UUID, str]], own: UUID) -> None:
        """Offer the other therapists as co-leader."""
        self.co_leader.choices = therapists(people, own)

    def entry(self) -> GroupEntry:
        """Give what was entered, with the protocol's own numbers where nothing was."""
        protocol = GROUP_PROTOCOLS[self.protocol.data]
        planned, minutes = self.planned_sessions.data, self.session_minutes.data
        return GroupEntry(
            code=self.code.data,
            protocol=protocol.key,
            planned_sessions=protocol.planned_sessions if planned is None else planned,
            session_minutes=protocol.session_minutes if minutes is None else minutes,
            spacing=self.spacing.data or protocol.spacing.value,
            norms=self.norms.data,
            started_on=self.started_on.data,
            co_leader_id=chosen(self.co_leader.data),
        )


class LeadersForm(ChangeForm):
    """Who leads the group beside its leader, from which day."""

    co_leader = drop_down("Co-leader", [NOBODY])
    day = Day("From", [Needed("Enter the day.")])

    def offer(self, people: Iterable[tuple[UUID, str]], own: UUID) -> None:
        """Offer the other therapists."""
        self.co_leader.choices = therapists(people, own)

    @property
    def account_id(self) -> UUID | None:
        """Who was chosen; None for nobody."""
        return chosen(self.co_leader.data)


class MembersForm(ChangeForm):
    """Courses that join the group, from which day."""

    courses = SelectMultipleField("Courses")
    joined_on = Day("Member from", [Needed("Enter the day.")])

    def offer(self, courses: Iterable[Any]) -> None:
        """Offer one's own courses of group format that belong to no group."""
        self.courses.choices = [SelectChoice(str(c.id), _patient(c.patient)) for c in courses]

    @property
    def course_ids(self) -> tuple[UUID, ...]:
        """The courses that were ticked."""
        return tuple(UUID(each) for each in self.courses.data or ())


class LeaveForm(ChangeForm):
    """When a member left, and why."""

    left_on = Day("First day without them", [Needed("Enter the day.")])
    reason = words("Why they leave")


class GroupForm(ChangeForm):
    """What can be added to a group: norms, and its last day."""

    more_norms = words("Add to the norms")
    ended_on = Day("Last day of the group", description="Empty while it goes on")

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401 -- WTForms
        """Ask for one of the two."""
        good: bool = super().validate(extra_validators)
        if good and not self.more_norms.data and not self.ended_on.data:
            self.form_errors = [*self.form_errors, NOTHING_SAID]
            return False
        return good

    def change(self) -> GroupChange:
        """Give what was entered."""
        return GroupChange(self.more_norms.data, self.ended_on.data)


class BookForm(ChangeForm):
    """The next time that the group meets."""

    planned_on = Day("Date", [Needed("Enter the date.")])
    starts_at = TimeOfDay("Start")
    minutes = WholeNumber("Minutes")
    modality = drop_down("Setting", [SelectChoice("", "Not stated"), *options(list(Modality))])

    def entry(self) -> AppointmentEntry:
        """Give what was entered."""
        return AppointmentEntry(
            self.planned_on.data,
            self.starts_at.data,
            self.minutes.data,
            self.modality.data or None,
        )


def therapists(people: Iterable[tuple[UUID, str]], own: UUID) -> list[SelectChoice]:
    """Offer everybody but oneself, and nobody."""
    return [NOBODY, *(SelectChoice(str(key), name) for key, name in people if key != own)]


def chosen(typed: str | None) -> UUID | None:
    """Read whom somebody chose from the list."""
    return UUID(typed) if typed else None


def _patient(patient: Any) -> str:  # noqa: ANN401 -- a row of a table
    return f"{patient.code}, {patient.name}" if patient.name else str(patient.code)
