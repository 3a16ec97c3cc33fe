"""Which criteria judge a new result, and which others a clinic may choose."""

from dataclasses import dataclass

from ipt_tracker.clinical.instruments.bands import BandSet, Cut
from ipt_tracker.clinical.instruments.instrument import Instrument
from ipt_tracker.clinical.instruments.judging import Criteria
from ipt_tracker.clinical.outcome.thresholds import ThresholdSet, threshold_sets


@dataclass(frozen=True, slots=True)
class Options:
    """What can be chosen for one instrument, the default first in each."""

    cuts: tuple[Cut, ...]
    band_sets: tuple[BandSet, ...]
    threshold_sets: tuple[ThresholdSet, ...]


def options(instrument: Instrument) -> Options:
    """List the criteria that can be chosen for an instrument."""
    return Options(instrument.cuts, instrument.band_sets, threshold_sets(instrument.family))


def default_criteria(instrument: Instrument) -> Criteria:
    """Name the criteria that judge a result unless others were chosen."""
    choice = options(instrument)
    rule = instrument.rule or instrument.algorithm
    return Criteria(
        rule=None if rule is None else rule.ref,
        cut=next((cut.ref for cut in choice.cuts), None),
        band_set=next((bands.ref for bands in choice.band_sets), None),
        threshold_set=next((each.ref for each in choice.threshold_sets), None),
    )
