"""A caseload beside the trials: read in a fixed number of statements, worked out in frames."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pandas as pd

from ipt_tracker.clinical.course.codes import label_of
from ipt_tracker.clinical.course.focal_areas import focal_area_label
from ipt_tracker.clinical.course.protocols import PROTOCOLS
from ipt_tracker.clinical.course.records import CourseStatus, PrecipitatingEvent, PrimaryDiagnosis
from ipt_tracker.clinical.evidence.caseload_benchmark import (
    BenchmarkFilter,
    Breakdown,
    CaseloadBenchmark,
    Columns,
    Group,
    Judging,
    group_of,
)
from ipt_tracker.clinical.evidence.pre_post import CORRELATION
from ipt_tracker.clinical.evidence.within_group import why_no_benchmark
from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.clinical.instruments.instrument import Instrument
from ipt_tracker.clinical.outcome.thresholds import threshold_set_at
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.persistence.queries import cohort
from ipt_tracker.services.clinic_settings import first_criteria
from ipt_tracker.services.unit_of_work import UnitOfWork

__all__ = ["BenchmarkFilter", "Measured", "measured", "read_benchmark"]

EVERY_COURSE = BenchmarkFilter()
COMPLETED = (CourseStatus.COMPLETED, CourseStatus.COMPLETED_WITH_MAINTENANCE)
NOT_RECORDED = "Not recorded"
TWO = 2  # totals make a change


@dataclass(frozen=True, slots=True)
class Measured:
    """Which scores count: those of `keys`, of which each course gives one form."""

    name: str
    keys: tuple[str, ...]

    @property
    def instrument(self) -> Instrument:
        """The instrument that all of them are a form of."""
        return INSTRUMENTS[self.keys[0]]


@dataclass(frozen=True, slots=True)
class _Cohort:
    """A line for each course with a score, and by what it is judged."""

    lines: pd.DataFrame
    judging: Judging = field(kw_only=True)

    @property
    def pairs(self) -> pd.DataFrame:
        """The courses with a first and a later total."""
        return self.lines[self.lines["scores"] >= TWO]

    def group(self, which: "pd.Series[bool] | None" = None) -> Group:
        """Work out the courses of the lines that are meant; without saying which, all."""
        lines = self.lines if which is None else self.lines[which]
        pairs = lines[lines["scores"] >= TWO]
        status = lines["status"]
        return group_of(
            Columns(
                first=pairs["first"].to_numpy(dtype=float),
                last=pairs["last"].to_numpy(dtype=float),
                ended=int((status != CourseStatus.ACTIVE).sum()),
                left=int((status == CourseStatus.DROPPED_OUT).sum()),
            ),
            self.judging,
        )

    def completers(self) -> Group:
        """Work out the completed courses; that none of them was left is no finding."""
        pairs = self.pairs
        done = pairs[pairs["status"].isin(COMPLETED)]
        first, last = (done[name].to_numpy(dtype=float) for name in ("first", "last"))
        return group_of(Columns(first=first, last=last), self.judging)


def measured(name: str) -> Measured:
    """Translate a key ("pcl5_week") or the name of a family in any spelling ("PCL-5", "caps4").

    A key is that form alone; a name is every form of its family. RuleBroken for an unknown one.
    """
    wanted = _plain(name)
    for key, each in INSTRUMENTS.items():
        if wanted in {_plain(spelling) for spelling in (*each.names, each.name, each.family)}:
            return Measured(each.family, _forms(each.family))
        if wanted == _plain(key):
            return Measured(key, (key,))
    families = dict.fromkeys(each.family for each in INSTRUMENTS.values())
    known = ", ".join((*families, *INSTRUMENTS))
    raise RuleBroken(f"“{name}” is not an instrument of ours. Known are {known}.")


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


def _forms(family: str) -> tuple[str, ...]:
    return tuple(key for key, each in INSTRUMENTS.items() if each.family == family)


def read_benchmark(
    work: UnitOfWork,
    instrument: str,
    filters: BenchmarkFilter = EVERY_COURSE,
    correlation: float = CORRELATION,
) -> CaseloadBenchmark:
    """Set a caseload beside the trials on one instrument: key, or name of a family.

    It is the caseload that the actor may see; without an actor, the whole instance. Of a family
    each course gives the form that it used most, of equals the one used first; two forms are
    never joined. RuleBroken for an unknown instrument or a correlation out of range.
    """
    if not -1 <= correlation < 1:
        raise RuleBroken("The correlation must be at least -1 and below 1.", field="correlation")
    wanted = measured(instrument)
    facts = cohort.courses(work.session, work.actor, work.today, filters)
    totals = cohort.scores(work.session, work.actor, work.today, wanted.keys)
    lines = facts.merge(_one_form(totals), on="course_id")
    criteria = first_criteria(work)[wanted.keys[0]]
    thresholds = threshold_set_at(criteria.threshold_set or "")
    judging = Judging(wanted.instrument.family, thresholds, correlation)
    return _benchmark(wanted, _Cohort(lines, judging=judging), len(facts))


def _one_form(totals: pd.DataFrame) -> pd.DataFrame:
    """Keep of each course the form with most totals; of equals the one that was used first."""
    order = ["scores", "first_on", "instrument"]
    ranked = totals.sort_values(order, ascending=[False, True, True])
    return ranked.drop_duplicates("course_id")


def _benchmark(wanted: Measured, found: _Cohort, counted: int) -> CaseloadBenchmark:
    one, judging = wanted.instrument, found.judging
    thresholds, benchmarks = judging.thresholds, judging.benchmarks
    pairs = found.pairs
    return CaseloadBenchmark(
        instrument=wanted.name,
        family=one.family,
        everyone=found.group(),
        completers=found.completers(),
        without_second=len(found.lines) - len(pairs),
        never_scored=counted - len(found.lines),
        under_way=int((pairs["status"] == CourseStatus.ACTIVE).sum()),
        breakdowns=tuple(_breakdowns(found)),
        basis_words=benchmarks.words if benchmarks else why_no_benchmark(one.family),
        reliable_points=thresholds.reliable_points if thresholds else None,
        reliable_source=f"{thresholds.name}: {thresholds.source}" if thresholds else "",
        lowest=one.lowest,
        highest=one.highest,
        correlation=judging.correlation,
        first_on=None if pairs.empty else pairs["first_on"].min(),
        last_on=None if pairs.empty else pairs["last_on"].max(),
        newest=None if pairs.empty else pairs["newest"].max().to_pydatetime(),
    )


_BY: tuple[tuple[str, str, Callable[[str], str]], ...] = (
    ("Focal area", "focal_area", focal_area_label),
    ("Protocol", "protocol", lambda key: PROTOCOLS[key].name if key in PROTOCOLS else key),
    ("Event", "event", lambda code: label_of(PrecipitatingEvent, code)),
    ("Diagnosis", "diagnosis", lambda code: label_of(PrimaryDiagnosis, code)),
)


def _breakdowns(found: _Cohort) -> Iterator[Breakdown]:
    for by, column, label in _BY:
        codes = found.lines[column].fillna("")
        groups = [
            (label(code) if code else NOT_RECORDED, found.group(codes == code))
            for code in sorted(codes.unique())
        ]
        yield Breakdown(by, tuple(sorted(groups, key=lambda each: (-each[1].n, each[0]))))
