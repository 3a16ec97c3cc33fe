"""The progress report of one course: read, disguised where it has to be, and put into words."""

from collections.abc import Iterator

from ipt_tracker.charts.course_strip import CourseStrip
from ipt_tracker.charts.model import Event, Visit
from ipt_tracker.clinical.course.attendance import is_slot
from ipt_tracker.clinical.course.codes import label_of
from ipt_tracker.clinical.course.focal_areas import focal_area_label
from ipt_tracker.clinical.course.records import ContractChange, CourseStatus, Disposition
from ipt_tracker.clinical.outcome.series import change_over
from ipt_tracker.governance.disguise import Disguise
from ipt_tracker.persistence.models import Course
from ipt_tracker.reports.document import Document, Table
from ipt_tracker.reports.progress_report import ReportFacts, Scored, day_words, document_of
from ipt_tracker.services.attendance import attendance_of
from ipt_tracker.services.progress import ChartChoice, CourseProgress, progress_of
from ipt_tracker.services.progress_chart import events_of, focus_of, phases_of
from ipt_tracker.services.reports.beside_part import beside_part
from ipt_tracker.services.reports.disguised import disguised
from ipt_tracker.services.reports.rows import UNDATED, CourseRows, read_rows
from ipt_tracker.services.score_tables import ScoreLine, ScoreTable
from ipt_tracker.services.scores import session_label
from ipt_tracker.services.unit_of_work import UnitOfWork

NO_SCORES = "No form of an instrument of this program is recorded, so there is no change to report."
MOST_SCORES = 40
FOCUS_SWITCH = ContractChange.FOCUS_SWITCH
NOTHING = ((), None)
Fidelity = tuple[tuple[str, ...], Table | None]


def progress_report_of(
    work: UnitOfWork,
    course: Course,
    software: str,
    disguise: Disguise | None = None,
    fidelity: Fidelity = NOTHING,
) -> Document:
    """Give the progress report of a course that was opened."""
    rows = read_rows(work, course)
    if disguise is not None:
        rows = disguised(rows, disguise)
    return document_of(facts_of_report(rows, software, fidelity))


def facts_of_report(rows: CourseRows, software: str, fidelity: Fidelity = NOTHING) -> ReportFacts:
    """Put the rows of a course into words, tables and inputs of pictures."""
    course, version = rows.course, software.rpartition(" ")[2]
    where, facts = rows.outline, rows.facts
    progress = progress_of(where, facts, UNDATED, version, ChartChoice(events=False))
    return ReportFacts(
        code=course.patient.code,
        name="" if rows.is_disguised else course.patient.name or "",
        therapist=rows.therapist,
        supervisor=rows.supervisor,
        is_disguised=rows.is_disguised,
        about=tuple(_about(rows)),
        draft=draft_words(rows),
        verdict=_verdict(progress),
        chart=progress.picture if progress else None,
        ends=tuple(_ends(progress)) if progress else (),
        scored=tuple(map(_scored, progress.tables)) if progress else (),
        strip=_strip(rows),
        attendance=_attendance(rows),
        beside=beside_part(progress, where) if progress else None,
        fidelity=fidelity,
        origin=_origin(rows, progress, software),
        newest=rows.newest,
        software=software,
    )


def draft_words(rows: CourseRows) -> str:
    """Say how many notes are not signed; nothing where all are."""
    said = [
        f"{_notes(rows.unsigned)} not signed" if rows.unsigned else "",
        f"{_notes(rows.awaiting)} waiting for the co-signature" if rows.awaiting else "",
    ]
    found = " and ".join(filter(None, said))
    return f"{found[:1].upper()}{found[1:]}." if found else ""


def _notes(count: int) -> str:
    return "1 note is" if count == 1 else f"{count} notes are"


def _about(rows: CourseRows) -> Iterator[tuple[str, str]]:
    course, patient = rows.course, rows.course.patient
    if rows.is_disguised:
        yield "Age at the start", rows.age_band or "not known"
    elif patient.birth_date:
        yield "Born", day_words(patient.birth_date)
    ended = f" to {day_words(course.ended_on)}" if course.ended_on else ", goes on"
    yield "Course", f"{day_words(course.started_on)}{ended}"
    planned = f"{course.protocol}, {course.planned_sessions} sessions planned"
    yield "Treatment", f"{planned}. {rows.outline.position.words}."
    if course.ended_on:
        yield "How it ended", _ending(course)
    areas = [focal_area_label(each.area) for each in course.focal_areas]
    yield "Focus", ", then ".join(areas) or "none chosen yet"
    for role, name in (("Therapist", rows.therapist), ("Supervisor", rows.supervisor)):
        if name:
            yield role, name


