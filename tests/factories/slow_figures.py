"""Every figure of fidelity and supervision a second time: slow, plain, and straight from a file.

Nothing here is shared with the program. Sums are loops as in a textbook, quantiles are found by
halving on the distribution itself.
"""

from collections.abc import Callable, Iterator, Sequence
from math import sqrt
from typing import Any

from scipy.special import betainc

HELD = {"attended", "attended_late", "left_early"}
ABSENT = {"cancelled_by_patient", "late_cancellation", "no_show"}
DOMAIN_OF = {
    **dict.fromkeys(("F01", "F02", "F11"), "structure"),
    **dict.fromkeys(("F03", "F04", "F09"), "focus"),
    **dict.fromkeys(("F05", "F06", "F07", "F08", "F10"), "technique"),
    **dict.fromkeys(("F12",), "safety"),
    **dict.fromkeys(("F13", "F14"), "alliance"),
}


def average(values: Sequence[float]) -> float:
    """Give the mean."""
    total = 0.0
    for value in values:
        total += value
    return total / len(values)


def spread(values: Sequence[float]) -> float:
    """Give the standard deviation on n - 1."""
    middle = average(values)
    total = 0.0
    for value in values:
        total += (value - middle) * (value - middle)
    return sqrt(total / (len(values) - 1))


def halved(below: Callable[[float], float], wanted: float) -> float:
    """Find where a rising distribution reaches a share, between 0 and a very large number."""
    low, high = 0.0, 1.0
    while below(high) < wanted and high < 1e30:
        high *= 2
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if below(middle) < wanted else (low, middle)
    return (low + high) / 2


def f_quantile(over: float, under: float) -> float:
    """Give the 97.5 % quantile of F."""
    return halved(
        lambda x: float(betainc(over / 2, under / 2, over * x / (over * x + under))), 0.975
    )


def t_quantile(freedom: float) -> float:
    """Give the 97.5 % quantile of t: the root of the 95 % quantile of F with 1 over."""
    return sqrt(halved(lambda x: float(betainc(0.5, freedom / 2, x / (x + freedom))), 0.95))


def slow_interval(values: Sequence[float]) -> list[float] | None:
    """Give the t interval of a mean."""
    if len(values) < 2:
        return None
    half = t_quantile(len(values) - 1) * spread(values) / sqrt(len(values))
    return [average(values) - half, average(values) + half]


def slow_icc(rows: Sequence[Sequence[float]]) -> dict[str, Any]:
    """Give the intraclass correlations by sums of squares."""
    nothing = {"icc_1_1": None, "icc_a1": None, "icc_c1": None, "icc_a1_ci95": None}
    n = len(rows)
    if n < 2:
        return nothing
    k = len(rows[0])
    everything = [value for row in rows for value in row]
    grand = average(everything)
    total = sum((value - grand) ** 2 for value in everything)
    between = k * sum((average(row) - grand) ** 2 for row in rows)
    columns = [[row[c] for row in rows] for c in range(k)]
    raters = n * sum((average(column) - grand) ** 2 for column in columns)
    msr, msc = between / (n - 1), raters / (k - 1)
    mse = (total - between - raters) / ((n - 1) * (k - 1))
    msw = (total - between) / (n * (k - 1))
    if total < 1e-12:
        return nothing
    a1 = (msr - mse) / (msr + (k - 1) * mse + k * (msc - mse) / n)
    found = {
        "icc_1_1": (msr - msw) / (msr + (k - 1) * msw),
        "icc_a1": a1,
        "icc_c1": (msr - mse) / (msr + (k - 1) * mse),
        "icc_a1_ci95": None,
    }
    if a1 < 1:
        a, b = k * a1 / (n * (1 - a1)), 1 + k * a1 * (n - 1) / (n * (1 - a1))
        v = (a * msc + b * mse) ** 2 / (
            (a * msc) ** 2 / (k - 1) + (b * mse) ** 2 / ((n - 1) * (k - 1))
        )
        over, under = f_quantile(n - 1, v), f_quantile(v, n - 1)
        rest = k * msc + (k * n - k - n) * mse
        found["icc_a1_ci95"] = [
            n * (msr - over * mse) / (over * rest + n * msr),
            n * (under * msr - mse) / (rest + n * under * msr),
        ]
    return found


def slow_kappa(pairs: Sequence[tuple[int, int]], power: int) -> float | None:
    """Give weighted kappa by pairing everybody's ratings with everybody's."""
    if not pairs:
        return None
    seen = average([abs(a - b) ** power for a, b in pairs])
    chance = average([abs(a - b) ** power for a, _ in pairs for _, b in pairs])
    return 1 - seen / chance if chance else None


def slow_limits(differences: Sequence[float]) -> dict[str, Any]:
    """Give bias and limits of agreement."""
    n = len(differences)
    bias = average(differences) if n else None
    sd = spread(differences) if n > 1 else None
    loa = None if bias is None or sd is None else [bias - 1.96 * sd, bias + 1.96 * sd]
    return {"n": n, "bias": bias, "sd": sd, "loa": loa}


def slow_xmr(values: Sequence[float]) -> dict[str, Any]:
    """Give centre, mean moving range, limits and the places outside."""
    centre = average(values)
    moving = average([abs(values[n] - values[n - 1]) for n in range(1, len(values))])
    low, high = centre - 2.66 * moving, centre + 2.66 * moving
    outside = [n for n, value in enumerate(values) if value < low - 1e-9 or value > high + 1e-9]
    return {
        "centre": centre,
        "mean_moving_range": moving,
        "limits": [low, high],
        "outside": outside,
    }


