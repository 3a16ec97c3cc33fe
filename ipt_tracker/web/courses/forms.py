"""The forms of a patient and of the contract of a course."""

from datetime import date

from wtforms import BooleanField, FormField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from ipt_tracker.clinical.course.codes import Code
from ipt_tracker.clinical.course.protocols import CUSTOM, PROTOCOLS, Spacing, custom_phase_map
from ipt_tracker.clinical.course.records import PrecipitatingEvent, PrimaryDiagnosis
from ipt_tracker.clinical.course.session_rules import check_minutes
from ipt_tracker.services.contracts import ContractEntry
from ipt_tracker.services.courses import CourseEntry, PatientEntry
from ipt_tracker.web.change_form import ChangeForm
from ipt_tracker.web.fields import (
    Day,
    OneOf,
    at_most,
    drop_down,
    one_of,
    options,
    text,
    words,
)
from ipt_tracker.web.forms import Needed, WholeNumber, stripped
from ipt_tracker.web.measures.fields import Keeps
from ipt_tracker.web.schedules.forms import MeasuresPart
from ipt_tracker.web.work import given


def last_unclassified(codes: type[Code]) -> list[Code]:
    """Offer the classes first, and not to classify after them."""
    return sorted(codes, key=lambda code: code == "not_classified")


class PatientForm(ChangeForm):
    """What is known of a patient. Its fields are named as the columns are."""

    mirrors = tracked = True
    about = "the patient’s details"
    code = text("Clinic code", 40, Needed("Enter the clinic code."))
    name = text("Name", 200)
    birth_date = Day("Birth date")
    phone = text("Phone", 60)
    emergency_contact = text("Emergency contact", 300, description="Name, relation, phone")
    prescriber = text("Prescriber", 200, description="Who prescribes medication, if anybody")
    primary_diagnosis = one_of(
        "Primary diagnosis",
        last_unclassified(PrimaryDiagnosis),
        default=PrimaryDiagnosis.NOT_CLASSIFIED.value,
    )
    primary_diagnosis_text = text("In your own words", 500)
    precipitating_event = one_of(
        "Precipitating event",
        last_unclassified(PrecipitatingEvent),
        default=PrecipitatingEvent.NOT_CLASSIFIED.value,
    )
    precipitating_event_text = text("In your own words", 500)
    notes = words("Notes", description="What everybody who opens this course should know")

    def patient(self) -> PatientEntry:
        """Give what was entered."""
        names = PatientEntry.__dataclass_fields__
        return PatientEntry(**{name: self[name].data for name in names})


MET = [
    SelectChoice("True", "Met"),
    SelectChoice("False", "Not met"),
    SelectChoice("", "Not recorded"),
]


def met(typed: object) -> bool | None:
    """Read whether criterion A is met; empty where nobody has recorded it."""
    return {"True": True, "False": False}.get(str(typed))


def criterion_a() -> OneOf:
    """Make the choice whether the index event meets criterion A."""
    return OneOf(
        "Criterion A",
        choices=MET,
        coerce=met,
        description="Whether the event was a trauma in the sense of DSM-5. No form asks that, and "
        "while it is not recorded no form can say whether PTSD is met.",
    )


class NewCourseForm(PatientForm):
    """A patient and their course, on one page."""

    protocol = drop_down("Protocol", [SelectChoice(p.key, p.name) for p in PROTOCOLS.values()])
    planned_sessions = WholeNumber(
        "Planned sessions", description="Empty: as many as the protocol has"
    )
    started_on = Day("First day", [Needed("Enter the first day of the course.")])
    session_minutes = WholeNumber("Minutes", description="Empty: the protocol's")
    spacing = drop_down(
        "Spacing", [SelectChoice("", "As the protocol has it"), *options(list(Spacing))]
    )
    criterion_a = criterion_a()
    measures = FormField(MeasuresPart)
    manual = text("Manual used", 300)
    adaptations = words("Adaptations", description="Where this course departs from the manual")

    def validate_planned_sessions(self, field: WholeNumber) -> None:
        """Ask for a number where no protocol gives one, and refuse one that cannot be planned."""
        if field.data is None and not field.errors and self.protocol.data == CUSTOM:
            raise ValidationError("Say how many sessions are planned.")
        if field.data is not None:
            Keeps(custom_phase_map)(self, field)

    def validate_session_minutes(self, field: WholeNumber) -> None:
        """Refuse a length that no session has."""
        Keeps(check_minutes)(self, field)

    def validate_started_on(self, field: Day) -> None:
        """Refuse a first day that has not come."""
        if field.data is not None and field.data > given().today():
            raise ValidationError("The first day is in the future. Start the course on it.")

    def validate_birth_date(self, field: Day) -> None:
        """Refuse a birth date that has not come."""
        if field.data is not None and field.data > given().today():
            raise ValidationError("The birth date is in the future.")

    def course(self) -> CourseEntry:
        """Give what was entered, with the protocol's own numbers where nothing was."""
        protocol = PROTOCOLS[self.protocol.data]
        planned, minutes = self.planned_sessions.data, self.session_minutes.data
        return CourseEntry(
            protocol=protocol.key,
            planned_sessions=protocol.planned_sessions if planned is None else planned,
            started_on=self.started_on.data,
            session_minutes=protocol.session_minutes if minutes is None else minutes,
            spacing=self.spacing.data or protocol.spacing.value,
            manual=self.manual.data,
            adaptations=self.adaptations.data,
            criterion_a=self.criterion_a.data,
            schedule=self.measures.form.schedule(protocol.key, self.primary_diagnosis.data),
        )


class ContractForm(ChangeForm):
    """The contract of a course. Its fields are named as the columns are."""

    mirrors = True
    about = "the contract"
    planned_sessions = WholeNumber(
        "Planned sessions", [Needed("Enter the number of planned sessions.")]
    )
    session_minutes = WholeNumber("Minutes")
    spacing = SelectField(
        "Spacing",
        [at_most(120)],
        choices=[SelectChoice("", "Not stated"), *options(list(Spacing))],
        filters=[stripped],
        validate_choice=False,
    )
    maintenance_sessions = WholeNumber(
        "Maintenance visits", [Needed("Enter a number; 0 when none are planned.")]
    )
    contract_agreed_on = Day(
        "Agreed with the patient on", description="Empty while it is not agreed"
    )
    contract_ends_on = Day("Last session, as told to the patient")
    manual = text("Manual used", 300)
    adaptations = words("Adaptations")
    criterion_a = criterion_a()
    reason = words(
        "Why the contract changes",
        description="Needed when the number of sessions, the visits, the spacing or the end change",
    )
    patient_agreed = BooleanField("The patient agreed to the change")

    def offer_spacing(self, stored: str | None) -> None:
        """Offer the spacing of this course too, where it is in words of its own."""
        for own in filter(None, (stored, self.spacing.data)):
            if own not in {choice.value for choice in self.spacing.choices}:
                self.spacing.choices = [*self.spacing.choices, SelectChoice(own)]

    def expect(self, day: date | None) -> None:
        """Say when the last session would be if every one kept the spacing."""
        if day is not None:
            said = f"{day.day} {day:%b %Y}, if every session from now on keeps the spacing"
            self.contract_ends_on.description = said

    def contract(self) -> ContractEntry:
        """Give what was entered."""
        names = ContractEntry.__dataclass_fields__
        return ContractEntry(**{name: self[name].data for name in names})
