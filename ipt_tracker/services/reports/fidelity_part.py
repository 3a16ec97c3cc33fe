"""The part of a report on how the sessions were done, where somebody asks for it and may see it.

It belongs to supervision, so no report has it unless it is asked for, and none without names.
"""

from ipt_tracker.clinical.fidelity.summary import Summary, summary_of
from ipt_tracker.clinical.fidelity.words import (
    ADHERENCE_FORM,
    CHOSEN_IS_NO_SAMPLE,
    MEAN_FROM,
    NOT_OUTCOME,
    ONE_RATER,
    QUALITY_FORM,
    TWO_NUMBERS,
    Form,
    counted,
    interval_words,
    sessions,
    too_few,
)
from ipt_tracker.governance.access import AccessDenied, Permission
from ipt_tracker.persistence.models import Course
from ipt_tracker.reports.document import Table
from ipt_tracker.services.doors import may_with
from ipt_tracker.services.fidelity.beside_outcome import CourseBeside, course_beside
from ipt_tracker.services.fidelity.strata import Choice
from ipt_tracker.services.unit_of_work import UnitOfWork

HEAD = ("Phase", "Sessions", "Rated", "Adherence, %", "Quality, 1 to 5")
RATED_BY = "Rated by the supervisor of the case."


def fidelity_part(work: UnitOfWork, course: Course) -> tuple[tuple[str, ...], Table | None]:
    """Give what was rated of a course's sessions as the actor may see it, with what it cannot say.

    Raises AccessDenied where the actor may not see it at all.
    """
    if Permission.SEE_FIDELITY not in may_with(work, course):
        raise AccessDenied(Permission.SEE_FIDELITY)
    found = course_beside(work, course, Choice())
    if found.stratum is None or not found.sessions:
        none = "No rating of a session by the supervisor of the case is open to whoever made this."
        return (none, *_sealed(found)), None
    chosen = CHOSEN_IS_NO_SAMPLE if found.stratum.selection != "random" else ""
    said = (f"{RATED_BY} {found.stratum.words}.", *_sealed(found), chosen)
    caveats = (TWO_NUMBERS, ONE_RATER, NOT_OUTCOME)
    return tuple(filter(None, (*said, *caveats))), _table(found)


def _sealed(found: CourseBeside) -> tuple[str, ...]:
    if not found.sealed:
        return ()
    return (f"Left out, because still sealed to whoever made this: {sessions(found.sealed)}.",)


def _table(found: CourseBeside) -> Table:
    rows = [
        (
            each.label,
            str(each.delivered),
            str(each.rated),
            _mean(each.adherence, ADHERENCE_FORM),
            _mean(each.quality, QUALITY_FORM),
        )
        for each in found.phases
    ]
    total = (
        "All",
        str(found.delivered),
        str(len(found.sessions)),
        _mean(summary_of(each.adherence for each in found.sessions), ADHERENCE_FORM),
        _mean(summary_of(each.quality for each in found.sessions), QUALITY_FORM),
    )
    return Table(HEAD, (*rows, total), (24, 12, 10, 27, 27), figures=len(HEAD), total=True)


def _mean(found: Summary, form: Form) -> str:
    """Write a mean with its interval, from 3 sessions on."""
    n = counted(found, form)
    if n < MEAN_FROM or found.mean is None:
        return too_few(n)
    value = f"{found.mean:.{form.digits}f}"
    return ", ".join(filter(None, (value, interval_words(found, form))))
