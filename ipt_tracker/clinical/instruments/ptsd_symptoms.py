"""The PTSD symptoms of DSM-5 and DSM-IV in form order, with our own short labels.

The CAPS and the PCL of one DSM edition ask about the same symptoms in the same order, so each list
is written once. The two editions are different lists: nothing here maps one onto the other.
"""

from ipt_tracker.clinical.instruments.instrument import Cluster, ClusterRule, Item
from ipt_tracker.clinical.instruments.source import Source

DSM5_CLUSTERS = (
    Cluster("B", "Intrusion"),
    Cluster("C", "Avoidance"),
    Cluster("D", "Thoughts and mood"),
    Cluster("E", "Arousal"),
)
DSM4_CLUSTERS = (
    Cluster("B", "Re-experiencing"),
    Cluster("C", "Avoidance and numbing"),
    Cluster("D", "Arousal"),
)

DSM5_NEEDED = (("B", 1), ("C", 1), ("D", 2), ("E", 2))
DSM4_NEEDED = (("B", 1), ("C", 3), ("D", 2))

# Our own words over the keys, from the lowest answer up; the same on both editions of the PCL.
PCL_ANCHORS = ("not at all", "a little", "moder\u00adately", "quite a bit", "extremely")

_DSM5 = (
    ("B", "intrusive_memories", "intrusive memories"),
    ("B", "nightmares", "nightmares"),
    ("B", "flashbacks", "flashbacks"),
    ("B", "cue_distress", "distress at cues"),
    ("B", "cue_reaction", "bodily reaction to cues"),
    ("C", "avoids_inner", "avoids inner reminders"),
    ("C", "avoids_outer", "avoids outer reminders"),
    ("D", "memory_gap", "gap in memory"),
    ("D", "negative_beliefs", "negative beliefs"),
    ("D", "blame", "distorted blame"),
    ("D", "negative_feelings", "persistent negative feelings"),
    ("D", "loss_of_interest", "loss of interest"),
    ("D", "detachment", "detachment"),
    ("D", "numbing", "emotional numbing (positive)"),
    ("E", "irritability", "irritability / aggression"),
    ("E", "recklessness", "reckless behaviour"),
    ("E", "hypervigilance", "hypervigilance"),
    ("E", "startle", "startle"),
    ("E", "concentration", "concentration"),
    ("E", "sleep", "sleep"),
)
_DSM4 = (
    ("B", "intrusive_memories", "intrusive memories"),
    ("B", "nightmares", "nightmares"),
    ("B", "reliving", "reliving"),
    ("B", "cue_distress", "distress at cues"),
    ("B", "cue_reaction", "bodily reaction to cues"),
    ("C", "avoids_thoughts", "avoids thoughts"),
    ("C", "avoids_activities", "avoids activities"),
    ("C", "memory_gap", "gap in memory"),
    ("C", "loss_of_interest", "loss of interest"),
    ("C", "detachment", "detachment"),
    ("C", "numbing", "emotional numbing"),
    ("C", "short_future", "foreshortened future"),
    ("D", "sleep", "sleep"),
    ("D", "irritability", "irritability"),
    ("D", "concentration", "concentration"),
    ("D", "hypervigilance", "hypervigilance"),
    ("D", "startle", "startle"),
)


def dsm5_items(low: int, high: int) -> tuple[Item, ...]:
    """The twenty DSM-5 symptoms, each rated from `low` to `high`."""
    return _items(_DSM5, low, high)


def dsm4_items(low: int, high: int) -> tuple[Item, ...]:
    """The seventeen DSM-IV symptoms, each rated from `low` to `high`."""
    return _items(_DSM4, low, high)


def _items(rows: tuple[tuple[str, str, str], ...], low: int, high: int) -> tuple[Item, ...]:
    made: list[Item] = []
    for cluster, key, label in rows:
        place = 1 + sum(item.cluster == cluster for item in made)
        made.append(Item(key, label, low, high, cluster, code=f"{cluster}{place}"))
    return tuple(made)


def dsm5_rule(
    key: str, source: Source, beside: tuple[str, ...] = (), subtype: tuple[str, ...] = ()
) -> ClusterRule:
    """At least 1 B, 1 C, 2 D and 2 E symptoms, each counted from a rating of 2."""
    name = "1 B, 1 C, 2 D, 2 E, each item at 2 or more"
    return ClusterRule(key, name, 2, DSM5_NEEDED, source, beside=beside, subtype=subtype)
