"""The progress report of one course on paper: what changed, what was done, and how sure that is."""

from dataclasses import dataclass
from datetime import date, datetime

from ipt_tracker.charts import export
from ipt_tracker.charts.course_strip import CourseStrip, lettered
from ipt_tracker.charts.model import Event
from ipt_tracker.charts.nested_bands import NestedBands
from ipt_tracker.charts.progress import Progress
from ipt_tracker.reports.document import (
    Block,
    Document,
    Facts,
    Heading,
    Picture,
    Signatures,
    Table,
    Words,
    name_not_printed,
    name_or_code,
)

FAMILY = "Progress report, interpersonal psychotherapy"
DRAFT = "Draft"
WITHOUT_NAMES = (
    "Made without names: another code stands for the patient's, all dates are shifted by one "
    "number of weeks, and nothing that somebody typed is in it. What is left can still point at a "
    "person: rare events, a long course, a small clinic."
)
EVENTS = ("", "Day", "Event")
NO_EVENTS = "No event is written down."
MOST_EVENTS = 60
ENDS = ("Measure", "First", "Last", "Change", "Class")
SCORES = ("Day", "Session", "Score", "Change", "Class", "Remarks")
ARMS = ("Change", "Estimate", "95 % interval", "Status, source and population")
IN_PERCENT = ("Arm of a trial of IPT", "Change, %", "Status, source and population")
PERCENT = (
    "These arms were measured with other instruments, so their points cannot be compared. Their "
    "change stands in percent of the mean at the start."
)


@dataclass(frozen=True, slots=True)
class Scored:
    """The scores of one instrument: a row for each, and what must be known of them."""

    name: str
    rows: tuple[tuple[str, ...], ...]
    left_out: int
    thresholds: str


