"""The figures of fidelity and supervision of the whole instance, with every n and nothing hidden.

For whoever runs the instance. The names of the figures are those of `report supervision`; how
each is defined, the conventions of the course bundle, `ipt-course-bundle/1`, say.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from ipt_tracker.clinical.fidelity import words
from ipt_tracker.clinical.fidelity.agreement import (
    BlandAltman,
    Icc,
    bland_altman,
    icc,
    weighted_kappa,
)
from ipt_tracker.clinical.fidelity.control_chart import LimitStatus
from ipt_tracker.clinical.fidelity.item_set import OWN_SET
from ipt_tracker.clinical.fidelity.summary import Summary
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.queries.rated import staff_codes
from ipt_tracker.services.fidelity.facts import RatedSession, every_session
from ipt_tracker.services.fidelity.item_sets import item_set_for
from ipt_tracker.services.supervision_pairs import double_rated, self_pairs
from ipt_tracker.services.supervision_seen import (
    Seen,
    Stratum,
    by_therapist,
    domain_quality,
    strata,
)
from ipt_tracker.services.unit_of_work import Subject, UnitOfWork

DIGITS = 6
GLOBAL_SCALE = (1, 2, 3, 4, 5)
POOLED = (
    "Agreement, therapists, domains and control charts pool every basis and way of picking, as the "
    "conventions of the course bundle do. The strata keep them apart."
)
COUNTED = (
    "Sessions that took place count, a group session once. The course's supervisor is that of the "
    "day of the session or of the rating."
)
LEFT_OUT = (
    "Self-ratings are in no figure between raters and a consensus is in no agreement; it counts as "
    "the supervisor's only where there is no other. A rating without quality gives no session mean."
)
NOTES = (POOLED, COUNTED, LEFT_OUT, words.FIRST_SUBMITTED, words.NOT_OUTCOME)


@dataclass(frozen=True)
class SupervisionReport:
    """Every session that took place, and the figures of its ratings."""

    sessions: tuple[RatedSession, ...]
    codes: Mapping[UUID, str]
    domains: Mapping[str, Mapping[str, str]]

    def figures(self) -> dict[str, Any]:
        """Give each figure under its name, rounded to six digits; None where it cannot be had."""
        found = {
            **self._between_raters(),
            **self._self_and_supervisor(),
            "per_therapist": {code: _of_therapist(seen) for code, seen in self.seen.items()},
            "per_therapist_n": {code: _counts(seen) for code, seen in self.seen.items()},
            "coverage_all": self._coverage(),
            **self._domains(),
            "xmr_supervisor_competence": {c: _series(seen) for c, seen in self.seen.items()},
            "strata": [_stratum(each) for each in strata(self.sessions)],
            "notes": list(self.notes),
        }
        return {key: rounded(value) for key, value in found.items()}

    @cached_property
    def seen(self) -> dict[str, Seen]:
        """What the courses' supervisors saw of each therapist, by code."""
        return by_therapist(self.sessions, self.codes)

    @cached_property
    def raters(self) -> Counter[tuple[str, str]]:
        """The pairs of raters and how many sessions each rated together."""
        return Counter(each.raters for each in double_rated(self.sessions))

    @property
    def notes(self) -> tuple[str, ...]:
        """What the reader must know beside the figures."""
        changing = (words.CHANGING_RATERS,) if len(self.raters) > 1 else ()
        return (*NOTES, *changing)

    def _between_raters(self) -> dict[str, Any]:
        rows = [each.quality for each in double_rated(self.sessions)]
        found = icc(rows) or Icc(len(rows), 2, None, None, None, None, None, None)
        return {
            "icc_a1": found.absolute,
            "icc_c1": found.consistency,
            "icc_a1_ci95": found.absolute_ci,
            "icc_pairs": len(rows),
            "icc_1_1": found.one_way,
            "icc_1_1_ci95": found.one_way_ci,
            "icc_raters": [
                {"raters": pair, "sessions": n} for pair, n in sorted(self.raters.items())
            ],
        }

    def _self_and_supervisor(self) -> dict[str, Any]:
        pairs = self_pairs(self.sessions)
        overall = [each.overall for each in pairs if each.overall is not None]
        differences = (each.difference for each in pairs)
        limits = bland_altman(each for each in differences if each is not None)
        return {
            "kappa_quadratic_global": weighted_kappa(overall, GLOBAL_SCALE, "quadratic"),
            "kappa_linear_global": weighted_kappa(overall, GLOBAL_SCALE, "linear"),
            "kappa_pairs": len(overall),
            "bland_altman_self_minus_supervisor": _limits(limits),
        }

    def _coverage(self) -> dict[str, Any]:
        delivered = len(self.sessions)
        rated = sum(each.seen_by_case_supervisor for each in self.sessions)
        share = rated / delivered if delivered else None
        return {"delivered": delivered, "supervisor_rated": rated, "fraction": share}

    def _domains(self) -> dict[str, Any]:
        found = domain_quality(self.sessions, self.domains)
        return {
            "domain_quality_mean_supervisor": {d: each.mean for d, each in found.items()},
            "domain_quality_n_supervisor": {d: each.n for d, each in found.items()},
        }


