"""A bare clone in miniature: the real way in, real locks of a stand-in package, a stub command."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

from ipt_tracker.__main__ import PACKAGES

PACKAGE = Path(__file__).resolve().parents[3] / "ipt_tracker"
STUB = """
import json, os, sys

def main(argv, house):
    if argv[1:2] == ["late"]:
        import sqlalchemy.late
    left = "IPT_TRACKER_RESTARTED" in os.environ
    print(json.dumps({"argv": argv, "prefix": sys.prefix, "left": left}))
    sys.exit(7 if "fail" in argv else 0)
"""


@dataclass(frozen=True, slots=True)
class Said:
    """What one run of a command left behind."""

    code: int
    out: str
    err: str

    @property
    def answer(self):
        return json.loads(self.out)


@dataclass(frozen=True, slots=True)
class Clone:
    """A folder with the program in it and nothing set up."""

    root: Path
    wheels: Path

    @property
    def venv(self):
        return self.root / ".venv"

    def start(self, *argv, python=(sys.executable, "-m", "ipt_tracker"), **settings):
        pipe = subprocess.PIPE
        environment = {**self._environment(), **settings}
        command = [*python, *argv]
        return subprocess.Popen(
            command, cwd=self.root, env=environment, stdout=pipe, stderr=pipe, text=True
        )

    def run(self, *argv, **options):
        return heard(self.start(*argv, **options))

    def _environment(self):
        """Keep pip to our own folder of wheels: no network, no settings of its user."""
        ours = ("PIP_", "PYTHON", "COV_", "COVERAGE_", "IPT_")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        pip = {
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(self.wheels),
        }
        return {**kept, **pip}


def heard(process):
    out, err = process.communicate(timeout=120)
    return Said(process.returncode, out, err)


def make_clone(folder):
    """Make a clone and the one wheel that its locks name."""
    clone = Clone(folder / "clone", folder / "wheels")
    inside = clone.root / "ipt_tracker"
    (inside / "cli").mkdir(parents=True)
    shutil.copy(PACKAGE / "__main__.py", inside)
    (inside / "__init__.py").touch()
    (inside / "cli" / "main.py").write_text(STUB)
    (clone.root / "pyproject.toml").write_text('[project]\nname = "ipt-tracker"\n')
    digest = _make_wheel(clone.wheels)
    (inside / "locks").mkdir()
    for name in ("app", "test"):
        lock = f"# {name}\nstand-in==1.0 --hash=sha256:{digest}\n"
        (inside / "locks" / f"{name}.txt").write_text(lock)
    return clone


def _make_wheel(folder):
    folder.mkdir()
    path = folder / "stand_in-1.0-py3-none-any.whl"
    info = "stand_in-1.0.dist-info"
    files = {f"{name}/__init__.py": "" for name in PACKAGES}
    files |= {
        "sqlalchemy/late.py": "",
        f"{info}/METADATA": "Metadata-Version: 2.1\nName: stand-in\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = f"{info}/RECORD"
    files[record] = "".join(f"{name},,\n" for name in [*files, record])
    with zipfile.ZipFile(path, "w") as wheel:
        for name, text in files.items():
            wheel.writestr(name, text)
    return hashlib.sha256(path.read_bytes()).hexdigest()
