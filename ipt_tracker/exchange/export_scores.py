"""The tables of scores: measures, their answers one by one, and ratings of sessions."""

from ipt_tracker.clinical.course.phases import Phase
from ipt_tracker.clinical.fidelity.codes import Basis, RaterRole
from ipt_tracker.exchange import table_codes as codes
from ipt_tracker.exchange.export_people import COURSE, COURSES, PATIENT, PATIENTS, SESSIONS
from ipt_tracker.exchange.table_columns import Column, Holds, Kind, Table, words_of

MEASURE = Column("measure", Kind.KEY, "The form, the same in both tables of measures", "measure.id")
INSTRUMENT = Column(
    "instrument",
    Kind.CODE,
    "Instrument with its time window; two windows are never one series",
    "measure.instrument",
    codes=codes.INSTRUMENT,
)
TAKEN_ON = Column(
    "taken_on", Kind.DAY, "Day of the form; one not done: the day it was due", "measure.taken_on"
)
IN_ERROR = Column(
    "entered_in_error",
    Kind.YES_NO,
    "Whether it was withdrawn; such a row counts for nothing",
    "measure.withdrawn_at",
)

MEASURES = Table(
    "measures",
    "Measures",
    "one form or interview, done or due",
    (
        PATIENT,
        COURSE,
        MEASURE,
        Column("slot", Kind.WHOLE, "Appointment at which it was given", "session_record.slot"),
        INSTRUMENT,
        TAKEN_ON,
        Column(
            "status",
            Kind.CODE,
            "Whether there is a total and, if not, why",
            "measure.status",
            codes=codes.STATUS,
        ),
        Column(
            "total",
            Kind.WHOLE,
            "Total; empty unless every item was answered. Empty is never 0",
            "measure.total",
            "points",
        ),
        Column("answered", Kind.WHOLE, "Items answered", "measure.answered", "items"),
        Column(
            "lowest",
            Kind.WHOLE,
            "The smallest total that the answers allow",
            "measure.lowest",
            "points",
        ),
        Column(
            "highest",
            Kind.WHOLE,
            "The largest total that the answers allow",
            "measure.highest",
            "points",
        ),
        Column(
            "point",
            Kind.CODE,
            "Point of the course for which it was planned",
            "measure.point",
            codes=codes.POINT,
        ),
        Column("due_on", Kind.DAY, "Day on which it was due", "measure.due_on"),
        Column(
            "threshold_set",
            Kind.CODE,
            "Set of thresholds by which change was judged",
            "measure.threshold_set",
            codes=codes.THRESHOLDS,
        ),
        Column("blind", Kind.YES_NO, "Whether the assessor was blind", "measure.blind"),
        Column(
            "assessor", Kind.TEXT, "Who made the interview", "measure.assessor", holds=Holds.STAFF
        ),
        Column(
            "unblinding",
            Kind.TEXT,
            "How the assessor came to know",
            "measure.unblinding",
            holds=Holds.WORDS,
        ),
        Column(
            "reason",
            Kind.TEXT,
            "Why it was not done, or changed",
            "measure.reason",
            holds=Holds.WORDS,
        ),
        IN_ERROR,
        Column(
            "recorded_at",
            Kind.MOMENT,
            "When it was entered",
            "measure.recorded_at",
            holds=Holds.ENTRY,
        ),
    ),
    ("patient", "course", "measure"),
)

MEASURE_ITEMS = Table(
    "measure_items",
    "Answers of measures",
    "one answer of one form",
    (
        PATIENT,
        COURSE,
        MEASURE,
        INSTRUMENT,
        TAKEN_ON,
        Column(
            "item",
            Kind.CODE,
            "Item, or half of an item, by our own short key",
            "measure.answers, measure.beside",
            codes=codes.ITEM,
        ),
        Column(
            "answer",
            Kind.WHOLE,
            "The answer; empty: left blank. Yes is 1, no is 0",
            "measure.answers, measure.beside",
        ),
        Column(
            "in_total",
            Kind.YES_NO,
            "Whether it is part of the total",
            "measure.answers, measure.beside",
        ),
        IN_ERROR,
    ),
    ("patient", "course", "measure", "item"),
)

FIDELITY = Table(
    "fidelity_ratings",
    "Fidelity ratings",
    "one rating of one session, as it stands after amendments",
    (
        Column(
            "patient",
            Kind.PATIENT,
            "The clinic code of the patient, or of the group",
            "patient.code, therapy_group.code",
        ),
        COURSE,
        Column(
            "rated", Kind.CODE, "What was rated", "fidelity_rating.session_id", codes=codes.RATED
        ),
        Column("slot", Kind.WHOLE, "Place among the appointments", "session_record.slot"),
        Column("number", Kind.WHOLE, "Number of the session", "session_record.number"),
        Column("phase", Kind.CODE, "Phase", "session_record.phase", codes=words_of(Phase)),
        Column("held_on", Kind.DAY, "Day of the session", "session_record.held_on"),
        Column(
            "role",
            Kind.CODE,
            "As what the rater rated",
            "fidelity_rating.role",
            codes=words_of(RaterRole),
        ),
        Column("rater", Kind.TEXT, "Who rated", "fidelity_rating.rater", holds=Holds.STAFF),
        Column(
            "basis",
            Kind.CODE,
            "How the rater knows the session; figures never pool two",
            "fidelity_rating.basis",
            codes=words_of(Basis),
        ),
        Column(
            "selection",
            Kind.CODE,
            "How the session came to be rated",
            "fidelity_rating.selection",
            codes=codes.SELECTION,
        ),
        Column("item_set", Kind.TEXT, "Item set and version", "fidelity_rating.item_set"),
        Column("rated_on", Kind.DAY, "Day of the rating", "fidelity_rating.rated_on"),
        Column(
            "adherence",
            Kind.NUMBER,
            "Delivered of what applied; higher is better",
            "fidelity_rating.items",
            "percent",
        ),
        Column(
            "quality",
            Kind.NUMBER,
            "Mean quality of what was delivered; higher is better",
            "fidelity_rating.items",
            "1 to 5",
        ),
        Column(
            "proscribed",
            Kind.YES_NO,
            "Whether something was seen that does not belong to IPT",
            "fidelity_rating.proscribed",
        ),
        Column(
            "global_competence",
            Kind.WHOLE,
            "Global rating of competence",
            "fidelity_rating.global_competence",
            "1 to 5",
        ),
        Column("alliance", Kind.WHOLE, "Alliance", "fidelity_rating.alliance", "1 to 5"),
    ),
    ("patient", "course", "slot", "role"),
)

TABLES = {
    table.name: table for table in (PATIENTS, COURSES, SESSIONS, MEASURES, MEASURE_ITEMS, FIDELITY)
}
"""Every table that can be taken out, in the order of choosing."""
