"""Courses that were rated in every way that a report on supervision must get right.

Ratings come from a seeded generator, so that a figure agrees with its slow second version by the
formula alone and not by round numbers.
"""

from datetime import date, timedelta
from random import Random
from typing import Any

from tests.factories.bundles import ANCHOR, case, session
from tests.factories.report_bundles import missed

CODES = tuple(f"F{number:02}" for number in range(1, 15))
BOSS, OTHER, THIRD = "SUP-11", "SUP-12", "IR-13"
RECORDING, RECALL = "full_recording", "recall"


def rating(dice: Random, rater: str, level: int = 3, **more: Any) -> dict[str, Any]:
    """Give a rating of all fourteen items around a level of quality, some not applicable."""
    found = {
        "rater": rater,
        "items": {code: _item(dice, level) for code in CODES},
        "proscribed": {"Z01": 0, "Z02": dice.choice((0, 0, 1)), "Z03": 0},
        "global_competence": _near(dice, level),
        "basis": RECALL if rater == "self" else RECORDING,
        "scope": "session",
        "rated_day": 200,
    }
    return found | more


def without_quality(dice: Random, rater: str, **more: Any) -> dict[str, Any]:
    """Give a rating of a session in which nothing was delivered: adherence 0, no quality."""
    items = {code: {"d": 0, "q": None} for code in CODES}
    return rating(dice, rater, items=items, global_competence=None, **more)


