"""Letting people in from the machine itself: an administrator, and a code for who is locked out."""

from datetime import UTC, datetime

import click
from sqlalchemy import select

from ipt_tracker.cli.house import House, opened
from ipt_tracker.governance.access import Role
from ipt_tracker.persistence.models import Account
from ipt_tracker.services.accounts import NewAccount, create_account
from ipt_tracker.services.identity import access_codes
from ipt_tracker.services.identity.access_codes import CodeFor, OneTimeCode
from ipt_tracker.services.unit_of_work import UnitOfWork, writing

WHAT_NEXT = {
    CodeFor.PASSWORD: "Open /set-password in the application and enter it there.",
    CodeFor.SECOND_FACTOR: (
        "Sign in with e-mail and password, then enter it instead of the digits of the telephone."
    ),
}


@click.command("admin")
@click.argument("email")
@click.option("--name", prompt="Name", help="How the person is shown.")
@click.password_option(help="15 characters or more, and hard to guess.")
@click.pass_obj
def admin_command(house: House, email: str, name: str, password: str) -> None:
    """Create an administrator account, the first one or one more."""
    database = opened(house.load())
    with writing(database, None, datetime.now(UTC)) as work:
        create_account(work, NewAccount(email, name, Role.ADMINISTRATOR, password))
    click.echo(f"{email} can sign in as administrator.")


@click.command("access-code")
@click.argument("email")
@click.option("--second-factor", is_flag=True, help="For a lost second factor, not a password.")
@click.pass_obj
def access_code_command(house: House, email: str, *, second_factor: bool) -> None:
    """Print a one-time code for somebody who is locked out.

    For everybody but the last administrator, another administrator makes one in the application.
    """
    database = opened(house.load())
    kind = CodeFor.SECOND_FACTOR if second_factor else CodeFor.PASSWORD
    with writing(database, None, datetime.now(UTC)) as work:
        made = _made(work, email.strip().lower(), kind)
    click.echo(f"{made.code}  works once, until {made.until.astimezone():%d %b %Y, %H:%M}.")
    click.echo(WHAT_NEXT[kind])


def _made(work: UnitOfWork, email: str, kind: CodeFor) -> OneTimeCode:
    account = work.session.scalar(select(Account).where(Account.email == email))
    if account is None:
        raise click.ClickException("No account has this e-mail address.")
    return access_codes.make(work, account, kind)
