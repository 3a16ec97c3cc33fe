"""Two versions of one record, field by field: what the page shows, and what was chosen on it.

The page carries both versions as they would be sent. What was chosen is put together before any
form sees it, so that every check of the form holds for a merged version too.
"""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from flask import request
from flask_wtf import FlaskForm
from flask_wtf.form import _Auto
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    Field,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice

from ipt_tracker.services.merging import Meeting
from ipt_tracker.web.differences import Piece, marked

MERGING, OWN = "merging", "merging_own"
"""Hidden fields: the names of the fields that differ, and of the texts that are one's own."""
YOURS, THEIRS, BOTH, ANEW = "yours", "theirs", "both", "anew"
CHOICES = (YOURS, THEIRS, BOTH, ANEW)
LEFT = "not_taken:"
"""Hidden fields of a form that was not saved yet: texts that a merge page left, by field."""
NEVER_CARRIED = {"csrf_token", "draft_key", "version", MERGING, OWN}
CLOCK = re.compile(r"^(\d\d:\d\d):00$")
"""A kept time of day has its seconds, a form has not."""
UNDECIDED = "Say which of the two is kept."
Typed = MultiDict[str, str]
Values = tuple[str, ...]


class SettledMeta(FlaskForm.Meta):  # type: ignore[misc]  # -- Flask-WTF brings no types
    """Read a form that comes from a merge page as what was chosen there."""

    def wrap_formdata(self, form: Any, formdata: Any) -> Any:  # noqa: ANN401 -- Flask-WTF
        typed = super().wrap_formdata(form, formdata)
        return settled(typed) if formdata is _Auto and typed and MERGING in typed else typed


def is_merging() -> bool:
    """Say whether this request comes from a merge page."""
    return MERGING in request.form


def settled(typed: Typed, everywhere: str | None = None) -> Typed:
    """Put together what was chosen, field by field; `everywhere` is one choice for all of them."""
    made = Typed((n, v) for n, v in typed.items(multi=True) if not _is_part(n))
    for name in typed.getlist(MERGING):
        chosen = everywhere or typed.get(f"merge:{name}") or YOURS
        made.setlist(name, list(_chosen(typed, name, chosen)))
    return made


def undecided() -> list[str]:
    """Give the fields of a merge page on which nothing was chosen."""
    named = request.form.getlist(MERGING)
    return [name for name in named if request.form.get(f"merge:{name}") not in CHOICES]


def not_taken() -> dict[str, str]:
    """Give the texts of one's own that were left for the other version or for new words.

    Those of an earlier merge, whose result could not be saved yet, are among them.
    """
    typed, texts = request.form, dict[str, list[str]]()
    for carried in filter(is_left, typed):
        texts[carried.removeprefix(LEFT)] = typed.getlist(carried)
    for name in typed.getlist(OWN):
        if typed.get(f"merge:{name}") in {THEIRS, ANEW}:
            texts.setdefault(name, []).append(typed.get(f"{YOURS}:{name}", ""))
    joined = {name: "\n\n".join(dict.fromkeys(filter(None, t))) for name, t in texts.items()}
    return {name: text for name, text in joined.items() if text}


def is_left(name: str) -> bool:
    """Say whether a hidden field carries a text that was not taken."""
    return name.startswith(LEFT)


def _is_part(name: str) -> bool:
    prefix, colon, _ = name.partition(":")
    return name in {MERGING, OWN} or bool(colon and prefix in {"merge", "lines", *CHOICES})


def _chosen(typed: Typed, name: str, chosen: str) -> Values:
    yours, theirs = (tuple(typed.getlist(f"{side}:{name}")) for side in (YOURS, THEIRS))
    if chosen == ANEW:
        return (typed.get(f"{ANEW}:{name}", ""),)
    if chosen == BOTH:
        return (_one_after_the_other(theirs, yours, is_long=f"lines:{name}" in typed),)
    return theirs if chosen == THEIRS else yours


def _one_after_the_other(theirs: Values, yours: Values, *, is_long: bool) -> str:
    """Give both texts whole: words of two people are never mixed."""
    both = [value.strip() for value in (*theirs, *yours) if value.strip()]
    return ("\n\n" if is_long else "; ").join(both)


