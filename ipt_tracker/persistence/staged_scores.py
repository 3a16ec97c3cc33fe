"""Spreadsheets of scores that wait to be taken in: what is erased must not wait there either."""

import json
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from ipt_tracker.persistence.models import Patient, ScoreImport

NAMELESS = "name removed"


def forget_staged(session: Session, patient_id: UUID) -> None:
    """Remove the rows of every waiting spreadsheet that names the patient, by code or name.

    A name of a file that names the patient goes as well, whatever became of the file.
    """
    patient = session.get(Patient, patient_id)
    if patient is None:
        return
    words = [each.casefold() for each in (patient.code, patient.name) if each]
    for kept in session.scalars(select(ScoreImport)):
        if kept.content is not None and _names(kept.content, words):
            kept.status, kept.content, kept.matching = "dropped", None, None
        if _names(kept.file_name, words):
            kept.file_name = NAMELESS
    session.flush()


def _names(text: str, words: list[str]) -> bool:
    """Tell whether a text holds one of the words, also as JSON writes it."""
    folded = text.casefold()
    return any(word in folded or _as_json(word) in folded for word in words)


def _as_json(word: str) -> str:
    return json.dumps(word, ensure_ascii=False)[1:-1]
