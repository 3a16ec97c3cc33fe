"""Risk that was found at the last check, course by course: named, without a task to answer."""

from flask import url_for

from ipt_tracker.clinical.course.codes import label_of
from ipt_tracker.clinical.course.records import RiskBand
from ipt_tracker.clinical.suicide_screen import band_words
from ipt_tracker.persistence.queries.risk_found import FoundRisk
from ipt_tracker.services.day import Day
from ipt_tracker.web.page import day
from ipt_tracker.web.today import words
from ipt_tracker.web.today.rows import PanelRow, whose


def found_rows(found: Day) -> tuple[PanelRow, ...]:
    """Name every course in which the last check found risk: none is left out."""
    return tuple(_row(found, each) for each in found.found_risk)


def _row(found: Day, risk: FoundRisk) -> PanelRow:
    return PanelRow(
        risk.name or risk.code,
        risk.code,
        f"{day(risk.held_on)}: {said(risk)}",
        url_for("sessions.show", course_id=risk.course_id, slot=risk.slot),
        f"Read {words.short_name(risk.kind, risk.number)}",
        sub=whose(found, risk.course_id),
    )


def said(risk: FoundRisk) -> str:
    """Say what the answer was, and the bands: "asked: present, band moderate, own band low"."""
    parts = [f"asked: {risk.result}" if risk.result else "asked"]
    if risk.band == RiskBand.CANNOT_TELL:
        parts.append(f"band: {band_words(risk.answers or {}).lower()}")
    elif risk.band:
        parts.append(f"band {label_of(RiskBand, risk.band).lower()}")
    if risk.override_band:
        parts.append(f"own band {label_of(RiskBand, risk.override_band).lower()}")
    return ", ".join(parts)
