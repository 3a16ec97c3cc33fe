"""What every page of a group is given: its strip, and who is looking."""

from dataclasses import dataclass
from typing import Any

from flask import render_template

from ipt_tracker.clinical.course.groups import GroupRole
from ipt_tracker.clinical.course.phases import PhaseMap
from ipt_tracker.services.group_doors import leading
from ipt_tracker.services.group_page import Standing
from ipt_tracker.services.unit_of_work import UnitOfWork
from ipt_tracker.web.strip import Mini, stretches

Row = Any
"""A row of a table: this room works with rows and does not know the tables."""


@dataclass(frozen=True, slots=True)
class GroupStrip:
    """Which group, and where it is, on every page of it."""

    code: str
    position: str
    phase_words: str | None
    mini: Mini
    leaders: str


def group_page(work: UnitOfWork, template: str, facts: Standing, **more: object) -> str:
    """Draw one page of a group that was opened, under its strip.

    `leads` is whether the actor leads it, `first` whether as its leader; a supervisor does
    neither.
    """
    own = leading(work, facts.group)
    return render_template(
        template,
        group=facts.group,
        facts=facts,
        strip=strip_of(facts),
        leads=own is not None,
        first=own is not None and own.role == GroupRole.LEADER,
        **more,
    )


def strip_of(facts: Standing) -> GroupStrip:
    """Put the standing of a group into the words of its strip."""
    words, _, phase = position_words(facts).partition(", ")
    phases = PhaseMap.from_json(facts.group.phase_map)
    mini = Mini(len(facts.held), facts.group.planned_sessions, stretches(phases))
    return GroupStrip(facts.group.code, words, phase or None, mini, leader_words(facts))


def position_words(facts: Standing) -> str:
    """Say where a group is, in the words of a course: "Session 7 of 16, middle phase"."""
    return facts.position.words.replace("course ended", "group ended")


def leader_words(facts: Standing) -> str:
    """Name the leaders of today: "R. Calder with A. Okafor"."""
    return " with ".join(each.account.display_name for each in facts.leaders)


def called(member: Row, *, by_name: bool) -> str:
    """Name a member: with the name to leaders and to who may open the course, else by the code."""
    patient = member.course.patient
    return f"{patient.name}, {patient.code}" if by_name and patient.name else patient.code
