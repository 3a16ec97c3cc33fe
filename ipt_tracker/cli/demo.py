"""The demo clinic: made once, the same every time after, and never mixed with real people."""

import json
import threading
import urllib.request
from datetime import UTC, date, datetime, timedelta

import click
from sqlalchemy import select

from ipt_tracker.cli.demo_assessment import ask_assessor
from ipt_tracker.cli.demo_supervision import supervise
from ipt_tracker.cli.demo_work import fill_in, start_group
from ipt_tracker.cli.house import Configuration, House, opened, there
from ipt_tracker.cli.instance import PORT, Server, claim
from ipt_tracker.cli.records import details_of
from ipt_tracker.exchange import course_bundle
from ipt_tracker.exchange.bundle_values import Bundle
from ipt_tracker.exchange.caseload_generator import generate
from ipt_tracker.governance.access import Role
from ipt_tracker.persistence.models import Account, StaffCode
from ipt_tracker.services.accounts import NewAccount, create_account
from ipt_tracker.services.imports import Options, PersonDetails, import_bundle
from ipt_tracker.services.unit_of_work import UnitOfWork, writing

PASSWORD = "demo-only-ipt-tracker"  # noqa: S105 -- printed on the screen, for invented people alone
PATIENTS, SEED = 48, 2020
PEOPLE = (
    ("therapist@demo.example", "R. Calder", Role.THERAPIST, ("TH-01", "TH-03")),
    ("therapist2@demo.example", "A. Okafor", Role.THERAPIST, ("TH-02", "TH-04")),
    ("supervisor@demo.example", "I. Marlowe", Role.SUPERVISOR, ("SUP-01",)),
    ("supervisor2@demo.example", "K. Weiss", Role.SUPERVISOR, ("SUP-02",)),
    ("admin@demo.example", "S. Lindqvist", Role.ADMINISTRATOR, ()),
    ("assessor@demo.example", "J. Moreau", Role.ASSESSOR, ()),
    ("auditor@demo.example", "E. Brandvold", Role.AUDITOR, ()),
)
NAMES = {
    "SYN-01": PersonDetails("Maren Holt", date(1985, 3, 9)),
    "SYN-02": PersonDetails("Jonas Adeyemi", date(1993, 9, 14)),
    "SYN-04": PersonDetails("Tilda Brandt", date(2003, 6, 2)),
    "SYN-06": PersonDetails("Priya Lindqvist", date(1996, 11, 21)),
}
"""Invented names for the bundle's invented people."""
WEEK = 7
CHECK_SECONDS = 30


@click.command("demo")
@click.option("--port", default=PORT, show_default=True, type=click.IntRange(1, 65535))
@click.option("--check", is_flag=True, help="Do everything, fetch the first page, stop.")
@click.pass_obj
def demo_command(house: House, port: int, *, check: bool) -> None:
    """Try it: a demo clinic of invented people in your browser."""
    claimed = claim(port)
    server = Server(house, demo_instance(house), claimed)
    if check:
        _fetch_first_page(server)
        click.echo(f"The demo answers on {server.address}.")
        return
    click.echo(welcome(server.address))
    server.run()


def demo_instance(house: House) -> Configuration:
    """Give the demo instance, made and filled when there is none yet."""
    config = there(house)
    if config is None:
        click.echo("Making the demo clinic, once.", err=True)
        config = house.create_instance("demo")
    if not config.is_demo:
        raise click.ClickException(
            f"{config.instance} holds a clinic's own records, not a demo. "
            "Name another folder in IPT_INSTANCE."
        )
    database = opened(config)
    with writing(database, None, datetime.now(UTC)) as work:
        if work.session.scalar(select(Account.id).limit(1)) is None:
            fill(work, PATIENTS, SEED)
    database.close()
    return config


def fill(work: UnitOfWork, patients: int, seed: int) -> None:
    """Add the demo's people, the four courses of the bundle and a generated caseload."""
    for email, name, role, codes in PEOPLE:
        account = create_account(work, NewAccount(email, name, role, PASSWORD))
        for code in codes:
            work.session.add(StaffCode(code=code, account_id=account.id))
    work.session.flush()
    bundle = course_bundle.read_demo()
    import_bundle(work, bundle, Options(days_to_now(bundle, work.today), NAMES))
    raw, people = generate(patients, seed, work.today)
    named = {case_id: details_of(person) for case_id, person in people.items()}
    import_bundle(work, course_bundle.read(json.dumps(raw)), Options(people=named))
    fill_in(work)
    start_group(work)
    supervise(work)
    ask_assessor(work)


def days_to_now(bundle: Bundle, today: date) -> int:
    """Say by how many whole weeks to move the bundle so that its latest day is just past.

    A session, an assessment that was made, or the due day of one that was given up: only what is
    still planned may lie ahead.
    """
    every = [a for case in bundle.cases for a in case.assessments]
    made = (a.done_on or (a.due_on if a.reason else None) for a in every)
    last = max(filter(None, (*map(course_bundle.last_day, bundle.cases), *made)))
    return (today - last) // timedelta(weeks=1) * WEEK


def welcome(address: str) -> str:
    """Write what a newcomer needs: where to go and how to sign in."""
    who = "\n".join(f"  {email:26} {role}" for email, _, role, _ in PEOPLE)
    return (
        f"\nIPT Tracker demo: {address}\n\nSign in with the password {PASSWORD} as\n{who}\n\n"
        "Every person in it is invented. Stop it with Ctrl+C."
    )


def _fetch_first_page(server: Server) -> None:
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        with urllib.request.urlopen(server.address, timeout=CHECK_SECONDS) as answer:  # noqa: S310 -- our own loopback address
            page = answer.read().decode()
    finally:
        server.close()
    if 'name="password"' not in page:
        raise click.ClickException("The first page did not show the sign-in form.")
