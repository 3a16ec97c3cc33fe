"""What the clinic has chosen to judge measures by. A choice holds from now on, never backwards."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from sqlalchemy import func, select

from ipt_tracker.clinical.course.area_list import AreaList, check_areas
from ipt_tracker.clinical.fidelity.item_set import OWN_SET
from ipt_tracker.clinical.fidelity.lines import Lines, check_lines
from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.clinical.instruments.instrument import Instrument
from ipt_tracker.clinical.instruments.judging import Criteria
from ipt_tracker.clinical.outcome.criteria import default_criteria, options
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.governance.access import Permission
from ipt_tracker.governance.events import Event
from ipt_tracker.persistence.models import ClinicSetting, Course, FidelityItemSet, Measure
from ipt_tracker.services.measure_entries import COMPLETE, INCOMPLETE
from ipt_tracker.services.unit_of_work import ChangedMeanwhile, Subject, UnitOfWork

JUDGED_BY = ("cut", "band_set", "threshold_set")
"""What can be chosen, each for one instrument family: a setting is named "cut.PCL-5"."""
ESTIMATE = "phq9_estimate"
"""Whether a PHQ-9 with one or two blanks shows an estimate beside its range. Off by default."""

AREAS = "focal_areas"
"""Which focal areas are offered, and what the clinic calls them."""

LINES = "fidelity_lines"
"""The pass line of quality and the line of adherence: two conventions."""
ITEM_SET = "item_set"
"""The item set of new ratings, as key@version. A rating keeps its own."""
NAMES_SHOWN = "assessors_see_names"
"""Whether blinded assessors see the patient's name beside the clinic code. Off by default."""
RETENTION = "retention_years"
"""For how many years records are kept after their newest day. No default: laws differ."""


def chosen(work: UnitOfWork) -> dict[str, object]:
    """Give the newest value of every setting, by its name."""
    rows = work.session.scalars(select(ClinicSetting).order_by(ClinicSetting.set_at))
    return {row.name: row.value for row in rows}


def shows_estimates(work: UnitOfWork) -> bool:
    """Tell whether the clinic wants to see an estimate for a PHQ-9 with one or two blanks."""
    return newest_value(work, ESTIMATE) is True


def assessors_see_names(work: UnitOfWork) -> bool:
    """Tell whether the clinic lets blinded assessors see the patient's name."""
    return newest_value(work, NAMES_SHOWN) is True


def focal_areas(work: UnitOfWork) -> AreaList:
    """Give the focal areas of the clinic; the four of the field while nothing was chosen."""
    return AreaList.from_json(newest_value(work, AREAS))


def fidelity_lines(work: UnitOfWork) -> Lines:
    """Give the clinic's lines of quality and adherence; the conventions while none was chosen."""
    return Lines.from_json(newest_value(work, LINES))


def item_set_ref(work: UnitOfWork) -> str:
    """Name the item set that new ratings use; the project's own while none was chosen."""
    return str(newest_value(work, ITEM_SET) or OWN_SET)


def newest_value(work: UnitOfWork, name: str) -> object:
    """Give what was chosen last under this name, or None."""
    newest = (
        select(ClinicSetting.value)
        .where(ClinicSetting.name == name)
        .order_by(ClinicSetting.set_at.desc())
        .limit(1)
    )
    return work.session.scalar(newest)


def criteria_for(work: UnitOfWork, course: Course, instrument: Instrument) -> Criteria:
    """Give what a new result of this instrument in this course is judged by.

    A course keeps what its own newest result of the family was judged by, so that no setting
    changes a course under way; a first result takes the clinic's choice, else the default.
    """
    before = _newest(work, course, instrument)
    if before is None:
        return _first(instrument, chosen(work))
    kept = {name: getattr(before, name) for name in JUDGED_BY}
    own = default_criteria(instrument)
    return replace(own, **{name: value for name, value in kept.items() if value})


def first_criteria(work: UnitOfWork) -> Mapping[str, Criteria]:
    """Give what first results of every instrument are judged by, in one read."""
    settings = chosen(work)
    return MappingProxyType({key: _first(one, settings) for key, one in INSTRUMENTS.items()})


