"""Feedback on a rating: the supervisor's form, and the therapist's answer under each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from wtforms import HiddenField

from ipt_tracker.services.fidelity.comparison import Comparison
from ipt_tracker.services.fidelity.feedback import FeedbackEntry
from ipt_tracker.web.fields import words
from ipt_tracker.web.forms import Form


class FeedbackForm(Form):
    """What the therapist is told: at least one of the two."""

    keep_doing = words("Keep doing")
    try_next = words("Try next")

    def start_from(self, remark: str | None) -> None:
        """Begin with the rater's own words, in a form that nobody has sent yet."""
        if not self.is_submitted():
            self.process(data={"keep_doing": remark})

    def entry(self) -> FeedbackEntry:
        """Give what was entered."""
        return FeedbackEntry(self.keep_doing.data, self.try_next.data)


class AnswerForm(Form):
    """What the therapist says to it; it may be left empty."""

    feedback_id = HiddenField()
    answer = words("Your answer", description="May be left empty")

    @property
    def feedback(self) -> UUID | None:
        """Say which feedback is answered."""
        try:
            return UUID(self.feedback_id.data or "")
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class FeedbackView:
    """Feedback as the page shows it; `form` where the viewer is the one to acknowledge it."""

    id: UUID
    by: str
    sent_at: datetime
    keep_doing: str | None
    try_next: str | None
    acknowledged_by: str | None
    acknowledged_at: datetime | None
    answer: str | None
    form: AnswerForm | None


def feedback_views(found: Comparison, answered: AnswerForm | None) -> Sequence[FeedbackView]:
    """Put feedback beside the form that acknowledges it; a form that was sent stays as it was."""
    return [
        FeedbackView(
            id=each.row.id,
            by=each.by,
            sent_at=each.row.sent_at,
            keep_doing=each.row.keep_doing,
            try_next=each.row.try_next,
            acknowledged_by=each.acknowledged_by,
            acknowledged_at=each.row.acknowledged_at,
            answer=each.row.answer,
            form=_form(each.row.id, n, answered) if _is_asked(found, each.row) else None,
        )
        for n, each in enumerate(found.feedback, 1)
    ]


def _is_asked(found: Comparison, row: object) -> bool:
    return found.is_therapist and getattr(row, "acknowledged_at", None) is None


def _form(feedback_id: UUID, place: int, answered: AnswerForm | None) -> AnswerForm:
    """Give the form of one feedback, with ids of its own: a page can hold several."""
    form = answered if answered and answered.feedback == feedback_id else AnswerForm(formdata=None)
    form.feedback_id.data = str(feedback_id)
    form.answer.id = f"answer-{place}"
    form.answer.label.field_id = form.answer.id
    return form
