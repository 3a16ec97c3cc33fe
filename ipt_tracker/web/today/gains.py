"""Good news on the start pages: the courses in which a score fell suddenly."""

from collections.abc import Iterable
from datetime import date

from flask import url_for

from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.clinical.outcome.rule_words import fell_words, lost_words
from ipt_tracker.clinical.outcome.sudden_gains import Lasted
from ipt_tracker.services.sudden_gain_list import Gained
from ipt_tracker.web.today.agenda import Tag
from ipt_tracker.web.today.rows import PanelRow


def gain_rows(
    gains: Iterable[Gained], today: date, *, of_supervisees: bool
) -> tuple[PanelRow, ...]:
    """Say what fell from what to what between which sessions, with the way to the scores."""
    return tuple(_row(each, today.year, of_supervisees=of_supervisees) for each in gains)


def _row(each: Gained, year: int, *, of_supervisees: bool) -> PanelRow:
    course, gain, name = each.course, each.gain, INSTRUMENTS[each.instrument].name
    lasted = gain.lasted is Lasted.YES
    whose = course.therapist if of_supervisees else None
    beside = (lost_words(gain, year), "" if lasted else gain.why, whose)
    return PanelRow(
        course.name or course.code,
        course.code,
        f"{name} {fell_words(gain, year)}",
        url_for("progress.show", course_id=course.id),
        "",
        Tag("better", "Sudden gain") if lasted else Tag("unsure", "Cannot tell"),
        "; ".join(filter(None, beside)),
    )
