"""Everything about one administration, in the order and the words of its page."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import url_for

from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.clinical.safety import Prompt
from ipt_tracker.services.measure_page import OneMeasure
from ipt_tracker.services.measures import INCOMPLETE, NOT_DONE, PLANNED
from ipt_tracker.services.safety import CORRECTED, DONE, WITHDRAWN, words_of
from ipt_tracker.services.second_keying import can_key_again
from ipt_tracker.web.measures.answers import (
    ClusterLine,
    Line,
    answer_lines,
    cluster_lines,
    differing_lines,
    rating_lines,
)
from ipt_tracker.web.measures.caveats import caveats
from ipt_tracker.web.measures.history import TAKEN_BACK, Act, acts
from ipt_tracker.web.measures.judged import Judged, event_open, judged, not_said
from ipt_tracker.web.measures.made import Fact, entered, made, name_of
from ipt_tracker.web.measures.words import (
    keyed_words,
    moment,
    plain,
    status_words,
    version_of,
)
from ipt_tracker.web.page import day_year
from ipt_tracker.web.sessions.rows import slot_title

Row = Any
"""A row of a table: this room works with rows and does not know the tables."""
CLOSED = {
    CORRECTED: "Closed without asking: the answer was corrected.",
    WITHDRAWN: "Closed without asking: the form was withdrawn.",
}


@dataclass(frozen=True, slots=True)
class Keying:
    """One second keying and where it differs from what stands on the form now."""

    who: str
    at: str
    differing: tuple[tuple[str, str, str], ...]

    @property
    def words(self) -> str:
        """What came of it."""
        return keyed_words(len(self.differing))


@dataclass(frozen=True, slots=True)
class Asked:
    """One prompt: its words, and what was done about it; open while nothing was."""

    id: UUID
    words: Prompt
    answer: str
    is_open: bool
    done: str
    action: str
    who: str
    at: str
    by_a_person: bool
    """Whether somebody asked, or handed it on; not when its answer was corrected."""


@dataclass(frozen=True, slots=True)
class MeasureView:
    """One administration, ready for its page."""

    title: str
    session: tuple[str, int] | None
    answer: str
    then: str
    caveats: tuple[str, ...]
    is_open: bool
    enter_url: str
    can_correct: bool
    can_key_again: bool
    can_move: bool
    withdrawn: str
    made: tuple[Fact, ...]
    entered: tuple[Fact, ...]
    clusters: tuple[ClusterLine, ...]
    judged: tuple[Judged, ...]
    event_open: bool
    not_said: tuple[str, ...]
    lines: tuple[Line, ...]
    ratings: tuple[Line, ...]
    heads: tuple[str, ...]
    acts: tuple[Act, ...]
    keyings: tuple[Keying, ...]
    prompts: tuple[Asked, ...]
    extra: tuple[Fact, ...]

    @property
    def open_prompts(self) -> tuple[Asked, ...]:
        """What nobody has asked about yet."""
        return tuple(each for each in self.prompts if each.is_open)

    @property
    def counts(self) -> bool:
        """Whether symptoms are counted by cluster."""
        return any(each.present for each in self.clusters)


def measure_view(found: OneMeasure) -> MeasureView:
    """Put one administration into words."""
    measure = found.measure
    form = INSTRUMENTS.get(measure.instrument)
    stands = measure.withdrawn_at is None
    done = acts(found.amendments, measure.instrument)
    return MeasureView(
        title=title_of(measure),
        session=(slot_title(found.slot), found.slot.slot) if found.slot else None,
        answer=_answer(found),
        then=_then(found),
        caveats=caveats(found),
        is_open=measure.total is None,
        enter_url=_enter_url(found) if form is not None and stands else "",
        can_correct=stands and form is not None and measure.status != PLANNED,
        can_move=stands and measure.status != PLANNED,
        can_key_again=form is not None and can_key_again(measure),
        withdrawn=_withdrawn(found, done),
        made=made(found),
        entered=entered(found),
        clusters=cluster_lines(found),
        judged=judged(found),
        event_open=event_open(found),
        not_said=not_said(found),
        lines=answer_lines(found),
        ratings=rating_lines(found),
        heads=tuple(part.label.capitalize() for part in form.parts) if form else (),
        acts=done,
        keyings=tuple(keying_view(found, each) for each in found.keyings),
        prompts=tuple(asked_view(found, each) for each in found.prompts),
        extra=tuple((plain(str(k)), str(v)) for k, v in (measure.extra or {}).items()),
    )


def _enter_url(found: OneMeasure) -> str:
    """Give where a planned measure is entered, with its point; empty for one that was."""
    measure = found.measure
    if measure.status != PLANNED:
        return ""
    return url_for(
        "measures.record",
        course_id=measure.course_id,
        instrument=measure.instrument,
        point=measure.point,
    )


def title_of(measure: Row) -> str:
    """Name one administration in a heading: "PCL-5, past week, of 18 Feb 2026"."""
    return f"{version_of(measure.instrument)}, of {day_year(measure.taken_on)}"


def _answer(found: OneMeasure) -> str:
    """Say what came of it in one sentence."""
    measure, form = found.measure, INSTRUMENTS.get(found.measure.instrument)
    if measure.total is not None:
        scale = f", on a scale from {form.lowest} to {form.highest}" if form else ""
        return f"Total {measure.total}{scale}."
    if measure.status == INCOMPLETE and form is not None and measure.answered is not None:
        asked = len(form.items)
        return f"No total: {measure.answered} of {asked} answered{_possible(measure)}."
    return f"{status_words(measure.status)}."


def _possible(measure: Row) -> str:
    if measure.lowest is None:
        return ""
    return f", {measure.lowest} to {measure.highest} possible"


def _then(found: OneMeasure) -> str:
    """Say what to know of it."""
    if found.measure.status == PLANNED:
        return "It has a day on which it is due, and has not been entered."
    if found.measure.status in NOT_DONE:
        return "There is no score. It counts neither as zero nor as unchanged."
    if found.score is None:
        return "It is kept as it was imported, and not judged."
    if found.entered is None:
        return "The total alone was entered: it holds no clusters and no answers by item."
    if found.measure.total is None:
        return "A blank is never counted as zero, so there is no total."
    return "Lower is better."


def _withdrawn(found: OneMeasure, done: tuple[Act, ...]) -> str:
    measure = found.measure
    if measure.withdrawn_at is None:
        return ""
    why = next((act.why for act in done if act.title == TAKEN_BACK), "")
    who = name_of(found, measure.withdrawn_by)
    return f"{moment(measure.withdrawn_at)} by {who}{': ' + why if why else ''}"


def keying_view(found: OneMeasure, keying: Row) -> Keying:
    """Put a second keying into words."""
    differing = differing_lines(found.measure, keying)
    return Keying(name_of(found, keying.keyed_by), moment(keying.keyed_at), differing)


def _asked_words(found: OneMeasure, prompt: Row) -> str:
    item = INSTRUMENTS[found.measure.instrument].item(prompt.item)
    answer = "no answer" if prompt.answer is None else str(prompt.answer)
    return f"{item.label}: {answer}"


def asked_view(found: OneMeasure, prompt: Row) -> Asked:
    """Put a prompt and what was done about it into words."""
    is_open = prompt.acknowledged_at is None
    done = DONE.get(prompt.done or "") or CLOSED.get(prompt.done or "", "")
    return Asked(
        prompt.id,
        words_of(prompt, found.measure.instrument),
        _asked_words(found, prompt),
        is_open,
        done,
        prompt.action or "",
        "" if is_open else name_of(found, prompt.acknowledged_by),
        "" if is_open else moment(prompt.acknowledged_at),
        prompt.done in DONE,
    )
