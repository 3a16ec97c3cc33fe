"""Making an instance, its first administrator, and running it."""

import gc
import socket
import threading
from contextlib import suppress
from typing import Any

import click
from sqlalchemy.exc import DBAPIError
from waitress import create_server

from ipt_tracker.cli.house import Configuration, House
from ipt_tracker.cli.schedule import hourly
from ipt_tracker.cli.upgrading import upgrade_records
from ipt_tracker.persistence import audit_chain
from ipt_tracker.persistence.exposure import require_safe

LOOPBACK, PORT, THREADS = "127.0.0.1", 8321, 8
LARGEST_REQUEST = 2_500_000
"""What the server takes in at all; the application refuses a little less, with its own page."""
IN_MEMORY = 32_000_000
"""Bytes of a request or an answer before waitress would write them into an unencrypted file."""
FROM_THE_PROXY = {"x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"}


@click.command("init")
@click.pass_obj
def init_command(house: House) -> None:
    """Make an empty instance: database and keys, no people."""
    config = house.create_instance("clinic")
    click.echo(f"Made an empty instance in {config.instance}.")
    click.echo("Next: python3 -m ipt_tracker admin you@clinic.example, then serve.")
    click.echo("Then print the recovery key: python3 -m ipt_tracker recovery-key. Without the key")
    click.echo("neither the records nor any backup can be read, by you or by anybody else.")


@click.command("upgrade")
@click.option("--no-backup", is_flag=True, help="Make no backup first. Not for a clinic's records.")
@click.pass_obj
def upgrade_command(house: House, *, no_backup: bool) -> None:
    """Back the records up, then bring them to this version's schema."""
    upgrade_records(house.load(), with_backup=not no_backup)


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
    require_safe(config)
    server = Server(house, config, claim(port))
    if config.database_key is None and config.database_url.startswith("sqlite"):
        click.echo("The records are NOT encrypted (IPT_ALLOW_UNENCRYPTED is set).", err=True)
    click.echo(f"IPT Tracker answers on {server.address}. Stop it with Ctrl+C.")
    with hourly(config):
        server.run()


class Server:
    """The application behind waitress on one loopback port."""

    def __init__(self, house: House, config: Configuration, claimed: socket.socket) -> None:
        """Take over a port that was claimed before anything else was done."""
        self._closed = False
        self._warming = threading.Thread(target=warm_up, daemon=True)
        self.address = f"http://{LOOPBACK}:{claimed.getsockname()[1]}"
        proxy: dict[str, Any] = {}
        if config.behind_proxy:  # one proxy on this machine, and nobody else, says for whom it asks
            proxy = {"trusted_proxy": LOOPBACK, "trusted_proxy_headers": FROM_THE_PROXY}
        self._app = house.create_app(config)
        self._server = create_server(
            self._app,
            sockets=[claimed],
            threads=THREADS,
            max_request_body_size=LARGEST_REQUEST,
            inbuf_overflow=IN_MEMORY,
            outbuf_overflow=IN_MEMORY,
            ident=None,
            clear_untrusted_proxy_headers=True,
            **proxy,
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
        self._anchor_the_end()

    def _anchor_the_end(self) -> None:
        """Write outside the database how far its audit went; a failure keeps nothing up."""
        made = self._app.extensions["ipt_tracker"]
        with suppress(DBAPIError), made.database.read() as session:
            audit_chain.anchor(session, made.database.audit, "stop", made.clock())


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
