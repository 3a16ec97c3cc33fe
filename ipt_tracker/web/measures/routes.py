"""The measures of a course: the list, choosing one, entering it, and the pages of each."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from ipt_tracker.governance.access import Permission
from ipt_tracker.services.doors import open_course
from ipt_tracker.services.measure_list import list_measures
from ipt_tracker.services.outline import outline
from ipt_tracker.services.safety import prompts_by_measure
from ipt_tracker.services.second_keying import keyed_twice
from ipt_tracker.web.measures import entering, one, prompts
from ipt_tracker.web.measures.rows import Marks, list_view
from ipt_tracker.web.policy import needs
from ipt_tracker.web.strip import course_page
from ipt_tracker.web.work import begin_reading

measures = Blueprint("measures", __name__, url_prefix="/courses/<uuid:course_id>/measures")


@measures.route("", methods=["GET"])
@needs(Permission.OPEN_COURSE)
def list_all(course_id: UUID) -> ResponseReturnValue:
    """List every measure of a course, by instrument; the one just saved stands in a sentence."""
    with begin_reading() as work:
        course = open_course(work, course_id, Permission.OPEN_COURSE)
        facts = outline(work, course)
        found = list_measures(work, facts)
        saved = found.find(request.args.get("saved", type=UUID))
        marks = Marks(keyed_twice(work, course), prompts_by_measure(work, course))
        view = list_view(found, marks, saved)
        return course_page(work, "measures/list_all.html", facts, view=view)


PAGES: tuple[tuple[str, Callable[..., ResponseReturnValue], tuple[str, ...]], ...] = (
    ("/new", entering.choose, ("GET",)),
    ("/<instrument:instrument>/new", entering.record, ("GET", "POST")),
    ("/<uuid:measure_id>", one.show, ("GET",)),
    ("/<uuid:measure_id>/correction", one.correct, ("GET", "POST")),
    ("/<uuid:measure_id>/withdrawal", one.withdraw, ("GET", "POST")),
    ("/<uuid:measure_id>/restoration", one.restore, ("GET", "POST")),
    ("/<uuid:measure_id>/move", one.move, ("GET", "POST")),
    ("/<uuid:measure_id>/second-keying", one.key_again, ("GET", "POST")),
    ("/prompts/<uuid:prompt_id>", prompts.acknowledge, ("GET", "POST")),
)
"""Entering one, and the pages of one that is there."""
for address, view, methods in PAGES:
    measures.add_url_rule(address, view_func=view, methods=methods)
