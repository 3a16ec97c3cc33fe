"""The tables about people and their courses: patients, courses, sessions."""

from ipt_tracker.clinical.course.attendance import Attendance
from ipt_tracker.clinical.course.focal_areas import DisputeStage
from ipt_tracker.clinical.course.kinds import Kind as SessionKind
from ipt_tracker.clinical.course.notes import NoteState
from ipt_tracker.clinical.course.phases import Phase
from ipt_tracker.clinical.course.protocols import Format, Spacing
from ipt_tracker.clinical.course.records import (
    CourseStatus,
    Disposition,
    Modality,
    PrecipitatingEvent,
    PrimaryDiagnosis,
    RiskBand,
)
from ipt_tracker.exchange import table_codes as codes
from ipt_tracker.exchange.table_columns import Column, Holds, Kind, Table, words_of

PATIENT = Column("patient", Kind.PATIENT, "The clinic code of the patient", "patient.code")
COURSE = Column("course", Kind.KEY, "The course, the same in every table", "course.id")

PATIENTS = Table(
    "patients",
    "Patients",
    "one patient",
    (
        PATIENT,
        Column("name", Kind.TEXT, "Name", "patient.name", holds=Holds.IDENTITY),
        Column("birth_date", Kind.DAY, "Date of birth", "patient.birth_date", holds=Holds.IDENTITY),
        Column(
            "primary_diagnosis",
            Kind.CODE,
            "Diagnosis that is treated",
            "patient.primary_diagnosis",
            codes=words_of(PrimaryDiagnosis),
        ),
        Column(
            "diagnosis_words",
            Kind.TEXT,
            "Diagnosis in words",
            "patient.primary_diagnosis_text",
            holds=Holds.WORDS,
        ),
        Column(
            "precipitating_event",
            Kind.CODE,
            "Kind of event after which the illness began",
            "patient.precipitating_event",
            codes=words_of(PrecipitatingEvent),
        ),
        Column(
            "event_words",
            Kind.TEXT,
            "That event in words",
            "patient.precipitating_event_text",
            holds=Holds.WORDS,
        ),
        Column(
            "recorded_at",
            Kind.MOMENT,
            "When the record was begun",
            "patient.created_at",
            holds=Holds.ENTRY,
        ),
    ),
    ("patient",),
)

COURSES = Table(
    "courses",
    "Courses",
    "one course of one patient",
    (
        PATIENT,
        COURSE,
        Column(
            "therapist",
            Kind.TEXT,
            "Whose course it is, or last was",
            "assignment.therapist_id",
            holds=Holds.STAFF,
        ),
        Column("protocol", Kind.CODE, "Protocol", "course.protocol", codes=codes.PROTOCOL),
        Column("format", Kind.CODE, "Alone or in a group", "course.format", codes=words_of(Format)),
        Column("started_on", Kind.DAY, "First day", "course.started_on"),
        Column("ended_on", Kind.DAY, "Last day; empty while it goes on", "course.ended_on"),
        Column(
            "status", Kind.CODE, "How far it came", "course.status", codes=words_of(CourseStatus)
        ),
        Column(
            "disposition",
            Kind.CODE,
            "What was decided at the end",
            "course.disposition",
            codes=words_of(Disposition),
        ),
        Column(
            "end_reason",
            Kind.TEXT,
            "Why it ended so",
            "course.outcome_reason",
            holds=Holds.WORDS,
        ),
        Column("planned_sessions", Kind.WHOLE, "Agreed", "course.planned_sessions", "sessions"),
        Column(
            "maintenance_sessions",
            Kind.WHOLE,
            "Agreed for maintenance",
            "course.maintenance_sessions",
            "sessions",
        ),
        Column("session_minutes", Kind.WHOLE, "Agreed", "course.session_minutes", "minutes"),
        Column(
            "spacing",
            Kind.CODE,
            "How far apart sessions are planned",
            "course.spacing",
            codes=words_of(Spacing),
        ),
        Column("contract_agreed_on", Kind.DAY, "Contract agreed on", "course.contract_agreed_on"),
        Column(
            "contract_ends_on",
            Kind.DAY,
            "Day of the last agreed session",
            "course.contract_ends_on",
        ),
        Column(
            "recording_consent",
            Kind.YES_NO,
            "Whether sessions may be recorded",
            "course.recording_consent",
        ),
        Column(
            "criterion_a",
            Kind.YES_NO,
            "Whether the index event meets criterion A",
            "course.criterion_a",
        ),
        Column(
            "age_at_start",
            Kind.CODE,
            "Age on the first day, in bands of ten years",
            "patient.birth_date, course.started_on",
            "years",
            codes=codes.AGES,
        ),
        Column(
            "focal_areas",
            Kind.CODES,
            "Focal areas in the order in which they were begun",
            "focal_area_spell.area",
            codes=codes.AREA,
        ),
    ),
    ("patient", "course"),
)

