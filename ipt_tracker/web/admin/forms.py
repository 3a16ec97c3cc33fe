"""The forms of the administrator: an account, and a supervision."""

import re
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    IntegerField,
    SelectField,
    StringField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional, ValidationError
from wtforms.widgets import HiddenInput

from ipt_tracker.governance.access import Role
from ipt_tracker.persistence.queries.people import AccountRow
from ipt_tracker.services.accounts import AccountChange, NewAccount
from ipt_tracker.services.identity.access_codes import CodeFor
from ipt_tracker.services.people import SupervisionEntry
from ipt_tracker.web.fields import OneOf
from ipt_tracker.web.forms import Form, Needed, stripped

OK, REFUSED, CONFLICT = 200, 422, 409
NEWER = (
    "Somebody else changed this account while you had it open, so nothing was saved. What you "
    "typed is still here. Save again to keep yours."
)
LOOKS_LIKE_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


def _room(number: int) -> Length:
    return Length(max=number, message=f"There is room for {number} characters here.")


def _name_field() -> StringField:
    return StringField("Name", [Needed("Enter the name."), _room(120)], filters=[stripped])


ROLES = [
    SelectChoice(Role.THERAPIST.value, "Therapist: own patients"),
    SelectChoice(Role.SUPERVISOR.value, "Supervisor: patients of supervisees, to read"),
    SelectChoice(Role.ASSESSOR.value, "Assessor: ratings that are asked for, no notes"),
    SelectChoice(Role.AUDITOR.value, "Auditor: who did what, no clinical text"),
    SelectChoice(Role.ADMINISTRATOR.value, "Administrator: people, no clinical text"),
]
"""What each role is for, in plain words."""

COSIGN = "A supervisor co-signs this therapist's notes"


class PersonForm(Form):
    """What both account forms share."""

    stale = False
    form_errors: list[str]

    @property
    def http_status(self) -> int:
        """The HTTP status of the page that shows this form."""
        if self.stale:
            return CONFLICT
        return REFUSED if self.errors else OK

    def validate_email(self, field: Any) -> None:  # noqa: ANN401 -- a WTForms field
        """Refuse what cannot be an e-mail address."""
        if field.data and not LOOKS_LIKE_EMAIL.fullmatch(field.data):
            raise ValidationError("This is not an e-mail address: it needs one @.")


class NewAccountForm(PersonForm):
    """A person who may sign in, once they have set a password with their code."""

    display_name = _name_field()
    email = EmailField(
        "Work e-mail", [Needed("Enter the e-mail address."), _room(254)], filters=[stripped]
    )
    role = OneOf(
        "Role",
        [Needed("Choose a role.")],
        choices=ROLES,
    )
    needs_cosign = BooleanField(COSIGN, description="For trainees")

    def account(self) -> NewAccount:
        """Give what was entered."""
        return NewAccount(
            self.email.data,
            self.display_name.data,
            Role(self.role.data),
            needs_cosign=self.needs_cosign.data,
        )


class AccountForm(PersonForm):
    """An account that is there already. It carries the version that was on the screen."""

    version = IntegerField(validators=[Optional()], widget=HiddenInput())
    display_name = _name_field()
    email = EmailField(
        "Work e-mail", [_room(254)], filters=[stripped], description="Needed to sign in"
    )
    enabled = BooleanField("May sign in")
    needs_cosign = BooleanField(COSIGN, description="For trainees, from the next signature on")
    exports_fidelity = BooleanField(
        "May export fidelity ratings",
        description="As a table, and those alone that are open to this person",
    )

    def prepare(self, account: Any) -> None:  # noqa: ANN401 -- a row of the account table
        """Fill in a form that nobody has typed in; after a conflict, say what is stored now."""
        if not self.is_submitted():
            self.process(obj=account)
        if self.stale:
            self.form_errors = [*self.form_errors, NEWER]
            for field in (
                *(self.display_name, self.email, self.enabled),
                *(self.needs_cosign, self.exports_fidelity),
            ):
                self._name_newer(field, getattr(account, field.name))
        self.version.raw_data, self.version.data = None, account.version

    @staticmethod
    def _name_newer(field: Any, stored: object) -> None:  # noqa: ANN401 -- a WTForms field
        if stored == field.data:
            return
        words: dict[str, dict[object, str]] = {
            "enabled": {True: "may sign in", False: "may not sign in"},
            "needs_cosign": {True: "notes are co-signed", False: "notes are not co-signed"},
            "exports_fidelity": {True: "may export", False: "may not export"},
        }
        said = words.get(field.name, {None: "nothing"}).get(stored) or stored
        field.errors = [*field.errors, f"The account now says: {said}."]

    def change(self) -> AccountChange:
        """Give what was entered."""
        return AccountChange(
            self.email.data,
            self.display_name.data,
            self.enabled.data,
            needs_cosign=self.needs_cosign.data,
            exports_fidelity=self.exports_fidelity.data,
        )


class RoleForm(PersonForm):
    """Another role for somebody. It carries the version that was on the screen."""

    version = IntegerField(validators=[Optional()], widget=HiddenInput())
    role = OneOf("Role", [Needed("Choose a role.")], choices=ROLES)

    def prepare(self, account: Any) -> None:  # noqa: ANN401 -- a row of the account table
        """Start from the role that the account has; after a conflict, say so."""
        if not self.is_submitted():
            self.process(obj=account)
        if self.stale:
            self.form_errors = [*self.form_errors, NEWER]
        self.version.raw_data, self.version.data = None, account.version


class CodeForm(PersonForm):
    """What a one-time code shall be for: the button that is pressed says it."""

    kind = OneOf(
        "What it is for",
        [Needed("Choose what the code is for.")],
        choices=[
            SelectChoice(CodeFor.PASSWORD.value, "A new password"),
            SelectChoice(CodeFor.SECOND_FACTOR.value, "A lost second factor"),
        ],
    )


class SupervisionForm(PersonForm):
    """Who shall supervise whom, from which day."""

    supervisor = SelectField("Supervisor", [Needed("Choose a supervisor.")], validate_choice=False)
    supervisee = SelectField("Therapist", [Needed("Choose a therapist.")], validate_choice=False)
    started_on = DateField("From", [Needed("Enter the day.")])

    def offer(self, supervisors: Iterable[AccountRow], therapists: Iterable[AccountRow]) -> None:
        """Offer the people of the clinic."""
        self.supervisor.choices = _people(supervisors)
        self.supervisee.choices = _people(therapists)

    def supervision(self) -> SupervisionEntry:
        """Give what was entered."""
        return SupervisionEntry(
            _id(self.supervisor.data), _id(self.supervisee.data), self.started_on.data
        )


def _people(accounts: Iterable[AccountRow]) -> list[SelectChoice]:
    return [SelectChoice("", "Choose"), *(SelectChoice(str(a.id), _named(a)) for a in accounts)]


def _named(account: AccountRow) -> str:
    return account.display_name if account.enabled else f"{account.display_name} (cannot sign in)"


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


class EndSupervisionForm(PersonForm):
    """From which day on a supervision no longer holds."""

    ended_on = DateField(
        "First day without", [Needed("Enter the day.")], description="Today ends it at once"
    )
