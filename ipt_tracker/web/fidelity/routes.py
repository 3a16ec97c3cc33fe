"""The addresses of ratings: one's own list, rating a session, giving that up, and what follows.

Comparing, amending, agreeing and asking say their addresses in their own modules.
"""

from collections.abc import Callable

from flask.typing import ResponseReturnValue

from ipt_tracker.web.fidelity import agreeing as _agreeing  # noqa: F401 -- its views register
from ipt_tracker.web.fidelity import amending as _amending  # noqa: F401 -- its views register
from ipt_tracker.web.fidelity import asking as _asking  # noqa: F401 -- its views register
from ipt_tracker.web.fidelity import compare as _compare  # noqa: F401 -- its views register
from ipt_tracker.web.fidelity import mine, rating, waiving
from ipt_tracker.web.fidelity.area import fidelity

__all__ = ["fidelity"]

PAGES: tuple[tuple[str, Callable[..., ResponseReturnValue], tuple[str, ...]], ...] = (
    ("", mine.mine, ("GET",)),
    ("/<rated:kind>/<uuid:rated_id>/rate", rating.rate, ("GET", "POST")),
    ("/<rated:kind>/<uuid:rated_id>/waive", waiving.waive, ("GET", "POST")),
)
for address, view, methods in PAGES:
    fidelity.add_url_rule(address, view_func=view, methods=methods)