def amended(found: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """Give a rating in which fields were amended, the old value of each as handed in."""
    changes = [
        {"field": field.replace("__", "."), "old": old, "new": None, "reason": "talk", "day": 210}
        for field, old in fields.items()
    ]
    return found | {"amendments": [*found.get("amendments", []), *changes]}


def course(case_id: str, therapist: str, *ratings: list[Any]) -> Any:
    """Give a course of weekly sessions under SUP-11 with these ratings, session by session."""
    sessions = [session(n, n, fidelity=rated) for n, rated in enumerate(ratings, start=1)]
    return case(case_id, *sessions, therapist=therapist, supervisor=BOSS)


def changing_raters(seed: int = 1) -> list[dict[str, Any]]:
    """Give three courses: pairs of raters change, fields are amended, one rating has no quality."""
    dice = Random(seed)  # noqa: S311 -- invented ratings
    first = [
        [rating(dice, "self", 4), rating(dice, BOSS), rating(dice, OTHER)],
        [rating(dice, "self", 4), amended(rating(dice, BOSS), items__F01__q=1)],
        [rating(dice, OTHER, 2), rating(dice, BOSS, 2)],
        [rating(dice, "self", 5), without_quality(dice, BOSS), rating(dice, OTHER)],
        [rating(dice, BOSS, 4), rating(dice, OTHER, 5, basis="consensus")],
        [rating(dice, "self", 3), rating(dice, BOSS, 4), rating(dice, BOSS, 2, basis="consensus")],
        [rating(dice, "self", 3), rating(dice, BOSS, 4, basis="consensus"), rating(dice, OTHER)],
        [],
    ]
    much = amended(rating(dice, BOSS), items__F02__q=5, items__F02__d=0.5, global_competence=2)
    much = amended(much, items__F02__q=2, items__F03__q=None, items__F03__d=None)
    much = amended(much, proscribed__Z01=1, remark="shorter", items__F99__q=4)
    second = [
        [rating(dice, "self"), much, amended(rating(dice, THIRD, 2), global_competence=None)],
        [
            amended(rating(dice, "self", 2), global_competence=5, items__F14__q=1),
            rating(dice, BOSS),
        ],
        [rating(dice, "self", 4), rating(dice, OTHER, 4), rating(dice, THIRD, 4)],
        [rating(dice, "self", 4, global_competence=None), rating(dice, BOSS, 4)],
    ]
    unsupervised = [session(1, 1, fidelity=[rating(dice, "self", 4), rating(dice, OTHER)])]
    return [
        course("PAIR-1", "TH-11", *first),
        course("PAIR-2", "TH-12", *second),
        case("PAIR-3", *unsupervised, therapist="TH-12"),
    ]


def long_series(seed: int = 2) -> list[dict[str, Any]]:
    """Give one therapist with a point outside and days that two courses share, one with few."""
    dice = Random(seed)  # noqa: S311 -- invented ratings
    steady = {code: {"d": 1, "q": 4} for code in CODES}
    last = {code: {"d": 0.5, "q": 1} for code in CODES}

    def alike(n: int) -> dict[str, Any]:
        return rating(dice, BOSS, items=steady | {"F01": {"d": 1, "q": 4 + n % 2}})

    late = [[rating(dice, "self", 4), alike(n)] for n in range(6)]
    early = [[alike(n)] for n in range(5)] + [[], [rating(dice, BOSS, items=last)]]
    few = [[rating(dice, "self"), rating(dice, BOSS)], [], [rating(dice, BOSS, 2)]]
    begun_before = course("RUN-A", "TH-21", *early)
    for held in begun_before["sessions"]:  # a later slot on each day than that of the other course
        held["date"] = str(date.fromisoformat(held["date"]) - timedelta(days=7))
    return [course("RUN-B", "TH-21", *late), begun_before, course("RUN-C", "TH-22", *few)]


def group_course(seed: int = 3) -> list[dict[str, Any]]:
    """Give a member of a group: sessions missed and yet rated, one cancelled for everybody."""
    dice = Random(seed)  # noqa: S311 -- invented ratings
    both = [rating(dice, "self", 4), rating(dice, BOSS), rating(dice, OTHER)]
    sessions = [
        session(1, 1, kind="pre_group", phase="pre_group", fidelity=[rating(dice, BOSS)]),
        session(2, 1, kind="group", fidelity=both),
        missed(3, "no_show", 2, kind="group", fidelity=[rating(dice, "self"), rating(dice, BOSS)]),
        missed(4, "group_cancelled", kind="group"),
        missed(5, "cancelled_by_patient", 3, kind="group"),
        missed(6, "no_show", fidelity=[rating(dice, BOSS)]),
        missed(7, "entered_in_error", fidelity=[rating(dice, "self"), rating(dice, BOSS)]),
        session(8, 4, kind="group", fidelity=[rating(dice, "self", 2), rating(dice, BOSS, 2)]),
        session(9, 5, kind="group", fidelity=[rating(dice, OTHER, 2), rating(dice, BOSS, 4)]),
    ]
    return [
        case(
            "GRP-S",
            *sessions,
            protocol="IPT-G-PTSD-16",
            format="group",
            therapist="TH-31",
            supervisor=BOSS,
        )
    ]


def never_supervised(seed: int = 4) -> list[dict[str, Any]]:
    """Give courses that no supervisor ever rated."""
    dice = Random(seed)  # noqa: S311 -- invented ratings
    return [
        course("SELF-1", "TH-41", [rating(dice, "self", 4)], [rating(dice, "self")], []),
        case("SELF-2", session(1, 1), therapist="TH-42"),
    ]


def at_random(seed: int) -> list[dict[str, Any]]:
    """Give five courses of three therapists with whatever ratings the dice bring."""
    dice = Random(seed)  # noqa: S311 -- invented ratings
    return [_random_course(dice, number) for number in range(1, 6)]


def _random_course(dice: Random, number: int) -> dict[str, Any]:
    boss, other = dice.sample((BOSS, OTHER), 2)
    sessions = []
    for slot in range(1, 1 + dice.randint(3, 12)):
        level = dice.randint(2, 4)
        rated = [
            rating(dice, rater, level)
            for rater, chance in (("self", 0.8), (boss, 0.6), (other, 0.3))
            if dice.random() < chance
        ]
        for each in rated:
            if dice.random() < 0.3:
                code = dice.choice(CODES)
                each.update(amended(each, **{f"items__{code}__q": dice.randint(1, 5)}))
        day = 7 * slot + dice.randint(-3, 3)
        held_on = str(ANCHOR + timedelta(days=day))
        sessions.append(session(slot, slot, fidelity=rated, day=day, date=held_on))
    therapist = f"TH-5{number % 3}"
    return case(f"ANY-{number}", *sessions, therapist=therapist, supervisor=boss)


def _item(dice: Random, level: int) -> dict[str, Any]:
    delivered = dice.choice((1, 1, 1, 1, 0.5, 0, None))
    return {"d": delivered, "q": _near(dice, level) if delivered else None}


def _near(dice: Random, level: int) -> int:
    return min(5, max(1, level + dice.choice((-1, 0, 0, 1))))
