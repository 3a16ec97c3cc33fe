"""The ending: raised openly, gains reviewed, sadness told apart from illness, a plan for later."""

from ipt_tracker.clinical.course.phases import Phase
from ipt_tracker.clinical.course.worksheets.fields import Content, Field, FieldKind, text_of
from ipt_tracker.clinical.course.worksheets.sheet import Question, Section, Sheet

PARTS = {
    "raised_in": "ending raised",
    "feelings": "feelings about it",
    "gains": "gains reviewed",
    "normal_sadness": "sadness told apart from illness",
    "warning_signs": "warning signs",
    "contingency": "contingency plan",
    "goodbye": "goodbye",
}


def _summary(content: Content) -> str:
    done = [label for key, label in PARTS.items() if key in content]
    left = [label for key, label in PARTS.items() if key not in content]
    told = f"Written down: {', '.join(done)}" if done else "Begun"
    return f"{told}. Still open: {', '.join(left)}." if left else f"{told}."


def _nobody_to_call(content: Content) -> bool:
    return bool(text_of(content, "goodbye")) and not text_of(content, "call")


SHEETS = (
    Sheet(
        key="ending",
        label="Ending",
        place=50,
        phase=Phase.TERMINATION,
        purpose="The ending raised openly, gains reviewed, and a plan for the time after.",
        known=(
            (
                "Where goals were not reached, the treatment fell short, not the patient: extend, "
                "re-evaluate, or go on to another treatment."
            ),
        ),
        sections=(
            Section(
                "The ending",
                (
                    Field(
                        "raised_in",
                        "Ending raised in",
                        FieldKind.TEXT,
                        "For example: session 11, four sessions left",
                    ),
                    Field("feelings", "Feelings about the ending"),
                    Field(
                        "gains",
                        "Gains reviewed",
                        help="What the patient did, not only what changed",
                    ),
                    Field(
                        "shortfall",
                        "What the treatment did not reach",
                        help="As the treatment’s shortfall, and what follows from it",
                    ),
                ),
            ),
            Section(
                "Sadness and illness",
                (
                    Field("normal_sadness", "What is normal sadness here"),
                    Field("illness", "What would be illness again"),
                ),
            ),
            Section(
                "The time after",
                (
                    Field(
                        "warning_signs", "Early warning signs", FieldKind.LINES, "One on each line"
                    ),
                    Field("contingency", "What to do when they come"),
                    Field(
                        "call", "Whom to call", FieldKind.LINES, "One on each line, with a number"
                    ),
                ),
            ),
            Section(
                "Goodbye",
                (
                    Field("goodbye", "How goodbye was said", help="An honest exchange, both ways"),
                    Field("patient_words", "What the patient said"),
                ),
            ),
        ),
        questions=(
            Question(
                "nobody_to_call",
                "call",
                "Goodbye is said and nobody is named to call. Name somebody, or keep it so.",
                "Keep it without anybody to call",
                _nobody_to_call,
            ),
        ),
        summary=_summary,
        source="CPA Bulletin 2003",
        shows_scores=True,
    ),
)
