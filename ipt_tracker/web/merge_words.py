"""What a page with two versions calls them: two people's, or those of one's own two windows."""

from collections.abc import Mapping
from dataclasses import dataclass

from ipt_tracker.web.merging import ANEW, BOTH, THEIRS, YOURS

IN_BOTH = {BOTH: "Keep both, one after the other", ANEW: "Write it anew"}


@dataclass(frozen=True, slots=True)
class MergeWords:
    """The headings of the two sides, who alone changed a field, and the choices; by code."""

    sides: Mapping[str, str]
    only: Mapping[str, str]
    choices: Mapping[str, str]


OF_TWO_PEOPLE = MergeWords(
    {YOURS: "Yours", THEIRS: "Theirs"},
    {YOURS: "Only you changed this.", THEIRS: "Only they changed this."},
    {YOURS: "Keep yours", THEIRS: "Keep theirs"} | IN_BOTH,
)
OF_TWO_WINDOWS = MergeWords(
    {YOURS: "This window", THEIRS: "The other window"},
    {
        YOURS: "Only this window changed this.",
        THEIRS: "Only the other window changed this.",
    },
    {YOURS: "Keep this version", THEIRS: "Keep the other version"} | IN_BOTH,
)
