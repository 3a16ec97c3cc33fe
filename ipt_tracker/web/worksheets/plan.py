"""Formulation and contract at a glance: what the present phase asks for stands first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from flask import url_for

from ipt_tracker.clinical.course.phases import Phase
from ipt_tracker.clinical.course.worksheets.catalogue import SHEETS
from ipt_tracker.clinical.course.worksheets.sheet import Answered, Sheet
from ipt_tracker.persistence.queries.worksheets import SheetRow
from ipt_tracker.services.worksheet_page import Plan
from ipt_tracker.web.goals.rows import GoalLine, area_words, goal_lines
from ipt_tracker.web.worksheets.contract import (
    Changed,
    Fact,
    contract_changes,
    contract_facts,
)
from ipt_tracker.web.worksheets.steps import Step, steps_of
from ipt_tracker.web.worksheets.view import day_of

FIRST = ("beginning", "formulation", "goals", "contract", "midpoint_review", "ending")
MIDDLE = ("formulation", "goals", "midpoint_review", "contract", "ending", "beginning")
LAST = ("ending", "goals", "formulation", "contract", "midpoint_review", "beginning")
ORDERS = {Phase.ENGAGEMENT: FIRST, Phase.BEGINNING: FIRST, Phase.MIDDLE: MIDDLE}
ASIDE = ("safety_plan", "medication_evaluation", "suitability")


@dataclass(frozen=True, slots=True)
class Card:
    """One sheet on the page: its newest edition in a line, or that there is none."""

    sheet: Sheet
    edition: int
    summary: str
    who: str
    on: date | None
    answered: tuple[Answered, ...]
    url: str
    edit_url: str


@dataclass(frozen=True, slots=True)
class PlanView:
    """The page in words; `order` names its parts, the present phase first."""

    order: tuple[str, ...]
    cards: dict[str, Card]
    aside: tuple[Card, ...]
    steps: tuple[Step, ...]
    goals: tuple[GoalLine, ...]
    goals_off: tuple[GoalLine, ...]
    contract: tuple[Fact, ...]
    changes: tuple[Changed, ...]
    midpoint_due: bool

    @property
    def steps_done(self) -> int:
        """How many steps of the beginning are done."""
        return sum(step.done for step in self.steps)


def plan_view(plan: Plan) -> PlanView:
    """Put what was agreed in a course into words."""
    cards = {card.sheet.key: card for card in _cards(plan)}
    areas = {str(f.id): area_words(f.area, f.detail) for f in plan.course.focal_areas}
    goals = goal_lines(plan.goals, areas)
    return PlanView(
        order=order_of(plan),
        cards=cards,
        aside=tuple(cards[key] for key in ASIDE),
        steps=steps_of(plan),
        goals=tuple(goal for goal in goals if not goal.is_off),
        goals_off=tuple(goal for goal in goals if goal.is_off),
        contract=contract_facts(plan),
        changes=contract_changes(plan.changes, plan.names),
        midpoint_due=_midpoint_due(plan),
    )


def order_of(plan: Plan) -> tuple[str, ...]:
    """Put what belongs to the coming session's phase first; after the end, the ending."""
    if plan.course.ended_on is not None:
        return LAST
    return ORDERS.get(Phase(plan.facts.next.phase), LAST)


def _midpoint_due(plan: Plan) -> bool:
    half = plan.facts.position.held * 2 >= plan.course.planned_sessions
    return half and plan.course.ended_on is None and "midpoint_review" not in plan.sheets


def _cards(plan: Plan) -> Iterator[Card]:
    for key, sheet in SHEETS.items():
        row = plan.sheets.get(key)
        course_id = plan.course.id
        yield Card(
            sheet,
            row.edition if row else 0,
            sheet.summary(row.content) if row else "",
            row.who if row else "",
            _on(row),
            sheet.answered(row.content) if row else (),
            url_for("worksheets.show", course_id=course_id, sheet=key),
            url_for("worksheets.edit", course_id=course_id, sheet=key),
        )


def _on(row: SheetRow | None) -> date | None:
    return day_of(row) if row else None
