"""What accrediting bodies ask for, in few words, beside what this record holds of it.

A record can show a number; whether a requirement is met is for the body to say. Only what the
record can speak to is named: courses taken, fees and letters are not.
"""

from collections.abc import Callable
from dataclasses import dataclass

from ipt_tracker.clinical.fidelity.portfolio import CaseCount, CaseState, Counted
from ipt_tracker.clinical.fidelity.portfolio_count import USUAL_PHASES

CAVEAT = (
    "No line says that a requirement is met. They are summaries, and requirements change: read "
    "the body's own page."
)
ISIPT = "International Society of Interpersonal Psychotherapy"
INSTITUTE = "IPT Institute"
OLDER_UK = "United Kingdom, older text"
OLDER_SCOTLAND = "Scotland, older pathway"
RECORDINGS_EACH, SESSIONS_EACH, MINUTES_EACH = 3, 12, 240

Here = Callable[[Counted], str]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a requirement was read; `url` is empty where it was read in a copy."""

    words: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing that a body asks for; `here` says what the record holds of it."""

    body: str
    asks: str
    here: Here
    source: Source


@dataclass(frozen=True, slots=True)
class StatusLine:
    """A requirement with what the record of one therapist holds of it."""

    body: str
    asks: str
    here: str
    source: Source


def status_lines(counted: Counted) -> tuple[StatusLine, ...]:
    """Set what bodies ask for beside what was counted."""
    return tuple(StatusLine(r.body, r.asks, r.here(counted), r.source) for r in REQUIREMENTS)


def hours(minutes: int) -> str:
    """Say a time in hours and minutes, such as "12 h 30 min"."""
    whole, rest = divmod(minutes, 60)
    said = [f"{whole} h"] if whole else []
    said += [f"{rest} min"] if rest or not whole else []
    return " ".join(said).replace(" ", "\N{NO-BREAK SPACE}")


def completed(counted: Counted) -> tuple[CaseCount, ...]:
    """Give the cases that this therapist completed, groups left out."""
    return tuple(
        each
        for each in counted.cases
        if each.case.state is CaseState.COMPLETED and not each.case.is_group
    )


def _completed_with(words: str, holds: Callable[[CaseCount], bool]) -> Here:
    def say(counted: Counted) -> str:
        done = completed(counted)
        return f"{sum(map(holds, done))} of {_cases(len(done))} {words}"

    return say


def _completed_areas(counted: Counted) -> str:
    done = completed(counted)
    areas = {area for each in done for area in each.case.areas}
    named = "1 focal area" if len(areas) == 1 else f"{len(areas)} focal areas"
    return f"{_cases(len(done))}, {named}"


def _supervision(counted: Counted) -> str:
    found = counted.supervision
    return f"{hours(found.minutes)} in meetings, {hours(found.individual_minutes)} individual"


def _recordings(counted: Counted) -> str:
    said = ", ".join(f"{each.phase} {each.recordings}" for each in counted.phases)
    return f"Recordings rated: {said}"


def _own_time(counted: Counted) -> str:
    untimed = sum(each.untimed for each in completed(counted))
    said = _completed_with("with 4 h or more noted", lambda c: c.minutes >= MINUTES_EACH)(counted)
    return f"{said}; {untimed} discussed without minutes" if untimed else said


def _other_scale(_: Counted) -> str:
    return "Rated here with another item set: its quality is not that scale's mean"


def _cases(n: int) -> str:
    return f"{n} completed case{'' if n == 1 else 's'}"


_SOCIETY = Source(
    "interpersonalpsychotherapy.org/therapist-certification",
    "https://interpersonalpsychotherapy.org/therapist-certification",
)
_INSTITUTE = Source(
    "iptinstitute.com/ipt-certification", "https://iptinstitute.com/ipt-certification"
)
_UK_COPY = Source("Older Level B text, read in a copy")
_SCOTTISH_COPY = Source("Older training pathway, read in a copy")

REQUIREMENTS = (
    Requirement(
        ISIPT,
        "3 supervised cases or more that show early, middle and late sessions, each signed by an "
        "endorsed supervisor",
        _completed_with(
            "with supervised sessions in all three phases",
            lambda case: case.phases >= set(USUAL_PHASES),
        ),
        _SOCIETY,
    ),
    Requirement(INSTITUTE, "Level B: 10 hours of consultation or more", _supervision, _INSTITUTE),
    Requirement(
        INSTITUTE,
        "Level B: two cases with one recording each, the first early, the second middle or late",
        _recordings,
        _INSTITUTE,
    ),
    Requirement(
        INSTITUTE,
        "A mean of 3.0 of 5 over each case portfolio, on the institute's own scale",
        _other_scale,
        _INSTITUTE,
    ),
    Requirement(
        OLDER_UK, "2 cases or more, preferably two focal areas", _completed_areas, _UK_COPY
    ),
    Requirement(
        OLDER_UK,
        "3 recordings or more of each case, picked at random by the supervisor",
        _completed_with(
            f"with {RECORDINGS_EACH} or more drawn and rated",
            lambda case: case.recordings_drawn >= RECORDINGS_EACH,
        ),
        _UK_COPY,
    ),
    Requirement(
        OLDER_UK,
        "12 of 16 sessions supervised",
        _completed_with(
            f"with {SESSIONS_EACH} or more supervised",
            lambda case: case.supervised >= SESSIONS_EACH,
        ),
        _UK_COPY,
    ),
    Requirement(OLDER_UK, "4 hours of supervision or more for each case", _own_time, _UK_COPY),
    Requirement(OLDER_SCOTLAND, "2 cases, 4 after 2011", _completed_areas, _SCOTTISH_COPY),
)
