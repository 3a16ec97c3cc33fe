"""What sort of meeting a session is. Each kind has a counter of its own."""

from functools import lru_cache

from ipt_tracker.clinical.course.codes import Code, known


class Kind(Code):
    """The kind of one session."""

    INDIVIDUAL = "individual", "Individual session"
    GROUP = "group", "Group session"
    ENGAGEMENT = "engagement", "Engagement visit"
    MAINTENANCE = "maintenance", "Maintenance visit"
    EXTENSION = "extension", "Extension session"
    CONJOINT = "conjoint", "Conjoint session"
    PRE_GROUP = "pre_group_individual", "Pre-group meeting"
    MID_GROUP = "mid_group_individual", "Mid-group meeting"
    POST_GROUP = "post_group_individual", "Post-group meeting"

    @property
    def counts_against_the_contract(self) -> bool:
        """Say whether the contract's planned sessions are sessions of this kind."""
        return self in {Kind.INDIVIDUAL, Kind.GROUP}

    def short(self, number: int) -> str:
        """Name a session in a narrow place: 11, M2, Pre 1."""
        prefix = PREFIXES.get(self, "")
        return f"{prefix}{number}"


PREFIXES = {
    Kind.ENGAGEMENT: "E",
    Kind.MAINTENANCE: "M",
    Kind.EXTENSION: "X",
    Kind.CONJOINT: "C",
    Kind.PRE_GROUP: "Pre ",
    Kind.MID_GROUP: "Mid ",
    Kind.POST_GROUP: "Post ",
}
SYNONYMS = {
    "pre_group": Kind.PRE_GROUP,
    "pregroup": Kind.PRE_GROUP,
    "pregroup_individual": Kind.PRE_GROUP,
    "individual_pre_group": Kind.PRE_GROUP,
    "mid_group": Kind.MID_GROUP,
    "midgroup": Kind.MID_GROUP,
    "midgroup_individual": Kind.MID_GROUP,
    "individual_mid_group": Kind.MID_GROUP,
    "post_group": Kind.POST_GROUP,
    "postgroup": Kind.POST_GROUP,
    "postgroup_individual": Kind.POST_GROUP,
    "individual_post_group": Kind.POST_GROUP,
}


@lru_cache(maxsize=256)
def kind_of(text: str) -> Kind | None:
    """Give the kind that a text spells in any of its usual ways, or None."""
    plain = text.strip().lower().replace("-", "_").replace(" ", "_")
    return known(Kind, plain) or SYNONYMS.get(plain)
