"""Is IPT the right treatment now? Concerns are named with the reason for going on; none forbids."""

from ipt_tracker.clinical.course.phases import Phase
from ipt_tracker.clinical.course.worksheets.fields import (
    Content,
    Field,
    FieldKind,
    NeededWhen,
    text_of,
)
from ipt_tracker.clinical.course.worksheets.sheet import Question, Section, Sheet

ABSENT, PRESENT, UNCLEAR = "absent", "present", "unclear"
STATES = {ABSENT: "Absent", PRESENT: "Present", UNCLEAR: "Unclear"}
OPEN = frozenset({PRESENT, UNCLEAR})
REASON = "Say why you go on, what is done first, or how it will be found out."
RISK_STEPS = "ask directly, record it in the session, write a safety plan."
DECISIONS = {
    "ipt": "IPT",
    "adapted": "IPT with an adaptation",
    "other": "Another treatment is considered",
}
CONCERNS = {
    "psychosis": "Psychosis",
    "bipolarity": "Bipolarity",
    "complex_trauma": "Severe and complex trauma",
    "personality": "Profound personality disturbance",
    "no_life_event": "No linked life event",
}
"""Less help is expected: CPA Bulletin 2003."""
TRIAL_CONCERNS = {
    "substance_dependence": "Active substance dependence",
    "suicide_risk": "High suicide risk",
}
"""Usual exclusions of the trials, so that their results do not speak about them."""


EVERY = CONCERNS | TRIAL_CONCERNS


def unanswered_words(content: Content) -> str:
    """Say how many concerns are not answered: "5 of 7 not answered". Nothing where all are."""
    left = sum(key not in content for key in EVERY)
    return f"{left} of {len(EVERY)} not answered" if left else ""


def suicide_risk_words(content: Content) -> str:
    """Say what to do where high suicide risk is marked; nothing where it is not."""
    state = text_of(content, "suicide_risk")
    if state not in OPEN:
        return ""
    marked = "is marked" if state == PRESENT else "is marked as unclear"
    return f"High suicide risk {marked}: {RISK_STEPS}"


def _ipt_with_adaptation(content: Content) -> bool:
    return text_of(content, "decision") == "ipt" and "adaptation" in content


def _pair(key: str, label: str) -> tuple[Field, Field]:
    when = NeededWhen(key, OPEN, REASON)
    reason = f"{label}: reason to go on"
    return (
        Field(key, label, FieldKind.CHOICE, choices=STATES),
        Field(f"{key}_reason", reason, FieldKind.TEXT, needed_when=when, side_by_side=True),
    )


def _fields(concerns: dict[str, str]) -> tuple[Field, ...]:
    return tuple(field for key, label in concerns.items() for field in _pair(key, label))


def _summary(content: Content) -> str:
    decision = DECISIONS.get(text_of(content, "decision"), "")
    found = [
        (word, [label.lower() for key, label in EVERY.items() if text_of(content, key) == state])
        for state, word in ((PRESENT, "Present"), (UNCLEAR, "Unclear"))
    ]
    told = [f"{word}: {', '.join(labels)}" for word, labels in found if labels]
    left = unanswered_words(content)
    if not told:
        told = ["No concern found"] if not left else []
    if left:
        told.append(left)
    return f"{'. '.join([decision, *told])}."


SHEETS = (
    Sheet(
        key="suitability",
        label="Suitability check",
        place=10,
        phase=Phase.BEGINNING,
        purpose="Whether IPT is the right treatment now, and with which adaptation.",
        known=(
            (
                "Concerns do not rule IPT out. Each one that is present or unclear asks for the "
                "reason to go on."
            ),
            (
                "Less help is expected from standard IPT where these are present. Adaptations "
                "exist: IPSRT for bipolarity, IPT for PTSD after trauma."
            ),
        ),
        sections=(
            Section("Concerns", _fields(CONCERNS), "CPA Bulletin 2003"),
            Section(
                "Outside most trials",
                _fields(TRIAL_CONCERNS),
                "Usual exclusions: results of the trials do not speak about them",
            ),
            Section(
                "Decision",
                (
                    Field(
                        "decision",
                        "Decision",
                        FieldKind.CHOICE,
                        choices=DECISIONS,
                        needed="Choose what was decided.",
                    ),
                    Field(
                        "adaptation",
                        "Which adaptation, or which other treatment",
                        FieldKind.TEXT,
                        needed_when=NeededWhen(
                            "decision",
                            frozenset({"adapted", "other"}),
                            "Say which adaptation, or which other treatment.",
                        ),
                    ),
                    Field("life_event", "The life event that the illness is linked to"),
                    Field("remarks", "Remarks"),
                ),
            ),
        ),
        questions=(
            Question(
                "adaptation_of_ipt",
                "decision",
                "An adaptation is named, and the decision is “IPT”. Correct one, or keep both.",
                "Keep both",
                _ipt_with_adaptation,
            ),
        ),
        summary=_summary,
        source="CPA Bulletin 2003; IPSRT: ipsrt.org; IPT for PTSD: Markowitz et al. 2015. "
        "The last two concerns are usual exclusions of trials.",
    ),
)
