"""Many reports as one file: named after codes, listed, always the same bytes, unpacked safely."""

import csv
import io
import zipfile
from datetime import UTC, datetime

import pytest

from ipt_tracker.exchange.report_zip import LIST_NAME, Member, plain_code, report_zip

MOMENT = datetime(2026, 3, 11, 10, 30, 12, tzinfo=UTC)
NO_SCORES = "No measure is recorded."


def opened(*members):
    return zipfile.ZipFile(io.BytesIO(report_zip(members, "letter", MOMENT)))


def listed(file):
    text = file.read(LIST_NAME).decode("utf-8-sig")
    return [(row["Patient"], row["File"], row["Left out because"]) for row in reading(text)]


def reading(text):
    return csv.DictReader(io.StringIO(text, newline=""))


def test_each_report_is_named_after_its_patient_and_stands_in_the_list():
    file = opened(Member("T-1", b"one"), Member("T-2", None, NO_SCORES), Member("T-3", b"three"))

    assert file.testzip() is None
    assert file.namelist() == [LIST_NAME, "T-1-letter.pdf", "T-3-letter.pdf"]
    assert file.read("T-3-letter.pdf") == b"three"
    assert listed(file) == [
        ("T-1", "T-1-letter.pdf", ""),
        ("T-2", "", NO_SCORES),
        ("T-3", "T-3-letter.pdf", ""),
    ]


def test_reports_whose_codes_differ_in_case_or_not_at_all_have_names_of_their_own():
    file = opened(Member("T-1", b"a"), Member("t-1", b"b"), Member("T-1", b"c"))

    assert file.namelist()[1:] == ["T-1-letter.pdf", "t-1-letter-2.pdf", "T-1-letter-3.pdf"]
    assert [file.read(name) for name in file.namelist()[1:]] == [b"a", b"b", b"c"]


@pytest.mark.parametrize(
    ("code", "plain"),
    [
        ("../../etc/passwd", "______etc_passwd"),
        ("C:\\x", "C__x"),
        ("a/b.c", "a_b_c"),
        ("Ø-12", "Ø-12"),
        ("\u202egnp", "_gnp"),
        ("x" * 80, "x" * 60),
        ("", "_"),
    ],
)
def test_no_code_leads_out_of_the_folder_or_hides_what_a_file_is(code, plain):
    assert plain_code(code) == plain


def test_a_code_that_a_spreadsheet_would_work_out_is_guarded_in_the_list():
    assert listed(opened(Member("=1+1", b"a")))[0][0] == "'=1+1"


def test_equal_reports_are_equal_bytes_with_the_moment_at_which_they_were_asked_for():
    members = [Member("T-1", b"one"), Member("T-2", None, NO_SCORES)]
    made = report_zip(members, "letter", MOMENT)

    assert made == report_zip(members, "letter", MOMENT)
    dates = {info.date_time for info in opened(*members).infolist()}
    assert dates == {(2026, 3, 11, 10, 30, 12)}
