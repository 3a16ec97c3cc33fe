"""The sign-in form."""

from wtforms import EmailField, PasswordField
from wtforms.validators import Length

from ipt_tracker.services.accounts import LONGEST
from ipt_tracker.web.forms import Form, Needed


class SignInForm(Form):
    """E-mail and password on one page."""

    email = EmailField("Work e-mail", [Needed("Enter your e-mail address."), Length(max=254)])
    password = PasswordField("Password", [Needed("Enter your password."), Length(max=LONGEST)])
