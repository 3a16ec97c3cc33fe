"""One report of a course as a file: made whole first, then written down, then handed over."""

from hashlib import sha256

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import Permission
from ipt_tracker.governance.disguise import Disguise
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import Course
from ipt_tracker.reports.document import Document, pdf
from ipt_tracker.services.doors import course_subject
from ipt_tracker.services.reports.fidelity_part import fidelity_part
from ipt_tracker.services.reports.letter import letter_of
from ipt_tracker.services.reports.progress_report import NOTHING, progress_report_of
from ipt_tracker.services.unit_of_work import UnitOfWork

EVENTS = {"progress": Event.REPORT_PRINTED, "letter": Event.LETTER_PRINTED}
UNKNOWN = "There is no such report."


def report_document(  # noqa: PLR0913 -- what a report is made of
    work: UnitOfWork,
    course: Course,
    kind: str,
    version: str,
    disguise: Disguise | None = None,
    *,
    fidelity: bool = False,
) -> Document:
    """Lay a report of a course out: what the preview shows and what the file holds.

    With a disguise it names nobody, its dates are shifted, and it holds nothing that was typed.
    `fidelity` adds how the sessions were rated to a progress report that has names.
    Raises RuleBroken with a sentence where there is nothing to report.
    """
    software = f"IPT Tracker {version}"
    if kind == "letter":
        return letter_of(work, course, software, disguise)
    if kind != "progress":
        raise RuleBroken(UNKNOWN)
    with_it = fidelity and disguise is None
    rated = fidelity_part(work, course) if with_it else NOTHING
    return progress_report_of(work, course, software, disguise, rated)


def report_file(  # noqa: PLR0913 -- what a report is made of
    work: UnitOfWork,
    course: Course,
    kind: str,
    version: str,
    disguise: Disguise | None = None,
    *,
    fidelity: bool = False,
) -> bytes:
    """Print a report of a course that was opened, and write down that it leaves the building.

    Raises RuleBroken with a sentence where there is nothing to report.
    """
    content = pdf(report_document(work, course, kind, version, disguise, fidelity=fidelity))
    work.audit(
        EVENTS[kind],
        course_subject(course),
        format="pdf",
        without_names=disguise is not None,
        fidelity=fidelity and disguise is None and kind == "progress",
        bytes=len(content),
        sha256=sha256(content).hexdigest(),
        permission=Permission.PRINT_REPORT,
    )
    return content
