"""A course on one page: where it stands, what comes next, what was agreed, what was scored."""

from dataclasses import dataclass

from ipt_tracker.clinical.course.catalogue import Task, tasks_for
from ipt_tracker.clinical.course.nonresponse import asks_for_a_way_on
from ipt_tracker.clinical.instruments.instrument import Instrument
from ipt_tracker.clinical.outcome.verdict import Verdict
from ipt_tracker.persistence.models import ContractChange, Course
from ipt_tracker.persistence.queries.courses import SessionLine, session_lines
from ipt_tracker.persistence.queries.events import contract_changes_of
from ipt_tracker.persistence.queries.prompt_facts import PromptFact, prompt_facts_of
from ipt_tracker.persistence.queries.records import MeasureRow, measures_of
from ipt_tracker.services.caseload import Line, safety_of, standing_of
from ipt_tracker.services.course_work import CourseWork, read_work
from ipt_tracker.services.outline import Outline, outline_of
from ipt_tracker.services.progress import course_verdict
from ipt_tracker.services.progress_facts import Facts, facts_of
from ipt_tracker.services.schedules import dues_in
from ipt_tracker.services.scores import Given, scores_of
from ipt_tracker.services.suicide_items import ItemAnswer, standing_items
from ipt_tracker.services.unit_of_work import UnitOfWork

EVERY_TIME = "middle"
"""The section of the catalogue that is done again in each session: it is never "still to do"."""


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything that the overview of a course shows."""

    facts: Outline
    lines: tuple[SessionLine, ...]
    scores: Facts | None
    verdict: Verdict | None
    listed: Line
    """The same course as the caseload lists it."""
    contract_changes: tuple[ContractChange, ...]
    assessments: tuple[MeasureRow, ...]
    open_tasks: tuple[Task, ...]
    prompts: tuple[PromptFact, ...]
    """The questions that forms raised, asked or not."""
    items: tuple[ItemAnswer, ...]
    """The newest answer on suicide of each instrument that stands at 1 or more."""
    done: CourseWork
    """What was written down beside the sessions."""

    @property
    def course(self) -> Course:
        """The course itself, with its patient."""
        return self.facts.course

    @property
    def main(self) -> Instrument | None:
        """The instrument that the course is followed with."""
        return self.scores.main if self.scores else None

    @property
    def given_at(self) -> dict[object, Given]:
        """Give the main instrument's administration of each slot, by the slot's id."""
        if self.scores is None:
            return {}
        found = self.scores.scores.by_key[self.scores.main.key]
        return {g.row.session_id: g for g in found if g.row.session_id is not None}

    @property
    def asks_for_a_way_on(self) -> bool:
        """Whether the end is near and the scores have not reliably improved."""
        standing = self.listed.standing
        change = standing.judged.change if standing else None
        goes_on = self.course.ended_on is None
        return goes_on and asks_for_a_way_on(
            self.facts.next.phase, change.klass if change else None
        )

    @property
    def midpoint_waits(self) -> bool:
        """Whether half of the planned sessions were held and nobody has looked back yet."""
        half = 2 * self.facts.position.held >= self.course.planned_sessions
        goes_on = self.course.ended_on is None
        return goes_on and half and "midpoint_review" not in self.done.sheets

    @property
    def last_risk(self) -> SessionLine | None:
        """The latest slot at which risk was asked about, by day: slots can be logged late."""
        asked = [line for line in self.lines if line.risk_asked]
        return max(asked, key=lambda line: (line.slot.held_on, line.slot.slot), default=None)


def read_overview(work: UnitOfWork, course: Course) -> Overview:
    """Read a course that was opened: a fixed number of statements, whatever its length."""
    lines = session_lines(work.session, course.id)
    facts = outline_of(course, tuple(line.slot for line in lines), work.today)
    measures = measures_of(work.session, [course.id]).get(course.id, ())
    scores = scores_of(measures, facts.slots)
    chosen = facts_of(facts, scores)
    prompts = prompt_facts_of(work.session, course.id)
    return Overview(
        facts=facts,
        lines=lines,
        scores=chosen,
        verdict=course_verdict(facts, chosen, work.today),
        listed=Line(
            facts,
            standing_of(facts, scores),
            dues_in(facts, measures, work.today),
            safety_of(work, [course.id])[course.id],
            (),
        ),
        contract_changes=contract_changes_of(work.session, course.id),
        assessments=tuple(m for m in measures if m.point and m.withdrawn_at is None),
        open_tasks=_open_tasks(facts, lines),
        prompts=prompts,
        items=standing_items(prompts, measures),
        done=read_work(work, course),
    )


def _open_tasks(facts: Outline, lines: tuple[SessionLine, ...]) -> tuple[Task, ...]:
    """Give the tasks of the coming phase and of every open focal area that were never ticked."""
    if facts.course.ended_on is not None:
        return ()
    ticked = {code for line in lines for code in line.tasks}
    areas: list[str | None] = [spell.area for spell in facts.open_focus]
    found: dict[str, Task] = {}
    for area in areas or [None]:
        sheet = tasks_for(facts.next.phase, area, facts.course.protocol)
        groups = (g for g in sheet.shown if g.section != EVERY_TIME)
        found |= {t.code: t for g in groups for t in g.tasks if t.code not in ticked}
    return tuple(found.values())
