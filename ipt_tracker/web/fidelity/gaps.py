"""What a rating still lacks, in as few lines as it takes: many open items share one."""

from collections.abc import Iterator
from typing import Any

from markupsafe import Markup

from ipt_tracker.web.fidelity.mark_words import listed
from ipt_tracker.web.fidelity.rate_form import RatingForm, in_order

MOST = 3
"""Up to so many items with the same gap have a line each."""
LINK = Markup('<a href="#{}-0">Items {}: {}</a>')


class Gaps:
    """The errors of a form of a rating as the summary above it lists them."""

    def __init__(self, form: RatingForm) -> None:
        self.errors = form.errors
        self.form_errors: list[str] = list(form.form_errors)
        self._form = form
        self._told: set[str] = set()
        for part in ("d", "q"):
            self._gather(part)

    @property
    def noun(self) -> str:
        """Name what is counted: a line about many items is one place."""
        return "place" if self._told else "answer"

    def __iter__(self) -> Iterator[Any]:
        """Give the fields that have a line of their own."""
        return (field for field in self._form if field.name not in self._told)

    def _gather(self, part: str) -> None:
        """Put all items that lack the same into one line, which leads to the first of them."""
        numbered = enumerate(in_order(self._form.item_set), 1)
        fields = [(n, self._form[f"{part}_{item.code}"]) for n, item in numbered]
        open_ones = [(n, field) for n, field in fields if field.errors]
        said = {field.errors[0] for _, field in open_ones}
        if len(open_ones) <= MOST or len(said) != 1:
            return
        numbers = listed([str(n) for n, _ in open_ones])
        self.form_errors.append(LINK.format(open_ones[0][1].id, numbers, said.pop()))
        self._told |= {field.name for _, field in open_ones}
