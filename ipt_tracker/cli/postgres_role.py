"""Rights of the application's role on PostgreSQL: printed for review, or given."""

import click

from ipt_tracker.cli.house import House, opened
from ipt_tracker.persistence.postgres_role import WrongRole, grant, statements


@click.command("postgres-role")
@click.argument("role")
@click.option("--run", is_flag=True, help="Run the statements, with the owner's IPT_DATABASE_URL.")
@click.pass_obj
def postgres_role_command(house: House, role: str, *, run: bool) -> None:
    """Give ROLE what the application needs, and no way to change the audit.

    Without --run the statements are printed. Run it again after each upgrade.
    """
    config = house.load()
    database = opened(config)
    try:
        if database.engine.dialect.name != "postgresql":
            raise click.ClickException(
                "The records are in a file, which has no roles. Set IPT_DATABASE_URL to PostgreSQL."
            )
        if run:
            with database.engine.begin() as connection:
                grant(connection, role)
            click.echo(f"{role} can do the application's work and cannot change the audit.")
        else:
            for statement in statements(role, str(database.engine.url.database)):
                click.echo(f"{statement};")
    except WrongRole as error:
        raise click.ClickException(str(error)) from error
    finally:
        database.close()
