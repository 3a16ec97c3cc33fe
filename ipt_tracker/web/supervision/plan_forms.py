"""The forms of sampling: a plan of one therapist, and a draw by it."""

from datetime import date, timedelta
from typing import Any

from wtforms import SubmitField

from ipt_tracker.clinical.course.phases import Phase
from ipt_tracker.clinical.fidelity.sampling import Plan
from ipt_tracker.services.fidelity.draws import DrawEntry, propose_seed
from ipt_tracker.services.fidelity.plans import Edition
from ipt_tracker.web.change_form import NEWER, ChangeForm
from ipt_tracker.web.fields import Day, words
from ipt_tracker.web.forms import Needed, WholeNumber

USUAL_SHARE = 20
SHARE_HELP = (
    "Percent. The one share tabulated in a review of 249 ways to measure adherence is 20 to 25 "
    "(Schoenwald and Garland 2013)."
)
QUARTER, TWO_WEEKS = timedelta(days=91), timedelta(days=14)


class PlanForm(ChangeForm):
    """How much of a therapist's work is to be seen."""

    share = WholeNumber("Share of all sessions", [Needed("Say a share.")], description=SHARE_HELP)
    per_course = WholeNumber("Fewest of each course", description="Sessions. Empty asks for none.")
    new_extra = WholeNumber("More while new", description="Percent, added to the share.")
    new_until = Day("Until", description="The last day.")
    new_first = WholeNumber("Or for the first", description="Sessions of this therapist.")
    off_track_extra = WholeNumber(
        "More for courses off track",
        description="Percent, added while a rule says so on the day of the draw.",
    )
    reason = words("Why the plan changes")
    version: Any

    def phases(self) -> list[Any]:
        """Give the fields of single phases, in the order of a course."""
        return [self[f"share_{phase.value}"] for phase in Phase]

    def plan(self) -> Plan:
        """Give what was typed as a plan."""
        typed = {phase.value: self[f"share_{phase.value}"].data for phase in Phase}
        return Plan(
            share=self.share.data or 0,
            by_phase={phase: share for phase, share in typed.items() if share is not None},
            per_course=self.per_course.data or 0,
            new_extra=self.new_extra.data or 0,
            new_until=self.new_until.data,
            new_first=self.new_first.data,
            off_track_extra=self.off_track_extra.data or 0,
        )

    def fill(self, edition: Edition | None) -> None:
        """Start from the plan that holds; after a conflict say that there was one."""
        if not self.is_submitted():
            self.process(data=_values(edition.plan) if edition else {"share": USUAL_SHARE})
        if self.stale:
            self.form_errors = [*self.form_errors, NEWER]
        self.version.renew(edition.edition if edition else 0)


for _phase in Phase:
    setattr(PlanForm, f"share_{_phase.value}", WholeNumber(_phase.label))


def _values(plan: Plan) -> dict[str, Any]:
    shares = {f"share_{phase}": share for phase, share in plan.by_phase.items()}
    found = plan.to_json() | {"new_until": plan.new_until}
    none_at_zero = ("per_course", "new_extra", "off_track_extra")
    return shares | {
        key: found[key] or None if key in none_at_zero else found[key] for key in found
    }


class DrawForm(ChangeForm):
    """Between which days, with which seed, and until when the sessions are to be rated."""

    first = Day("Sessions from", [Needed("Say the first day.")])
    last = Day("To", [Needed("Say the last day.")])
    due_on = Day("To be rated until", description="You are asked to rate them.")
    version: Any
    """The mark of the preview that stands on the page."""
    seed = WholeNumber(
        "Seed",
        [Needed("Say a seed.")],
        description="Proposed at random. It is kept, and with it anybody can repeat the draw.",
    )
    look = SubmitField("Look at these days")

    def fill(self, today: date) -> None:
        """Propose the last quarter, two weeks to rate, and a seed."""
        if not self.is_submitted():
            self.process(
                data={
                    "first": today - QUARTER,
                    "last": today,
                    "due_on": today + TWO_WEEKS,
                    "seed": propose_seed(),
                }
            )

    def window(self, today: date) -> tuple[date, date]:
        """Give the days to look at: those typed, where they can be read."""
        first, last = self.first.data or today - QUARTER, self.last.data or today
        return (first, last) if first <= last else (last, first)

    def entry(self) -> DrawEntry:
        """Give what was typed."""
        return DrawEntry(
            self.first.data,
            self.last.data,
            self.seed.data or 0,
            self.due_on.data,
            self.version.data or 0,
        )