def report_supervision(work: UnitOfWork) -> SupervisionReport:
    """Report on every rating of the instance, sealed or not.

    Who can run a command has the whole instance, so there is no permission to check; that the
    ratings were read is written down all the same.
    """
    work.audit(Event.FIDELITY_LISTED, Subject("instance", "fidelity"), by="report")
    sessions = every_session(work)
    used = {rating.item_set for each in sessions for rating in each.ratings}
    sets = (item_set_for(work, ref) for ref in (OWN_SET, *sorted(used - {OWN_SET})))
    domains = {found.ref: {item.code: item.domain for item in found.items} for found in sets}
    return SupervisionReport(sessions, staff_codes(work.session), domains)


def rounded(value: Any) -> Any:  # noqa: ANN401 -- any JSON
    """Round every number of a figure."""
    if isinstance(value, float):
        return round(value, DIGITS) + 0.0  # no minus before a zero
    if isinstance(value, dict):
        return {key: rounded(inner) for key, inner in value.items()}
    return [rounded(inner) for inner in value] if isinstance(value, list | tuple) else value


def _limits(found: BlandAltman) -> dict[str, Any]:
    loa = None if found.low is None else (found.low, found.high)
    return {"n": found.n, "bias": found.bias, "sd": found.sd, "loa": loa}


def _of_therapist(seen: Seen) -> dict[str, Any]:
    return {
        "rated_sessions": len(seen.sessions),
        "competence_mean": seen.quality.mean,
        "competence_ci95": _interval(seen.quality),
        "adherence_pct_mean": seen.adherence.mean,
    }


def _counts(seen: Seen) -> dict[str, int]:
    """Count the rated sessions behind each mean: one without any quality has an adherence still."""
    return {"competence": seen.quality.n, "adherence": seen.adherence.n}


def _series(seen: Seen) -> dict[str, Any]:
    found = seen.control
    if found.status is LimitStatus.TOO_FEW:
        return {"points": found.points, "status": str(found.status)}
    return {
        "points": found.points,
        "centre": found.centre,
        "mean_moving_range": found.mean_moving_range,
        "limits": (found.low, found.high),
        "outside": seen.outside,
    }


def _stratum(found: Stratum) -> dict[str, Any]:
    return {
        "basis": found.basis,
        "selection": found.selection,
        "rated_by": found.rated_by,
        "ratings": len(found.ratings),
        "competence_n": found.quality.n,
        "competence_mean": found.quality.mean,
        "adherence_n": found.adherence.n,
        "adherence_pct_mean": found.adherence.mean,
    }


def _interval(found: Summary) -> tuple[float, float] | None:
    return None if found.low is None or found.high is None else (found.low, found.high)
