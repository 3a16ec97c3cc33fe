"""The forms of one's own account. No password or code that was typed ever comes back."""

from wtforms import EmailField, PasswordField, StringField
from wtforms.validators import EqualTo, Length

from ipt_tracker.services.identity.codes import LONGEST as LONGEST_CODE
from ipt_tracker.services.identity.own_password import PasswordChange
from ipt_tracker.services.identity.password_by_code import PasswordByCode
from ipt_tracker.services.identity.passwords import LONGEST, SHORTEST, WITH_FACTOR
from ipt_tracker.web.forms import Form, Needed

TOO_LONG = f"Use {LONGEST} characters at most."
ROOM = Length(max=LONGEST, message=TOO_LONG)
CODE_ROOM = Length(max=LONGEST_CODE, message="This is longer than any code.")
TWICE = "The two new passwords differ. Enter both again."
HOW_LONG = (
    f"{SHORTEST} characters or more, {WITH_FACTOR} with a second factor. Four or five words that "
    "have nothing to do with each other work well."
)
OK, REFUSED = 200, 422


class OwnForm(Form):
    """What these forms share."""

    @property
    def http_status(self) -> int:
        """The HTTP status of the page that shows this form."""
        return REFUSED if self.errors or self.form_errors else OK


class NewPasswordForm(OwnForm):
    """A new password, typed twice."""

    password = PasswordField(
        "New password", [Needed("Enter a new password."), ROOM], description=HOW_LONG
    )
    again = PasswordField(
        "New password again",
        [Needed("Enter the new password again."), EqualTo("password", TWICE)],
    )


class ChangePasswordForm(NewPasswordForm):
    """A new password for the old one."""

    old = PasswordField("Password so far", [Needed("Enter your password."), ROOM])
    field_order = ("old", "password", "again")

    def change(self) -> PasswordChange:
        """Give what was entered."""
        return PasswordChange(self.old.data, self.password.data)


class SetPasswordForm(NewPasswordForm):
    """A password by a one-time code."""

    email = EmailField("Work e-mail", [Needed("Enter your e-mail address."), Length(max=254)])
    code = StringField(
        "One-time code",
        [Needed("Enter the code."), CODE_ROOM],
        description="Twelve letters and digits; small letters and dashes do not matter",
    )
    factor_code = StringField(
        "Second factor",
        [CODE_ROOM],
        description=(
            "Only if you have set one up: the six digits on your telephone, or a recovery code"
        ),
    )

    def entered(self) -> PasswordByCode:
        """Give what was entered."""
        return PasswordByCode(
            self.email.data, self.code.data, self.password.data, self.factor_code.data or ""
        )


class ConfirmFactorForm(OwnForm):
    """The first code that the telephone shows."""

    code = StringField("Code on the telephone", [Needed("Enter the six digits."), CODE_ROOM])


class ButtonForm(OwnForm):
    """A form with nothing but a button."""
