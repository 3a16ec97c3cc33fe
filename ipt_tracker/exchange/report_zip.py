"""Many reports as one ZIP file: each under its patient's code, with a list of all of them."""

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from ipt_tracker.exchange.tables import csv_bytes

LIST_NAME = "list.csv"
HEAD = ("Patient", "File", "Left out because")
LONGEST_CODE = 60
A_FILE = 0o600 << 16
"""Whoever unpacks it can read the file, and nobody else of the same machine."""


@dataclass(frozen=True, slots=True)
class Member:
    """One course: the code of its patient, and a report or why there is none."""

    code: str
    content: bytes | None
    left_out: str | None = None


def report_zip(members: Iterable[Member], called: str, moment: datetime) -> bytes:
    """Put reports into one file; equal reports and an equal moment give equal bytes.

    A list says which file is whose, and of which course there is none and why. No name in it can
    lead out of the folder into which it is unpacked.
    """
    named = list(_named(members, called))
    listed = [(each.code, name, each.left_out) for each, name in named]
    out = io.BytesIO()
    with ZipFile(out, "w") as file:
        file.writestr(_info(LIST_NAME, moment), csv_bytes(HEAD, listed), ZIP_DEFLATED)
        for each, name in named:
            if name and each.content is not None:
                file.writestr(_info(name, moment), each.content, ZIP_STORED)
    return out.getvalue()


def _named(members: Iterable[Member], called: str) -> Iterator[tuple[Member, str | None]]:
    """Name each report after its patient; a patient's second one is numbered."""
    known: set[str] = set()
    for each in members:
        if each.content is None:
            yield each, None
            continue
        stem, count = f"{plain_code(each.code)}-{called}", 1
        name = f"{stem}.pdf"
        while name.casefold() in known:
            count += 1
            name = f"{stem}-{count}.pdf"
        known.add(name.casefold())
        yield each, name


def plain_code(code: str) -> str:
    """Give a code as part of a file's name: letters, digits, dashes and underlines alone."""
    plain = "".join(sign if sign.isalnum() or sign in "-_" else "_" for sign in code)
    return plain[:LONGEST_CODE] or "_"


def _info(name: str, moment: datetime) -> ZipInfo:
    info = ZipInfo(name, moment.astimezone(UTC).timetuple()[:6])
    info.external_attr = A_FILE
    return info
