"""The forms by which people prove who they are."""

from wtforms import EmailField, PasswordField, StringField
from wtforms.validators import Length

from ipt_tracker.services.identity.codes import LONGEST as LONGEST_CODE
from ipt_tracker.services.identity.passwords import LONGEST
from ipt_tracker.web.forms import Form, Needed


class SignInForm(Form):
    """The first step: e-mail and password."""

    email = EmailField("Work e-mail", [Needed("Enter your e-mail address."), Length(max=254)])
    password = PasswordField("Password", [Needed("Enter your password."), Length(max=LONGEST)])


class CodeForm(Form):
    """The second step: a code from the telephone, or one of those on paper."""

    code = StringField("Code", [Needed("Enter the code."), Length(max=LONGEST_CODE)])


class LockedForm(Form):
    """The password alone."""

    password = PasswordField("Password", [Needed("Enter your password."), Length(max=LONGEST)])


class ConfirmForm(Form):
    """The password, or a code for those who have a second factor."""

    password = PasswordField(
        "Password", [Needed("Enter your password or a code."), Length(max=LONGEST)]
    )