# ----------------------------------------------------------------------- of a whole course bundle


def given(session: dict[str, Any]) -> bool:
    """Say whether a session was delivered: a group's also without this member."""
    if session["attendance"] in HELD:
        return True
    whole = session["kind"] == "group"
    return whole and session["attendance"] in ABSENT


def as_submitted(rating: dict[str, Any]) -> dict[str, Any]:
    """Undo the amendments of a rating, the last one first."""
    items = {code: dict(item) for code, item in rating["items"].items()}
    overall = rating.get("global_competence")
    for change in reversed(rating.get("amendments", [])):
        parts = change["field"].split(".")
        if parts[0] == "items" and parts[1] in items:
            items[parts[1]][parts[2]] = change["old"]
        elif parts == ["global_competence"]:
            overall = change["old"]
    return {**rating, "items": items, "global_competence": overall}


def quality(rating: dict[str, Any]) -> float | None:
    """Give the mean quality of a rating."""
    rated = [item["q"] for item in rating["items"].values() if item["q"] is not None]
    return average(rated) if rated else None


def adherence(rating: dict[str, Any]) -> float | None:
    """Give the adherence of a rating in percent."""
    applied = [item["d"] for item in rating["items"].values() if item["d"] is not None]
    return 100 * average(applied) if applied else None


def rounds(bundle: dict[str, Any]) -> Iterator[tuple[dict[str, Any], dict[str, Any], list[Any]]]:
    """Give each delivered session with its case and its ratings."""
    for case in bundle["cases"]:
        for session in case["sessions"]:
            if given(session):
                yield case, session, session.get("fidelity", [])


def slow_supervision(bundle: dict[str, Any]) -> dict[str, Any]:
    """Give every figure that `report supervision` prints, unrounded."""
    doubles: list[list[float]] = []
    pairs: list[tuple[int, int]] = []
    differences: list[float] = []
    of_therapist: dict[str, list[Any]] = {}
    of_domain: dict[str, list[int]] = {domain: [] for domain in DOMAIN_OF.values()}
    delivered = rated = 0
    for case, session, ratings in rounds(bundle):
        delivered += 1
        mine = of_therapist.setdefault(case["therapist"], [])
        first = {r["rater"]: as_submitted(r) for r in ratings if r["basis"] != "consensus"}
        means = {r: quality(v) for r, v in first.items() if r != "self"}
        both = [means[r] for r in sorted(means) if means[r] is not None]
        if len(both) == 2:
            doubles.append(both)
        boss = case.get("supervisor")
        by_boss = [r for r in ratings if r["rater"] == boss]
        now = [r for r in by_boss if r["basis"] != "consensus"] or by_boss
        if not now:
            continue
        rated += 1
        mine.append((session["date"], case["id"], session["slot"], now[0]))
        for code, item in now[0]["items"].items():
            if item["q"] is not None:
                of_domain[DOMAIN_OF[code]].append(item["q"])
        if "self" in first and boss in first:
            own, other = first["self"], first[boss]
            overall = (own["global_competence"], other["global_competence"])
            if None not in overall:
                pairs.append(overall)
            if None not in (quality(own), quality(other)):
                differences.append(quality(own) - quality(other))
    correlations = slow_icc(doubles)
    return {
        **correlations,
        "icc_pairs": len(doubles),
        "kappa_quadratic_global": slow_kappa(pairs, 2),
        "kappa_linear_global": slow_kappa(pairs, 1),
        "bland_altman_self_minus_supervisor": slow_limits(differences),
        "per_therapist": {code: slow_therapist(mine) for code, mine in of_therapist.items()},
        "coverage_all": {
            "delivered": delivered,
            "supervisor_rated": rated,
            "fraction": rated / delivered if delivered else None,
        },
        "domain_quality_mean_supervisor": {
            domain: average(found) if found else None for domain, found in of_domain.items()
        },
        "xmr_supervisor_competence": {
            code: slow_series(mine) for code, mine in of_therapist.items()
        },
    }


def slow_therapist(rated: list[Any]) -> dict[str, Any]:
    """Give the means of one therapist."""
    qualities = [found for *_, rating in rated if (found := quality(rating)) is not None]
    adherences = [found for *_, rating in rated if (found := adherence(rating)) is not None]
    return {
        "rated_sessions": len(rated),
        "competence_mean": average(qualities) if qualities else None,
        "competence_ci95": slow_interval(qualities),
        "adherence_pct_mean": average(adherences) if adherences else None,
    }


def slow_series(rated: list[Any]) -> dict[str, Any]:
    """Give the control chart of one therapist, by date, course and slot."""
    rows = sorted((day, case, slot) for day, case, slot, _ in rated)
    by_place = {(day, case, slot): rating for day, case, slot, rating in rated}
    points = [(row, quality(by_place[row])) for row in rows]
    points = [(row, value) for row, value in points if value is not None]
    if len(points) < 6:
        return {"points": len(points), "status": "too few points for limits"}
    found = slow_xmr([value for _, value in points])
    outside = [[points[n][0][1], points[n][0][2]] for n in found["outside"]]
    return {"points": len(points), **found, "outside": outside}
