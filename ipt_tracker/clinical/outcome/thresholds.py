"""Named, cited sets of thresholds for change, and which of them is used unless another is chosen.

The key and version of the set go beside each result that is kept, so that a later choice of
another set never rewrites what was said before. Sets of one instrument are never used for another.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import floor
from types import MappingProxyType

from ipt_tracker.clinical.instruments.bands import Cut
from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.clinical.instruments.source import Certainty
from ipt_tracker.clinical.outcome.jacobson_truax import Precision

WITHOUT_PTSD = "the range reported for people without PTSD"
BELOW_CASE = "the range below the line for a case"
UNSTATED = "population not stated in the text seen"


@dataclass(frozen=True, slots=True)
class ThresholdSet:
    """What counts as change on one instrument family, in whole points.

    A change of at least `reliable_points` is reliable. A last total of at most `end_range_at_most`
    is in the range that `range_words` describes; None where no such range is published.
    `meaningful_points` is a second figure that some sources print beside the reliable one.
    """

    key: str
    name: str
    short: str
    instrument_family: str
    reliable_points: int
    end_range_at_most: int | None
    source: str
    population: str
    certainty: Certainty
    range_words: str = ""
    meaningful_points: int | None = None
    version: str = "1"

    @property
    def ref(self) -> str:
        """The key and version that are stored with each result."""
        return f"{self.key}@{self.version}"

    def holds(self, total: int) -> bool | None:
        """Tell whether a total is in the end range; None where the set has none."""
        return None if self.end_range_at_most is None else total <= self.end_range_at_most


def computed_set(  # noqa: PLR0913 -- a citation has this many parts
    *, key: str, family: str, precision: Precision, source: str, population: str, version: str = "1"
) -> ThresholdSet:
    """Make a set from an SD and a reliability; `source` says which of each.

    Totals are whole, and the index must lie beyond 1.96, so the first whole change above the
    formula's points is the first that counts: 13.0011 gives 14.
    """
    return ThresholdSet(
        key=key,
        name=f"Computed: SD {precision.sd:g}, r {precision.reliability:g}",
        short="computed",
        instrument_family=family,
        reliable_points=floor(precision.reliable_points) + 1,
        end_range_at_most=None,
        source=f"Jacobson and Truax 1991 with {source}",
        population=population,
        certainty=Certainty.COMPUTED,
        version=version,
    )


def _marx(family: str, sample: int, points: int, at_most: int) -> ThresholdSet:
    people = {1: 198, 2: 102}[sample]
    return ThresholdSet(
        key=f"marx2022_s{sample}_{family.lower().replace('-', '')}",
        name=f"Marx 2022, sample {sample}",
        short="Marx 2022",
        instrument_family=family,
        reliable_points=points,
        end_range_at_most=at_most,
        source="Marx 2022, Psychological Assessment 34:197-203 (abstract)",
        population=f"male veterans, N {people}",
        certainty=Certainty.SEEN,
        range_words=WITHOUT_PTSD,
    )


# The default of each family stands first.
_SETS = (
    _marx("CAPS-5", 1, 13, 8),
    _marx("CAPS-5", 2, 12, 8),
    _marx("PCL-5", 1, 15, 28),
    _marx("PCL-5", 2, 18, 28),
    computed_set(
        key="computed_pcl5",
        family="PCL-5",
        precision=Precision(12.4, 0.84),
        source="SD 12.4 (PMC7443209) and retest .84 (Bovin 2016)",
        population="treatment sample; veterans",
    ),
    ThresholdSet(
        key="older_pcl5",
        name="Older PCL guidance",
        short="older guidance",
        instrument_family="PCL-5",
        reliable_points=5,
        end_range_at_most=None,
        source="carried over from the 17-item form; contradicted by Marx 2022 and Blanchard 2023",
        population="as for the PCL for DSM-IV",
        certainty=Certainty.SECOND_HAND,
        meaningful_points=10,
    ),
    ThresholdSet(
        key="weathers2001_caps4",
        name="Weathers 2001",
        short="Weathers 2001",
        instrument_family="CAPS-IV",
        reliable_points=15,
        end_range_at_most=None,
        source="Weathers 2001, on rational grounds; quoted in Halvorsen 2016",
        population=UNSTATED,
        certainty=Certainty.SECOND_HAND,
    ),
    computed_set(
        key="computed_pcl4",
        family="PCL-IV",
        precision=Precision(12.0, 0.87),
        source="SD 12.0 (PMC5253124) and retest .87 (Gore 2013)",
        population="trial arms; military primary care",
    ),
    ThresholdSet(
        key="monson2008_pcl4",
        name="Monson 2008",
        short="Monson 2008",
        instrument_family="PCL-IV",
        reliable_points=5,
        end_range_at_most=None,
        source="Monson 2008",
        population=UNSTATED,
        certainty=Certainty.SECOND_HAND,
        meaningful_points=10,
    ),
    ThresholdSet(
        key="nhs_phq9",
        name="NHS Talking Therapies",
        short="NHS",
        instrument_family="PHQ-9",
        reliable_points=6,
        end_range_at_most=9,
        source="NHS Talking Therapies, as in PMC8411661",
        population="adults in English talking-therapy services",
        certainty=Certainty.SEEN,
        range_words=BELOW_CASE,
    ),
    ThresholdSet(
        key="loewe2004_phq9",
        name="Löwe 2004 (smallest important difference)",
        short="Löwe 2004",
        instrument_family="PHQ-9",
        reliable_points=5,
        end_range_at_most=None,
        source="Löwe 2004: two standard errors of measurement",
        population=UNSTATED,
        certainty=Certainty.SECOND_HAND,
    ),
    computed_set(
        key="computed_phq9",
        family="PHQ-9",
        precision=Precision(4.29, 0.737),
        source="SD 4.29 (164 trial arms) and two-week retest .737 (PMC7525967)",
        population="depression trials; depressed patients",
    ),
    computed_set(
        key="computed_hamd17",
        family="HAM-D17",
        precision=Precision(5.1, 0.789),
        source="SD 5.1 (198 trial arms) and internal consistency .789 (Trajković 2011)",
        population="depression trials",
    ),
)
THRESHOLD_SETS: Mapping[str, ThresholdSet] = MappingProxyType({each.key: each for each in _SETS})


def threshold_sets(family: str) -> tuple[ThresholdSet, ...]:
    """List the sets that one instrument family may use, the default first."""
    return tuple(each for each in _SETS if each.instrument_family == family)


def threshold_set(family: str) -> ThresholdSet | None:
    """Find the default set of an instrument family; None for an unknown family."""
    return next(iter(threshold_sets(family)), None)


def threshold_set_at(ref: str) -> ThresholdSet | None:
    """Find a set by the "key@version" stored with a result; None for one not known here."""
    return next((each for each in _SETS if each.ref == ref), None)


def default_cut(family: str) -> Cut | None:
    """Find the cut that is used unless another is chosen; None where none is published."""
    cuts = (each.cuts for each in INSTRUMENTS.values() if each.family == family)
    return next((first for first, *_ in filter(None, cuts)), None)