SESSIONS = Table(
    "sessions",
    "Sessions",
    "one appointment, kept or not",
    (
        PATIENT,
        COURSE,
        Column("slot", Kind.WHOLE, "Place among the appointments", "session_record.slot"),
        Column(
            "number",
            Kind.WHOLE,
            "Number among those of its kind that took place; empty for one that did not",
            "session_record.number",
        ),
        Column("kind", Kind.CODE, "Kind", "session_record.kind", codes=words_of(SessionKind)),
        Column("phase", Kind.CODE, "Phase", "session_record.phase", codes=words_of(Phase)),
        Column("held_on", Kind.DAY, "Day of the appointment", "session_record.held_on"),
        Column(
            "attendance",
            Kind.CODE,
            "What became of it",
            "session_record.attendance",
            codes=words_of(Attendance),
        ),
        Column("duration", Kind.WHOLE, "Length", "session_record.duration_minutes", "minutes"),
        Column(
            "late",
            Kind.WHOLE,
            "How late the patient came",
            "session_record.minutes_late",
            "minutes",
        ),
        Column(
            "modality",
            Kind.CODE,
            "By what means they met",
            "session_record.modality",
            codes=words_of(Modality),
        ),
        Column(
            "focal_area",
            Kind.CODE,
            "Focal area of the session",
            "session_record.focal_area",
            codes=codes.AREA,
        ),
        Column(
            "dispute_stage",
            Kind.CODE,
            "Stage of a role dispute",
            "session_record.dispute_stage",
            codes=words_of(DisputeStage),
        ),
        Column("mood", Kind.WHOLE, "Mood as the patient put it", "session_record.mood", "0 to 10"),
        Column("tasks", Kind.CODES, "Tasks", "session_record.tasks", codes=codes.TASK),
        Column(
            "techniques",
            Kind.CODES,
            "Techniques",
            "session_record.techniques",
            codes=codes.TECHNIQUE,
        ),
        Column(
            "risk_asked",
            Kind.YES_NO,
            "Whether risk was asked about; empty where nothing is recorded",
            "risk_check.asked",
        ),
        Column(
            "risk_band",
            Kind.CODE,
            "The clinician's own band of risk, else the derived one",
            "risk_check.override_band, risk_check.band",
            codes=words_of(RiskBand),
        ),
        Column(
            "note_state",
            Kind.CODE,
            "State of the note; the note itself is in no table",
            "session_record.note_state",
            codes=words_of(NoteState),
        ),
        Column(
            "phase_reason",
            Kind.TEXT,
            "Why the phase differs from that of the protocol",
            "session_record.phase_reason",
            holds=Holds.WORDS,
        ),
        Column(
            "recorded_at",
            Kind.MOMENT,
            "When it was entered",
            "session_record.created_at",
            holds=Holds.ENTRY,
        ),
    ),
    ("patient", "course", "slot"),
)
