"""The rows of a comparison: one patient, then groups of patients, each with its uncertainty.

Points are SMD x SD. All changes are last minus first, negative is better.
"""

from collections.abc import Iterator
from math import hypot

from ipt_tracker.clinical.evidence import library
from ipt_tracker.clinical.evidence.comparison import Row, RowKind, Unit, signed
from ipt_tracker.clinical.evidence.library import Z_95, Basis, Effect, Interval, Status, TrialArm
from ipt_tracker.clinical.evidence.patient_bands import Bands


def patient_row(first: int, last: int, words: str, source: str) -> Row:
    """The patient's own change; `words` and `source` are about reliable change, or empty."""
    return Row(
        key="patient",
        label=f"This patient, {first} to {last}",
        note=words,
        kind=RowKind.PATIENT,
        unit=Unit.POINTS,
        status=Status.RECORDED,
        source=source or "this course",
        population="this patient",
        estimate=last - first,
        gap="one person has no interval of a mean",
    )


def trial_rows(basis: Basis, sd: float, bands: Bands, first: int) -> Iterator[Row]:
    """The rows from the pooled trials and waiting lists, in points at this SD.

    The wider ranges are cut at what the scale allows from a first score of `first`.
    """
    yield expected_row(basis, sd)
    yield _setting_row(bands)
    yield _patients_row(bands, basis, first)
    yield _waiting_row(basis, sd)
    yield pooled_row(sd)
    yield _scenario_row(sd)


def _waiting_change(basis: Basis, sd: float) -> Interval:
    """Mean change on waiting lists in points: measured, or d x SD where it is carried over."""
    lists = library.waiting_lists()[basis.waiting_list]
    return lists.measured.times(sd if lists.unit == "d" else 1.0)


def _waiting_row(basis: Basis, sd: float) -> Row:
    lists = library.waiting_lists()[basis.waiting_list]
    carried = lists.unit == "d"
    change = _waiting_change(basis, sd)
    return Row(
        key="waiting_list",
        label="Waiting-list patients",
        note=f"{lists.arms} arms, {lists.people} people" + (", CAPS-IV" if carried else ""),
        kind=RowKind.MEAN,
        unit=Unit.POINTS,
        status=Status.CARRIED_OVER if carried else lists.certainty,
        source=lists.source,
        population=lists.population,
        estimate=change.middle,
        low=change.low,
        high=change.high,
    )


def expected_row(basis: Basis, sd: float) -> Row:
    """The mean uncontrolled change to expect if the trials apply, in points.

    Waiting-list change + SMD (passive) x SD, with SE = sqrt(SE_waiting^2 + (SD x SE_SMD)^2).
    The passive subgroup, because the overall effect mixes controls that are treatments.
    """
    lists = library.waiting_lists()[basis.waiting_list]
    passive = library.effects()["control_passive"]
    waiting, effect = _waiting_change(basis, sd), passive.measured.times(sd)
    middle = waiting.middle + effect.middle
    half = Z_95 * hypot(waiting.standard_error, effect.standard_error)
    return Row(
        key="expected",
        label="Expected if the trials apply",
        note="waiting-list change plus effect over passive control",
        kind=RowKind.MEAN,
        unit=Unit.POINTS,
        status=Status.DERIVED,
        source="waiting lists and Althobaiti 2020, combined here",
        population=f"{lists.population}; {passive.population}",
        estimate=middle,
        low=middle - half,
        high=middle + half,
    )


def expected_interval(basis: Basis, sd: float) -> Interval:
    """The expected mean uncontrolled change with its interval, in points."""
    row = expected_row(basis, sd)
    if row.low is None or row.estimate is None or row.high is None:
        raise ValueError("The expected change always has an interval.")
    return Interval(row.low, row.estimate, row.high)


def _setting_row(bands: Bands) -> Row:
    return Row(
        key="setting",
        label="Mean of one clinic like these, a scenario",
        note="prediction interval if τ² were 0.10 (I² about 61 %); the paper prints none",
        kind=RowKind.RANGE,
        unit=Unit.POINTS,
        status=Status.DERIVED,
        source="the row above with t(4) and τ² 0.10, assumed",
        population="settings like those of the trials with a passive control",
        low=bands.setting.low,
        high=bands.setting.high,
        gap="a range; its middle is the row above",
    )


