"""What can be chosen about a report. All of it comes from the address."""

from dataclasses import dataclass

from flask import request

KINDS = {"progress": "Progress report", "letter": "Letter for the patient"}


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which report is meant: with or without names, and with ratings of the sessions or not."""

    kind: str
    without_names: bool
    fidelity: bool

    @property
    def query(self) -> dict[str, str]:
        """Give the choice as it stands in an address."""
        said = {"without": "name"} if self.without_names else {}
        return said | ({"ratings": "1"} if self.fidelity else {})

    def other(self, kind: str, *, without_names: bool = False, fidelity: bool = False) -> "Chosen":
        """Give another choice, to be offered beside this one."""
        return Chosen(kind, without_names, fidelity)


def chosen(kind: str | None = None) -> Chosen:
    """Read the choice; what is not known is left at its usual value."""
    asked = kind or request.args.get("kind", "")
    known = asked if asked in KINDS else "progress"
    without = request.args.get("without") == "name"
    ratings = known == "progress" and not without and request.args.get("ratings") == "1"
    return Chosen(known, without, ratings)
