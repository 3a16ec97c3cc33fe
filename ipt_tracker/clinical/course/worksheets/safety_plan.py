"""A safety plan: made with the patient, and printed for the patient on one page."""

from ipt_tracker.clinical.course.worksheets.fields import (
    Content,
    Field,
    FieldKind,
    day_words,
    list_of,
    text_of,
)
from ipt_tracker.clinical.course.worksheets.sheet import Question, Section, Sheet

ONE_A_LINE = "One on each line"
COPY = {"yes": "Yes", "no": "Not yet"}


def _no_number(content: Content) -> bool:
    named = list_of(content, "professionals")
    return not any(sign.isdigit() for line in named for sign in line)


def _summary(content: Content) -> str:
    copy = "the patient has a copy" if text_of(content, "copy_given") == "yes" else "no copy given"
    return f"Agreed on {day_words(text_of(content, 'agreed_on'))}; {copy}."


SHEETS = (
    Sheet(
        key="safety_plan",
        label="Safety plan",
        place=60,
        phase=None,
        purpose="What the patient does, and whom they call, when thoughts of suicide come.",
        known=(
            (
                "Made together, in the patient’s own words. It is printed on one page without any "
                "other clinical data."
            ),
        ),
        sections=(
            Section(
                "What I notice and do",
                (
                    Field(
                        "warning_signs",
                        "Signs that it is getting worse",
                        FieldKind.LINES,
                        ONE_A_LINE,
                    ),
                    Field("coping", "What I can do by myself", FieldKind.LINES, ONE_A_LINE),
                    Field(
                        "distraction",
                        "People and places that take my mind off it",
                        FieldKind.LINES,
                        ONE_A_LINE,
                    ),
                ),
            ),
            Section(
                "Whom I ask",
                (
                    Field(
                        "people",
                        "People I can ask for help",
                        FieldKind.LINES,
                        "One on each line, with a number",
                    ),
                    Field(
                        "professionals",
                        "Professionals and services, day and night",
                        FieldKind.LINES,
                        "One on each line, with a number",
                    ),
                ),
            ),
            Section(
                "Safer surroundings",
                (
                    Field(
                        "surroundings",
                        "What is put out of reach, and by whom",
                        FieldKind.LINES,
                        ONE_A_LINE,
                    ),
                ),
            ),
            Section(
                "Agreed",
                (
                    Field(
                        "agreed_on",
                        "Agreed on",
                        FieldKind.DATE,
                        is_past=True,
                        needed="Enter the day on which it was agreed.",
                    ),
                    Field(
                        "copy_given",
                        "The patient has a copy",
                        FieldKind.CHOICE,
                        choices=COPY,
                        side_by_side=True,
                    ),
                ),
            ),
        ),
        questions=(
            Question(
                "no_number",
                "professionals",
                "No professional or service with a number is named. Add one, or keep it so.",
                "Keep the plan without a number to call",
                _no_number,
            ),
        ),
        summary=_summary,
        source="Steps as safety plans commonly have them, in our own short labels. Ask about risk "
        "directly: a plan is no assessment.",
    ),
)
