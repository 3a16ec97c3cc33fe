"""What a file holds for the one who takes it out: not everybody may take out everything."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from ipt_tracker.governance.access import Permission, allows
from ipt_tracker.services.bundles.naming import Rows
from ipt_tracker.services.bundles.tables import BEYOND_A_COURSE, RATINGS
from ipt_tracker.services.unit_of_work import UnitOfWork

OF_LEADERS = ("note", "plan", "theme")
"""What a group's record says of more than one patient."""


@dataclass(frozen=True, slots=True)
class Holds:
    """Whether ratings are in it, notes of whole groups, and whose process notes (None: all)."""

    ratings: bool = True
    group_notes: bool = True
    process_notes_of: UUID | None = None
    draws: bool = False
    """Only the file of a whole clinic holds the draws that a request came from."""

    def written(self, names: dict[UUID, str]) -> dict[str, Any]:
        """Give it as the file says it."""
        whose = self.process_notes_of
        return {
            "ratings": self.ratings,
            "group_notes": self.group_notes,
            "process_notes": "all" if whose is None else names.get(whose, "none"),
            "draws": self.draws,
        }

    def only(self, rows: Rows) -> Rows:
        """Give the rows without what the file does not hold."""
        kept = {name: found for name, found in rows.items() if self.ratings or name not in RATINGS}
        if self.process_notes_of is not None:
            notes = kept.get("process_note", [])
            own = [note for note in notes if note["written_by"] == self.process_notes_of]
            kept["process_note"] = own
        if not self.draws:
            for name, column in BEYOND_A_COURSE:
                kept[name] = [{**row, column: None} for row in kept.get(name, [])]
        if not self.group_notes:
            without = dict.fromkeys(OF_LEADERS)
            kept["group_session"] = [{**row, **without} for row in kept.get("group_session", [])]
        return kept


def allowed(work: UnitOfWork) -> Holds:
    """Say what the file of a course may hold: all of it where nobody is signed in."""
    if work.actor is None:
        return Holds()
    return Holds(
        ratings=allows(work.actor, Permission.EXPORT_FIDELITY),
        group_notes=False,
        process_notes_of=work.actor.id,
    )
