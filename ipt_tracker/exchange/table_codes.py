"""The codes that stand in exported tables, with their meaning, from the clinical catalogues."""

from collections.abc import Mapping
from types import MappingProxyType

from ipt_tracker.clinical.course.catalogue import TASKS, TECHNIQUES
from ipt_tracker.clinical.course.focal_areas import FOCAL_AREAS
from ipt_tracker.clinical.course.protocols import PROTOCOLS
from ipt_tracker.clinical.course.schedule import Occasion
from ipt_tracker.clinical.fidelity.codes import Selection
from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS
from ipt_tracker.clinical.instruments.instrument import Instrument
from ipt_tracker.clinical.outcome.series import Status
from ipt_tracker.clinical.outcome.thresholds import THRESHOLD_SETS
from ipt_tracker.exchange.table_columns import words_of

MONTHS = (1, 2, 3, 4, 6, 9, 12, 18, 24)


def _form(one: Instrument) -> str:
    return f"{one.version}, {one.lowest} to {one.highest}, {one.direction}"


PROTOCOL = MappingProxyType({key: one.name for key, one in PROTOCOLS.items()})
AREA = MappingProxyType({code: area.label for code, area in FOCAL_AREAS.items()})
INSTRUMENT = MappingProxyType({key: _form(one) for key, one in INSTRUMENTS.items()})
TASK = MappingProxyType({code: task.text for code, task in TASKS.items()})
TECHNIQUE = MappingProxyType({code: one.label for code, one in TECHNIQUES.items()})
POINT: Mapping[str, str] = MappingProxyType(
    {str(each): each.label for each in Occasion if each.is_point}
    | {f"follow_up_{months}m": f"{months} months after" for months in MONTHS}
)
STATUS: Mapping[str, str] = MappingProxyType(
    {str(each): each.value.replace("_", " ") for each in Status}
    | {"planned": "due, not done yet", "unreadable": "came from a file and could not be read"}
)
SELECTION: Mapping[str, str] = MappingProxyType(
    {**words_of(Selection), "not_stated": "The file did not say"}
)
RATED: Mapping[str, str] = MappingProxyType(
    {"session": "A session with one patient", "group": "A session of a whole group"}
)
AGES: Mapping[str, str] = MappingProxyType(
    {f"{low} to {low + 9}": "" for low in range(0, 90, 10)} | {"90 or older": ""}
)


def _answers() -> Mapping[str, str]:
    found: dict[str, list[str]] = {}
    for one in INSTRUMENTS.values():
        for item in (*one.answer_items, *one.beside):
            labels = found.setdefault(item.key, [])
            if item.label not in labels:
                labels.append(item.label)
    return MappingProxyType({key: " / ".join(labels) for key, labels in found.items()})


ITEM = _answers()
"""Every answer of every form by its key, with our own short labels: two forms may differ in one."""

THRESHOLDS = MappingProxyType({one.ref: one.name for one in THRESHOLD_SETS.values()})
