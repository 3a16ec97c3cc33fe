"""Every sheet by its key. A module of this package with a tuple `SHEETS` is found and listed here.

So adding a kind of sheet is adding one file.
"""

import pkgutil
from collections.abc import Iterator, Mapping
from importlib import import_module
from types import MappingProxyType, ModuleType

from ipt_tracker.clinical.course import worksheets as package
from ipt_tracker.clinical.course.worksheets.sheet import Sheet


def discover(where: ModuleType) -> Mapping[str, Sheet]:
    """Collect the sheets of a package by key, in the order of their places.

    ValueError where two share a key, or two fields of one sheet do.
    """
    found: dict[str, Sheet] = {}
    for sheet in sorted(_declared(where), key=lambda one: one.place):
        keys = [field.key for field in sheet.fields]
        if sheet.key in found or len(set(keys)) != len(keys):
            raise ValueError(f"Something is there twice in the sheet {sheet.key}.")
        found[sheet.key] = sheet
    return MappingProxyType(found)


def _declared(where: ModuleType) -> Iterator[Sheet]:
    for module in pkgutil.iter_modules(where.__path__, f"{where.__name__}."):
        declared = getattr(import_module(module.name), "SHEETS", None)
        if isinstance(declared, tuple):  # the catalogue's own is a mapping
            yield from declared


SHEETS: Mapping[str, Sheet] = discover(package)
