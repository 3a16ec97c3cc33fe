"""Long lists in pages."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Page:
    """Which page of how many, and the rows on it, counted from 1."""

    number: int
    pages: int
    first: int
    last: int
    total: int


def page_of(total: int, number: int, size: int) -> Page:
    """Cut a list into pages of a size; a page past the last is the last."""
    pages = max(1, -(-total // size))
    number = min(max(1, number), pages)
    first = (number - 1) * size + 1 if total else 0
    return Page(number, pages, first, min(number * size, total), total)
