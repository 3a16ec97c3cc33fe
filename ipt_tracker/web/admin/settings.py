"""What the clinic judges first results by. No page here knows anything of a patient."""

from collections.abc import Iterable

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import Permission
from ipt_tracker.services.clinic_settings import (
    AREAS,
    ESTIMATE,
    LINES,
    NAMES_SHOWN,
    change_settings,
)
from ipt_tracker.services.setting_list import Settings, read_settings
from ipt_tracker.services.unit_of_work import ChangedMeanwhile
from ipt_tracker.web.admin.settings_form import SettingsForm, field_name, settings_form
from ipt_tracker.web.policy import needs
from ipt_tracker.web.work import begin_reading, begin_work

FIRST_RESULTS = "What results are judged by holds for first results from now on."
HOLDS = {
    LINES: "The lines of fidelity hold at once on every figure, also of past sessions.",
    NAMES_SHOWN: "Assessors see it from now on.",
    AREAS: "The focal areas are offered from now on.",
    ESTIMATE: "The estimate is shown or hidden at once on every PHQ-9, also of past sessions.",
}

settings = Blueprint("settings", __name__, url_prefix="/settings")


@settings.route("", methods=["GET", "POST"])
@needs(Permission.MANAGE_SETTINGS)
def show() -> ResponseReturnValue:
    """Show what holds, what else can be chosen, and every change; let some of it be changed."""
    form = settings_form(_read())
    if form.validate_on_submit() and _saved(form):
        return redirect(url_for("settings.show"), 303)
    found = _read()
    form.prepare(found)
    page = render_template("admin/settings.html", form=form, found=found, field_name=field_name)
    return page, form.http_status


def _read() -> Settings:
    with begin_reading() as work:
        return read_settings(work)


def _saved(form: SettingsForm) -> bool:
    try:
        with begin_work() as work:
            changed = change_settings(work, form.wanted(), form.seen.data)
    except RuleBroken as broken:
        form.reject(broken)
        return False
    except ChangedMeanwhile:
        form.stale = True
        return False
    flash(saved_words(changed), "success")
    return True


def saved_words(changed: Iterable[str]) -> str:
    """Say from when on each kind of what was changed holds."""
    said = dict.fromkeys(HOLDS.get(name, FIRST_RESULTS) for name in changed)
    return " ".join(("Saved.", *said)) if said else "Nothing was changed."
