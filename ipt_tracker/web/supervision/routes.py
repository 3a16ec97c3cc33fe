"""The start page of a supervisor."""

from datetime import datetime

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ipt_tracker.clinical.fidelity.item_set import OWN_SET
from ipt_tracker.clinical.fidelity.words import (
    NOT_OUTCOME,
    TWO_NUMBERS,
    UNVALIDATED,
    pass_line_words,
)
from ipt_tracker.clinical.outcome.rule_words import GAIN_ADVICE, earlier_words
from ipt_tracker.governance.access import Permission
from ipt_tracker.services.emergency.notices import unseen
from ipt_tracker.services.fidelity.strata import Choice
from ipt_tracker.services.supervision.page import StartPage, read_start
from ipt_tracker.web.policy import needs
from ipt_tracker.web.supervision.agreement_view import raters_view, self_view
from ipt_tracker.web.supervision.figure_words import (
    sealed_words,
    stratum_links,
    stratum_query,
    stratum_remark,
)
from ipt_tracker.web.supervision.start_queue import SHOWN, queue_rows
from ipt_tracker.web.supervision.start_view import headline, rows
from ipt_tracker.web.supervision.words import action_rows, form_words, line_state
from ipt_tracker.web.today import rows as today_rows
from ipt_tracker.web.today.gains import gain_rows
from ipt_tracker.web.work import begin_reading

supervision = Blueprint("supervision", __name__, url_prefix="/supervision")

GROUP_TWICE = "A group session counts in the row of each of its leaders."
ONE_LINE = (
    "Drift: the control chart puts the sessions of all patients, in every phase, in one line by "
    "date."
)
BY_PATIENT = (
    "The interval of quality allows for sessions with one patient being alike where it says by "
    "patient; elsewhere it takes sessions as independent and is narrower than it should be."
)

OFF_SHOWN = 6
GAINS_SHOWN = 4
ACTIONS_SHOWN = 4


@supervision.route("", methods=["GET"])
@needs(Permission.SUPERVISE)
def show() -> ResponseReturnValue:
    """Show what waits for a supervisor, and how the therapy is done."""
    choice = Choice(request.args.get("basis"), request.args.get("selection"))
    with begin_reading() as work:
        found = read_start(work, choice)
        emergencies = unseen(work)
    queue = queue_rows(found)
    return render_template(
        "supervision/show.html",
        found=found,
        headline=headline(found),
        moment=_moment(work.now),
        emergencies_unseen=emergencies,
        queue=queue[:SHOWN],
        queue_more=len(queue) - SHOWN,
        risk=_risk(found),
        off=_off(found),
        off_more=len(found.off_track) - OFF_SHOWN,
        gains=_gains(found),
        gains_more=len(found.gains) - GAINS_SHOWN,
        gain_advice=GAIN_ADVICE,
        rows=rows(found),
        links=stratum_links(found.counts, found.stratum, "supervision.show"),
        scale=_scale(found),
        notes=_notes(found),
        own=self_view(found.own, ""),
        raters=raters_view(found.raters),
        agreement_url=_agreement_url(found),
        meetings=[(line, form_words(line.meeting), line_state(line)) for line in found.meetings],
        actions=action_rows(found.actions[:ACTIONS_SHOWN], found.last, names=True),
        actions_more=len(found.actions) - ACTIONS_SHOWN,
    )


def _agreement_url(found: StartPage) -> str:
    """Lead to the figures of agreement in the stratum that is shown."""
    shown = stratum_query(found.stratum)
    basis, selection = shown.get("basis"), shown.get("selection")
    return url_for("fidelity_figures.agreement", basis=basis, selection=selection)


def _moment(now: datetime) -> str:
    here = now.astimezone()
    return f"{here:%A} {here.day} {here:%B %Y}"


def _risk(found: StartPage) -> list[tuple[today_rows.PanelRow, str]]:
    """Name every open task with whose patient it is: none is left out."""
    lines = today_rows.risk_rows(found.risk, may_answer=False)
    whose = (found.holders.get(each.task.course_id, "") for each in found.risk)
    return list(zip(lines, whose, strict=True))


def _off(found: StartPage) -> list[dict[str, object]]:
    return [
        {
            "code": each.course.code,
            "url": url_for("progress.show", course_id=each.course.id),
            "therapist": each.course.therapist or "",
            "kind": today_rows.off_tag(each).kind,
            "rule": each.off.rule.label,
            "moved": today_rows.moved_words(each),
            "earlier": earlier_words(each.off, found.last.year),
        }
        for each in found.off_track[:OFF_SHOWN]
    ]


def _gains(found: StartPage) -> list[tuple[today_rows.PanelRow, str]]:
    """Name the newest large drops with whose patient it is."""
    shown = found.gains[:GAINS_SHOWN]
    lines = gain_rows(shown, found.last, of_supervisees=False)
    return list(zip(lines, (each.course.therapist or "" for each in shown), strict=True))


def _scale(found: StartPage) -> dict[str, object]:
    return {
        "low": 1,
        "high": 5,
        "ticks": (1, 2, 3, 4, 5),
        "width": 180,
        "line": found.lines.quality,
    }


def _notes(found: StartPage) -> tuple[str, ...]:
    """Say below the table what its figures are of, and what they cannot say."""
    profiles = (each.figures.profile for each in found.rows)
    is_own = any(each is not None and each.item_set.ref == OWN_SET for each in profiles)
    said = (
        "Ratings by the supervisor of the course alone, of the last 12 months.",
        sealed_words(found.sealed),
        stratum_remark(found.stratum),
        pass_line_words(found.lines.quality),
        "Coverage counts ratings by others than the therapist; bar and plan are of those drawn.",
        GROUP_TWICE,
        ONE_LINE,
        BY_PATIENT,
        TWO_NUMBERS,
        NOT_OUTCOME,
        UNVALIDATED if is_own else "",
    )
    return tuple(each for each in said if each)