@dataclass(frozen=True, slots=True)
class Differing:
    """One field in two versions. `choices` and `changed_by` are codes; nothing chosen is empty."""

    name: str
    label: str
    yours: Values
    theirs: Values
    your_words: tuple[Piece, ...]
    their_words: tuple[Piece, ...]
    choices: tuple[str, ...]
    chosen: str
    changed_by: str
    is_text: bool
    is_long: bool
    is_own: bool
    anew: str
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Merge:
    """Everything of a merge page: what differs, what is the same, and what travels unseen."""

    fields: tuple[Differing, ...]
    same: tuple[str, ...]
    carried: tuple[tuple[str, str], ...]
    version: int


def merge(
    form: Any,  # noqa: ANN401 -- any form with a version
    names: Collection[str],
    show_theirs: Callable[[], None],
    meeting: Meeting,
) -> Merge:
    """Set one's own version of these fields against the one that `show_theirs` puts in the form."""
    typed = settled(request.form, YOURS)
    form.process(typed)
    yours = {name: sent(form[name]) for name in names}
    show_theirs()
    sides = {name: (yours[name], sent(form[name])) for name in names}
    differing = {name for name, (own, other) in sides.items() if _plain(own) != _plain(other)}
    carried = tuple(
        (name, value)
        for name, value in typed.items(multi=True)
        if name not in differing | NEVER_CARRIED
    )
    return Merge(
        tuple(_differing(form[name], *sides[name], meeting) for name in names if name in differing),
        tuple(form[name].label.text for name in names if name not in differing),
        carried,
        meeting.version,
    )


def _differing(field: Field, yours: Values, theirs: Values, meeting: Meeting) -> Differing:
    is_text, name = isinstance(field, StringField), field.name
    is_long = isinstance(field, TextAreaField)
    who = _changed_by(name, yours, theirs, meeting)
    usual = who or (BOTH if is_text else "")
    wanted = request.form.get(f"merge:{name}")
    mine, other = words_of(field, yours), words_of(field, theirs)
    return Differing(
        name=name,
        label=field.label.text,
        yours=yours,
        theirs=theirs,
        your_words=marked(mine, other),
        their_words=marked(other, mine),
        choices=CHOICES if is_text else (YOURS, THEIRS),
        chosen=wanted if wanted in CHOICES else usual,
        changed_by=who,
        is_text=is_text,
        is_long=is_long,
        is_own=is_text and who != THEIRS,
        anew=request.form.get(f"{ANEW}:{name}")
        or _one_after_the_other(theirs, yours, is_long=is_long),
        wrong=UNDECIDED if is_merging() and name in undecided() else "",
    )


def _changed_by(name: str, yours: Values, theirs: Values, meeting: Meeting) -> str:
    """Say which side alone changed a field, where that is certain."""
    if name in meeting.before:
        return THEIRS if _plain(yours) == _plain(_stored(meeting.before[name])) else ""
    if name in meeting.tracked:
        return YOURS
    return THEIRS if _plain(theirs) and not _plain(yours) else ""


def _stored(value: object) -> Values:
    if value is None:
        return ()
    texts = map(str, value) if isinstance(value, list) else (str(value),)
    return tuple(CLOCK.sub(r"\1", text) for text in texts)


def sent(field: Field) -> Values:
    """Give what a browser would send for a field as it stands."""
    if isinstance(field, SelectMultipleField):
        return tuple(map(str, field.data or ()))
    if isinstance(field, BooleanField):
        return ("y",) if field.data else ()
    if isinstance(field, SelectField):  # radio buttons too
        return () if field.data is None else (str(field.data),)
    return (str(field._value()),)  # noqa: SLF001 -- the one way to what a field would show


def _plain(values: Values) -> Values:
    texts = ("\n".join(value.split("\r\n")).strip() for value in values)
    return tuple(text for text in texts if text)


def words_of(field: Field, values: Values) -> str:
    """Write the values of a field in the words that it offers for them."""
    if not _plain(values):
        return "nothing"
    if not isinstance(field, SelectField):
        return "\n".join(_plain(values))
    labels = {str(c.value): c.label for c in map(SelectChoice.from_input, field.choices or ())}
    return ", ".join(str(labels.get(value) or value) for value in values)
