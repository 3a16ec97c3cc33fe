"""PCL-5: the self-report form for PTSD by DSM-5, 20 symptoms rated 0 to 4.

The monthly and the weekly form are two instruments: a change is computed within one of them. Both
routes to a diagnosis (a cut on the total, the cluster rule) are provisional, because the form asks
neither about duration nor about impairment. There are no empirical severity bands.
"""

from ipt_tracker.clinical.instruments.bands import Cut
from ipt_tracker.clinical.instruments.instrument import Instrument, Lookback
from ipt_tracker.clinical.instruments.ptsd_symptoms import (
    DSM5_CLUSTERS,
    PCL_ANCHORS,
    dsm5_items,
    dsm5_rule,
)
from ipt_tracker.clinical.instruments.source import Certainty, Source

STRUCTURE = Source(
    "Blevins 2015 (students); Bovin 2016 (veterans, N 468); rule as in the Australian comorbidity "
    "guidelines",
    Certainty.SEEN,
)
CUT_RANGE = Source(
    "Bovin 2016 (veterans, N 468) and systematic review Forkus 2022: 31 to 33", Certainty.SEEN
)
CUT_33 = Cut("cut_33", 33, "33 or more: provisional PTSD (published range 31 to 33)", CUT_RANGE)
CUT_31 = Cut("cut_31", 31, "31 or more: provisional PTSD, sensitive cut", CUT_RANGE)
RULE = dsm5_rule("pcl5_provisional", STRUCTURE)
SOURCES = (
    STRUCTURE,
    Source("Internal consistency .96, retest .84: Bovin 2016 (veterans)", Certainty.SEEN),
    Source("Weekly form equally reliable: doi 10.1177/10731911251321929", Certainty.SEEN),
)


def _version(
    key: str, lookback: Lookback, cadence: str, gap: int, windows: tuple[str, ...]
) -> Instrument:
    return Instrument(
        key=key,
        family="PCL-5",
        name="PCL-5",
        version=f"PCL-5, {lookback}",
        lookback=lookback,
        self_report=True,
        items=dsm5_items(0, 4),
        sources=SOURCES,
        clusters=DSM5_CLUSTERS,
        rule=RULE,
        cuts=(CUT_33, CUT_31),
        cadence=cadence,
        planned_gap_days=gap,
        anchors=PCL_ANCHORS,
        names=("pcl5",),
        windows=windows,
        place=30,
        access="United States government work, public domain.",
    )


PCL5_MONTH = _version(
    "pcl5_month", Lookback.PAST_MONTH, "before the first session, follow-up", 30, ("", "month")
)
PCL5_WEEK = _version("pcl5_week", Lookback.PAST_WEEK, "every session", 7, ("week",))
INSTRUMENTS = (PCL5_MONTH, PCL5_WEEK)
