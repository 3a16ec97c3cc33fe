"""Where templates/ and static/ are: beside this file in a wheel, one folder up in the source."""

from pathlib import Path

_HERE = Path(__file__).resolve().parent


def folder(name: str) -> Path:
    """Give the folder of that name, or raise FileNotFoundError."""
    for place in (_HERE / name, _HERE.parent / name):
        if place.is_dir():
            return place
    raise FileNotFoundError(f"There is no folder {name} beside or above {_HERE}.")
