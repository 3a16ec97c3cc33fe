"""An audit that cannot be written: nothing is shown, nothing is saved, and the page says so."""

from tests.factories.audit import broken_audit
from tests.factories.pages import read
from tests.factories.stores import on_every_engine
from tests.factories.tables import contents


@on_every_engine
def test_without_an_audit_row_nothing_is_saved_and_the_page_keeps_what_was_typed(
    therapist, clinic, sessions, typed
):
    form, before = typed("He slept through."), contents(clinic.database)

    with broken_audit(clinic.database):
        answer = therapist.post(f"{sessions}/new", data=form)

    page = read(answer)
    assert (answer.status_code, page.h1) == (503, "The audit trail cannot be written")
    assert contents(clinic.database) == before
    kept = page.form("/sessions/new")
    assert therapist.post(kept.action, data=kept.values).status_code == 303


def test_without_an_audit_row_no_record_is_shown(therapist, clinic):
    with broken_audit(clinic.database):
        answer = therapist.get(f"/courses/{clinic.course.id}")

    assert (answer.status_code, read(answer).h1) == (503, "The audit trail cannot be written")
    assert clinic.course.name not in answer.text
    assert clinic.course.code not in answer.text
