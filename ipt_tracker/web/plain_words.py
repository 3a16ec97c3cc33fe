"""Signs that nobody can see: no page can hold them and no database need keep them."""

import unicodedata

from flask import Flask, request
from werkzeug.exceptions import BadRequest

KEPT = frozenset("\t\n\r")


def plain(text: str) -> str:
    """Take out control characters and halves of characters, as a text pasted from a PDF has."""
    if text.isprintable():
        return text
    return "".join(each for each in text if _is_plain(each))


def install(app: Flask) -> None:
    """Refuse an address that holds them: no link of ours does."""
    app.before_request(_refuse)


def _refuse() -> None:
    values = [value for name in request.args for value in (name, *request.args.getlist(name))]
    if not all(map(_is_plain, "".join(values))):
        raise BadRequest


def _is_plain(character: str) -> bool:
    return character in KEPT or unicodedata.category(character) not in {"Cc", "Cs"}
