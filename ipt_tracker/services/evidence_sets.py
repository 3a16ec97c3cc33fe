"""Evidence sets of the clinic: made, added to, never overwritten. The published result stays."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm.attributes import flag_modified

from ipt_tracker.clinical.evidence.arm_data import ArmData
from ipt_tracker.clinical.evidence.meta_analysis import StudyEffect
from ipt_tracker.clinical.evidence.own_trials import (
    Fidelity,
    OwnTrial,
    PooledTrials,
    effects_of_trials,
    pool_trials,
)
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.exchange.effect_table import ARM_COLUMNS
from ipt_tracker.governance.access import AccessDenied, Permission
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import EvidenceChange, EvidenceSet, EvidenceTrial
from ipt_tracker.persistence.queries import evidence as query
from ipt_tracker.services.unit_of_work import ChangedMeanwhile, Subject, UnitOfWork

SEE, CURATE = Permission.SEE_EVIDENCE, Permission.CURATE_EVIDENCE
LIBRARY = "library"
MOST_TRIALS = 500


@dataclass(frozen=True, slots=True)
class SetEntry:
    """What a clinic says about a set of its own."""

    name: str
    measured: str
    why: str
    searched_on: date
    source: str


@dataclass(frozen=True, slots=True)
class KeptTrial:
    """One trial of a set as it is kept, with what was done to it, the oldest first."""

    id: UUID
    trial: OwnTrial
    withdrawn: bool
    history: tuple[query.ChangeRow, ...]


@dataclass(frozen=True, slots=True)
class SetPage:
    """One set: its trials, what they give together, and what was changed."""

    kept: EvidenceSet
    trials: tuple[KeptTrial, ...]
    pooled: PooledTrials | None
    changes: tuple[query.ChangeRow, ...]

    @property
    def counted(self) -> tuple[KeptTrial, ...]:
        """The trials that were not withdrawn."""
        return tuple(each for each in self.trials if not each.withdrawn)


def set_subject(kept: EvidenceSet) -> Subject:
    """Name a set for the audit."""
    return Subject("evidence_set", kept.id)


def list_sets(work: UnitOfWork) -> list[query.SetRow]:
    """List every set of the clinic, by name."""
    work.require(SEE)
    return query.list_sets(work.session)


def open_set(work: UnitOfWork, set_id: UUID, permission: Permission) -> EvidenceSet:
    """Hand over a set, or raise AccessDenied, also where there is none."""
    work.require(permission)
    kept = work.session.get(EvidenceSet, set_id)
    if kept is None:
        raise AccessDenied(permission)
    return kept


def open_trial(work: UnitOfWork, kept: EvidenceSet, trial_id: UUID) -> EvidenceTrial:
    """Hand over a trial of this set, or raise AccessDenied."""
    row = work.session.get(EvidenceTrial, trial_id)
    if row is None or row.set_id != kept.id:
        raise AccessDenied(CURATE)
    return row


def require_seen(kept: EvidenceSet, version: int | None) -> None:
    """Raise ChangedMeanwhile unless the set is still the one that a form was filled in for."""
    if kept.version != version:
        raise ChangedMeanwhile(f"version {version} of this set was changed meanwhile")


def make_set(work: UnitOfWork, entry: SetEntry, begin_with: Sequence[OwnTrial] = ()) -> EvidenceSet:
    """Make a set, empty or with a copy of the library's trials."""
    work.require(CURATE)
    _check(work, entry)
    kept = EvidenceSet(
        **_values(entry),
        begun_from=LIBRARY if begin_with else None,
        made_by=work.person.id,
        made_at=work.now,
    )
    work.session.add(kept)
    work.session.flush()
    work.session.add_all(_row(work, kept, place, e) for place, e in enumerate(begin_with, 1))
    work.audit(Event.EVIDENCE_SET_MADE, set_subject(kept), trials=len(begin_with))
    return kept


def change_set(work: UnitOfWork, kept: EvidenceSet, entry: SetEntry) -> None:
    """Change what is said about a set; what was said before stays readable."""
    work.require(CURATE)
    changed = {n: v for n, v in _values(entry).items() if getattr(kept, n) != v}
    if not changed:
        raise RuleBroken("Nothing was changed.")
    _check(work, entry, kept.id)
    place = query.last_place(work.session, EvidenceChange, kept.id)
    for place_of, (name, new) in enumerate(changed.items(), place + 1):
        made = _change(work, kept, place_of, "changed", None)
        made.field, made.old, made.new = name, str(getattr(kept, name)), str(new)
        work.session.add(made)
        setattr(kept, name, new)
    work.audit(Event.EVIDENCE_SET_CHANGED, set_subject(kept), fields=sorted(changed))


