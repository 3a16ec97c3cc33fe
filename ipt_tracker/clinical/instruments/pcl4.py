"""PCL for DSM-IV (civilian, military and specific forms): 17 symptoms rated 1 to 5.

The floor is 17, so a percentage must say whether the floor was taken off. Scores are not
interchangeable with the PCL-5: another list, another range, other cuts.
"""

from ipt_tracker.clinical.instruments.bands import Cut
from ipt_tracker.clinical.instruments.instrument import ClusterRule, Instrument, Lookback
from ipt_tracker.clinical.instruments.ptsd_symptoms import (
    DSM4_CLUSTERS,
    DSM4_NEEDED,
    PCL_ANCHORS,
    dsm4_items,
)
from ipt_tracker.clinical.instruments.source import Certainty, Source

STRUCTURE = Source("NINDS CDE F0376", Certainty.SEEN)
HANDOUT = Source(
    "clinical handout, which advises the cluster rule and the cut together", Certainty.SECOND_HAND
)

PCL4 = Instrument(
    key="pcl4",
    family="PCL-IV",
    name="PCL for DSM-IV",
    version="PCL for DSM-IV, past month",
    lookback=Lookback.PAST_MONTH,
    self_report=True,
    items=dsm4_items(1, 5),
    sources=(STRUCTURE, Source("Retest .87: Gore 2013 (military primary care)", Certainty.SEEN)),
    clusters=DSM4_CLUSTERS,
    rule=ClusterRule(
        "pcl4_provisional",
        "1 B, 3 C, 2 D, each item at 3 or more",
        3,
        DSM4_NEEDED,
        STRUCTURE,
    ),
    cuts=(
        Cut("cut_44", 44, "44 or more: provisional PTSD, general", HANDOUT),
        Cut("cut_50", 50, "50 or more: provisional PTSD, military", HANDOUT),
    ),
    cadence="monthly",
    planned_gap_days=30,
    anchors=PCL_ANCHORS,
    names=("pcl4", "pcliv", "pclfordsmiv", "pclc", "pclm", "pcls"),
    windows=("", "month"),
    place=40,
    access="United States government work, public domain.",
)
INSTRUMENTS = (PCL4,)
