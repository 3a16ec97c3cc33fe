"""An invented clinic of any size in a folder of its own, with one patient of 500 sessions."""

import json
import os
from contextlib import contextmanager
from datetime import UTC, datetime

from ipt_tracker import config
from ipt_tracker.cli.demo import PASSWORD, PEOPLE
from ipt_tracker.cli.records import details_of
from ipt_tracker.exchange import course_bundle
from ipt_tracker.exchange.caseload_generator import generate
from ipt_tracker.persistence.engine import open_database
from ipt_tracker.persistence.models import StaffCode
from ipt_tracker.services.accounts import NewAccount, create_account
from ipt_tracker.services.imports import Options, import_bundle
from ipt_tracker.services.unit_of_work import writing

SEED, LONG_COURSE, LONG_ID = 7, 500, "GEN-LONG"
STAFF = {
    "therapist@demo.example": ("TH-01",),
    "therapist2@demo.example": ("TH-02",),
    "supervisor@demo.example": ("SUP-01",),
}


@contextmanager
def instance_named(folder):
    """Let IPT_INSTANCE name this folder for a while."""
    before = os.environ.get("IPT_INSTANCE")
    os.environ["IPT_INSTANCE"] = str(folder)
    try:
        yield
    finally:
        if before is None:
            del os.environ["IPT_INSTANCE"]
        else:
            os.environ["IPT_INSTANCE"] = before


def make_clinic(folder, patients):
    """Make a demo instance with so many patients and give its configuration."""
    with instance_named(folder):
        made = config.create_instance("demo")
    database = open_database(made.database_url, made.database_key, audit=made.audit)
    now = datetime.now(UTC)
    raw, people = generate(patients, SEED, now.astimezone().date(), long_course=LONG_COURSE)
    bundle = course_bundle.read(json.dumps(raw))
    with writing(database, None, now) as work:
        for email, name, role, _ in PEOPLE:
            account = create_account(work, NewAccount(email, name, role, PASSWORD))
            codes = STAFF.get(email, ())
            work.session.add_all(StaffCode(code=c, account_id=account.id) for c in codes)
        work.session.flush()
        named = {case_id: details_of(person) for case_id, person in people.items()}
        import_bundle(work, bundle, Options(people=named))
    database.close()
    return made
