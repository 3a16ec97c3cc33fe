"""The two lines that a clinic draws: the pass line of quality and the line of adherence.

Both are conventions, and each clinic can set its own. They judge no session and no therapist.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from ipt_tracker.clinical.rules import RuleBroken

QUALITY_FROM, QUALITY_TO = 1.0, 5.0
ADHERENCE_FROM, ADHERENCE_TO = 0.0, 100.0


@dataclass(frozen=True, slots=True)
class Lines:
    """A mean quality (1 to 5) and an adherence in percent (0 to 100), each at or above is met."""

    quality: float = 3.0
    adherence: float = 80.0

    @property
    def words(self) -> str:
        """Name both: "quality 3, adherence 80 %"."""
        return f"quality {self.quality:g}, adherence {self.adherence:g} %"

    def to_json(self) -> dict[str, float]:
        """Write the lines as a setting keeps them."""
        return {"quality": self.quality, "adherence": self.adherence}

    @classmethod
    def from_json(cls, stored: object) -> "Lines":
        """Read what a setting keeps; the conventions where nothing was chosen."""
        if not isinstance(stored, Mapping):
            return cls()
        own = cls()
        return cls(
            float(stored.get("quality", own.quality)), float(stored.get("adherence", own.adherence))
        )


CONVENTIONS = Lines()
PUBLISHED_LINE = (
    "The one pass line found published for IPT is a mean of 3.0 of 5 over a case portfolio, on the "
    "IPT Institute's own scale; other item sets only borrow it."
)
QUALITY_SOURCE = f"Convention. {PUBLISHED_LINE}"
ADHERENCE_SOURCE = "Convention: 80 % is in common use. No source for it was found."


def check_lines(lines: Lines) -> None:
    """Raise RuleBroken, with the line's name as its field, for a line outside its scale."""
    check_quality_line(lines.quality)
    check_adherence_line(lines.adherence)


def check_quality_line(line: float) -> None:
    """Raise RuleBroken for a line off the scale of quality."""
    if not QUALITY_FROM <= line <= QUALITY_TO:
        raise RuleBroken("The quality line lies between 1.0 and 5.0.", "quality_line")


def check_adherence_line(line: float) -> None:
    """Raise RuleBroken for a line off the scale of adherence."""
    if not ADHERENCE_FROM <= line <= ADHERENCE_TO:
        raise RuleBroken("The adherence line lies between 0 and 100 %.", "adherence_line")
