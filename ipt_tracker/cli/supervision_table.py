"""The figures of `report supervision` as a table to read, each with its n."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ipt_tracker.services.fidelity.facts import NOT_STATED
from ipt_tracker.services.supervision_seen import OTHER, SUPERVISOR

Figures = Mapping[str, Any]
NOT_KNOWN = "not known"
RATED_BY = {
    SUPERVISOR: "course's supervisor",
    "self": "self",
    "consensus": "consensus",
    OTHER: "another rater",
}


def supervision_table(figures: Figures) -> str:
    """Lay the figures out in sections: a heading, then one line for each."""
    sections = (
        ("Coverage by the courses' supervisors", _coverage(figures)),
        ("Two raters of one session, mean quality 1 to 5", _between(figures)),
        ("Self and the course's supervisor", _own(figures)),
        ("Each therapist, by the course's supervisor", _therapists(figures)),
        ("Control chart of quality (XmR)", _charts(figures)),
        ("Mean quality of each domain, by the courses' supervisors", _domains(figures)),
        ("By basis and by how the session was picked", _strata(figures)),
    )
    found = ("\n".join((title, *_aligned(tuple(lines)))) for title, lines in sections)
    return "\n\n".join((*found, "\n".join(("Notes", *(f"  {n}" for n in figures["notes"])))))


def _aligned(lines: Sequence[tuple[str, str]]) -> Iterator[str]:
    width = max((len(label) for label, _ in lines), default=0)
    for label, said in lines:
        yield f"  {label:{width}}  {said}"
    if not lines:
        yield "  none"


def _coverage(figures: Figures) -> Iterator[tuple[str, str]]:
    found = figures["coverage_all"]
    yield "Rated of delivered sessions", f"{found['supervisor_rated']} of {found['delivered']}"
    yield "Share", _number(found["fraction"])


def _between(figures: Figures) -> Iterator[tuple[str, str]]:
    n = _count(figures["icc_pairs"], "session")
    yield "ICC(A,1), absolute agreement", _with_interval(figures, "icc_a1", n)
    yield "ICC(C,1), consistency", f"{_number(figures['icc_c1'])}  ({n})"
    yield "ICC(1,1), for changing raters", _with_interval(figures, "icc_1_1", n)
    for pair in figures["icc_raters"]:
        yield "Raters", f"{' and '.join(pair['raters'])}  ({_count(pair['sessions'], 'session')})"


def _own(figures: Figures) -> Iterator[tuple[str, str]]:
    n = _count(figures["kappa_pairs"], "pair")
    yield "Quadratic kappa, global rating", f"{_number(figures['kappa_quadratic_global'])}  ({n})"
    yield "Linear kappa, global rating", f"{_number(figures['kappa_linear_global'])}  ({n})"
    found = figures["bland_altman_self_minus_supervisor"]
    n = _count(found["n"], "pair")
    yield "Quality, self less supervisor", f"{_number(found['bias'])}  ({n})"
    yield "Limits of agreement", _interval(found["loa"])


def _therapists(figures: Figures) -> Iterator[tuple[str, str]]:
    for code, found in figures["per_therapist"].items():
        counts = figures["per_therapist_n"][code]
        n = _count(found["rated_sessions"], "rated session")
        quality, interval = _number(found["competence_mean"]), _interval(found["competence_ci95"])
        yield code, f"{n}; quality {quality} ({interval}, n {counts['competence']})"
        percent = _number(found["adherence_pct_mean"])
        yield "", f"adherence {percent} % (n {counts['adherence']})"


def _charts(figures: Figures) -> Iterator[tuple[str, str]]:
    for code, found in figures["xmr_supervisor_competence"].items():
        n = _count(found["points"], "point")
        if "status" in found:
            yield code, f"{n}; {found['status']}"
            continue
        outside = ", ".join(f"{ref} slot {slot}" for ref, slot in found["outside"]) or "none"
        centre, limits = _number(found["centre"]), _interval(found["limits"])
        yield code, f"{n}; centre {centre}, limits {limits}; outside: {outside}"


def _domains(figures: Figures) -> Iterator[tuple[str, str]]:
    counts = figures["domain_quality_n_supervisor"]
    for domain, mean in figures["domain_quality_mean_supervisor"].items():
        yield domain.capitalize(), f"{_number(mean)}  ({_count(counts[domain], 'rated item')})"


def _strata(figures: Figures) -> Iterator[tuple[str, str]]:
    for found in figures["strata"]:
        basis = (found["basis"] or "basis not stated").replace("_", " ")
        picked = "not stated how" if found["selection"] == NOT_STATED else found["selection"]
        quality, percent = (
            _number(found[f"{name}_mean"]) for name in ("competence", "adherence_pct")
        )
        means = (
            f"quality {quality} (n {found['competence_n']})",
            f"adherence {percent} % (n {found['adherence_n']})",
        )
        label = f"{basis}, picked: {picked}, by {RATED_BY[found['rated_by']]}"
        yield label, f"{_count(found['ratings'], 'rating')}; {', '.join(means)}"


def _with_interval(figures: Figures, name: str, n: str) -> str:
    value, interval = figures[name], figures[f"{name}_ci95"]
    return f"{_number(value)}, 95 % interval {_interval(interval)}  ({n})"


def _number(value: float | None) -> str:
    return NOT_KNOWN if value is None else f"{value:.2f}"


def _interval(bounds: Sequence[float] | None) -> str:
    return NOT_KNOWN if bounds is None else " to ".join(map(_number, bounds))


def _count(n: int, of: str) -> str:
    return f"{n} {of}" if n == 1 else f"{n} {of}s"
