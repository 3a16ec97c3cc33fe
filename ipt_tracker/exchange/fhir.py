"""A course as one FHIR R4 Bundle: a collection whose references stay inside it.

Free text of the record, such as notes and what was found about risk, is not in it.
"""

import json
from collections.abc import Iterator

from ipt_tracker.exchange import fhir_course
from ipt_tracker.exchange.fhir_codes import Json, kept, own
from ipt_tracker.exchange.fhir_facts import Course
from ipt_tracker.exchange.fhir_forms import resources_of

MEDIA_TYPE = "application/fhir+json"


def bundle(course: Course) -> Json:
    """Give the Bundle of a course.

    Without names it does not say when it was made, for that tells how far its dates are shifted.
    """
    names = "without-names" if course.without_names else "with-names"
    tags = [own("software", course.software), own("names", names)]
    return kept(
        {
            "resourceType": "Bundle",
            "id": fhir_course.id_of("Bundle", course.id),
            "meta": {"tag": tags},
            "type": "collection",
            "timestamp": fhir_course.moment(course.made_at),
            "entry": [_entry(resource) for resource in _resources(course)],
        }
    )


def fhir_bytes(course: Course) -> bytes:
    """Write the Bundle as JSON, the same bytes for the same course."""
    return (json.dumps(bundle(course), ensure_ascii=False, indent=1) + "\n").encode()


def _entry(resource: Json) -> Json:
    return {"fullUrl": f"urn:uuid:{resource['id']}", "resource": resource}


def _resources(course: Course) -> Iterator[Json]:
    yield fhir_course.patient(course)
    yield fhir_course.episode(course)
    yield fhir_course.plan(course)
    for slot in course.slots:
        yield fhir_course.encounter(course, slot)
        mood = fhir_course.mood(course, slot)
        if mood:
            yield mood
    for form in course.forms:
        yield from resources_of(course, form)
