"""All commands by name. A command's own imports wait until it runs."""

import importlib
import sys
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from ipt_tracker.cli.house import House

WHERE = {
    "demo": ("ipt_tracker.cli.demo", "Try it: a demo clinic of invented people in your browser."),
    "test": ("ipt_tracker.cli.testing", "Run every test."),
    "init": ("ipt_tracker.cli.instance", "Make an empty instance: database and keys, no people."),
    "serve": ("ipt_tracker.cli.instance", "Run the application on the instance."),
    "upgrade": ("ipt_tracker.cli.instance", "Bring the instance to this version's schema."),
    "admin": ("ipt_tracker.cli.people", "Create an administrator account."),
    "access-code": ("ipt_tracker.cli.people", "Print a one-time code for who is locked out."),
    "audit": ("ipt_tracker.cli.audit", "Check the audit's seals, or anchor its newest row."),
    "doctor": ("ipt_tracker.cli.doctor", "Say what is right, what is wrong and what to do."),
    "recovery-key": ("ipt_tracker.cli.recovery_key", "Print the recovery key, or confirm it."),
    "postgres-role": ("ipt_tracker.cli.postgres_role", "Give a PostgreSQL role its rights."),
    "backup": ("ipt_tracker.cli.backup", "Make an encrypted backup, check one, practise."),
    "restore": ("ipt_tracker.cli.restore", "Bring the records of a backup back."),
    "move": ("ipt_tracker.cli.move", "Move all records to another database."),
    "retention": ("ipt_tracker.cli.retention", "List or remove records past their period."),
    "import": ("ipt_tracker.cli.records", "Take in a course bundle, a JSON file."),
    "export": ("ipt_tracker.cli.export", "Write a course or the clinic into a bundle."),
    "generate": ("ipt_tracker.cli.records", "Add invented patients with believable courses."),
    "score": ("ipt_tracker.cli.score", "Score the forms in a JSON file."),
    "report": ("ipt_tracker.cli.report", "Print the figures of one course."),
    "evidence": ("ipt_tracker.cli.evidence", "Pool the effects of a table of trials, a CSV file."),
    "benchmark": ("ipt_tracker.cli.benchmark", "Set all courses beside the trials' groups."),
    "figures": ("ipt_tracker.cli.figures", "Count what the reliability tests try."),
    "bench": ("ipt_tracker.cli.bench", "Measure how fast pages and charts are."),
}


PLAIN = {"ConfigurationError", "SchemaTooOld", "BrokenBundle", "ImportRefused", "RuleBroken"}
PLAIN |= {"UnsafeInstance", "UnsafeDatabase", "BackupRefused", "Mistyped"}
"""Failures whose message is a sentence for a person. By name: importing them would be slow."""


class Commands(click.Group):
    """The commands, each imported when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands in the order of their use."""
        del ctx
        return list(WHERE)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command, or give None for a name that is not one."""
        del ctx
        if cmd_name not in WHERE:
            return None
        module = importlib.import_module(WHERE[cmd_name][0])
        command: click.Command = getattr(module, f"{cmd_name.replace('-', '_')}_command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, words) in WHERE.items()])


@click.command(cls=Commands, name="python3 -m ipt_tracker")
def commands() -> None:
    """Log Interpersonal Psychotherapy sessions and read progress beside the pooled trial effect."""


def main(argv: list[str], house: "House") -> None:
    """Run one command; a failure that a person can put right is one sentence, not a traceback."""
    try:
        code = commands.main(argv, obj=house, standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        sys.exit(130)
    except Exception as error:
        sentence = _sentence(error)
        if sentence is None:
            raise
        click.echo(sentence, err=True)
        sys.exit(1)
    if code:  # a command that ended with a code of its own, such as `doctor`
        sys.exit(code)


def _sentence(error: Any) -> str | None:  # noqa: ANN401 -- whatever a command raised
    """Give the words of a failure that says what to do, or None for a bug."""
    if isinstance(error, ModuleNotFoundError) and error.name == "psycopg":
        return "PostgreSQL needs its driver. Install it into .venv: pip install 'psycopg[binary]'"
    return str(error) if {each.__name__ for each in type(error).__mro__} & PLAIN else None
