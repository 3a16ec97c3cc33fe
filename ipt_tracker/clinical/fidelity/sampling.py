"""Which sessions are to be seen: a plan of shares, and a random draw that anybody can repeat.

The draw. Each session has a lot: the SHA-256 of "seed:key", both as text in UTF-8, where the key
names the session for good. Within a stratum the lowest lots are drawn. A lot depends on nothing but
the seed and the session, so the same seed gives the same sessions on every machine and in every
version, in whatever order they are listed, and a session added later moves no other. Every session
of a stratum is as likely as any other (a simple random sample without replacement).

Sizes. A stratum is a phase, split by what raises its share, and asks for its share of its sessions.
A phase is rounded up to whole sessions, which go to its strata by the largest part left over. What
was drawn before counts towards it. What somebody chose, or a file does not say how it was picked,
is not drawn again and counts towards no share: a picked session is no sample. Afterwards a course
that is left below the plan's fewest, chosen sessions counted, has the lowest lots of its own
remaining sessions drawn too.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from ipt_tracker.clinical.fidelity.sampling_plan import (
    ALL,
    Delivered,
    Plan,
    Stratum,
    check_plan,
)
from ipt_tracker.clinical.rules import RuleBroken

__all__ = ["Delivered", "Drawn", "Plan", "Quota", "Stratum", "Taken", "check_plan", "draw"]

LARGEST_SEED = 999_999_999


@dataclass(frozen=True, slots=True)
class Quota:
    """How many sessions of a stratum the plan asks for, and how many were drawn before."""

    stratum: Stratum
    share: int
    sessions: int
    already: int
    wanted: int

    @property
    def to_draw(self) -> int:
        """What is left to draw, never below 0."""
        return max(0, self.wanted - self.already)

    @property
    def why(self) -> str:
        """Say where the number comes from, such as "20 % of 14 is 2.8"."""
        whole, left = divmod(self.share * self.sessions, ALL)
        exact = f"{whole}.{left:02}".rstrip("0") if left else str(whole)
        return f"{self.share} % of {self.sessions} is {exact}"


@dataclass(frozen=True, slots=True)
class Taken:
    """What was drawn of one stratum: for its share, and for courses below their fewest."""

    quota: Quota
    for_share: tuple[str, ...]
    for_course: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """The outcome of a draw. `short` names courses with too few sessions to reach the fewest."""

    taken: tuple[Taken, ...]
    keys: tuple[str, ...]
    """Every session drawn, in the order of the frame."""
    short: tuple[str, ...]


def quotas(
    frame: Iterable[Delivered],
    plan: Plan,
    already: Mapping[str, str],
    chosen: Collection[str] = (),
) -> tuple[Quota, ...]:
    """Say how many sessions of each stratum the plan asks for, in the order of strata.

    `already` names the sessions that are rated or asked for, each with its course; `chosen` are
    those of them that were not drawn at random.
    """
    sessions, counted = Counter[Stratum](), Counter[Stratum]()
    for each in frame:
        stratum = plan.stratum_of(each)
        sessions[stratum] += 1
        counted[stratum] += each.key in already and each.key not in chosen
    ordered = sorted(sessions, key=lambda each: each.order)
    wanted = _wanted({each: plan.share_of(each) * sessions[each] for each in ordered})
    return tuple(
        Quota(each, plan.share_of(each), sessions[each], counted[each], wanted[each])
        for each in ordered
    )


def _wanted(hundredths: Mapping[Stratum, int]) -> dict[Stratum, int]:
    """Round each phase up, and give what is over to its strata by the largest part left over.

    In hundredths of a session, so that nothing hangs on how a machine rounds. Where two parts are
    equal the earlier stratum comes first.
    """
    wanted = {stratum: part // ALL for stratum, part in hundredths.items()}
    for phase in {stratum.phase for stratum in hundredths}:
        own = [stratum for stratum in hundredths if stratum.phase == phase]
        whole = -(-sum(hundredths[each] for each in own) // ALL)
        over = whole - sum(wanted[each] for each in own)
        for each in sorted(own, key=lambda each: -(hundredths[each] % ALL))[:over]:
            wanted[each] += 1
    return wanted


def below_the_fewest(
    frame: Iterable[Delivered], plan: Plan, already: Mapping[str, str]
) -> dict[str, int]:
    """Say how many sessions each course of the frame lacks to the plan's fewest."""
    seen = Counter(already.values())
    courses = dict.fromkeys(each.course for each in frame)
    lacking = {course: plan.per_course - seen[course] for course in courses}
    return {course: number for course, number in lacking.items() if number > 0}


def draw(
    frame: Sequence[Delivered],
    plan: Plan,
    already: Mapping[str, str],
    seed: int,
    chosen: Collection[str] = (),
) -> Drawn:
    """Draw what the plan asks for, as said above; no session that is in `already`."""
    left = sorted((e for e in frame if e.key not in already), key=lambda each: lot(seed, each.key))
    by_stratum = defaultdict[Stratum, list[Delivered]](list)
    for each in left:
        by_stratum[plan.stratum_of(each)].append(each)
    asked = quotas(frame, plan, already, chosen)
    first = {q.stratum: by_stratum[q.stratum][: q.to_draw] for q in asked}
    drawn = {each.key: each.course for found in first.values() for each in found}
    more, short = _to_the_fewest(left, below_the_fewest(frame, plan, {**already, **drawn}), drawn)
    keys = drawn.keys() | {each.key for each in more}
    return Drawn(
        tuple(
            Taken(
                quota,
                tuple(each.key for each in first[quota.stratum]),
                tuple(each.key for each in more if plan.stratum_of(each) == quota.stratum),
            )
            for quota in asked
        ),
        tuple(each.key for each in frame if each.key in keys),
        short,
    )


def lot(seed: int, key: str) -> str:
    """Give a session's lot: 64 hexadecimal digits, compared as text."""
    return sha256(f"{seed}:{key}".encode()).hexdigest()


def check_seed(seed: int) -> None:
    """Raise RuleBroken for a seed that cannot be kept."""
    if not 0 <= seed <= LARGEST_SEED:
        raise RuleBroken("A seed is a whole number from 0 to 999999999.", "seed")


def _to_the_fewest(
    left: Iterable[Delivered], lacking: Mapping[str, int], drawn: Mapping[str, str]
) -> tuple[list[Delivered], tuple[str, ...]]:
    """Take the lowest lots of each course that lacks some; name the courses that run out."""
    wanting, more = dict(lacking), []
    for each in left:
        if each.key not in drawn and wanting.get(each.course, 0):
            wanting[each.course] -= 1
            more.append(each)
    return more, tuple(course for course, number in wanting.items() if number)
