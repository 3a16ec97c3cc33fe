"""What somebody typed when their sign-in ran out: carried through the sign-in, then sent again.

The words go back to the browser that sent them, in hidden fields of pages that nobody may store,
and are kept nowhere else.
"""

from dataclasses import dataclass
from typing import Self

from flask import Request

from ipt_tracker.web.addresses import is_ours

ADDRESS, PREFIX = "kept_address", "kept:"
NOT_CARRIED = {"auth", "account", "by_code"}
"""Areas whose forms hold secrets: nothing secret stands in a page."""
SCRIPTS = {"drafts.keep", "auth.still_here"}
"""Endpoints that a page asks while somebody types: a page in answer would be seen by nobody."""
BY_ITSELF = "Ipt-By-Itself"
"""The header of what a page sends again although nobody has typed since."""


def is_script(request: Request) -> bool:
    """Say whether a script of ours asks."""
    return request.endpoint in SCRIPTS


def is_by_itself(request: Request) -> bool:
    """Say whether the page asks by itself: that is not activity of the person before it."""
    return is_script(request) and BY_ITSELF in request.headers


@dataclass(frozen=True, slots=True)
class KeptForm:
    """A form that could not be taken: where it was sent, and its fields in order."""

    address: str
    fields: tuple[tuple[str, str], ...]

    @classmethod
    def of_refused(cls, request: Request) -> Self | None:
        """Keep the form of a request that came too late; None when it was no form.

        One that carries another form already gives that one.
        """
        if ADDRESS in request.form:
            return cls.carried(request)
        if request.blueprint in NOT_CARRIED:
            return None
        fields = [(n, v) for n, v in request.form.items(multi=True) if _may_be_carried(n)]
        return cls(request.path, tuple(fields)) if fields else None

    @classmethod
    def carried(cls, request: Request) -> Self | None:
        """Take up what the sign-in form carried; None when it carried nothing of ours."""
        address = request.form.get(ADDRESS, "")
        if not is_ours(address):
            return None
        given = request.form.items(multi=True)
        fields = tuple((n.removeprefix(PREFIX), v) for n, v in given if n.startswith(PREFIX))
        return cls(address, fields)


def _may_be_carried(name: str) -> bool:
    return name != "csrf_token" and "password" not in name
