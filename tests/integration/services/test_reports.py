"""Reports of one course: what the paper says, what it never says, and what is written down."""

import re
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import update

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import Permission
from ipt_tracker.governance.disguise import Disguise
from ipt_tracker.persistence.models import (
    Account,
    Course,
    Measure,
    MedicationChange,
    Patient,
    SessionRecord,
)
from ipt_tracker.reports.document import Picture, Table, Words
from ipt_tracker.services.doors import open_course
from ipt_tracker.services.reports.disguised import disguised
from ipt_tracker.services.reports.files import report_document, report_file
from ipt_tracker.services.reports.letter import NO_LETTER
from ipt_tracker.services.reports.progress_report import NO_SCORES
from ipt_tracker.services.reports.rows import read_rows
from tests.factories.canaries import plant
from tests.factories.clinic import FIRST_DAY
from tests.factories.courses import add_course, add_focus
from tests.factories.notes import make_trainee, sign
from tests.factories.pdfs import said, tags
from tests.factories.rated import rate, slots_of
from tests.factories.stores import on_every_engine
from tests.factories.tables import audit_rows

VERSION = "1.2.3"
MINUS = "\N{MINUS SIGN}"
A4_HIGH, LETTER_WIDE, LETTER_HIGH = 841.9, 612, 792


@pytest.fixture
def disguise(clinic):
    """Give a disguise whose dates lie far from the true ones, so that none can be both."""
    keys = (bytes([n]) * 32 for n in range(255))
    return next(d for k in keys if abs((d := Disguise(k)).days(clinic.course.patient_id)) > 250)


def made(clinic, kind="progress", disguise=None, course_id=None, person=None, **more):
    with clinic.reading(person or clinic.therapist) as work:
        course = open_course(work, course_id or clinic.course.id, Permission.PRINT_REPORT)
        return report_file(work, course, kind, VERSION, disguise, **more)


def laid_out(clinic, kind="progress", disguise=None, course_id=None, person=None, **more):
    with clinic.reading(person or clinic.therapist) as work:
        course = open_course(work, course_id or clinic.course.id, Permission.PRINT_REPORT)
        return report_document(work, course, kind, VERSION, disguise, **more)


def pictures(document):
    return "".join(each.svg + each.alt for each in document.blocks if isinstance(each, Picture))


def change(clinic, table, where, **values):
    with clinic.database.write() as session, session.begin():
        session.execute(update(table).where(where).values(**values))


def patient(clinic, **values):
    change(clinic, Patient, Patient.id == clinic.course.patient_id, **values)


def course(clinic, **values):
    change(clinic, Course, Course.id == clinic.course.id, **values)


def finished(clinic, **more):
    course(clinic, **{"status": "completed", "disposition": "ended"} | more, ended_on=clinic.today)


def days(clinic):
    """Every day in the rows of the course, as people write it on paper."""
    with clinic.reading(clinic.therapist) as work:
        rows = read_rows(work, open_course(work, clinic.course.id, Permission.PRINT_REPORT))
        found = {rows.course.started_on, rows.course.patient.birth_date, clinic.today}
        found |= {each.held_on for each in rows.slots} | {each.taken_on for each in rows.measures}
        return found | {each.started_on for each in rows.course.focal_areas}


def in_words(day):
    return {f"{day.day} {day:%b} {day.year}", f"{day.day} {day:%B} {day.year}", day.isoformat()}


def plain(text):
    return text.replace("\N{NO-BREAK SPACE}", " ")


@on_every_engine
def test_the_report_says_the_verdict_the_scores_the_course_and_the_trials(clinic):
    text = plain(said(made(clinic)))

    assert "T-101 Imre Solberg" in text
    assert "Born 4 May 1990" in text
    assert "R. Calder" in text
    assert "The PCL-5 (past week) fell from 58 to 33, down 25 points" in text
    assert "58, 7 Jan 2026" in text
    assert f"33, 18 Feb 2026 {MINUS}25" in text
    assert "7 appointments: 6 kept, 1 not come to." in text
    assert "Sertraline started" in text
    assert "Focus taken up: role transition" in text
    assert "How far to trust the comparison" in text
    assert "R. Calder, therapist: signature, date" in text
    assert "Page 1 of" in text
    assert f"IPT Tracker {VERSION}" in text