def _ending(course: Course) -> str:
    said = [label_of(CourseStatus, course.status)]
    if course.disposition and course.disposition != course.status:
        said.append(label_of(Disposition, course.disposition).lower())
    return ", ".join(said)


def _verdict(progress: CourseProgress | None) -> tuple[str, ...]:
    if progress is None:
        return (NO_SCORES,)
    said = (progress.verdict.lead, progress.verdict.then, progress.no_item_words)
    return tuple(filter(None, said))


def _ends(progress: CourseProgress) -> Iterator[tuple[str, ...]]:
    """Give the first and the last score of the treatment on each instrument, no follow-ups."""
    facts = progress.facts
    for table in progress.tables:
        one = table.instrument
        series = facts.scores.series(one.key, of_treatment=True)
        judged = change_over(series, facts.threshold_of(one))
        first, last, points = judged.first, judged.last, judged.points
        if first is None or last is None:
            yield one.version, "no complete form", "", "", ""
        elif points is None:
            yield one.version, f"{first.total}, {day_words(first.taken_on)}", "", "", "One score"
        else:
            ends = (f"{each.total}, {day_words(each.taken_on)}" for each in (first, last))
            words = judged.change.words if judged.change else "not judged"
            yield one.version, *ends, _signed(points), words


def _signed(points: int) -> str:
    return f"{points:+d}".replace("-", "\N{MINUS SIGN}") if points else "0"


def _scored(table: ScoreTable) -> Scored:
    lines = table.shown(MOST_SCORES)
    return Scored(
        table.instrument.version,
        tuple(map(_score, lines)),
        len(table.lines) - len(lines),
        table.thresholds,
    )


def _score(line: ScoreLine) -> tuple[str, ...]:
    one, points = line.row.administration, line.row.points
    return (
        day_words(one.taken_on),
        one.session_label or "–",
        line.score_words,
        "" if points is None or line.row.is_baseline else _signed(points),
        line.row.words,
        "; ".join(line.remarks),
    )


def _strip(rows: CourseRows) -> CourseStrip:
    slots = tuple(s for s in rows.slots if is_slot(s.attendance))
    return CourseStrip(
        title=f"{rows.course.patient.code}   The course",
        verdict=rows.outline.position.words + ".",
        visits=tuple(Visit(s.held_on, session_label(s), phase=s.phase) for s in slots),
        phases=phases_of(rows.slots),
        focus=focus_of(rows.course, rows.slots),
        events=tuple(_events(rows)),
        last=rows.course.ended_on,
    )


def _events(rows: CourseRows) -> Iterator[Event]:
    """Give what happened on a day: changes of the contract, medication, risk, focus and the end."""
    yield from events_of(rows.contract_changes, rows.events)
    switched = {each.changed_on for each in rows.contract_changes if each.kind == FOCUS_SWITCH}
    for spell in rows.course.focal_areas:
        if spell.started_on not in switched:
            area = focal_area_label(spell.area).lower()
            yield Event(spell.started_on, f"focus taken up: {area}")
    if rows.course.ended_on:
        yield Event(rows.course.ended_on, f"course ended: {_ending(rows.course).lower()}")


def _attendance(rows: CourseRows) -> tuple[str, ...]:
    """Say how many appointments were kept, what became of the others, and both rates."""
    found = attendance_of(slot.attendance for slot in rows.slots)
    if not found.counts.slots:
        return ("No appointment is recorded yet.",)
    counts = found.counts
    missed = (
        (counts.cancelled_by_patient + counts.late_cancellation, "cancelled by the patient"),
        (counts.no_show, "not come to"),
        (counts.cancelled_by_therapist, "cancelled by the therapist"),
        (counts.cancelled_by_service + counts.group_cancelled, "cancelled by service or group"),
        (counts.other, "with another outcome"),
    )
    kept = f"{_appointments(counts.slots)}: {counts.attended} kept"
    said = ", ".join([kept, *(f"{n} {what}" for n, what in missed if n)])
    return (
        f"{said}.",
        f"Attendance, all appointments but whole-group cancellations: {found.of_all.words}.",
        f"Attendance, only the patient's own absences counted: {found.own.words}.",
    )


def _appointments(count: int) -> str:
    return "1 appointment" if count == 1 else f"{count} appointments"


def _origin(
    rows: CourseRows, progress: CourseProgress | None, software: str
) -> tuple[tuple[str, str], ...]:
    source = progress.picture.provenance if progress else None
    if source is None:
        return (("Patient", rows.course.patient.code), ("Software", software))
    return source.entries
