"""What can be chosen about a chart and a comparison. All of it comes from the address."""

from dataclasses import dataclass

from flask import request

from ipt_tracker.clinical.course.codes import known as known_code
from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.clinical.outcome.thresholds import THRESHOLD_SETS
from ipt_tracker.services.chart_choice import Days, Lines
from ipt_tracker.services.progress import ChartChoice


@dataclass(frozen=True, slots=True)
class Chosen:
    """The chart chosen, and the SD typed or picked for the comparison."""

    chart: ChartChoice
    sd: str
    windows: tuple[Days, ...] = tuple(Days)

    def query(self) -> dict[str, str]:
        """Give the choice as it stands in an address."""
        measure = {"measure": self.chart.measure} if self.chart.measure else {}
        by = {"by": self.chart.by} if self.chart.by else {}
        events = {} if self.chart.events else {"events": "0"}
        window = {} if self.chart.window is Days.ALL else {"window": str(self.chart.window)}
        lines = {} if self.chart.lines is Lines.ALL else {"series": str(self.chart.lines)}
        return measure | by | events | window | lines


def chosen() -> Chosen:
    """Read the choice; what is not known is left at its usual value."""
    measure = request.args.get("measure")
    known = measure if measure in INSTRUMENTS else None
    by = request.args.get("by")
    choice = ChartChoice(
        known,
        request.args.get("events") != "0",
        by if by in THRESHOLD_SETS else None,
        known_code(Days, request.args.get("window", "")) or Days.ALL,
        known_code(Lines, request.args.get("series", "")) or Lines.ALL,
    )
    return Chosen(choice, request.args.get("sd", "")[:12].strip())
