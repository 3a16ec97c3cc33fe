"""Each view says who may use it. One that says nothing is refused to everybody."""

from collections.abc import Callable
from typing import Any, TypeVar

from ipt_tracker.governance.access import Permission

View = TypeVar("View", bound=Callable[..., Any])


def public(view: View) -> View:
    """Open a view to visitors who have not signed in."""
    vars(view)["policy"] = "public"
    return view


def signed_in(view: View) -> View:
    """Open a view to everybody who has signed in: their own account, their own start page."""
    vars(view)["policy"] = "signed in"
    return view


def needs(permission: Permission) -> Callable[[View], View]:
    """Open a view to those whose role can ever have this permission; the door decides the rest."""

    def declare(view: View) -> View:
        vars(view)["policy"] = permission
        return view

    return declare


def fresh(view: View) -> View:
    """Ask who has not just proved who they are to do so first: for tables, codes and roles.

    It stands below `needs` or `signed_in`, which say who may use the view at all.
    """
    vars(view)["fresh"] = True
    return view


def before_enrolment(view: View) -> View:
    """Open a view also to who has yet to set up the second factor that the clinic asks for."""
    vars(view)["before_enrolment"] = True
    return view
