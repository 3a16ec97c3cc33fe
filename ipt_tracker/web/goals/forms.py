"""The forms of a goal: its wording, and what became of it."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from ipt_tracker.clinical.course.goals import GoalStatus
from ipt_tracker.services.goals import GoalEntry, ReviewEntry
from ipt_tracker.web.change_form import ChangeForm
from ipt_tracker.web.fields import Day, one_of, text, words
from ipt_tracker.web.forms import Needed
from ipt_tracker.web.goals.rows import area_words


def id_of(typed: object) -> UUID | None:
    """Read the id of a focal area; None for anything that is none."""
    try:
        return UUID(str(typed))
    except ValueError:
        return None


class GoalForm(ChangeForm):
    """A goal. Its fields are named as the columns are."""

    mirrors = tracked = True
    about = "the goal"
    what = text(
        "Goal",
        500,
        Needed("Say what is to be reached."),
        description="What the patient will do or have with whom, so that both can tell",
    )
    spell_id = SelectField("Focal area", choices=[], coerce=id_of, validate_choice=False)
    set_on = Day("Agreed on", [Needed("Enter the day.")])

    def offer(self, spells: Iterable[Any]) -> None:
        """Offer the focal areas of the course, left ones too."""
        named = [SelectChoice(str(f.id), area_words(f.area, f.detail)) for f in spells]
        self.spell_id.choices = [SelectChoice("", "None in particular"), *named]

    def show(self, goal: Any, course: Any, today: date) -> None:  # noqa: ANN401 -- rows of tables
        """Start from the goal as it is."""
        del today
        self.offer(course.focal_areas)
        self.prepare(goal)

    def goal(self) -> GoalEntry:
        """Give what was entered."""
        return GoalEntry(self.what.data, self.set_on.data, self.spell_id.data)


class ReviewForm(ChangeForm):
    """What became of a goal. Its fields are named as the columns are."""

    mirrors = tracked = True
    about = "the review"
    status = one_of("What became of it", list(GoalStatus), Needed("Choose what became of it."))
    reviewed_on = Day("Reviewed on", description="Not needed while it is open")
    review = words("In a word", description="What was reached, or why not; in the patient’s words")

    def show(self, goal: Any, course: Any, today: date) -> None:  # noqa: ANN401 -- rows of tables
        """Start from the goal as it is; a first review is usually of today."""
        del course
        self.prepare(goal)
        if not self.is_submitted() and goal.reviewed_on is None:
            self.reviewed_on.data = today

    def entry(self) -> ReviewEntry:
        """Give what was entered."""
        return ReviewEntry(self.status.data, self.reviewed_on.data, self.review.data)
