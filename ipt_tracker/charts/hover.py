"""Turn matplotlib's SVG into one that reads well alone: titles, words, metadata, no style."""

import re
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

from ipt_tracker.charts.typeset import clean

STACK = "'DejaVu Sans', Verdana, Geneva, sans-serif"  # Verdana is of nearly equal width
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
DC = "http://purl.org/dc/elements/1.1/"
PREAMBLE = re.compile(r"<\?xml.*?(?=<svg )", re.DOTALL)
SHARED_STYLE = re.compile(r" <defs>\s*<style.*?</style>\s*</defs>", re.DOTALL)
OWN_METADATA = re.compile(r" <metadata>.*?</metadata>", re.DOTALL)
FAMILY = re.compile(r'font-family: [^;"]*;? ?')
NO_TURN = re.compile(r' transform="rotate\(-?0 [^"]*\)"')
COUNTED = re.compile(r'<g id="(?:text|patch|line2d|axes|figure|[A-Za-z]+Collection)_\d+"')
STYLE = re.compile(r' style="([^"]*)"')
USE = re.compile(r"<use ([^>]*)/>")
ROOT = re.compile(r"<svg ([^>]*)>")


def said(text: str) -> str:
    return escape(clean(text))


def _with_titles(svg: str, gid: str, titles: Sequence[str]) -> str:
    """One title in each mark of the invisible layer."""
    start = svg.index(f'<g id="{gid}">')
    stop, left = svg.index("</g>", start), iter(titles)

    def titled(found: re.Match[str]) -> str:
        return f"<use {found[1]}><title>{said(next(left))}</title></use>"

    return svg[:start] + USE.sub(titled, svg[start:stop]) + svg[stop:]


def _as_attributes(found: re.Match[str]) -> str:
    """A strict content policy refuses style attributes, and allows these."""
    pairs = (part.partition(":") for part in found[1].split(";") if part.strip())
    return "".join(f' {name.strip()}="{value.strip()}"' for name, _, value in pairs)


def _metadata(entries: Sequence[tuple[str, str]]) -> str:
    inner = "".join(f"<dc:{name}>{said(text)}</dc:{name}>" for name, text in entries)
    about = f'<rdf:RDF xmlns:rdf="{RDF}" xmlns:dc="{DC}"><rdf:Description rdf:about="">'
    return f"<metadata>{about}{inner}</rdf:Description></rdf:RDF></metadata>"


def finish(
    svg: str,
    words: tuple[str, str],
    titles: Mapping[str, Sequence[str]],
    metadata: Sequence[tuple[str, str]],
) -> str:
    """Add hover titles, title and description (`words`) and Dublin Core; drop what is unused."""
    for gid, texts in titles.items():
        if texts:
            svg = _with_titles(svg, gid, texts)
    for pattern in (PREAMBLE, SHARED_STYLE, OWN_METADATA, FAMILY, NO_TURN):
        svg = pattern.sub("", svg)
    svg = STYLE.sub(_as_attributes, COUNTED.sub("<g", svg))
    head = f'role="img" aria-labelledby="t d" font-family="{STACK}" stroke-linejoin="round"'
    name, description = (said(text) for text in words)
    inner = f'<title id="t">{name}</title><desc id="d">{description}</desc>{_metadata(metadata)}'
    return ROOT.sub(lambda m: f"<svg {head} {m[1]}>{inner}", svg, count=1)
