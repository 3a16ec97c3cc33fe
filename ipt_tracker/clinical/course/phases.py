"""Phases of a course. Authorities draw their bounds differently, so a map belongs to a protocol.

Sources: CPA Bulletin 2003 (1-3), the UK outline (1-4) and brief IPT (1-2) each end the beginning
elsewhere; see the protocols for the map that each one brings.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from ipt_tracker.clinical.course.codes import Code
from ipt_tracker.clinical.course.kinds import Kind
from ipt_tracker.clinical.rules import RuleBroken


class Phase(Code):
    """Where in the treatment a session lies."""

    ENGAGEMENT = "engagement", "Engagement"
    BEGINNING = "beginning", "Beginning"
    MIDDLE = "middle", "Middle"
    TERMINATION = "termination", "Termination"
    MAINTENANCE = "maintenance", "Maintenance"
    EXTENSION = "extension", "Extension"

    @property
    def short(self) -> str:
        """The word on the course line, where the field's "termination" is "Ending"."""
        return "Ending" if self is Phase.TERMINATION else self.label

    @property
    def words(self) -> str:
        """The phase in the running text of a sentence: "middle phase"."""
        return f"{self.short.lower()} phase"


PHASE_OF_KIND = {
    Kind.ENGAGEMENT: Phase.ENGAGEMENT,
    Kind.MAINTENANCE: Phase.MAINTENANCE,
    Kind.EXTENSION: Phase.EXTENSION,
    Kind.PRE_GROUP: Phase.BEGINNING,
    Kind.MID_GROUP: Phase.MIDDLE,
    Kind.POST_GROUP: Phase.TERMINATION,
}
"""Kinds with a counter of their own: their number says nothing about the phase."""
COUNTED = (Phase.BEGINNING, Phase.MIDDLE, Phase.TERMINATION)
"""The phases that a contract's planned sessions run through, in order."""


@dataclass(frozen=True, slots=True)
class PhaseSpan:
    """The numbers of the first and last session of one phase, both included."""

    phase: Phase
    first: int
    last: int

    def __post_init__(self) -> None:
        """Refuse a span that ends before it starts."""
        if self.first < 0 or self.last < self.first:
            raise RuleBroken(
                f"Phase {self.phase.value} cannot run from session {self.first} to {self.last}.",
                field="phase_map",
            )


@dataclass(frozen=True, slots=True)
class PhaseMap:
    """Which session numbers belong to which phase, in the order of the numbers.

    Raises RuleBroken for two spans that overlap and for a phase named twice.
    """

    spans: tuple[PhaseSpan, ...]

    def __post_init__(self) -> None:
        """Refuse a session number that would belong to two phases."""
        for before, after in zip(self.spans, self.spans[1:], strict=False):
            if after.first <= before.last:
                raise RuleBroken(
                    f"Phase {after.phase.value} starts at session {after.first}, before "
                    f"{before.phase.value} is over (session {before.last}).",
                    field="phase_map",
                )
        if len({span.phase for span in self.spans}) != len(self.spans):
            raise RuleBroken("A phase is named twice in the phase map.", field="phase_map")

    @property
    def planned(self) -> int:
        """The number of the last session under the contract; 0 for an empty map."""
        return max((span.last for span in self.spans if span.phase in COUNTED), default=0)

    def span(self, phase: Phase) -> PhaseSpan | None:
        """Give the sessions of a phase, or None where the map does not have it."""
        return next((span for span in self.spans if span.phase is phase), None)

    def phase_of(self, kind: str, number: int, counted: int | None = None) -> Phase:
        """Give the phase of session `number` of its `kind`.

        A kind with its own counter has its phase whatever the number. A conjoint session takes
        the phase of session `counted`, the last of the contract's own sessions. A number past
        the contract's last session is an extension.
        """
        of_kind = {str(own): phase for own, phase in PHASE_OF_KIND.items()}.get(kind)
        if of_kind:
            return of_kind
        position = (counted or 1) if kind == Kind.CONJOINT else number
        if position > self.planned:
            return Phase.EXTENSION
        reached = [span for span in self.spans if span.first <= position]
        return reached[-1].phase if reached else Phase.BEGINNING

    def as_json(self) -> dict[str, list[int]]:
        """Write the map as a course bundle spells it: {"beginning": [1, 3], ...}."""
        return {span.phase.value: [span.first, span.last] for span in self.spans}

    @classmethod
    def from_json(cls, phases: Mapping[str, list[int]]) -> "PhaseMap":
        """Read a map as a course bundle spells it.

        Raises RuleBroken for a phase that is not known and for spans that cannot be.
        """
        spans = []
        for name, (first, last) in phases.items():
            if name not in set(Phase):
                raise RuleBroken(f"{name} is not a phase.", field="phase_map")
            spans.append(PhaseSpan(Phase(name), first, last))
        return cls(tuple(sorted(spans, key=lambda span: span.first)))
