"""A document as the page shows it: the same parts in the same order as on paper."""

from base64 import b64encode
from dataclasses import dataclass

from ipt_tracker.reports.document import Block, Document, Heading, Picture


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a document; `source` is the picture itself, where it is one."""

    kind: str
    block: Block
    source: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with what stands under it; the first of a document may have none."""

    title: str
    parts: tuple[Part, ...]


def sections(document: Document) -> tuple[Section, ...]:
    """Put the parts of a document under their headings."""
    found: list[tuple[str, list[Part]]] = [("", [])]
    for block in document.blocks:
        if isinstance(block, Heading):
            found.append((block.text, []))
        else:
            found[-1][1].append(_part(block))
    return tuple(Section(title, tuple(parts)) for title, parts in found if title or parts)


def _part(block: Block) -> Part:
    """Carry a picture within the page: a second request could find other records."""
    source = ""
    if isinstance(block, Picture):
        source = f"data:image/svg+xml;base64,{b64encode(block.svg.encode()).decode()}"
    return Part(type(block).__name__, block, source)