@dataclass(frozen=True, slots=True)
class Beside:
    """The course beside the trials, with all that keeps the comparison from being misread."""

    said: tuple[str, ...]
    picture: NestedBands | None = None
    rows: tuple[tuple[str, ...], ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    arms: tuple[tuple[str, ...], ...] = ()
    caveats: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """Everything that a progress report shows, in words, tables and inputs of pictures.

    Without a `name` the code alone stands for the patient. `draft` says why it is one.
    """

    code: str
    name: str
    therapist: str
    supervisor: str
    is_disguised: bool
    about: tuple[tuple[str, str], ...]
    draft: str
    verdict: tuple[str, ...]
    chart: Progress | None
    ends: tuple[tuple[str, ...], ...]
    scored: tuple[Scored, ...]
    strip: CourseStrip
    attendance: tuple[str, ...]
    beside: Beside | None
    fidelity: tuple[tuple[str, ...], Table | None]
    origin: tuple[tuple[str, str], ...]
    newest: datetime | None
    software: str


def document_of(facts: ReportFacts) -> Document:
    """Lay a report out."""
    name = name_or_code(facts.name, facts.code) if facts.name else facts.code
    heading = facts.code if name == facts.code else f"{facts.code} {name}"
    lead = (
        name_not_printed(facts.name),
        WITHOUT_NAMES if facts.is_disguised else "",
        f"{DRAFT}. {facts.draft}" if facts.draft else "",
    )
    return Document(
        family=FAMILY,
        heading=heading,
        lead=tuple(filter(None, lead)),
        blocks=(
            Facts(facts.about),
            *_verdict(facts),
            *_course(facts),
            *_scores(facts),
            *_beside(facts.beside),
            *_fidelity(facts),
            *_signatures(facts),
            Heading("Where this comes from"),
            Facts(facts.origin),
        ),
        running=f"{FAMILY}: {facts.code}",
        provenance=f"{facts.code}. {_newest(facts.newest)} {facts.software}.",
        newest=facts.newest,
        status=DRAFT if facts.draft else "",
    )


def day_words(day: date) -> str:
    """Write "7 Apr 2025", never torn apart."""
    return f"{day.day} {day:%b} {day.year}".replace(" ", "\N{NO-BREAK SPACE}")


def _newest(moment: datetime | None) -> str:
    if moment is None:
        return "No score is recorded."
    return f"Newest score recorded {day_words(moment.astimezone().date())}."


def _verdict(facts: ReportFacts) -> tuple[Block, ...]:
    heading = Heading("What the scores say")
    ends = (Table(ENDS, facts.ends, (24, 18, 18, 10, 30), figures=len(ENDS)),) if facts.ends else ()
    return (heading, Words(facts.verdict), *ends)


def _scores(facts: ReportFacts) -> tuple[Block, ...]:
    drawn = (Heading("Scores over the course"), picture_of(facts.chart)) if facts.chart else ()
    return (*drawn, *(block for each in facts.scored for block in _scored(each)))


def _scored(each: Scored) -> tuple[Block, ...]:
    said = [each.thresholds]
    if each.left_out:
        said.append(f"{each.left_out} scores between the first and these are not listed.")
    widths = (14, 9, 14, 9, 22, 32)
    table = Table(SCORES, each.rows, widths, figures=len(SCORES))
    return Heading(f"Scores: {each.name}"), table, Words(tuple(said), quiet=True)


def _course(facts: ReportFacts) -> tuple[Block, ...]:
    return (
        Heading("The course"),
        Words(facts.attendance),
        picture_of(facts.strip),
        *_events(facts.strip),
    )


def _events(strip: CourseStrip) -> tuple[Block, ...]:
    if not strip.events:
        return (Words((NO_EVENTS,)),)
    letters = {id(event): letter for letter, event in lettered(strip)}
    in_order = sorted(strip.events, key=lambda event: event.day)
    rows = tuple(_event(each, letters.get(id(each), "")) for each in in_order[-MOST_EVENTS:])
    left = len(in_order) - len(rows)
    said = (Words((f"{left} earlier events are not listed.",), quiet=True),) if left else ()
    return (Table(EVENTS, rows, (5, 18, 77), figures=len(EVENTS)), *said)


def _event(event: Event, letter: str) -> tuple[str, ...]:
    return letter, day_words(event.day), f"{event.text[:1].upper()}{event.text[1:]}"


def _beside(found: Beside | None) -> tuple[Block, ...]:
    if found is None:
        return ()
    blocks: list[Block] = [Heading("Beside the trials"), Words(found.said)]
    if found.picture:
        blocks.append(picture_of(found.picture))
    if found.rows:
        blocks.append(Table(ARMS, found.rows, (30, 10, 14, 46), figures=len(ARMS)))
    if found.facts:
        blocks.append(Facts(found.facts))
    if found.arms:
        blocks += [Words((PERCENT,)), Table(IN_PERCENT, found.arms, (38, 12, 50), figures=3)]
    if found.caveats:
        blocks += [Heading("How far to trust the comparison"), Words(found.caveats, quiet=True)]
    return tuple(blocks)


def _fidelity(facts: ReportFacts) -> tuple[Block, ...]:
    said, table = facts.fidelity
    if not said:
        return ()
    return Heading("How the sessions were done"), Words(said), *((table,) if table else ())


def _signatures(facts: ReportFacts) -> tuple[Block, ...]:
    """Leave room to sign, by name where the names can be printed."""
    therapist, supervisor = (name_or_code(n, "") for n in (facts.therapist, facts.supervisor))
    lines = (
        ", ".join(filter(None, (therapist, "therapist: signature, date"))),
        ", ".join(filter(None, (supervisor, "supervisor: signature, date"))),
    )
    shown = tuple(f"{line[:1].upper()}{line[1:]}" for line in lines)
    above = (Words((f"{DRAFT}. {facts.draft}",)),) if facts.draft else ()
    return (*above, Signatures(shown))


def picture_of(drawn: export.Picture) -> Picture:
    """Give a drawing as it stands in a document."""
    return Picture(export.svg(drawn).decode(), export.alt(drawn))
