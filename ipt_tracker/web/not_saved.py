"""The page for trouble with the database: it says that nothing was saved, and offers it again.

What was typed goes back to the browser that sent it and is kept nowhere else. The page itself
asks the database for nothing.
"""

from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue

from ipt_tracker.persistence.trouble import Trouble
from ipt_tracker.web.auth.kept import KeptForm, is_script

UNAVAILABLE, NO_ROOM = 503, 507
RETRY_AFTER = 10
LOOKING = {"GET", "HEAD", "OPTIONS"}


@dataclass(frozen=True, slots=True)
class Words:
    """What a page and a script say about one kind of trouble."""

    title: str
    why: str
    do: str
    short: str
    status: int = UNAVAILABLE


STAYS = "What you typed stays on this page and is tried again."
TELL = "Tell your administrator."
SAID = {
    Trouble.BUSY: Words(
        "Busy just now",
        "Another program was using the records for too long.",
        f"Wait {RETRY_AFTER} seconds, then try again. If it stays like this, tell your "
        "administrator that the records are “busy”.",
        f"The records are busy, so no draft was kept. {STAYS}",
    ),
    Trouble.FULL: Words(
        "No room left",
        "The disk that holds the records is full.",
        f"{TELL} Keep this page open until there is room again, then try again.",
        f"The disk is full, so no draft was kept. {STAYS} {TELL}",
        NO_ROOM,
    ),
    Trouble.DISK: Words(
        "The records cannot be written",
        "The disk that holds the records refuses to take anything.",
        f"{TELL} Keep this page open until it is mended, then try again.",
        f"The disk does not take anything, so no draft was kept. {STAYS} {TELL}",
    ),
    Trouble.GONE: Words(
        "The records cannot be reached",
        "The connection to the records broke.",
        f"Wait {RETRY_AFTER} seconds and look at the record first, in another tab: what you sent "
        "last may have arrived. If it is missing, send it again from here.",
        f"The records cannot be reached, so no draft was kept. {STAYS}",
    ),
    Trouble.AUDIT: Words(
        "The audit trail cannot be written",
        "Each change and each look at a record is written down first, and that failed.",
        f"{TELL} Keep this page open until it is mended, then try again.",
        f"The audit trail cannot be written, so no draft was kept. {STAYS} {TELL}",
    ),
}


def not_saved(trouble: Trouble) -> ResponseReturnValue:
    """Answer a request that the database did not take: a page, or one sentence to a script."""
    words = SAID[trouble]
    after = {"Retry-After": str(RETRY_AFTER)} if words.status == UNAVAILABLE else {}
    if is_script(request):
        return {"message": words.short}, words.status, after
    sent = request.method not in LOOKING
    page = render_template(
        "errors/503.html",
        words=words,
        sent=sent,
        unsure=trouble is Trouble.GONE,
        kept=_kept() if sent else None,
        files=[f.filename for f in request.files.values() if f.filename] if sent else [],
        address=request.full_path.removesuffix("?"),
    )
    return page, words.status, after


def _kept() -> KeptForm | None:
    """Give the form to send again; a file has to be chosen anew, so its form is not offered."""
    return None if request.files else KeptForm.of_refused(request)
