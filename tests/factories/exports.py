"""Taking tables out in tests, as the page does it."""

from dataclasses import replace

from ipt_tracker.exchange.export_scores import TABLES
from ipt_tracker.governance.access import Permission
from ipt_tracker.governance.disguise import Disguise
from ipt_tracker.services.exports.choice import Choice, Format, Which
from ipt_tracker.services.exports.taking import Download, Units, take
from ipt_tracker.services.unit_of_work import UnitOfWork
from tests.factories.clinic import Clinic
from tests.factories.people import Person

DISGUISE = Disguise(b"a key of these tests alone 0123456")
REASON = "Audit of the service"
NO_RATINGS = tuple(name for name in TABLES if name != "fidelity_ratings")


def choice(*names: str, which: str = "all", form: str = "csv", disguised: bool = False) -> Choice:
    """Choose tables by name; all but ratings where none is named."""
    tables = tuple(TABLES[name] for name in names or NO_RATINGS)
    return Choice(tables, Which(which), Format(form), disguised=disguised)


def allowed(work: UnitOfWork) -> UnitOfWork:
    """Let the actor of a unit of work take ratings out, as an administrator may."""
    granted = frozenset({Permission.EXPORT_FIDELITY})
    return replace(work, actor=replace(work.person, granted=granted))


def units(clinic: Clinic, person: Person, *, ratings: bool = False) -> Units:
    """Give units of work of this person."""
    if ratings:
        return Units(
            lambda: allowed(clinic.reading(person)), lambda: allowed(clinic.writing(person))
        )
    return Units(lambda: clinic.reading(person), lambda: clinic.writing(person))


def begun(clinic: Clinic, person: Person, chosen: Choice, **more: bool) -> Download:
    """Begin to take tables out."""
    about = [("file", "Tables of a test")]
    return take(units(clinic, person, **more), chosen, REASON, DISGUISE, about)


def taken(clinic: Clinic, person: Person, chosen: Choice, **more: bool) -> bytes:
    """Take tables out to the last byte."""
    download = begun(clinic, person, chosen, **more)
    content = b"".join(download)
    download.close()
    return content