def add_trials(work: UnitOfWork, kept: EvidenceSet, trials: Sequence[OwnTrial]) -> None:
    """Add trials to a set. They are never edited: a wrong one is withdrawn and entered anew."""
    work.require(CURATE)
    there = query.trials_of(work.session, kept.id)
    if len(there) + len(trials) > MOST_TRIALS:
        raise RuleBroken(f"A set holds {MOST_TRIALS} trials at most.")
    effects_of_trials([*(as_trial(row) for row in there if not row.withdrawn), *trials])
    first = query.last_place(work.session, EvidenceTrial, kept.id) + 1
    work.session.add_all(_row(work, kept, first + n, each) for n, each in enumerate(trials))
    _touch(kept)
    work.audit(Event.EVIDENCE_TRIALS_ADDED, set_subject(kept), trials=len(trials))


def withdraw(work: UnitOfWork, kept: EvidenceSet, row: EvidenceTrial, reason: str) -> None:
    """Take a trial out of the pooling; it stays readable with the reason."""
    work.require(CURATE)
    if row.withdrawn:
        raise RuleBroken("This trial is withdrawn already.")
    row.withdrawn = True
    _note(work, kept, row, "withdrawn", reason)
    work.audit(Event.EVIDENCE_TRIAL_WITHDRAWN, set_subject(kept), trial=str(row.id))


def restore(work: UnitOfWork, kept: EvidenceSet, row: EvidenceTrial, reason: str) -> None:
    """Let a withdrawn trial count again."""
    work.require(CURATE)
    if not row.withdrawn:
        raise RuleBroken("This trial counts already.")
    counted = [r for r in query.trials_of(work.session, kept.id) if not r.withdrawn or r is row]
    effects_of_trials([as_trial(each) for each in counted])
    row.withdrawn = False
    _note(work, kept, row, "restored", reason)
    work.audit(Event.EVIDENCE_TRIAL_RESTORED, set_subject(kept), trial=str(row.id))


def read_set(work: UnitOfWork, kept: EvidenceSet) -> SetPage:
    """Read a set with all its trials and pool those that count."""
    work.require(SEE)
    changes = query.changes_of(work.session, kept.id)
    trials = tuple(
        KeptTrial(
            row.id,
            as_trial(row),
            row.withdrawn,
            tuple(each for each in changes if each.trial_id == row.id),
        )
        for row in query.trials_of(work.session, kept.id)
    )
    pooled = pool_trials([each.trial for each in trials if not each.withdrawn])
    own = tuple(each for each in changes if each.trial_id is None)
    return SetPage(kept, trials, pooled, own)


def as_trial(row: EvidenceTrial) -> OwnTrial:
    """Give a kept trial as the engine takes it."""
    about = (row.source, row.population, Fidelity(row.fidelity), row.certainty or "")
    if row.g is not None and row.se is not None:
        return OwnTrial(StudyEffect(row.study, row.g, row.se, row.subgroup or ""), *about)
    numbers: dict[str, Any] = {name: getattr(row, name) for name in ARM_COLUMNS}
    numbers |= {"subgroup": row.subgroup or "", "shares": row.shares or ""}
    return OwnTrial(ArmData(row.study, **numbers), *about)


def _row(work: UnitOfWork, kept: EvidenceSet, place: int, trial: OwnTrial) -> EvidenceTrial:
    row = EvidenceTrial(
        set_id=kept.id,
        place=place,
        study=trial.numbers.study,
        subgroup=trial.numbers.subgroup or None,
        source=trial.source,
        population=trial.population,
        fidelity=trial.fidelity.value,
        certainty=trial.certainty or None,
        added_by=work.person.id,
        added_at=work.now,
    )
    if isinstance(trial.numbers, ArmData):
        for name in ARM_COLUMNS:
            setattr(row, name, getattr(trial.numbers, name))
        row.shares = trial.numbers.shares or None
    else:
        row.g, row.se = trial.numbers.g, trial.numbers.se
    return row


def _note(work: UnitOfWork, kept: EvidenceSet, row: EvidenceTrial, act: str, reason: str) -> None:
    place = query.last_place(work.session, EvidenceChange, kept.id) + 1
    made = _change(work, kept, place, act, row.id)
    made.reason = reason
    work.session.add(made)
    _touch(kept)


def _change(
    work: UnitOfWork, kept: EvidenceSet, place: int, act: str, trial_id: UUID | None
) -> EvidenceChange:
    return EvidenceChange(
        set_id=kept.id,
        place=place,
        trial_id=trial_id,
        act=act,
        done_by=work.person.id,
        done_at=work.now,
    )


def _touch(kept: EvidenceSet) -> None:
    """Count one version on, so that somebody who changes the set at the same time is told."""
    flag_modified(kept, "name")


def _values(entry: SetEntry) -> dict[str, object]:
    return {each.name: getattr(entry, each.name) for each in fields(entry)}


def _check(work: UnitOfWork, entry: SetEntry, own: UUID | None = None) -> None:
    if query.is_taken(work.session, entry.name, own):
        raise RuleBroken("Another set has this name.", "name")
    if entry.searched_on > work.today:
        raise RuleBroken("The search cannot lie ahead.", "searched_on")