def _patients_row(bands: Bands, basis: Basis, first: int) -> Row:
    lowest, highest = basis.lowest - first, basis.highest - first
    low, high = max(bands.patient.low, lowest), min(bands.patient.high, highest)
    is_cut = (low, high) != (bands.patient.low, bands.patient.high)
    is_carried = bands.spread.status is Status.CARRIED_OVER
    cut = f"; cut at what the scale allows from {first}" if is_cut else ""
    return Row(
        key="patients",
        label="19 of 20 patients, a scenario",
        note=f"{bands.spread.words}{cut}",
        kind=RowKind.RANGE,
        unit=Unit.POINTS,
        status=Status.CARRIED_OVER if is_carried else Status.DERIVED,
        source=f"the row above and {bands.spread.source}",
        population=bands.spread.population,
        low=low,
        high=high,
        gap="a range; its middle is the expected mean",
    )


def pooled_row(sd: float) -> Row:
    """The published overall effect, IPT minus control, in points at this SD."""
    overall = library.effects()["overall"]
    points = overall.measured.times(sd)
    return Row(
        key="pooled",
        label="IPT minus control, all trials",
        note=f"{smd_words(overall)}, 10 comparisons",
        kind=RowKind.POOLED,
        unit=Unit.POINTS,
        status=Status.DERIVED,
        source="Althobaiti 2020: SMD printed, points derived",
        population=overall.population,
        estimate=points.middle,
        low=points.low,
        high=points.high,
    )


def _scenario_row(sd: float) -> Row:
    scenario = library.effects()["new_setting_scenario"]
    points = scenario.measured.times(sd)
    return Row(
        key="scenario",
        label="Mean effect of one new setting, a scenario",
        note="prediction interval if I² were 61 %; the paper prints no τ²",
        kind=RowKind.SCENARIO,
        unit=Unit.POINTS,
        status=Status.DERIVED,
        source=scenario.source,
        population=scenario.population,
        low=points.low,
        high=points.high,
        gap="a range; its middle is the row above",
    )


def arm_rows(family: str) -> Iterator[Row]:
    """The trials' IPT arms: in points on the same instrument, else as percent of the start."""
    arms = [arm for arm in library.trial_arms().values() if arm.kind == "ipt"]
    yield from (_arm_in_points(arm) for arm in arms if arm.family == family)
    yield from (_arm_in_percent(arm) for arm in arms if arm.family != family)


def _arm_in_points(arm: TrialArm) -> Row:
    return Row(
        key=arm.key,
        label=f"{arm.study}, {arm.label}",
        note=f"{_course_words(arm)}, {signed(arm.percent, 0)} %",
        kind=RowKind.MEAN,
        unit=Unit.POINTS,
        status=arm.certainty,
        source=arm.source,
        population=arm.population,
        estimate=arm.estimate,
        low=arm.low,
        high=arm.high,
        gap=arm.why_no_interval,
    )


def _arm_in_percent(arm: TrialArm) -> Row:
    return Row(
        key=arm.key,
        label=f"{arm.study}, {arm.label}",
        note=f"{arm.family} {_course_words(arm)}, percent of the start",
        kind=RowKind.MEAN,
        unit=Unit.PERCENT,
        status=Status.DERIVED,
        source=arm.source,
        population=arm.population,
        estimate=arm.percent,
        gap="no interval of the percentage is printed",
    )


def smd_words(effect: Effect) -> str:
    """In words, as "SMD −0.44 (−0.69 to −0.19)"; raises UnsourcedError without an interval."""
    smd = effect.measured
    return f"SMD {signed(smd.middle, 2)} ({signed(smd.low, 2)} to {signed(smd.high, 2)})"


def _course_words(arm: TrialArm) -> str:
    return f"{arm.start:.1f} to {arm.end:.1f} at week {arm.weeks}, n = {arm.people}"
