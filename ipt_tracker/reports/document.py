"""A document as a tagged PDF: headings, words, tables and pictures, in this order, on paper.

The template ships with the program. What a document says goes in as JSON and is shown as text, so
nothing that somebody typed is ever read as markup. Equal documents are equal bytes.
"""

import json
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import matplotlib as mpl
import typst

from ipt_tracker.charts.typeset import clean, outlined

LANGUAGE = "en"
SUBSTITUTE = "\N{REPLACEMENT CHARACTER}"
LACKING = f"{SUBSTITUTE} stands for a sign that the font of this document lacks."
NAME_NOT_PRINTED = (
    "The name holds signs that the font of this document lacks, so the code stands for it."
)
JOINERS = "\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"
UNNAMED = "–"
LONG_AGO = 0


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a part."""

    text: str


@dataclass(frozen=True, slots=True)
class Words:
    """Paragraphs, one for each line; quiet ones are small and grey."""

    paragraphs: tuple[str, ...]
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Names and what stands beside them."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table; `widths` are shares of the page, columns from number `figures` on hold numbers.

    With `total` the last row sums up. `coded`: the first column holds codes, which may break
    anywhere.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]
    figures: int = 1
    total: bool = False
    coded: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing as SVG, with what it shows in words."""

    svg: str
    alt: str


@dataclass(frozen=True, slots=True)
class Signatures:
    """Lines to sign on, side by side."""

    names: tuple[str, ...]


Block = Heading | Words | Facts | Table | Picture | Signatures


@dataclass(frozen=True, slots=True)
class Document:
    """What is printed. `family` says what kind of document, `heading` whom it is about.

    `running` stands on top of every page after the first, `provenance` at the foot of each.
    `newest` is the moment of the newest entry: it dates the file, whenever that is made.
    `status`, such as "Draft", stands beside the heading and on top of every page. `large` sets
    all of it larger, for a page that is read by people outside of the work.
    """

    family: str
    heading: str
    lead: tuple[str, ...]
    blocks: tuple[Block, ...]
    running: str
    provenance: str
    newest: datetime | None
    status: str = ""
    large: bool = False


def pdf(document: Document) -> bytes:
    """Make the tagged PDF. Signs that its font lacks never keep it from being made."""
    data = _printable(_data(document))
    if SUBSTITUTE in json.dumps(data, ensure_ascii=False):
        data["blocks"].append({"kind": "Words", "paragraphs": [LACKING], "quiet": True})
    newest = document.newest
    with TemporaryDirectory() as nothing:
        compiler = typst.Compiler(
            _template(),
            root=nothing,
            font_paths=_fonts(),
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(data)},
        )
        made = compiler.compile(
            format="pdf",
            pdf_standards="ua-1",
            timestamp=LONG_AGO if newest is None else int(newest.timestamp()),
        )
    if not isinstance(made, bytes):
        raise TypeError("a PDF is one file")
    return made


def name_or_code(name: str, code: str) -> str:
    """Give a name if every sign of it can be printed, else the code: half a name is a wrong one."""
    shown = printable(name)
    return name if _is_seen(shown) and SUBSTITUTE not in shown else code


def name_not_printed(name: str) -> str:
    """Say why the code stands for a name; nothing where the name itself can be printed."""
    return "" if name_or_code(name, "") == name else NAME_NOT_PRINTED


def printable(text: str) -> str:
    """Give a text as the document's font can print it, without signs that turn others around."""
    kept = "".join(c for c in text if unicodedata.category(c) != "Cf" or c in JOINERS)
    return outlined(outlined(clean(kept)), bold=True)


def paragraphs(text: str) -> tuple[str, ...]:
    """Give the lines of a text that say something."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _is_seen(text: str) -> bool:
    """Say whether a text has any sign with a shape; spaces and joiners have none."""
    return any(unicodedata.category(c)[0] not in "ZC" for c in text)


def _data(document: Document) -> dict[str, Any]:
    heading = document.heading if _is_seen(printable(document.heading)) else UNNAMED
    title = f"{document.family}: {heading}"
    return asdict(document) | {
        "heading": heading,
        "title": title,
        "description": document.provenance,
        "language": LANGUAGE,
        "newest": None,
        "blocks": [{"kind": type(b).__name__} | asdict(b) for b in document.blocks],
    }


def _printable(value: Any) -> Any:  # noqa: ANN401 -- JSON of any depth
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {name: _printable(each) for name, each in value.items()}
    if isinstance(value, Sequence):
        return [_printable(each) for each in value]
    return value


@lru_cache(maxsize=1)
def _template() -> bytes:
    return files("ipt_tracker.reports").joinpath("document.typ").read_bytes()


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """The font of the charts: every machine has this copy, so every machine makes equal pages."""
    folder = Path(mpl.get_data_path(), "fonts", "ttf")
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder]
    )
