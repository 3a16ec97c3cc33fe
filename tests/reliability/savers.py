"""People who save over HTTP, one save after the other, until the server is gone."""

import json
import secrets
import threading
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from ipt_tracker.persistence.engine import Database
from ipt_tracker.persistence.models import Draft, Measure, SessionRecord
from tests.reliability.server import Visitor, token

SAVED, KEPT = 303, 200


@dataclass
class Saver:
    """One person at one course: saves until the connection breaks, and knows what was taken."""

    visitor: Visitor
    owner: UUID
    token: str
    course_id: UUID | None = None
    first_day: date = date(2026, 1, 1)
    acknowledged: list[str] = field(default_factory=list)
    under_way: str = ""
    refused: list[str] = field(default_factory=list)

    @classmethod
    def signed_in(cls, port: int, person, password: str) -> "Saver":
        """Sign in through the form."""
        visitor = Visitor(port)
        visitor.sign_in(person.email, password)
        return cls(visitor, person.id, token(visitor.get("/caseload").text))

    def begin(self, course_id: UUID, first_day: date) -> threading.Thread:
        """Save at this course from now on, in a thread that ends with the server."""
        self.course_id, self.first_day = course_id, first_day
        self.acknowledged, self.under_way = [], ""
        thread = threading.Thread(target=self._go_on)
        thread.start()
        return thread

    def _go_on(self) -> None:
        for nth in range(60):
            self.under_way = secrets.token_hex(8)
            try:
                status = self.save(nth, self.under_way)
            except OSError:
                return  # the server is gone
            if status not in {SAVED, KEPT}:
                self.refused.append(f"{type(self).__name__} {nth}: {status}")
                return
            self.acknowledged.append(self.under_way)

    def save(self, nth: int, words: str) -> int:
        """Save these words and give the status of the answer."""
        raise NotImplementedError

    def lost(self, database: Database) -> set[str]:
        """Give the acknowledged words that are not in the database."""
        raise NotImplementedError

    def _send(self, path: str, **fields: str) -> int:
        return self.visitor.post(path, {"csrf_token": self.token, **fields}).status


class Sessions(Saver):
    """Logs one session a day, each with a PCL-5."""

    def save(self, nth, words):
        entry = {
            "slot": str(nth + 1),
            "held_on": str(self.first_day + timedelta(days=nth)),
            "duration_minutes": "50",
            "modality": "in_person",
            "attendance": "attended",
            "kind": "individual",
            "mood": "6",
            "risk": "asked_none",
            "measure-total": "29",
            "measure-lookback": "pcl5_week",
            "note": words,
        }
        return self._send(f"/courses/{self.course_id}/sessions/new", **entry)

    def lost(self, database):
        own = SessionRecord.course_id == self.course_id
        with_measure = select(Measure.session_id).where(Measure.session_id == SessionRecord.id)
        with database.read() as session:
            whole = select(SessionRecord.note).where(own, with_measure.exists())
            return set(self.acknowledged) - set(session.scalars(whole))


class Measures(Saver):
    """Records one PHQ-9 a day; its total stands for the words."""

    def save(self, nth, words):
        del words
        day = str(self.first_day + timedelta(days=nth))
        taken = {"taken_on": day, "answers-total": str(nth % 28)}
        return self._send(f"/courses/{self.course_id}/measures/phq9/new", **taken)

    def lost(self, database):
        own = Measure.course_id == self.course_id
        with database.read() as session:
            rows = session.execute(select(Measure.taken_on, Measure.total).where(own))
            there = {tuple(row) for row in rows}
        return {
            words
            for nth, words in enumerate(self.acknowledged)
            if (self.first_day + timedelta(days=nth), nth % 28) not in there
        }


class Drafts(Saver):
    """Types on and on in the form of a session, which is kept as one draft."""

    key = ""

    def save(self, nth, words):
        if nth == 0:
            self.key = f"{self.owner}.{secrets.token_hex(8)}."
        address = f"/courses/{self.course_id}/sessions/new"
        fields = json.dumps([["note", words]])
        sent = {"draft_key": self.key, "address": address, "fields": fields}
        answer = self.visitor.post("/drafts", {"csrf_token": self.token, **sent})
        if answer.status == KEPT:
            self.key = json.loads(answer.text)["key"]
        return answer.status

    def lost(self, database):
        if not self.acknowledged:
            return set()
        own = Draft.address == f"/courses/{self.course_id}/sessions/new"
        with database.read() as session:
            kept = session.scalars(select(Draft).where(own)).one_or_none()
            words = {value for _, value in kept.fields[1:]} if kept else set()
        newest = self.acknowledged[-1]
        return set() if words & {newest, self.under_way} else {newest}
