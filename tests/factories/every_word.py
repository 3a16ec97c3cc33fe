"""Both courses of the clinic with all that a course can have: every place for words is used."""

from sqlalchemy import select

from ipt_tracker.persistence.models import PortfolioText, RatingFeedback, SafetyPrompt
from tests.factories.clinic import Clinic
from tests.factories.compared import compared_in
from tests.factories.notes import noted
from tests.factories.people import Person
from tests.factories.portfolios import report_of
from tests.factories.score_files import undone_in
from tests.factories.sheets import sheets_of
from tests.factories.walk import of_course, therapist_of


def fill_every_place(clinic: Clinic) -> None:
    """Record everything in both courses that the services and the walk know how to record."""
    for course in (clinic.course, clinic.course2):
        _answer(clinic, of_course(clinic, course)["prompt_id"])
        noted(clinic, course)
        sheets_of(clinic, course)
        if not _holds(clinic, PortfolioText, therapist_of(clinic, course)):
            report_of(clinic, course)
    undone_in(clinic)
    if not _holds(clinic, RatingFeedback):
        compared_in(clinic)


def _holds(clinic: Clinic, model: type, about: Person | None = None) -> bool:
    """Whether a row of this kind is there already, of this therapist where one is named."""
    wanted = select(model)
    if about is not None:
        wanted = wanted.where(model.therapist_id == about.id)
    with clinic.reading() as work:
        return work.session.scalars(wanted).first() is not None


def _answer(clinic: Clinic, prompt_id: object) -> None:
    """Say what was done about a question, so that there are words that could leak."""
    with clinic.writing() as work:
        wanted = select(SafetyPrompt).where(SafetyPrompt.id == prompt_id)
        prompt = work.session.scalars(wanted).one()
        prompt.acknowledged_at, prompt.acknowledged_by = clinic.now, clinic.therapist.id
        prompt.done, prompt.action = "asked", "asked directly"
