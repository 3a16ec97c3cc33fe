"""What somebody typed when their sign-in ran out: carried through the sign-in, then sent again.

The words go back to the browser that sent them, in hidden fields of pages that nobody may store,
and are kept nowhere else.
"""

from dataclasses import dataclass
from typing import Self

from flask import Request

from ipt_tracker.web.addresses import is_ours

ADDRESS, PREFIX = "kept_address", "kept:"
NOT_CARRIED = {"csrf_token"}


@dataclass(frozen=True, slots=True)
class KeptForm:
    """A form that could not be taken: where it was sent, and its fields in order."""

    address: str
    fields: tuple[tuple[str, str], ...]

    @classmethod
    def of_refused(cls, request: Request) -> Self | None:
        """Keep the form of a request that came too late; None when it was no form."""
        fields = [(n, v) for n, v in request.form.items(multi=True) if n not in NOT_CARRIED]
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
