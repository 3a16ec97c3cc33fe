"""Who has seen a record, on paper for the patient: who, when and what kind of act, no content."""

from dataclasses import dataclass
from datetime import date, datetime

from ipt_tracker.reports.document import (
    Block,
    Document,
    Heading,
    Table,
    Words,
    name_or_code,
    pdf,
)

FAMILY = "Who has seen this record"
EMERGENCY = "In an emergency, without being in charge of the treatment: "
HOW = (
    "Each time somebody opens or changes the record, the program writes that down.",
    "Nobody can change or remove these lines.",
    "This paper says nothing of what the record holds. You may ask the clinic about any line.",
)
NOBODY = "Nobody has opened this record yet."


@dataclass(frozen=True, slots=True)
class Visit:
    """What one person did with a record on one day."""

    day: date
    who: str
    acts: tuple[str, ...]
    emergency: bool

    @property
    def words(self) -> str:
        """All of it as one sentence."""
        said = "; ".join(self.acts)
        return said[:1].upper() + said[1:] + "."


@dataclass(frozen=True, slots=True)
class AccessLog:
    """Who has seen the record of one patient, the newest day first."""

    code: str
    name: str | None
    visits: tuple[Visit, ...]
    newest: datetime | None
    software: str


def as_pdf(log: AccessLog) -> bytes:
    """Print it: tagged, each page numbered."""
    return pdf(document_of(log))


def document_of(log: AccessLog) -> Document:
    """Lay it out."""
    heading = name_or_code(log.name, log.code) if log.name else log.code
    lines = len(log.visits)
    lead = f"Clinic code {log.code}. {lines} line{'' if lines == 1 else 's'}, the newest first."
    return Document(
        family=FAMILY,
        heading=heading,
        lead=(lead,),
        blocks=(*_visits(log), Heading("How this came about"), Words(HOW)),
        running=f"{FAMILY}: {log.code}",
        provenance=f"{log.software}. Kept by the program itself.",
        newest=log.newest,
    )


def _visits(log: AccessLog) -> tuple[Block, ...]:
    if not log.visits:
        return (Words((NOBODY,)),)
    rows = tuple((day_words(each.day), each.who, _said(each)) for each in log.visits)
    return (Table(("Day", "Who", "What"), rows, (2, 3, 7), figures=3),)


def _said(visit: Visit) -> str:
    if not visit.emergency:
        return visit.words
    return EMERGENCY + visit.words[:1].lower() + visit.words[1:]


def day_words(day: date) -> str:
    """Write "7 Apr 2026"."""
    return f"{day.day} {day:%b} {day.year}"
