"""The course bundle, schema `ipt-course-bundle/1`: whole courses as one JSON file.

Nothing in a file is silently dropped. What is broken refuses it, whole, naming the place; what is
merely not known is kept as text and listed.
"""

from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from importlib.resources import files
from typing import TypeVar, cast

from ipt_tracker.clinical.course.catalogue import TASKS, TECHNIQUES
from ipt_tracker.exchange import bundle_codes as codes
from ipt_tracker.exchange import bundle_extras as extras
from ipt_tracker.exchange.bundle_cases import case_in
from ipt_tracker.exchange.bundle_content import canonical, content_of, first_difference
from ipt_tracker.exchange.bundle_reader import BrokenBundle, Node, parse
from ipt_tracker.exchange.bundle_values import Bundle, CaseIn, Kept

__all__ = [
    "BrokenBundle",
    "Bundle",
    "CaseIn",
    "canonical",
    "content_of",
    "demo_text",
    "first_difference",
    "last_day",
    "read",
    "read_demo",
    "read_parsed",
    "shift",
]

SCHEMA = "ipt-course-bundle/1"
DEMO = "data/demo-bundle.json"

T = TypeVar("T")


def read(text: str | bytes) -> Bundle:
    """Read a bundle. Raises BrokenBundle, naming the place, for one that is broken."""
    return read_parsed(parse(text))


def read_parsed(raw: object) -> Bundle:
    """Read a bundle whose JSON was parsed already."""
    warnings: list[str] = []
    root = Node(raw, "", warnings)
    if root.raw("schema") != SCHEMA:
        raise root.broken("schema", f"{SCHEMA} is needed.")
    raw_cases = root.raw("cases")
    if not isinstance(raw_cases, list):
        raise root.broken("cases", "a list of cases is needed.")
    cases = tuple(case_in(raw, index, warnings) for index, raw in enumerate(raw_cases))
    _refuse_same_id_twice(cases)
    _compare_catalogues(root)
    conventions = root.node("conventions")
    root.set_aside(*extras.BUNDLE)
    return Bundle(
        cases=cases,
        notice=root.text("notice"),
        conventions=_all_kept(conventions) if conventions else (),
        extra=extras.without_other_people(root.left_over()),
        warnings=tuple(warnings),
    )


def read_demo() -> Bundle:
    """Read the demo clinic's bundle, which is part of the package."""
    return read(demo_text())


@lru_cache(maxsize=1)
def demo_text() -> str:
    """Give the text of the demo clinic's bundle."""
    return files(__package__).joinpath(DEMO).read_text(encoding="utf-8")


def shift(case: CaseIn, days: int) -> CaseIn:
    """Move every date of a case by whole days.

    Its `content` stays as it stood in the file, so that the case is still known as the same.
    """
    return _moved(case, timedelta(days=days))


def last_day(case: CaseIn) -> date | None:
    """Give the day of the last session of a case."""
    return max((session.held_on for session in case.sessions), default=None)


def _moved(value: T, by: timedelta) -> T:
    if isinstance(value, date):
        return cast("T", value + by)
    if isinstance(value, tuple):
        return cast("T", tuple(_moved(inner, by) for inner in value))
    if is_dataclass(value) and not isinstance(value, type):
        held = {field.name: getattr(value, field.name) for field in fields(value)}
        moved = {name: _moved(inner, by) for name, inner in held.items()}
        return cast("T", replace(value, **moved))
    return value


def _refuse_same_id_twice(cases: tuple[CaseIn, ...]) -> None:
    seen: set[str] = set()
    for index, case in enumerate(cases):
        if case.id in seen:
            raise BrokenBundle(f"cases[{index}].id", f"{case.id} is there twice.")
        seen.add(case.id)


def _compare_catalogues(root: Node) -> None:
    """List what the file's own catalogues define and the software does not know."""
    tasks = root.node("task_catalogue")
    ours = {
        code: canonical({"section": task.section, "code": task.key, "text": task.text})
        for code, task in TASKS.items()
    }
    if tasks:
        _compare(root, "task_catalogue", tasks, ours)
    if not set(root.texts("techniques")) <= TECHNIQUES.keys():
        root.keep("techniques", "it names techniques that are not known")
    for key, known in (
        ("fidelity_items", codes.FIDELITY_ITEMS),
        ("proscribed_items", codes.PROSCRIBED_ITEMS),
    ):
        items = root.node(key)
        if items and not set(items.names()) <= known:
            root.keep(key, "it names items that are not known")


def _compare(root: Node, key: str, catalogue: Node, ours: dict[str, str]) -> None:
    other = [code for code in catalogue.names() if catalogue.json(code) != ours.get(code)]
    if other:
        root.keep(key, f"differs from the one known here ({', '.join(other)})")


def _all_kept(node: Node) -> tuple[Kept, ...]:
    return tuple(Kept(key, node.json(key) or "null") for key in node.names())