def test_every_caveat_of_the_progress_page_stands_in_the_report(clinic):
    document = laid_out(clinic)
    lines = [
        line for each in document.blocks if isinstance(each, Words) for line in each.paragraphs
    ]

    assert any("The course goes on" in line for line in lines)
    assert any("not a forecast for one person" in line for line in lines)
    assert any(line.startswith("The points depend on the SD") for line in lines)
    assert any("waiting" in line.lower() for line in lines)
    rows = [row for each in document.blocks if isinstance(each, Table) for row in each.rows]
    assert any("not comparable with one person's change" in cell for row in rows for cell in row)


def test_the_file_is_tagged_has_a_language_and_a_title_and_fits_both_papers(clinic):
    content = made(clinic)
    pdf = PdfReader(BytesIO(content))
    found = tags(content)
    names = [name for name, _ in found]

    assert names.count("/H1") == 1
    assert {"/H2", "/Table", "/TH", "/TD", "/Figure", "/P"} <= set(names)
    figures = [alt for name, alt in found if name == "/Figure"]
    assert len(figures) == 3
    assert all(figures)
    assert pdf.trailer["/Root"]["/Lang"].startswith("en")
    assert pdf.metadata.title == "Progress report, interpersonal psychotherapy: T-101 Imre Solberg"
    assert "pdfuaid" in pdf.trailer["/Root"]["/Metadata"].get_data().decode()
    for page in pdf.pages:
        assert float(page.mediabox.height) == pytest.approx(A4_HIGH, abs=1)
        assert _text_box(page) <= LETTER_HIGH - 36


def _text_box(page):
    """Give how high above the lowest text the highest one stands."""
    spots = []
    page.extract_text(
        visitor_text=lambda text, _cm, tm, _f, _s: text.strip() and spots.append(tm[5])
    )
    return max(spots) - min(spots)


def test_equal_records_make_equal_bytes_on_any_day(clinic):
    first = made(clinic)
    later = replace(clinic, now=clinic.now + timedelta(days=3), today=clinic.today + timedelta(3))

    assert made(later) == first


def test_it_is_a_draft_until_every_note_is_signed(clinic):
    make_trainee(clinic, clinic.therapist)
    before = laid_out(clinic)
    for slot in clinic.course.slots:
        sign(clinic, slot)
    waiting = laid_out(clinic)
    change(
        clinic, SessionRecord, SessionRecord.course_id == clinic.course.id, note_state="cosigned"
    )
    signed = laid_out(clinic)

    assert before.status == "Draft"
    assert before.lead == ("Draft. 7 notes are not signed.",)
    assert waiting.lead == ("Draft. 7 notes are waiting for the co-signature.",)
    assert signed.status == ""
    assert signed.lead == ()
    assert "Draft" not in repr(signed)


def test_what_was_printed_is_written_down_with_its_digest(clinic):
    content = made(clinic)
    made(clinic, "letter")

    printed, letter = [r for r in audit_rows(clinic.database) if r.event.startswith("report.")]
    assert printed.event == "report.printed"
    assert printed.patient_id == clinic.course.patient_id
    assert printed.details["sha256"] == sha256(content).hexdigest()
    assert printed.details["bytes"] == len(content)
    assert printed.details["without_names"] is False
    assert letter.event == "report.letter_printed"


PRINTED = (
    *("Σωκράτης Παπαδόπουλος", "Лев Толстой", "محمد", "Ægir Ørsted-Łuczak"),
    *("= *bold* #panic(1) <x>", "</svg><script>alert(1)</script>"),
)
LACKING = ("李小龍", "가나다", "अनिता", "Ann \N{ADULT}", "\u202e", "𓀀")


