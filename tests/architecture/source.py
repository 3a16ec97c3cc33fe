"""The project's own files, as the rules about code read them."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "ipt_tracker"


def python_files(*folders: str) -> Iterator[Path]:
    """Give every Python file below these folders."""
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


@cache
def tree(path: Path) -> ast.Module:
    """Parse a file once for all rules."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def place(path: Path, line: int) -> str:
    """Name a line as people and editors do."""
    return f"{path.relative_to(ROOT)}:{line}"
