"""The interpersonal formulation: how event, relationship and symptom hang together."""

from ipt_tracker.clinical.course.focal_areas import FOCAL_AREAS
from ipt_tracker.clinical.course.phases import Phase
from ipt_tracker.clinical.course.worksheets.fields import (
    Content,
    Field,
    FieldKind,
    NeededWhen,
    day_words,
    list_of,
    text_of,
)
from ipt_tracker.clinical.course.worksheets.sheet import Question, Section, Sheet

AGREED = {"yes": "Yes", "no": "No", "not_yet": "Not yet asked"}
ATTACHMENT = {
    "secure": "Secure",
    "anxious": "Anxious",
    "avoidant": "Avoidant",
    "mixed": "Anxious and avoidant",
    "unclear": "Unclear",
}
AREAS = {area.code: area.label for area in FOCAL_AREAS.values()}


def _summary(content: Content) -> str:
    areas = [AREAS.get(code, code) for code in list_of(content, "focal_areas")]
    areas += filter(None, [text_of(content, "own_area")])
    agreed = text_of(content, "agreed")
    day = text_of(content, "agreed_on")
    told = {
        "yes": f"the patient agreed on {day_words(day)}",
        "no": "the patient does not agree",
        "not_yet": "not yet shared with the patient",
    }.get(agreed, "agreement of the patient not recorded")
    return f"{' and '.join(areas) or 'No focal area named'}; {told}."


def _day_without_yes(content: Content) -> bool:
    return "agreed_on" in content and text_of(content, "agreed") != "yes"


SHEETS = (
    Sheet(
        key="formulation",
        label="Formulation",
        place=30,
        phase=Phase.BEGINNING,
        purpose="How event, relationship and symptom hang together, and what follows for the "
        "focus.",
        known=("Write another edition when the focus switches; this one stays readable.",),
        sections=(
            Section(
                "The fulcrum",
                (
                    Field("event", "Event", help="What happened, and when"),
                    Field("relationship", "Relationship", help="With whom, and what changed"),
                    Field("symptom", "Symptom", help="What began or got worse"),
                    Field("link", "How they are linked"),
                ),
                "Event, relationship, symptom",
            ),
            Section(
                "Patterns",
                (
                    Field("attachment", "Attachment pattern", FieldKind.CHOICE, choices=ATTACHMENT),
                    Field("attachment_words", "How it shows"),
                    Field(
                        "communication",
                        "Communication pattern",
                        help="What is said, what is left unsaid, how others answer",
                    ),
                ),
            ),
            Section(
                "Focus",
                (
                    Field(
                        "focal_areas",
                        "Focal area that follows",
                        FieldKind.CHOICES,
                        "One, two at most. The area itself is opened under Overview.",
                        choices=AREAS,
                    ),
                    Field("own_area", "Another area, in your own words", FieldKind.TEXT),
                    Field("why_area", "Why this area"),
                ),
            ),
            Section(
                "Shared with the patient",
                (
                    Field(
                        "shared_words",
                        "In words for the patient",
                        help="As you would say it: the illness, its link to the area, the hope",
                    ),
                    Field("agreed", "The patient agrees", FieldKind.CHOICE, choices=AGREED),
                    Field(
                        "agreed_on",
                        "Agreed on",
                        FieldKind.DATE,
                        is_past=True,
                        in_course=True,
                        side_by_side=True,
                        needed_when=NeededWhen(
                            "agreed", frozenset({"yes"}), "Say on which day the patient agreed."
                        ),
                    ),
                    Field("patient_words", "What the patient said"),
                ),
            ),
        ),
        questions=(
            Question(
                "day_without_yes",
                "agreed",
                "A day of agreement is given, and the answer is not “Yes”. Correct one, or keep "
                "both.",
                "Keep the day",
                _day_without_yes,
            ),
        ),
        summary=_summary,
        source="CPA Bulletin 2003: the illness is linked to the area, with the patient’s open "
        "agreement. “Two at most” is common use.",
    ),
)
