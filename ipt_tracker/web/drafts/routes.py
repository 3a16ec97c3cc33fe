"""Keeping a draft while somebody types, and throwing one away."""

import json
from dataclasses import replace

from flask import Blueprint, abort, flash, redirect, request
from flask.typing import ResponseReturnValue

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.services import drafts as service
from ipt_tracker.services.drafts import Key, NewerDraft, Pairs
from ipt_tracker.services.unit_of_work import ChangedMeanwhile
from ipt_tracker.web.drafts.kept import NEVER_KEPT, clock_words, sent_key
from ipt_tracker.web.drafts.taking_part import FormView, form_at
from ipt_tracker.web.policy import signed_in
from ipt_tracker.web.work import begin_work, current_actor

drafts = Blueprint("drafts", __name__, url_prefix="/drafts")

CONFLICT, TOO_LARGE = 409, 413
SOMEBODY_ELSE = (
    "Somebody else is signed in here now. What you typed stays on this page and is not kept; "
    "sign in as yourself in another tab."
)


@drafts.route("", methods=["POST"])
@signed_in
def keep() -> ResponseReturnValue:
    """Keep what is typed in a form. It answers a script, in a few words."""
    form, key, pairs = _form(), sent_key(), _pairs()
    if key is None:
        abort(400)
    actor = current_actor()
    if actor is None or key.owner != actor.id:
        return {"message": SOMEBODY_ELSE}, CONFLICT
    try:
        with begin_work() as work:
            form.open(work)
            draft = service.keep_draft(work, form.place, pairs, key)
            now = Key(key.owner, key.window, service.seen(draft))
            return {"key": str(now), "at": clock_words(draft.saved_at)}
    except NewerDraft as newer:
        theirs = replace(key, seen=newer.seen)
        return {"newer": str(theirs), "at": clock_words(newer.saved_at)}, CONFLICT
    except ChangedMeanwhile:
        return {"message": "Another window keeps a draft of this form at this moment."}, CONFLICT
    except RuleBroken as broken:
        return {"message": broken.message}, TOO_LARGE


@drafts.route("/discard", methods=["POST"])
@signed_in
def discard() -> ResponseReturnValue:
    """Throw a draft away and go back to its form, which starts afresh."""
    form = _form()
    with begin_work() as work:
        form.open(work)
        service.discard_draft(work, form.place.address)
    flash("The draft is thrown away. The form starts again without it.", "success")
    return redirect(form.place.address, 303)


def _form() -> FormView:
    if "address" not in request.form:
        abort(422)  # nothing was sent
    found = form_at(request.form["address"])
    if found is None:
        abort(404)
    return found


def _pairs() -> Pairs:
    """Read the fields: a list of pairs of texts, without what is never kept."""
    try:
        read = json.loads(request.form.get("fields", ""))
        pairs = [(name, value) for name, value in read]
    except (ValueError, TypeError):
        abort(400)
    if not all(isinstance(part, str) for pair in pairs for part in pair):
        abort(400)
    return tuple(pair for pair in pairs if pair[0] not in NEVER_KEPT)
