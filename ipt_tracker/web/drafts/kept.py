"""What a form page does with its draft: shows it, and lets go of it when the form is saved."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from flask import request
from werkzeug.datastructures import MultiDict

from ipt_tracker.services import drafts as service
from ipt_tracker.services.drafts import Key, Pairs
from ipt_tracker.services.unit_of_work import UnitOfWork
from ipt_tracker.web.drafts.taking_part import takes_part
from ipt_tracker.web.forms import Form
from ipt_tracker.web.merging import LEFT, is_left, not_taken
from ipt_tracker.web.page import day
from ipt_tracker.web.work import given

KEY = "draft_key"
NEVER_KEPT = {"csrf_token", KEY}


@dataclass(frozen=True, slots=True)
class FormDraft:
    """What a page says about the draft of its form; `when` is empty while none is shown.

    `left` are hidden fields: texts that were not taken on a merge page, until the form is saved.
    """

    url: str
    key: str
    when: str = ""
    left: Pairs = ()


def take_up(work: UnitOfWork, form: Form) -> FormDraft | None:
    """Show the draft of this form in it, where there is one. Call it last, before drawing the page.

    The hidden fields are the draft's too: the version that the person saw when they began. A form
    that was sent shows what was sent. None for a view that keeps no drafts.
    """
    if not takes_part():
        return None
    if request.method == "POST":
        key = sent_key() or new_key(work)
        left = tuple((f"{LEFT}{name}", text) for name, text in not_taken().items())
        return FormDraft(request.path, str(key), left=left)
    draft = service.find_draft(work, request.path)
    if draft is None:
        return FormDraft(request.path, str(new_key(work)))
    pairs = service.pairs_of(draft)
    form.take(MultiDict(pairs))
    key = Key(work.person.id, _window(), service.seen(draft))
    left = tuple((name, text) for name, text in pairs if is_left(name))
    return FormDraft(request.path, str(key), clock_words(draft.saved_at), left)


def drop_draft(work: UnitOfWork) -> None:
    """Let go of the draft of the form that this request saves, in the transaction that saves it."""
    if takes_part():
        service.let_go(work, request.path, sent_key(), sent_pairs())


def sent_key() -> Key | None:
    """Give what the page that sent this form knows of its draft; None for another person's page."""
    return Key.read(request.form.get(KEY, ""))


def sent_pairs() -> Pairs:
    """Give the fields that were sent, in their order."""
    return tuple((n, v) for n, v in request.form.items(multi=True) if n not in NEVER_KEPT)


def clock_words(moment: datetime) -> str:
    """Write "10:42", or "10 Mar, 10:42" on another day."""
    here = moment.astimezone()
    clock = f"{here:%H:%M}"
    is_today = here.date() == given().today()
    return clock if is_today else f"{day(here.date())}, {clock}"


def new_key(work: UnitOfWork) -> Key:
    """Make the key of a page that has seen no draft."""
    return Key(work.person.id, _window())


def _window() -> str:
    return secrets.token_hex(8)
