"""Which forms keep drafts: their views say so, and an address leads to its view."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from flask import current_app, request, url_for
from werkzeug.exceptions import HTTPException

from ipt_tracker.governance.access import Permission
from ipt_tracker.services.assessments.assigned import open_assigned
from ipt_tracker.services.doors import open_course
from ipt_tracker.services.drafts import Place
from ipt_tracker.services.fidelity.doors import RatedKind, open_rated, open_therapist
from ipt_tracker.services.group_doors import open_group
from ipt_tracker.services.unit_of_work import UnitOfWork

View = TypeVar("View", bound=Callable[..., Any])
LONGEST = 300
OWNED = {"course_id", "group_id", "therapist_id", "request_id"}
"""What an address may name that belongs to somebody."""


def keeps_draft(title: str) -> Callable[[View], View]:
    """Let the form of a view keep a draft; `title` names it in lists, "{slot}" is the address's."""

    def declare(view: View) -> View:
        vars(view)["draft_title"] = title
        return view

    return declare


@dataclass(frozen=True, slots=True)
class FormView:
    """A form that keeps drafts, with the permission that its view asks for.

    `rated` is the session that the form rates: its rater may have no way to the course.
    `therapist_id` is whose portfolio the form is about.
    """

    place: Place
    permission: Permission
    rated: tuple[RatedKind, UUID] | None = None
    therapist_id: UUID | None = None
    request_id: UUID | None = None
    """What an assessor was asked: all that leads them to a course."""

    def open(self, work: UnitOfWork) -> None:
        """Go through the same door as the view, or raise AccessDenied."""
        if self.rated is not None:
            open_rated(work, *self.rated, self.permission)
        elif self.therapist_id is not None:
            open_therapist(work, self.therapist_id, self.permission)
        elif self.request_id is not None:
            open_assigned(work, self.request_id)
        elif self.place.course_id is not None:
            open_course(work, self.place.course_id, self.permission)
        elif self.place.group_id is not None:
            open_group(work, self.place.group_id, self.permission)


def form_at(address: str) -> FormView | None:
    """Give the form at an address; None where there is none of ours that keeps drafts."""
    if len(address) > LONGEST:
        return None
    addresses = current_app.url_map.bind(request.host)
    try:
        endpoint, values = addresses.match(address, method="POST")
    except HTTPException:
        return None
    view = current_app.view_functions[endpoint]
    title, policy = _title(endpoint), getattr(view, "policy", None)
    rated = (values["kind"], values["rated_id"]) if "rated_id" in values else None
    owned = rated is not None or OWNED & set(values)
    if title is None or not owned or not isinstance(policy, Permission):
        return None
    if url_for(endpoint, **values) != address:
        return None  # another way to write it would be another draft
    named = title.format(**values)
    ids = values.get("course_id"), values.get("group_id")
    if policy is Permission.ASSESS:
        return FormView(Place(address, named), policy, request_id=values["request_id"])
    return FormView(Place(address, named, *ids), policy, rated, values.get("therapist_id"))


def takes_part() -> bool:
    """Say whether the view of this request keeps drafts of its form."""
    return _title(request.endpoint or "") is not None


def _title(endpoint: str) -> str | None:
    view = current_app.view_functions.get(endpoint)
    title: str | None = getattr(view, "draft_title", None)
    return title
