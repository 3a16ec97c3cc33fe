"""Evidence sets made by the services, for tests that start from one."""

from datetime import date
from typing import Any

from sqlalchemy import select

from ipt_tracker.clinical.evidence.arm_data import ArmData
from ipt_tracker.clinical.evidence.meta_analysis import StudyEffect
from ipt_tracker.clinical.evidence.own_trials import Fidelity, OwnTrial
from ipt_tracker.persistence.models import EvidenceSet, EvidenceTrial
from ipt_tracker.services.evidence_sets import SetEntry, add_trials, make_set
from tests.factories.clinic import Clinic

KRUPNICK = ArmData("Krupnick 2008", 40.6, 20.9, 20, 56.6, 25.1, 7)


def entry(**changes: Any) -> SetEntry:
    """Give what can be said about a set, with what a test changes of it."""
    said: dict[str, Any] = {
        "name": "IPT after 2018",
        "measured": "PTSD symptoms",
        "why": "to see what newer trials add",
        "searched_on": date(2026, 1, 31),
        "source": "PubMed and one register",
    }
    return SetEntry(**(said | changes))


def trial(study: str = "Proença 2022", g: float = 0.13, se: float = 0.23, **more: Any) -> OwnTrial:
    """Give a trial by its effect."""
    subgroup = more.pop("subgroup", "")
    said: dict[str, Any] = {
        "source": "a journal",
        "population": "adults with PTSD",
        "fidelity": Fidelity.NO,
    }
    return OwnTrial(StudyEffect(study, g, se, subgroup), **(said | more))


def arms(numbers: ArmData = KRUPNICK, **more: Any) -> OwnTrial:
    """Give a trial by its arms."""
    return OwnTrial(numbers, **({"source": "a journal", "population": "women"} | more))


def evidence_of(clinic: Clinic) -> dict[str, Any]:
    """Give a set with one trial; it is made once."""
    with clinic.writing(clinic.supervisor) as work:
        kept = work.session.scalars(select(EvidenceSet)).first()
        if kept is None:
            kept = make_set(work, entry())
            add_trials(work, kept, [trial()])
            work.session.flush()
        wanted = select(EvidenceTrial.id).where(EvidenceTrial.set_id == kept.id)
        return {"set_id": kept.id, "trial_id": work.session.scalars(wanted).first()}
