"""The file of one course, which another instance can take in."""

import hashlib

from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import Course
from ipt_tracker.services.bundles.holds import allowed
from ipt_tracker.services.bundles.writing import SCHEMA, as_text, case_of, head
from ipt_tracker.services.doors import course_subject
from ipt_tracker.services.unit_of_work import UnitOfWork


def course_bundle(
    work: UnitOfWork, course: Course, version: str, reason: str | None = None
) -> bytes:
    """Give a course with everything that the actor may take out, and write down that they did.

    Process notes are in it for who wrote them, ratings with the permission to take them out.
    """
    case = case_of(work.session, course.id, allowed(work))
    content = as_text({**head(version), "cases": [case]}).encode() + b"\n"
    tables = case["records"]["tables"]
    work.audit(
        Event.COURSE_EXPORTED,
        course_subject(course),
        format=SCHEMA,
        rows=sum(map(len, tables.values())),
        sha256=hashlib.sha256(content).hexdigest(),
        **({"reason": reason} if reason else {}),
    )
    return content
