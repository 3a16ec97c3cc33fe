"""Spreadsheets of scores as people hand them in: CSV texts and workbooks, also hostile ones."""

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from openpyxl import Workbook
from sqlalchemy import select

from ipt_tracker.exchange.score_file import read_score_file
from ipt_tracker.persistence.base import Base
from ipt_tracker.persistence.models import ImportedScore, ScoreImport
from ipt_tracker.services.score_imports.matching import LEAVE, proposed, spellings_of
from ipt_tracker.services.score_imports.matching import Matching as Matched
from ipt_tracker.services.score_imports.staging import keep_matching, open_staged, stage
from tests.factories.clinic import FIRST_DAY, Clinic, Made
from tests.factories.courses import CourseRef
from tests.factories.people import Person

HEAD = ("patient", "date", "form", "total")


def csv_of(rows: Iterable[Sequence[object]], head: Sequence[str] = HEAD, sep: str = ",") -> bytes:
    """Write rows as people's programs do."""
    lines = (head, *rows)
    return "\r\n".join(sep.join(map(str, line)) for line in lines).encode()


def xlsx_of(rows: Iterable[Sequence[Any]], head: Sequence[str] = HEAD) -> bytes:
    """Write rows into a workbook, each value with its own type."""
    book = Workbook()
    for row in (head, *rows):
        book.active.append(list(row))
    return saved(book)


def saved(book: Workbook) -> bytes:
    """Give a workbook as a file."""
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def with_part(content: bytes, name: str, text: bytes) -> bytes:
    """Put a part into a workbook, or another one in its place."""
    held = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as before,
        zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for part in before.infolist():
            if part.filename != name:
                after.writestr(part.filename, before.read(part))
        after.writestr(name, text)
    return held.getvalue()


def staged(clinic: Clinic, person: Person, content: bytes, **forms: str) -> UUID:
    """Hand a file in and match it as its heads propose; `forms` says what its names mean."""
    sheet = read_score_file(content)
    found: dict[str, Any] = proposed(sheet)
    for spelling in spellings_of(sheet, found["form"], None):
        sure = spelling.keys[0] if len(spelling.keys) == 1 else LEAVE
        forms.setdefault(spelling.small, sure)
    with clinic.writing(person) as work:
        kept = stage(work, "old.csv", content)
        import_id = kept.id
    with clinic.writing(person) as work:
        matching = Matched(**found, forms=forms, day_first=True)
        keep_matching(work, open_staged(work, import_id), matching)
    return import_id


def row(
    code: str, day: date | str, form: str = "PCL-5 week", total: object = 40
) -> tuple[Any, ...]:
    """Give one row with a total."""
    return code, day, form, total


def score_file(site: Any, rows: Iterable[Sequence[object]], who: str = "therapist") -> UUID:
    """Hand in a file to a site that is served, as `staged` does in a clinic."""
    forms = {"phq9": "phq9", "pcl5week": "pcl5_week"}
    with site.writing(who) as work:
        kept = stage(work, "old.csv", csv_of(rows))
        keep_matching(work, kept, Matched(0, 1, 2, None, 3, forms=forms))
        return kept.id


def import_in(clinic: Clinic, course: CourseRef) -> UUID:
    """Give a spreadsheet that waits to be taken in, of the course's therapist; one is enough."""
    person = clinic.therapist if course is clinic.course else clinic.therapist2
    own = select(ScoreImport.id).where(
        ScoreImport.made_by == person.id, ScoreImport.status == "staged"
    )
    with clinic.reading() as work:
        found = work.session.scalars(own).first()
    return found or staged(clinic, person, csv_of([row(course.code, FIRST_DAY, total=58)]))


def undone_in(clinic: Clinic) -> None:
    """Keep that a spreadsheet was taken in and undone."""
    with clinic.writing() as work:
        work.session.add(an_undone(clinic.therapist.id, clinic.now))


def an_undone(person: UUID, now: datetime) -> ScoreImport:
    """Make the row of a spreadsheet that was taken in and undone."""
    return ScoreImport(
        id=uuid4(),
        made_by=person,
        begun_at=now,
        file_name="old.csv",
        digest="0" * 64,
        rows=1,
        status="undone",
        done_at=now,
        undone_at=now,
        undone_by=person,
        undone_why="the wrong file",
    )


def of_scores(made: Made, measure_id: UUID, now: datetime) -> list[Base]:
    """Give a spreadsheet and the measure that came of it."""
    kept = an_undone(made.therapist.id, now)
    return [kept, ImportedScore(measure_id=measure_id, import_id=kept.id, row_number=2)]
