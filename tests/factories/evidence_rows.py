"""A row in every table of the clinic's own evidence, written past the services."""

from datetime import datetime
from uuid import UUID, uuid4

from ipt_tracker.persistence.base import Base
from ipt_tracker.persistence.models import EvidenceChange, EvidenceSet, EvidenceTrial


def of_evidence(person: UUID, now: datetime) -> list[Base]:
    """Give the rows in the order in which they can be written."""
    kept = EvidenceSet(
        id=uuid4(),
        name="Our own set",
        measured="PTSD symptoms",
        why="to see what newer trials add",
        searched_on=now.date(),
        source="PubMed",
        made_by=person,
        made_at=now,
    )
    trial = EvidenceTrial(
        id=uuid4(),
        set_id=kept.id,
        place=1,
        study="A trial",
        mean_ipt=40.0,
        sd_ipt=20.0,
        n_ipt=20,
        mean_control=50.0,
        sd_control=20.0,
        n_control=20,
        source="a journal",
        population="adults",
        fidelity="unknown",
        added_by=person,
        added_at=now,
    )
    change = EvidenceChange(
        id=uuid4(),
        set_id=kept.id,
        place=1,
        trial_id=trial.id,
        act="withdrawn",
        reason="counted twice",
        done_by=person,
        done_at=now,
    )
    return [kept, trial, change]