def test_a_name_of_many_scripts_is_printed_as_it_is(clinic):
    for name in PRINTED:
        patient(clinic, name=name)
        assert laid_out(clinic).heading == f"T-101 {name}"
    assert "</svg><script>alert(1)</script>" in said(made(clinic))


def test_a_name_that_cannot_be_printed_gives_way_to_the_code_with_a_note(clinic):
    for name in LACKING:
        patient(clinic, name=name)
        for kind in ("progress", "letter"):
            document = laid_out(clinic, kind)
            assert name not in " ".join((document.heading, *document.lead))
            assert "T-101" in f"{document.heading} {document.lead[0]}"
            assert any(line.startswith("The name holds signs") for line in document.lead)
    assert "holds signs that the font" in said(made(clinic))
    assert "For T-101." in said(made(clinic, "letter"))


def test_a_therapist_whose_name_cannot_be_printed_signs_without_it(clinic):
    change(clinic, Account, Account.id == clinic.therapist.id, display_name="王")

    assert "Therapist: signature, date" in repr(laid_out(clinic))
    assert "Ask your therapist" in repr(laid_out(clinic, "letter"))


def test_a_report_without_names_has_no_name_no_code_and_no_date_of_the_record(clinic, disguise):
    add_medication(clinic)
    document = laid_out(clinic, disguise=disguise)
    shown = plain(said(made(clinic, disguise=disguise)) + pictures(document) + repr(document))

    assert disguise.code(clinic.course.patient_id) in shown
    for gone in ("T-101", "Imre", "Solberg", "Calder", "Marlowe", "lithium", "Lithium"):
        assert gone not in shown
    for day in days(clinic):
        assert not [words for words in in_words(day) if words in shown], day
    shifted = disguise.day(clinic.course.patient_id, FIRST_DAY)
    assert f"58, {shifted.day} {shifted:%b %Y}" in shown
    assert "Age at the start 30 to 39" in shown
    assert "Made without names" in shown


def test_nothing_that_somebody_typed_stands_in_a_report_without_names(clinic, disguise):
    add_medication(clinic)
    words = plant(clinic.database)
    for kind in ("progress", "letter"):
        document = laid_out(clinic, kind, disguise)
        shown = pictures(document) + repr(document)

        assert not [word for word in words if word in shown]
        assert "Canary" not in shown
    assert "Canary" in repr(laid_out(clinic))


def add_medication(clinic):
    change(
        clinic, MedicationChange, MedicationChange.id.is_not(None), drug="lithium, as her mother"
    )


def test_words_of_another_clinic_are_not_taken_for_codes(clinic, disguise):
    course(clinic, protocol="Dr Kestrel's own", status="left for Bergen", ended_on=clinic.today)
    mine = SessionRecord.course_id == clinic.course.id
    change(clinic, SessionRecord, mine, phase="with Wanda", focal_area="her sister Ane")
    document = laid_out(clinic, disguise=disguise)
    shown = pictures(document) + repr(document)

    for typed in ("Kestrel", "Bergen", "Wanda", "Ane"):
        assert typed not in shown


def test_two_files_of_one_clinic_have_the_same_code_and_dates_in_them(clinic, disguise):
    assert made(clinic, disguise=disguise) == made(clinic, disguise=disguise)
    other = Disguise(b"x" * 32)
    assert made(clinic, disguise=disguise) != made(clinic, disguise=other)


def test_ratings_of_the_sessions_stand_in_a_report_only_when_asked_for(clinic, disguise):
    for each in slots_of(clinic, clinic.course)[:4]:
        rate(clinic, each, clinic.supervisor, 3, 4)
    head = "How the sessions were done"

    by = clinic.supervisor
    with_them = said(made(clinic, person=by, fidelity=True))
    assert head in with_them
    assert "Adherence and quality are two numbers" in with_them
    assert head not in repr(laid_out(clinic, person=by))
    assert head not in repr(laid_out(clinic, "letter", person=by, fidelity=True))
    assert head not in repr(laid_out(clinic, disguise=disguise, person=by, fidelity=True))
    assert "sealed to whoever made this" in repr(laid_out(clinic, fidelity=True))


