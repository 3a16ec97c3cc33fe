"""Spreadsheets that were handed in: kept for a week at most, and shown to who handed them in."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePath
from uuid import UUID

from sqlalchemy import func, select, update

from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.exchange.score_file import read_score_file
from ipt_tracker.exchange.score_sheet import MOST_ROWS, Sheet, tidy
from ipt_tracker.governance.access import AccessDenied, Permission
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import ImportedScore, ScoreImport
from ipt_tracker.services.paging import Page, page_of
from ipt_tracker.services.score_imports.matching import Matching, check_matching
from ipt_tracker.services.score_imports.reading import read_forms
from ipt_tracker.services.unit_of_work import ChangedMeanwhile, Subject, UnitOfWork

IMPORT = Permission.IMPORT_SCORES
STAGED, DONE, DROPPED, UNDONE = "staged", "done", "dropped", "undone"
KEPT_FOR = timedelta(days=7)
NO_NAME = "without a name"
LONGEST_NAME = 120
PAGE_SIZE = 25
GONE = "This spreadsheet is no longer kept. Hand it in again."
TOO_MANY_FORMS = f"It holds more than {MOST_ROWS:,} forms. Split it."
"""While they are taken in, nobody else can save."""
BEFORE = "This very file was taken in already. Undo that first, if it is to be taken in anew."


@dataclass(frozen=True, slots=True)
class ImportLine:
    """One spreadsheet in the list of whoever handed it in."""

    id: UUID
    file_name: str
    begun_at: datetime
    rows: int
    status: str
    scores: int
    """How many came of it."""


def subject_of(kept: ScoreImport) -> Subject:
    """Name a spreadsheet for the audit."""
    return Subject("score_import", kept.id)


def stage(work: UnitOfWork, file_name: str, content: bytes) -> ScoreImport:
    """Read a file and keep its rows until they are taken in. RuleBroken where it is no table."""
    work.require(IMPORT)
    drop_outdated(work)
    sheet = read_score_file(content)
    digest = hashlib.sha256(content).hexdigest()
    _refuse_twice(work, digest)
    kept = ScoreImport(
        made_by=work.person.id,
        begun_at=work.now,
        file_name=_name_of(file_name),
        digest=digest,
        rows=len(sheet.rows),
        content=sheet.as_json(),
        status=STAGED,
    )
    work.session.add(kept)
    work.session.flush()
    work.audit(Event.SCORES_READ, subject_of(kept), rows=kept.rows, sha256=digest)
    return kept


def _name_of(text: str) -> str:
    """Leave the last part of a path, as some browsers send the whole."""
    return tidy(PurePath(text.replace("\\", "/")).name)[:LONGEST_NAME] or NO_NAME


def _refuse_twice(work: UnitOfWork, digest: str) -> None:
    same = select(ScoreImport.id).where(
        ScoreImport.made_by == work.person.id,
        ScoreImport.digest == digest,
        ScoreImport.status == DONE,
    )
    if work.session.scalars(same.limit(1)).first() is not None:
        raise RuleBroken(BEFORE, "file")


def open_import(work: UnitOfWork, import_id: UUID) -> ScoreImport:
    """Hand over a spreadsheet to who handed it in; to others it does not exist."""
    work.require(IMPORT)
    kept = work.session.scalar(
        select(ScoreImport).where(
            ScoreImport.id == import_id, ScoreImport.made_by == work.person.id
        )
    )
    if kept is None:
        raise AccessDenied(IMPORT)
    if work.reading:
        work.audit(Event.SCORES_READ, subject_of(kept), again=True)
    return kept


def open_staged(work: UnitOfWork, import_id: UUID, seen: int | None = None) -> ScoreImport:
    """Hand over one whose rows are still kept. RuleBroken where they are not any more."""
    kept = open_import(work, import_id)
    if kept.status != STAGED or is_outdated(kept, work.now):
        raise RuleBroken(GONE)
    if seen is not None and seen != kept.version:
        raise ChangedMeanwhile
    return kept


def is_outdated(kept: ScoreImport, now: datetime) -> bool:
    """Tell whether its rows are no longer shown, though nobody has removed them yet."""
    return kept.status == STAGED and kept.begun_at < now - KEPT_FOR


def sheet_of(kept: ScoreImport) -> Sheet:
    """Give the table of a spreadsheet whose rows are still kept."""
    return Sheet.from_json(kept.content or "")


def matching_of(kept: ScoreImport) -> Matching | None:
    """Give what was said about its columns, where anything was."""
    return Matching.from_json(kept.matching) if kept.matching else None


def keep_matching(work: UnitOfWork, kept: ScoreImport, matching: Matching) -> None:
    """Keep what a person said about the columns; RuleBroken where it cannot be."""
    drop_outdated(work)
    sheet = sheet_of(kept)
    check_matching(sheet, matching)
    if len(read_forms(sheet, matching).forms) > MOST_ROWS:
        raise RuleBroken(TOO_MANY_FORMS)
    kept.matching = matching.as_json()
    work.session.flush()


def drop(work: UnitOfWork, kept: ScoreImport) -> None:
    """Remove the rows of a spreadsheet that is not taken in."""
    kept.status, kept.content, kept.matching = DROPPED, None, None
    work.session.flush()
    work.audit(Event.SCORES_IMPORT_DROPPED, subject_of(kept))


def drop_outdated(work: UnitOfWork) -> None:
    """Remove the rows of every spreadsheet that has waited longer than a week."""
    work.session.execute(
        update(ScoreImport)
        .where(ScoreImport.status == STAGED, ScoreImport.begun_at < work.now - KEPT_FOR)
        .values(status=DROPPED, content=None, matching=None, version=ScoreImport.version + 1)
    )


def list_imports(work: UnitOfWork, number: int) -> tuple[Page, list[ImportLine]]:
    """List the spreadsheets that the actor handed in, the newest first."""
    work.require(IMPORT)
    own = ScoreImport.made_by == work.person.id
    total = work.session.scalar(select(func.count()).where(own)) or 0
    page = page_of(total, number, PAGE_SIZE)
    scores = select(func.count()).where(ImportedScore.import_id == ScoreImport.id).scalar_subquery()
    columns = (ScoreImport.id, ScoreImport.file_name, ScoreImport.begun_at, ScoreImport.rows)
    wanted = (
        select(*columns, ScoreImport.status, scores)
        .where(own)
        .order_by(ScoreImport.begun_at.desc(), ScoreImport.id)
        .limit(PAGE_SIZE)
        .offset((page.number - 1) * PAGE_SIZE)
    )
    found = [
        ImportLine(import_id, name, begun_at, rows, _shown(work, status, begun_at), scores)
        for import_id, name, begun_at, rows, status, scores in work.session.execute(wanted)
    ]
    work.audit(Event.SCORE_IMPORTS_LISTED, Subject("account", work.person.id), count=total)
    return page, found


def _shown(work: UnitOfWork, status: str, begun_at: datetime) -> str:
    """Give the state that is shown: what has waited too long counts as dropped already."""
    return DROPPED if status == STAGED and begun_at < work.now - KEPT_FOR else status
