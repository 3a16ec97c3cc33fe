"""What people install: the archives hold what they should, and the wheel serves a styled page."""

import os
import re
import shutil
import socket
import subprocess
import sys
import sysconfig
import tarfile
import time
import urllib.request
import venv
import zipfile
from pathlib import Path
from urllib.parse import urljoin

import pytest

pytestmark = pytest.mark.packaging

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ("ipt_tracker", "templates", "static")
IN_THE_SOURCE = (*SHIPPED, "tests", "docs", "README.md", "LICENSE", "pyproject.toml")
LEFTOVERS = shutil.ignore_patterns("__pycache__", ".*_cache", "*.pyc")
SECONDS_TO_START = 120


def files(folder):
    """Name every file below a folder, or the file itself."""
    found = [folder] if folder.is_file() else folder.rglob("*")
    return {path for path in found if path.is_file()}


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """Copy the source as a working folder looks: with a database and a key lying in it."""
    copy = tmp_path_factory.mktemp("source") / "ipt-tracker"
    copy.mkdir()
    for name in IN_THE_SOURCE:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, copy / name, ignore=LEFTOVERS)
        elif (ROOT / name).exists():
            shutil.copy(ROOT / name, copy / name)
    (copy / "instance").mkdir()
    (copy / "instance" / "records.db").write_text("a patient")
    (copy / "database.key").write_text("a key")
    return copy


@pytest.fixture(scope="module")
def archives(source, tmp_path_factory):
    """Build the source archive, and the wheel out of it."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, source]
    built = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
    assert built.returncode == 0, built.stdout + built.stderr
    return folder


@pytest.fixture(scope="module")
def installed(archives, tmp_path_factory):
    """Install the wheel into an environment of its own, which borrows the packages of this one."""
    home = tmp_path_factory.mktemp("installed")
    venv.create(home / "env")
    python = home / "env" / ("Scripts" if os.name == "nt" else "bin") / "python"
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "-q", "--no-index"]
    subprocess.run([*pip, "--no-deps", next(archives.glob("*.whl"))], check=True)
    site = Path(answer(python, "import sysconfig; print(sysconfig.get_path('purelib'))", home))
    (site / "borrowed.pth").write_text(sysconfig.get_path("purelib"))
    return python


def answer(python, code, folder):
    command = [python, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=folder)
    return done.stdout.strip()


def test_the_wheel_holds_the_program_its_pages_and_nothing_else(source, archives):
    with zipfile.ZipFile(next(archives.glob("*.whl"))) as wheel:
        held = {name for name in wheel.namelist() if ".dist-info/" not in name}

    expected = {
        path.relative_to(source).as_posix() for name in SHIPPED for path in files(source / name)
    }
    assert held == {
        name if name.startswith("ipt_tracker/") else f"ipt_tracker/{name}" for name in expected
    }


def test_the_source_archive_holds_what_is_listed_and_no_database_and_no_key(source, archives):
    with tarfile.open(next(archives.glob("*.tar.gz"))) as archive:
        held = {name.partition("/")[2] for name in archive.getnames()} - {"PKG-INFO"}

    assert held == {
        path.relative_to(source).as_posix()
        for name in IN_THE_SOURCE
        for path in files(source / name)
    }


def test_the_metadata_names_the_licence_and_the_oldest_python(archives):
    with zipfile.ZipFile(next(archives.glob("*.whl"))) as wheel:
        path = next(name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
        metadata = wheel.read(path).decode()

    assert "\nName: ipt-tracker\n" in metadata
    assert "\nLicense-Expression: MIT\n" in metadata
    assert "\nRequires-Python: >=3.11\n" in metadata


@pytest.fixture(scope="module")
def instance(tmp_path_factory):
    """Name a folder for the demo's records, made by whichever test comes first."""
    return tmp_path_factory.mktemp("elsewhere") / "instance"


@pytest.fixture
def command(installed):
    """Give the demo command of the installed package, on a port that is free."""
    with socket.create_server(("127.0.0.1", 0)) as claimed:
        port = claimed.getsockname()[1]
    return [installed, "-m", "ipt_tracker", "demo", "--port", str(port)]


@pytest.fixture
def demo(command, instance, tmp_path):
    """Run the demo of the installed package and give its address."""
    environment = {**os.environ, "IPT_INSTANCE": str(instance)}
    with (tmp_path / "said").open("w+") as said:
        process = subprocess.Popen(
            command, cwd=tmp_path, env=environment, stdout=said, stderr=subprocess.STDOUT
        )
        address = f"http://127.0.0.1:{command[-1]}/"
        try:
            assert answers(address, process), (tmp_path / "said").read_text()
            yield address
        finally:
            process.terminate()
            process.wait(timeout=30)


def answers(address, process):
    give_up = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < give_up and process.poll() is None:
        try:
            urllib.request.urlopen(urljoin(address, "healthz"), timeout=5).close()
        except OSError:
            time.sleep(0.2)
        else:
            return True
    return False


def fetch(url):
    with urllib.request.urlopen(url, timeout=30) as response:
        return response.headers.get_content_type(), response.read().decode()


def test_the_installed_package_and_not_the_source_is_what_runs(installed, tmp_path):
    place = answer(installed, "import ipt_tracker; print(ipt_tracker.__file__)", tmp_path)

    assert Path(place).is_relative_to(installed.parent.parent)


def test_the_installed_demo_serves_a_styled_sign_in_page(demo):
    kind, page = fetch(demo)
    styles = re.findall(r'<link[^>]*rel="stylesheet"[^>]*href="([^"]+)"', page)
    styles += re.findall(r'<link[^>]*href="([^"]+)"[^>]*rel="stylesheet"', page)

    assert kind == "text/html"
    assert re.search(r'<input[^>]*type="password"', page)
    assert len(styles) >= 2, "Bootstrap's stylesheet and our own"
    for style in styles:
        kind, rules = fetch(urljoin(demo, style))
        assert kind == "text/css"
        assert "{" in rules


def test_the_installed_demo_checks_itself_stops_and_sets_nothing_up(command, instance, tmp_path):
    environment = {**os.environ, "IPT_INSTANCE": str(instance)}

    done = subprocess.run(
        [*command, "--check"], cwd=tmp_path, env=environment, stderr=subprocess.PIPE, check=False
    )

    assert done.returncode == 0, done.stderr
    assert list(tmp_path.iterdir()) == []
