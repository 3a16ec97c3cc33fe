"""The portfolio of a therapist on paper, for a body that accredits."""

from dataclasses import dataclass
from datetime import datetime

from ipt_tracker.clinical.fidelity.accreditation import CAVEAT, status_lines
from ipt_tracker.clinical.fidelity.portfolio import (
    Counted,
    HeldSession,
    Period,
    StratumFigures,
)
from ipt_tracker.clinical.fidelity.portfolio_count import (
    AREA_RULE,
    RATED_RULE,
    RECORDING_RULE,
    SUPERVISED_RULE,
    TALKED_ABOUT_RULE,
)
from ipt_tracker.clinical.fidelity.words import (
    NOT_OUTCOME,
    ONE_RATER,
    TWO_NUMBERS,
    sessions,
)
from ipt_tracker.persistence.queries.portfolio import TextFound
from ipt_tracker.reports.document import (
    NAME_NOT_PRINTED,
    Block,
    Document,
    Heading,
    Signatures,
    Words,
    name_or_code,
    paragraphs,
    pdf,
)
from ipt_tracker.reports.portfolio_picture import seen_by_phase
from ipt_tracker.reports.portfolio_tables import (
    INTERVALS,
    areas_table,
    cases_table,
    day_words,
    figures_table,
    interval_kinds,
    period_words,
    phases_table,
    requirements_table,
    supervision_facts,
    without_recording,
)

FAMILY = "Supervision portfolio, interpersonal psychotherapy"
NO_CODE = "Therapist without a code"
NOTHING_RATED = "No session was rated by the supervisor of its case."
NO_TEXT = "No report text has been written."
PATIENTS = "Patients are named by their codes alone."


@dataclass(frozen=True, slots=True)
class PortfolioFacts:
    """Everything that a portfolio shows. `code` is the therapist's own, empty where there is none.

    `item_sets` are the notices of the sets that sessions were rated with; `newest` is the newest
    entry, and dates the document.
    """

    name: str
    code: str
    period: Period
    counted: Counted
    figures: tuple[StratumFigures, ...]
    item_sets: tuple[str, ...]
    sessions: tuple[HeldSession, ...]
    editions: tuple[TextFound, ...]
    newest: datetime | None
    software: str
    viewer: str
    viewer_role: str
    """Whose view it is: ratings that are sealed to them are in no figure."""

    @property
    def text(self) -> TextFound | None:
        """The newest edition of the report text."""
        return self.editions[0] if self.editions else None

    @property
    def sealed(self) -> int:
        """How many rated sessions are left out because the reader has still to rate them."""
        return sum(each.sealed for each in self.figures)


def as_pdf(facts: PortfolioFacts) -> bytes:
    """Print a portfolio: tagged, on A4 or Letter, equal bytes for equal records."""
    return pdf(document_of(facts))


def document_of(facts: PortfolioFacts) -> Document:
    """Lay a portfolio out."""
    name = name_or_code(facts.name, facts.code or NO_CODE)
    lead = [f"Period: {period_words(facts.period)}. {_newest(facts)} {PATIENTS}"]
    lead.append(f"{viewer_words(facts)} {sealed_words(facts)}")
    if name != facts.name:
        lead.append(NAME_NOT_PRINTED)
    return Document(
        family=FAMILY,
        heading=name,
        lead=tuple(lead),
        blocks=(
            *_areas(facts),
            *_supervision(facts),
            *_recordings(facts),
            *_figures(facts),
            *_text(facts),
            *_above_signatures(facts),
            Signatures(
                (f"{name}, therapist: signature, date", "Supervisor: name, signature, date")
            ),
            *_cases(facts),
            *_asked(facts),
        ),
        running=f"{FAMILY}: {name}",
        provenance=f"{facts.software}. {_newest(facts)} Not a certificate.",
        newest=facts.newest,
    )


def rules() -> tuple[str, ...]:
    """Say by which rules cases and sessions are counted."""
    return (RATED_RULE, TALKED_ABOUT_RULE, SUPERVISED_RULE, RECORDING_RULE, AREA_RULE)


def figure_notes(facts: PortfolioFacts) -> tuple[str, ...]:
    """Say how far adherence and quality carry."""
    kinds = {kind for each in facts.figures for kind in interval_kinds(each)}
    return (
        *facts.item_sets,
        TWO_NUMBERS,
        *(said for kind, said in INTERVALS.items() if kind in kinds),
        ONE_RATER,
        NOT_OUTCOME,
    )


def viewer_words(facts: PortfolioFacts) -> str:
    """Say whose view it is: two readers can see different figures."""
    shown = name_or_code(facts.viewer, "")
    return f"As seen by {', '.join(filter(None, (shown, facts.viewer_role)))}."


def sealed_words(facts: PortfolioFacts) -> str:
    """Say how many rated sessions are not in the figures of this reader, and why."""
    if not facts.sealed:
        return "No rating is sealed to this reader."
    many = f"{sessions(facts.sealed)} whose ratings stay sealed to this reader"
    return f"Left out of adherence and quality: {many} until they submit or waive their own."


def written_words(text: TextFound) -> str:
    """Say who wrote an edition of the report and when."""
    body = f" For {text.body}." if text.body else ""
    written = day_words(text.written_at.astimezone().date())
    return f"Edition {text.edition}, written by {text.writer} on {written}.{body}"


def _above_signatures(facts: PortfolioFacts) -> tuple[Block, ...]:
    """Say once more, where it is signed, that figures are not of all ratings."""
    if not facts.sealed:
        return ()
    return (Words((f"{viewer_words(facts)} {sealed_words(facts)}",)),)


def _newest(facts: PortfolioFacts) -> str:
    if facts.newest is None:
        return "Nothing is recorded yet."
    return f"Newest entry {day_words(facts.newest.astimezone().date())}."


def _areas(facts: PortfolioFacts) -> tuple[Block, ...]:
    return Heading("Cases by focal area"), areas_table(facts.counted)


def _cases(facts: PortfolioFacts) -> tuple[Block, ...]:
    return (
        Heading("Sessions by case"),
        cases_table(facts.counted),
        Words(rules(), quiet=True),
    )


def _supervision(facts: PortfolioFacts) -> tuple[Block, ...]:
    return Heading("Supervision"), supervision_facts(facts.counted)


def _recordings(facts: PortfolioFacts) -> tuple[Block, ...]:
    said = without_recording(facts.counted)
    return (
        Heading("Recordings rated, by phase"),
        phases_table(facts.counted),
        *((Words((said,)),) if said else ()),
        *seen_by_phase(facts.sessions),
    )


def _figures(facts: PortfolioFacts) -> tuple[Block, ...]:
    heading = Heading("Adherence and quality, rated by the supervisor of the case")
    if not facts.figures:
        return heading, Words((NOTHING_RATED,))
    return (
        heading,
        figures_table(facts.figures),
        *((Words((sealed_words(facts),)),) if facts.sealed else ()),
        Words(figure_notes(facts), quiet=True),
    )


def _text(facts: PortfolioFacts) -> tuple[Block, ...]:
    heading = Heading("Report")
    if facts.text is None:
        return heading, Words((NO_TEXT,))
    about = Words((written_words(facts.text),), quiet=True)
    return heading, Words(paragraphs(facts.text.text)), about


def _asked(facts: PortfolioFacts) -> tuple[Block, ...]:
    return (
        Heading("What bodies ask for, beside this record"),
        requirements_table(status_lines(facts.counted)),
        Words((CAVEAT,), quiet=True),
    )
