"""`report course REF` and `report supervision`: figures that can be checked by hand."""

import json
from datetime import UTC, datetime

import click

from ipt_tracker.cli.house import House, opened
from ipt_tracker.cli.supervision_table import supervision_table
from ipt_tracker.services.course_report import CourseReport, report_course
from ipt_tracker.services.supervision_report import report_supervision
from ipt_tracker.services.unit_of_work import reading

LABELS = {
    "slots": "Appointments",
    "attended": "Attended",
    "delivered_sessions": "Sessions given (a group's also without this member)",
    "cancelled_by_patient": "Cancelled by patient (late cancellations apart)",
    "cancelled_by_therapist": "Cancelled by therapist",
    "no_show": "No-show",
    "attendance_rate": "Attendance, of all but whole-group cancellations",
    "own_attendance_rate": "Attendance, of attended and the patient's own absences",
    "self_rated": "Sessions with a self-rating",
    "supervisor_rated": "Sessions rated by the case supervisor",
    "supervisor_coverage": "Share of given sessions rated by the case supervisor",
    "supervisor_adherence_pct_mean": "Adherence by the case supervisor, mean %",
    "supervisor_competence_mean": "Quality by the case supervisor, mean of 1 to 5",
    "self_competence_mean": "Quality by self-rating, mean of 1 to 5",
    "pcl5_first": "PCL-5, first",
    "pcl5_last": "PCL-5, last",
    "pcl5_change": "PCL-5, change in points",
    "pcl5_reliable_change_15": "PCL-5, change of 15 points or more",
    "pcl5_last_at_or_below_28": "PCL-5, last at or below 28",
    "caps5_baseline": "CAPS-5, baseline",
    "caps5_end": "CAPS-5, end",
    "caps5_change": "CAPS-5, change in points",
    "caps5_pct_change": "CAPS-5, change in %",
    "caps5_reliable_change_13": "CAPS-5, change of 13 points or more",
    "caps5_end_at_or_below_8": "CAPS-5, end at or below 8",
    "missing_pcl5_sessions": "Attended slots without a complete PCL-5",
    "late_assessments": "Assessments more than 7 days late",
    "proscribed_flagged_by_supervisor": "Case supervisor's ratings with a proscribed flag",
}


@click.group("report")
def report_command() -> None:
    """Print figures from the records."""


@report_command.command("course")
@click.argument("ref")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def course_command(house: House, ref: str, *, as_json: bool) -> None:
    """Print the figures of one course: REF is its bundle id or its patient's code."""
    database = opened(house.load())
    with reading(database, None, datetime.now(UTC)) as work:
        report = report_course(work, ref)
    database.close()
    click.echo(json.dumps(report.figures()) if as_json else _table(report))


@report_command.command("supervision")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def supervision_command(house: House, *, as_json: bool) -> None:
    """Print the figures of fidelity and supervision, every rating of the instance counted."""
    database = opened(house.load())
    with reading(database, None, datetime.now(UTC)) as work:
        figures = report_supervision(work).figures()
    database.close()
    click.echo(json.dumps(figures) if as_json else supervision_table(figures))


def _table(report: CourseReport) -> str:
    figures = report.figures() | {"own_attendance_rate": report.own_attendance_rate}
    width = max(map(len, LABELS.values()))
    lines = (f"{label:{width}}  {_said(figures[key])}" for key, label in LABELS.items())
    return "\n".join((f"Course of {report.patient_code}", *lines))


def _said(value: object) -> str:
    """Put one figure in words."""
    if value is None:
        return "not known"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(_entry, value)) or "none"
    return str(value)


def _entry(value: object) -> str:
    if isinstance(value, dict):
        return f"{value['point']} ({value['days_late']} days)"
    return f"slot {value}"
