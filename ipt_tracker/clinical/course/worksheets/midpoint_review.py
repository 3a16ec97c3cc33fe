"""Half way: what the scores say, what helped, what is stuck, and whether the focus is right."""

from ipt_tracker.clinical.course.phases import Phase
from ipt_tracker.clinical.course.worksheets.fields import (
    YES_NO_UNCLEAR,
    Content,
    Field,
    FieldKind,
    NeededWhen,
    day_words,
    text_of,
)
from ipt_tracker.clinical.course.worksheets.sheet import Section, Sheet


def _summary(content: Content) -> str:
    focus = {
        "yes": "The focus is right",
        "no": "The focus is not right",
        "unclear": "Unclear whether the focus is right",
    }.get(text_of(content, "focus_right"), "Focus not reviewed")
    day = text_of(content, "reviewed_on")
    return f"Reviewed on {day_words(day)}. {focus}."


SHEETS = (
    Sheet(
        key="midpoint_review",
        label="Midpoint review",
        place=40,
        phase=Phase.MIDDLE,
        purpose="Half way: what helped, what is stuck, whether the focus is right, what changes.",
        known=("Too little change half way is a question to the treatment, not to the patient.",),
        sections=(
            Section(
                "Review",
                (
                    Field(
                        "reviewed_on",
                        "Reviewed with the patient on",
                        FieldKind.DATE,
                        is_past=True,
                        in_course=True,
                        needed="Enter the day.",
                    ),
                    Field("helped", "What helped"),
                    Field("stuck", "What is stuck"),
                ),
            ),
            Section(
                "Focus",
                (
                    Field(
                        "focus_right",
                        "Is the focus right?",
                        FieldKind.CHOICE,
                        choices=YES_NO_UNCLEAR,
                    ),
                    Field(
                        "focus_words",
                        "Why",
                        needed_when=NeededWhen(
                            "focus_right", frozenset({"no"}), "Say what does not fit."
                        ),
                    ),
                ),
            ),
            Section(
                "What changes",
                (
                    Field("changes", "What changes from now on"),
                    Field("patient_words", "What the patient said"),
                ),
            ),
        ),
        summary=_summary,
        source="Common practice; a formal review half way is part of group IPT (Wilfley et al.).",
        shows_scores=True,
    ),
)
