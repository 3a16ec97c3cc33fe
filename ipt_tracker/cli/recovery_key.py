"""The recovery key on paper: printing it, and proving that what was written down is right."""

from datetime import UTC, datetime

import click

from ipt_tracker.cli.house import Configuration, House
from ipt_tracker.persistence.marker import CONFIRMED, note_in_marker
from ipt_tracker.persistence.recovery_key import Mistyped, decode, encode

IN_A_LINE = 4


@click.command("recovery-key")
@click.option("--confirm", is_flag=True, help="Type it from the paper, to prove that it is right.")
@click.pass_obj
def recovery_key_command(house: House, *, confirm: bool) -> None:
    """Print the recovery key of the instance, or confirm what was written down."""
    config = house.load()
    if confirm:
        _confirm(config)
    else:
        click.echo(page(config))


def page(config: Configuration) -> str:
    """Write what is to be printed: the key, what it opens, for whom, and where to keep it."""
    groups = [f"{place:2}  {each}" for place, each in enumerate(encode(config.keys.root), start=1)]
    lines = (groups[start : start + IN_A_LINE] for start in range(0, len(groups), IN_A_LINE))
    key = "\n".join("    " + "     ".join(line) for line in lines)
    return (
        f"Recovery key of IPT Tracker\n\nInstance: {config.instance}\n\n{key}\n\n"
        "It opens the records of this instance and every backup of it. Whoever holds it and a\n"
        "copy of the records can read everything about every patient.\n\n"
        "For: the person who answers for the clinic's records, and one deputy.\n"
        "Keep it: on paper, in two places under lock, such as the clinic's safe and a bank's. Not\n"
        "beside the backups, not in a mail, not as a photograph.\n"
        "Use it: when the keys of the machine are lost. `restore` asks for it.\n\n"
        "Then prove that the paper is right: python3 -m ipt_tracker recovery-key --confirm"
    )


def _confirm(config: Configuration) -> None:
    typed = click.prompt("Type the 13 groups from the paper, without their numbers")
    try:
        right = decode(typed) == config.keys.root
    except Mistyped as error:
        raise click.ClickException(f"{error} Nothing was confirmed.") from error
    if not right:
        raise click.ClickException(
            "This is a recovery key, but of another instance. Nothing was confirmed."
        )
    today = datetime.now(UTC).date().isoformat()
    note_in_marker(config.instance, **{CONFIRMED: today})
    click.echo(f"The paper is right. Confirmed on {today}.")
