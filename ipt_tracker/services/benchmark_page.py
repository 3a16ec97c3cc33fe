"""A caseload beside the trials as its page asks for it: what was chosen, read, and written down.

It is always the caseload that the viewer may see, as a whole: a therapist's own, or that of all
supervisees of a supervisor together. No part of it is by therapist.
"""

from dataclasses import dataclass, fields

from ipt_tracker.clinical.evidence.caseload_benchmark import BenchmarkFilter, CaseloadBenchmark
from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.clinical.instruments.instrument import Instrument
from ipt_tracker.governance.access import Permission
from ipt_tracker.governance.events import Event
from ipt_tracker.services.benchmark import read_benchmark
from ipt_tracker.services.unit_of_work import Subject, UnitOfWork

USUAL = "pcl5_week"
"""The measure that is given most often, so the one that is shown first."""
SUBJECT = Subject("list", "benchmark")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The measure by key, and which courses count, by code; None leaves them all."""

    instrument: str = USUAL
    area: str | None = None
    protocol: str | None = None
    event: str | None = None
    diagnosis: str | None = None

    def query(self) -> dict[str, str]:
        """Give the choice as it stands in an address."""
        named = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: value for name, value in named.items() if value}

    @property
    def measure(self) -> Instrument:
        """The measure itself."""
        return INSTRUMENTS[self.instrument]

    @property
    def narrows(self) -> bool:
        """Whether some courses are left out."""
        return len(self.query()) > 1

    @property
    def filters(self) -> BenchmarkFilter:
        """Which courses count."""
        return BenchmarkFilter(
            focal_area=self.area or "",
            protocol=self.protocol or "",
            event=self.event or "",
            diagnosis=self.diagnosis or "",
        )


def read_page(work: UnitOfWork, choice: Choice) -> CaseloadBenchmark:
    """Read the caseload that the actor may see: a fixed number of statements, whatever its size."""
    work.require(Permission.SEE_CASELOAD)
    work.audit(Event.BENCHMARK_OPENED, SUBJECT, chosen=choice.query())
    return read_benchmark(work, choice.instrument, choice.filters)


def note_download(work: UnitOfWork, choice: Choice, what: str, fmt: str) -> None:
    """Write down that figures or a picture leave the building, before they do."""
    work.audit(Event.BENCHMARK_DOWNLOADED, SUBJECT, what=what, format=fmt, chosen=choice.query())