def test_a_course_without_scores_has_a_report_that_says_so(clinic):
    with clinic.writing(clinic.therapist) as work:
        bare = add_course(work, clinic.today, code="T-303", name="Nora Vik").id
    document = laid_out(clinic, course_id=bare)

    assert NO_SCORES in said(made(clinic, course_id=bare))
    assert "No appointment yet" in pictures(document)
    assert "There is no complete form yet" in said(made(clinic, "letter", course_id=bare))


def test_a_course_that_was_left_is_never_called_unchanged_or_finished(clinic):
    course(clinic, status="dropped_out", disposition="dropped_out", ended_on=clinic.today)
    text = repr(laid_out(clinic))

    assert "How it ended cannot be told: the patient left the course." in text
    assert "its outcome is unknown, which is not the same as no change" in text
    assert "the last score is not an end-of-treatment score" in text
    assert "You are welcome to come back" in repr(laid_out(clinic, "letter"))


def test_five_hundred_sessions_fit_into_a_report(clinic):
    with clinic.writing(clinic.therapist) as work:
        long = add_course(work, FIRST_DAY - timedelta(weeks=510), code="T-500", name="Ada Lang")
        add_focus(work, long, "grief", long.started_on)
        work.session.add_all(
            SessionRecord(
                course_id=long.id,
                slot=n,
                number=n,
                kind="individual",
                phase="middle",
                held_on=long.started_on + timedelta(weeks=n),
                attendance="attended",
                created_at=clinic.now,
                changed_at=clinic.now,
            )
            for n in range(1, 501)
        )
        found = long.id
    for kind, most in (("progress", 2), ("letter", 1)):
        content = made(clinic, kind, course_id=found)
        assert "500" in said(content)
        assert len(PdfReader(BytesIO(content)).pages) <= most


def test_hostile_text_in_every_field_is_printed_as_text(clinic):
    hostile = '"]; #panic("out"); = H <script> & \\u{0} $x$ ' + "W" * 200
    patient(clinic, name=hostile[:200], code="#panic"[:40])
    change(clinic, MedicationChange, MedicationChange.id.is_not(None), drug=hostile, dose=hostile)
    content = made(clinic)

    assert '#panic("out")' in said(content)
    assert [name for name, _ in tags(content)].count("/H1") == 1


def test_no_letter_is_made_for_somebody_who_has_died(clinic):
    finished(clinic, disposition="deceased")
    with pytest.raises(RuleBroken, match=re.escape(NO_LETTER)):
        made(clinic, "letter")
    assert made(clinic)


def test_an_unknown_kind_of_report_is_refused(clinic):
    with pytest.raises(RuleBroken, match="no such report"):
        made(clinic, "poster")


def test_the_letter_is_one_page_of_plain_words_whatever_the_score(clinic):
    for last in (20, 47, 58, 80):
        change(clinic, Measure, Measure.id == clinic.course.measures[-1], total=last)
        content = made(clinic, "letter")
        text = plain(said(content))

        assert len(PdfReader(BytesIO(content)).pages) == 1
        assert "For Imre Solberg." in text
        assert "Your first score was 58, on 7 January 2026." in text
        assert f"Your newest score is {last}, on 18 February 2026." in text
        assert "A big change: letting go of the old" in text
        assert "Ask R. Calder at your next visit" in text


def test_slots_and_days_of_a_shifted_report_keep_their_distance(clinic, disguise):
    with clinic.reading(clinic.therapist) as work:
        rows = read_rows(work, open_course(work, clinic.course.id, Permission.PRINT_REPORT))
        moved = disguised(rows, disguise)
    by = disguise.days(clinic.course.patient_id)

    assert [b.held_on - a.held_on for a, b in zip(rows.slots, moved.slots, strict=True)] == [
        timedelta(days=by)
    ] * len(rows.slots)
    assert moved.course.patient.birth_date is None
    assert moved.course is not rows.course
    assert rows.course.patient.code == "T-101"
    assert moved.newest.time().isoformat() == "00:00:00"
