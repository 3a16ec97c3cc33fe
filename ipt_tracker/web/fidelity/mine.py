"""The ratings of one person: asked for, begun, handed in, and feedback to read."""

from dataclasses import dataclass
from datetime import date

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from ipt_tracker.clinical.course.codes import label_of
from ipt_tracker.clinical.fidelity.codes import RaterRole, Selection
from ipt_tracker.governance.access import Permission, Role
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.queries.requests import NamedSession
from ipt_tracker.services.fidelity.doors import RatedKind
from ipt_tracker.services.fidelity.facts import RatedSession
from ipt_tracker.services.fidelity.feedback import FeedbackDue, feedback_to_read
from ipt_tracker.services.fidelity.own_ratings import Begun, Submitted, own_ratings
from ipt_tracker.services.fidelity.requests import Asked
from ipt_tracker.services.unit_of_work import Subject
from ipt_tracker.web.drafts.kept import clock_words
from ipt_tracker.web.fidelity.rate_rows import session_words
from ipt_tracker.web.policy import needs
from ipt_tracker.web.sessions.rows import phase_label
from ipt_tracker.web.work import begin_reading, given


@dataclass(frozen=True, slots=True)
class Line:
    """One session in a list: code, number, day and phase, and one thing to press."""

    name: str
    held_on: date
    phase: str
    url: str | None
    said: tuple[str, ...] = ()
    due_on: date | None = None
    is_late: bool = False


@needs(Permission.RATE_SESSION)
def mine() -> ResponseReturnValue:
    """List what one is to rate, has begun, and has handed in last."""
    with begin_reading() as work:
        work.require(Permission.RATE_SESSION)
        found, feedback = own_ratings(work), feedback_to_read(work)
        work.audit(Event.FIDELITY_LISTED, Subject("own_ratings", work.person.id))
        return render_template(
            "fidelity/mine.html",
            asked=[_asked(each, given().today()) for each in found.asked],
            begun=[_begun(each) for each in found.begun],
            unrated=[_unrated(each) for each in found.unrated],
            submitted=[_submitted(each) for each in found.submitted],
            feedback=[_feedback(each) for each in feedback],
            lead=_lead(found.asked, len(feedback), given().today()),
            is_therapist=work.person.role is Role.THERAPIST,
            own_id=work.person.id,
        )


def _lead(asked: tuple[Asked, ...], feedback: int, today: date) -> str:
    """Say what waits: "3 sessions to rate, 1 of them overdue. Feedback on 1 session to read."."""
    if not asked and not feedback:
        return "Nothing waits for you."
    of = "1 session" if feedback == 1 else f"{feedback} sessions"
    said = [
        _to_rate(asked, today) if asked else "",
        f"Feedback on {of} to read." if feedback else "",
    ]
    return " ".join(part for part in said if part)


def _to_rate(asked: tuple[Asked, ...], today: date) -> str:
    late = sum(each.due_on is not None and each.due_on < today for each in asked)
    count = "1 session" if len(asked) == 1 else f"{len(asked)} sessions"
    if not late:
        return f"{count} to rate."
    if len(asked) == 1:
        return f"{count} to rate, overdue."
    return f"{count} to rate, {late} of them overdue."


def _feedback(each: FeedbackDue) -> Line:
    url = _form(each.kind, each.rated_id) if each.is_sealed else _compared(each.kind, each.rated_id)
    said = [*each.people, f"sent {clock_words(each.at)}"]
    if each.is_sealed:
        said.append("it opens once you have rated the session yourself")
    name = f"{each.code}, {session_words(each.session_kind, each.number, each.held_on)}"
    return Line(name, each.held_on, "", url, tuple(said))


def _asked(each: Asked, today: date) -> Line:
    role = RaterRole(each.role).label
    why = f": {each.reason}" if each.reason else ""
    return Line(
        name=f"{each.code}, {session_words(each.session_kind, each.number, each.held_on)}",
        held_on=each.held_on,
        phase=phase_label(each.phase),
        url=_form(each.kind, each.rated_id),
        said=(
            f"as {role.lower()}",
            f"{label_of(Selection, each.selection).lower()}{why}",
            f"asked by {each.asked_by}",
        ),
        due_on=each.due_on,
        is_late=each.due_on is not None and each.due_on < today,
    )


def _begun(each: Begun) -> Line:
    of = each.of
    return _line(of, each.url, f"draft of {clock_words(each.saved_at)}")


def _unrated(each: RatedSession) -> Line:
    name = f"{each.code}, {session_words(each.session_kind, each.number, each.held_on)}"
    return Line(name, each.held_on, phase_label(each.phase), _form(each.kind, each.id))


def _submitted(each: Submitted) -> Line:
    url = _compared(each.kind, each.of.id) if each.is_open else None
    said = RaterRole(each.role).label.lower(), f"submitted {clock_words(each.submitted_at)}"
    return _line(each.of, url, *said)


def _line(of: NamedSession, url: str | None, *said: str) -> Line:
    name = f"{of.code}, {session_words(of.kind, of.number, of.held_on)}"
    return Line(name, of.held_on, phase_label(of.phase), url, said)


def _form(kind: RatedKind, rated_id: object) -> str:
    return url_for("fidelity.rate", kind=kind, rated_id=rated_id)


def _compared(kind: RatedKind, rated_id: object) -> str:
    return url_for("fidelity.compare", kind=kind, rated_id=rated_id)
