"""Making an instance, its first administrator, and running it."""

import gc
import socket
import threading
from datetime import UTC, datetime

import click
from waitress import create_server

from ipt_tracker.cli.house import Configuration, House, opened
from ipt_tracker.governance.access import Role
from ipt_tracker.persistence.schema import upgrade
from ipt_tracker.services.accounts import NewAccount, create_account
from ipt_tracker.services.unit_of_work import writing

LOOPBACK, PORT, THREADS = "127.0.0.1", 8321, 8
LARGEST_REQUEST = 20_000_000
"""What the server takes in at all; the application refuses far less, with a page of its own."""


@click.command("init")
@click.pass_obj
def init_command(house: House) -> None:
    """Make an empty instance: database and keys, no people."""
    config = house.create_instance("clinic")
    click.echo(f"Made an empty instance in {config.instance}.")
    click.echo("Next: python3 -m ipt_tracker admin you@clinic.example, then serve.")
    click.echo(f"Keep a copy of {config.instance / 'database.key'} in a safe place: without it")
    click.echo("the records cannot be read, by you or by anybody else.")


@click.command("upgrade")
@click.pass_obj
def upgrade_command(house: House) -> None:
    """Bring the instance to this version's schema. Copy its folder first."""
    config = house.load()
    upgrade(config.database_url, config.database_key)
    click.echo(f"{config.instance} is at the schema of this version.")


@click.command("admin")
@click.argument("email")
@click.option("--name", prompt="Name", help="How the person is shown.")
@click.password_option(help="15 characters or more.")
@click.pass_obj
def admin_command(house: House, email: str, name: str, password: str) -> None:
    """Create an administrator account, the first one or one more."""
    database = opened(house.load())
    with writing(database, None, datetime.now(UTC)) as work:
        create_account(work, NewAccount(email, name, Role.ADMINISTRATOR, password))
    click.echo(f"{email} can sign in as administrator.")


@click.command("serve")
@click.option("--port", default=PORT, show_default=True, type=click.IntRange(1, 65535))
@click.pass_obj
def serve_command(house: House, port: int) -> None:
    """Run the application on the instance, on this machine alone.

    Put a reverse proxy with TLS in front of it for other machines.
    """
    config = house.load()
    if config.is_demo:
        raise click.ClickException("This is a demo instance. Run it with: demo")
    server = Server(house, config, claim(port))
    click.echo(f"IPT Tracker answers on {server.address}. Stop it with Ctrl+C.")
    server.run()


class Server:
    """The application behind waitress on one loopback port."""

    def __init__(self, house: House, config: Configuration, claimed: socket.socket) -> None:
        """Take over a port that was claimed before anything else was done."""
        self._closed = False
        self._warming = threading.Thread(target=warm_up, daemon=True)
        self.address = f"http://{LOOPBACK}:{claimed.getsockname()[1]}"
        self._server = create_server(
            house.create_app(config),
            sockets=[claimed],
            threads=THREADS,
            max_request_body_size=LARGEST_REQUEST,
            ident=None,
            clear_untrusted_proxy_headers=True,
        )

    def run(self) -> None:
        """Serve until it is stopped. Meanwhile what the first chart needs is read."""
        self._warming.start()
        try:
            self._server.run()
        except OSError:
            if not self._closed:  # another thread has taken the socket from under the loop
                raise
        finally:
            self.close()

    def close(self) -> None:
        """Give the port back, and wait for what is still being read.

        A thread that draws while the program ends would end it with a crash.
        """
        self._closed = True
        self._server.close()
        if self._warming.is_alive():
            self._warming.join()


def warm_up() -> None:
    """Read fonts, then take all that start-up made out of the collector's rounds.

    Without that, every page of a long course can meet a full round, a tenth of a second.
    """
    from ipt_tracker.charts import export  # noqa: PLC0415 -- the slow import is the point

    export.warm_up()
    gc.collect()
    gc.freeze()


def claim(port: int) -> socket.socket:
    """Bind a loopback port, or say in one sentence that it is taken."""
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((LOOPBACK, port))
    except OSError as error:
        bound.close()
        raise click.ClickException(
            f"Port {port} is taken. Stop what uses it, or choose another with --port."
        ) from error
    bound.listen(128)
    return bound
