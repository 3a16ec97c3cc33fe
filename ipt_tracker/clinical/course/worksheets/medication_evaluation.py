"""Whether medication is needed beside IPT: asked once in the beginning, looked at again later."""

from ipt_tracker.clinical.course.phases import Phase
from ipt_tracker.clinical.course.worksheets.fields import (
    YES_NO_UNCLEAR,
    Content,
    Field,
    FieldKind,
    day_words,
    text_of,
)
from ipt_tracker.clinical.course.worksheets.sheet import Question, Section, Sheet

DECISIONS = {
    "none": "No medication",
    "goes_on": "Present medication goes on",
    "start": "Start or change",
    "referred": "Referred for an opinion",
    "declined": "Offered, declined by the patient",
}


def _summary(content: Content) -> str:
    decision = DECISIONS.get(text_of(content, "decision"), "")
    medicines = text_of(content, "medicines")
    again = text_of(content, "again_on")
    told = [decision, medicines, f"look again on {day_words(again)}" if again else ""]
    return f"{'; '.join(filter(None, told))}."


def _needed_not_given(content: Content) -> bool:
    return (text_of(content, "needed"), text_of(content, "decision")) == ("yes", "none")


def _goes_on_unnamed(content: Content) -> bool:
    return text_of(content, "decision") == "goes_on" and "medicines" not in content


SHEETS = (
    Sheet(
        key="medication_evaluation",
        label="Medication evaluation",
        place=20,
        phase=Phase.BEGINNING,
        purpose="Whether medication is needed beside IPT, and who looks after it.",
        known=(
            (
                "Need for medication is considered in the beginning; combined care is usual when "
                "the illness is severe or chronic."
            ),
        ),
        sections=(
            Section(
                "Need",
                (
                    Field(
                        "needed", "Is medication needed?", FieldKind.CHOICE, choices=YES_NO_UNCLEAR
                    ),
                    Field("considered_by", "Considered by", FieldKind.TEXT, side_by_side=True),
                    Field("why", "Why, or why not"),
                ),
            ),
            Section(
                "Present medicines",
                (
                    Field(
                        "medicines", "Medicines", FieldKind.LINES, "One on each line, with its dose"
                    ),
                    Field("side_effects", "Side effects"),
                ),
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
                    Field("prescriber", "Prescriber", FieldKind.TEXT),
                    Field(
                        "again_on",
                        "Look at it again on",
                        FieldKind.DATE,
                        is_ahead=True,
                        side_by_side=True,
                    ),
                ),
            ),
        ),
        questions=(
            Question(
                "needed_not_given",
                "decision",
                "Medication is needed and the decision is “No medication”. Correct one, or keep "
                "both.",
                "Keep both: needed, and no medication",
                _needed_not_given,
            ),
            Question(
                "goes_on_unnamed",
                "medicines",
                "Present medication goes on, and no medicine is named. Name it, or keep it so.",
                "Keep it without a name",
                _goes_on_unnamed,
            ),
        ),
        summary=_summary,
        source="CPA Bulletin 2003",
    ),
)
