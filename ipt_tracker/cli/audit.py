"""Checking the sealed audit from the command line, and anchoring its newest row."""

import json
import sys
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime

import click

from ipt_tracker.cli.house import House, opened
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence import audit_chain
from ipt_tracker.persistence.audit_chain import AuditChain, Report
from ipt_tracker.persistence.engine import Database
from ipt_tracker.services.unit_of_work import Subject, writing

FOUND = 1
SEEN = "Nothing was changed past the program."


@click.group("audit")
def audit_command() -> None:
    """Check that nobody changed the audit past the program, or anchor its newest row."""


@audit_command.command("verify")
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
@click.pass_obj
def verify_command(house: House, *, as_json: bool) -> None:
    """Check every row, the anchors and the guards. Ends with 1 when something is wrong."""
    config = house.load()
    with closing(opened(config)) as database:
        report = checked(database, datetime.now(UTC))
    click.echo(json.dumps(_facts(report)) if as_json else _words(report, config.audit))
    if not report.ok:
        sys.exit(FOUND)


@audit_command.command("anchor")
@click.pass_obj
def anchor_command(house: House) -> None:
    """Write the newest row into the file of anchors, outside the database."""
    config = house.load()
    with closing(opened(config)) as database, database.read() as session:
        if not audit_chain.anchor(session, config.audit, "by hand", datetime.now(UTC)):
            raise click.ClickException(f"The anchor could not be written to {config.audit.anchor}.")
    click.echo(f"Anchored in {config.audit.anchor}.")


def checked(database: Database, now: datetime) -> Report:
    """Check the audit, write down that it was checked, and anchor it when all is well."""
    if database.audit is None:
        raise RuntimeError("this needs the key of the audit")
    with database.read() as session:
        report = audit_chain.verify(session, database.audit)
    with writing(database, None, now) as work:
        subject = Subject("audit", "chain")
        work.audit(Event.AUDIT_VERIFIED, subject, rows=report.counted, found=len(report.findings))
    if report.ok:
        with database.read() as session:
            audit_chain.anchor(session, database.audit, "verify", now)
    return report


def _facts(report: Report) -> dict[str, object]:
    return {
        "ok": report.ok,
        "rows": report.counted,
        "head": report.head,
        "anchors": report.anchors,
        "findings": [asdict(each) for each in report.findings],
    }


def _words(report: Report, chain: AuditChain) -> str:
    read = f"{report.counted:,} rows and {report.anchors:,} anchors were checked."
    if report.ok:
        return "\n".join([f"{read} {SEEN}", *_restores(chain)])
    lines = [f"- {each.says}" for each in report.findings]
    return "\n".join([f"{read} Something is wrong:", *lines])


def _restores(chain: AuditChain) -> list[str]:
    """Say when a backup was put in the place of the records: what came after it is not here."""
    anchors = audit_chain.read_anchors(chain.anchor) if chain.anchor else ()
    return [
        f"A backup was restored at {each.at}; the audit went on from its row {each.id}."
        for each in anchors
        if each.why == audit_chain.RESTORE
    ]
