"""The audit, for auditors: what was done, newest first, cut down to what is sought."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import Permission
from ipt_tracker.services.audit.listing import find_patient, read_audit, read_person
from ipt_tracker.web.audit.forms import FilterForm, PatientForm, a_number
from ipt_tracker.web.change_form import REFUSED
from ipt_tracker.web.policy import needs
from ipt_tracker.web.work import begin_reading

audit = Blueprint("audit", __name__)
NOBODY = "No patient has this clinic code."


@audit.route("/audit", methods=["GET"])
@needs(Permission.SEE_AUDIT)
def show() -> ResponseReturnValue:
    """Show the newest acts of those that are sought."""
    return _page(PatientForm(formdata=None))


@audit.route("/audit/patient", methods=["POST"])
@needs(Permission.SEE_AUDIT)
def patient() -> ResponseReturnValue:
    """Go to the acts about one patient; the code travels in the form, the id in the address."""
    form = PatientForm()
    if form.validate_on_submit():
        with begin_reading() as work:
            found = find_patient(work, form.code.data)
        if found is not None:
            return redirect(url_for("audit.show", patient=found), 303)
        form.reject(RuleBroken(NOBODY, field="code"))
    return _page(form)


@audit.route("/people/<uuid:account_id>/audit", methods=["GET"])
@needs(Permission.SEE_AUDIT)
def person(account_id: UUID) -> ResponseReturnValue:
    """Show all that one person did."""
    with begin_reading() as work:
        name, listed = read_person(work, account_id, a_number(request.args.get("older")))
    return render_template("audit/person.html", name=name, listed=listed, account_id=account_id)


def _page(code: PatientForm) -> ResponseReturnValue:
    form = FilterForm(request.args, meta={"csrf": False})
    form.validate()
    with begin_reading() as work:
        listed = read_audit(work, form.sought())
    form.offer(listed.people)
    page = render_template("audit/show.html", form=form, code=code, listed=listed)
    return page, REFUSED if form.errors else code.http_status
