"""What a reader, or a screen reader, finds in a PDF."""

import io

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject


def reader(content):
    """Open a PDF from its bytes."""
    return PdfReader(io.BytesIO(content))


def said(content):
    """Give the text of all pages on one line."""
    return " ".join(" ".join(page.extract_text() for page in reader(content).pages).split())


def tags(content):
    """Give the names of the tags in the order of the tree, with their alternative texts."""
    found = []
    _walk(reader(content).trailer["/Root"]["/StructTreeRoot"]["/K"], found)
    return found


def _walk(node, found):
    node = node.get_object()
    if isinstance(node, ArrayObject):
        for each in node:
            _walk(each, found)
    elif isinstance(node, DictionaryObject):
        if "/S" in node:
            found.append((node["/S"], node.get("/Alt")))
        if "/K" in node:
            _walk(node["/K"], found)
