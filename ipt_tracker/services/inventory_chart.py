"""From the inventory of a course to the frozen input of its closeness circle."""

from ipt_tracker.charts.closeness import Closeness, Person, counted
from ipt_tracker.charts.model import Provenance
from ipt_tracker.charts.words import plural
from ipt_tracker.clinical.course.inventory import initials
from ipt_tracker.persistence.models import Course
from ipt_tracker.services.chart_words import recorded
from ipt_tracker.services.inventory import Inventory, Listed

FOOTER = "Closeness as the patient speaks of it. Order round the circle has no meaning."


def picture_of(
    course: Course, inventory: Inventory, software: str, *, initials_only: bool = False
) -> Closeness:
    """Give everything that the picture shows, and nothing that it does not."""
    people = tuple(_person(each, initials_only=initials_only) for each in inventory.people)
    moments = [each.row.recorded_at for each in inventory.people]
    return Closeness(
        title=f"{course.patient.code}   Closeness circle",
        verdict=counted(people),
        footer=FOOTER + (" Names as initials." if initials_only else ""),
        centre=course.patient.code,
        people=people,
        provenance=Provenance(
            patient_code=course.patient.code,
            instrument="",
            completeness=f"{plural(len(people), 'person', 'people')} of the inventory",
            threshold_source="",
            window="",
            software=f"IPT Tracker {software}",
            newest_recorded=recorded(moments),
        ),
    )


def _person(each: Listed, *, initials_only: bool) -> Person:
    row, last = each.row, each.moves[-1] if each.moves else None
    return Person(
        name=initials(row.name) if initials_only else row.name,
        ring=row.ring,
        group=(row.relation or "").strip().casefold(),
        moved=f"{last.words} on {last.day.day} {last.day:%b %Y}" if last else "",
    )