def _first(instrument: Instrument, settings: Mapping[str, object]) -> Criteria:
    """Take the clinic's choices, as far as this version and this instrument have them."""
    found = {name: settings.get(f"{name}.{instrument.family}") for name in JUDGED_BY}
    kept = {name: ref for name, ref in found.items() if ref in refs(instrument, name)}
    return replace(default_criteria(instrument), **kept)


def refs(instrument: Instrument, name: str) -> tuple[str, ...]:
    """List what can be chosen for an instrument, the default first, each as "key@version"."""
    every = options(instrument)
    lists = {
        "cut": [each.ref for each in every.cuts],
        "band_set": [each.ref for each in every.band_sets],
        "threshold_set": [each.ref for each in every.threshold_sets],
    }
    return tuple(lists[name])


def _newest(work: UnitOfWork, course: Course, instrument: Instrument) -> Measure | None:
    family = [key for key, each in INSTRUMENTS.items() if each.family == instrument.family]
    return work.session.scalars(
        select(Measure)
        .where(
            Measure.course_id == course.id,
            Measure.instrument.in_(family),
            Measure.status.in_((COMPLETE, INCOMPLETE)),
            Measure.threshold_set.is_not(None),
            Measure.withdrawn_at.is_(None),
        )
        .order_by(Measure.taken_on.desc(), Measure.recorded_at.desc())
        .limit(1)
    ).first()


def version(work: UnitOfWork) -> int:
    """Count the changes made so far: a page filled in for another number is out of date."""
    return work.session.scalar(select(func.count()).select_from(ClinicSetting)) or 0


def in_force(settings: Mapping[str, object]) -> dict[str, object]:
    """Give the value that holds of everything that can be chosen, by its name."""
    found: dict[str, object] = {
        ESTIMATE: settings.get(ESTIMATE) is True,
        NAMES_SHOWN: settings.get(NAMES_SHOWN) is True,
        AREAS: AreaList.from_json(settings.get(AREAS)).to_json(),
        LINES: Lines.from_json(settings.get(LINES)).to_json(),
        ITEM_SET: settings.get(ITEM_SET) or OWN_SET,
    }
    for one in INSTRUMENTS.values():
        criteria = _first(one, settings)
        for name in JUDGED_BY:
            if refs(one, name):
                found[f"{name}.{one.family}"] = getattr(criteria, name)
    return found


def change_settings(
    work: UnitOfWork, wanted: Mapping[str, object], seen: int | None
) -> tuple[str, ...]:
    """Keep each choice that differs from what holds, and audit it; name those that did.

    Raises RuleBroken for what cannot be chosen, ChangedMeanwhile when the page that was filled in
    is not of today's settings. No result that is there already changes.
    """
    work.require(Permission.MANAGE_SETTINGS)
    if seen != version(work):
        raise ChangedMeanwhile
    before = in_force(chosen(work))
    changes = {name: value for name, value in wanted.items() if before.get(name) != value}
    for name, value in changes.items():
        _check(work, name, value)
        work.session.add(
            ClinicSetting(name=name, value=value, set_by=work.person.id, set_at=work.now)
        )
        work.audit(Event.SETTING_CHANGED, Subject("setting", name), old=before.get(name), new=value)
    return tuple(changes)


def _check(work: UnitOfWork, name: str, value: object) -> None:
    if name in {ESTIMATE, NAMES_SHOWN}:
        if not isinstance(value, bool):
            raise RuleBroken("This is switched on or off.", name)
    elif name == AREAS:
        check_areas(AreaList.from_json(value))
    elif name == LINES:
        check_lines(Lines.from_json(value))
    elif name == ITEM_SET:
        if not _is_a_set(work, str(value)):
            raise RuleBroken("Choose one of the list.", name)
    else:
        _check_judged_by(name, value)


def _is_a_set(work: UnitOfWork, ref: str) -> bool:
    key, _, version = ref.rpartition("@")
    loaded = select(FidelityItemSet.id).where(
        FidelityItemSet.key == key, FidelityItemSet.version == version
    )
    return ref == OWN_SET or work.session.scalar(loaded) is not None


def _check_judged_by(name: str, value: object) -> None:
    kind, _, family = name.partition(".")
    own = [one for one in INSTRUMENTS.values() if one.family == family]
    if kind not in JUDGED_BY or all(value not in refs(one, kind) for one in own):
        raise RuleBroken("Choose one of the list.", name)
