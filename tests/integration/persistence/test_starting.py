"""The start-up matrix: each way to expose or lose patients' records is refused in one sentence."""

import json
import os
import shutil
import subprocess
import sys
from contextlib import closing

import pytest

from ipt_tracker.app import create_app
from ipt_tracker.config import ConfigurationError, create_instance, load
from ipt_tracker.persistence.connection import UnsafeDatabase
from ipt_tracker.persistence.exposure import UnsafeInstance, exposures, is_weak
from tests.factories.stores import KEY

REFUSED = (ConfigurationError, UnsafeInstance, UnsafeDatabase)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Make one clinic; each test gets a copy of it."""
    folder = tmp_path_factory.mktemp("made")
    create_instance("clinic", {"IPT_INSTANCE": str(folder / "clinic")})
    create_instance("demo", {"IPT_INSTANCE": str(folder / "demo")})
    return folder


@pytest.fixture
def place(made, tmp_path, monkeypatch):
    """Give a folder that holds a clinic with its keys beside it, and a demo."""
    folder = tmp_path / "machine"
    shutil.copytree(made, folder)
    for name in ("FLASK_DEBUG", "PYTHONDEVMODE", "IPT_KEYS", "IPT_DATABASE_URL", "IPT_HOSTS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("IPT_INSTANCE", str(folder / "clinic"))
    return folder


def start():
    """Start the application as `serve` does, and give it."""
    return create_app(load(os.environ))


def keys_inside(place, patch):
    patch.setenv("IPT_KEYS", str(place / "clinic"))
    for key in (place / "clinic.keys").iterdir():
        key.rename(place / "clinic" / key.name)


def keys_left_inside(place, patch):
    for key in (place / "clinic.keys").iterdir():
        key.rename(place / "clinic" / key.name)


def open_to_others(path):
    def widen(place, patch):
        (place / path).chmod(0o755 if (place / path).is_dir() else 0o644)

    return widen


def demo_key(place, patch):
    shutil.copy(place / "demo" / "database.key", place / "clinic.keys" / "database.key")


def weak(name, key):
    def write(place, patch):
        (place / "clinic.keys" / name).write_text(key.hex())

    return write


def one_key_for_two(place, patch):
    shutil.copy(place / "clinic.keys" / "database.key", place / "clinic.keys" / "cookie.key")


def setting(name, value):
    def put(place, patch):
        patch.setenv(name, value)

    return put


def marker_says(**values):
    def write(place, patch):
        path = place / "clinic" / "instance.json"
        path.write_text(json.dumps(json.loads(path.read_text()) | values))

    return write


def demo_called_a_clinic(place, patch):
    patch.setenv("IPT_INSTANCE", str(place / "demo"))
    path = place / "demo" / "instance.json"
    path.write_text(json.dumps({"kind": "clinic"}))
    patch.setenv("IPT_KEYS", str(place / "demo"))


def called_a_demo(place, patch):
    marker_says(kind="demo")(place, patch)
    patch.setenv("IPT_KEYS", str(place / "clinic.keys"))


FAR = "postgresql+psycopg://ipt@db.clinic.example/records"
MATRIX = {
    "keys inside the instance": (keys_inside, "mkdir -m 700 .* then: mv "),
    "keys of an older version": (keys_left_inside, "mkdir -m 700 .* then: mv "),
    "key others can read": (open_to_others("clinic.keys/database.key"), "chmod 600"),
    "cookie key others can read": (open_to_others("clinic.keys/cookie.key"), "chmod 600"),
    "keys folder others can read": (open_to_others("clinic.keys"), "chmod 700 .*clinic.keys"),
    "instance others can read": (open_to_others("clinic"), "chmod 700 .*clinic"),
    "records others can read": (open_to_others("clinic/records.db"), "chmod 600 .*records.db"),
    "a demo's key": (demo_key, "key of a demo"),
    "one byte again and again": (weak("database.key", b"\x07" * 32), "can be guessed"),
    "a counting key": (weak("database.key", bytes(range(32))), "can be guessed"),
    "a counting cookie key": (weak("cookie.key", bytes(range(64, 32, -1))), "can be guessed"),
    "one key for two uses": (one_key_for_two, "is the same as"),
    "debug": (setting("FLASK_DEBUG", "1"), "unset FLASK_DEBUG"),
    "development mode": (setting("PYTHONDEVMODE", "1"), "unset PYTHONDEVMODE"),
    "a server far away in the clear": (setting("IPT_DATABASE_URL", FAR), "sslmode=verify-full"),
    "TLS only when it likes": (setting("IPT_DATABASE_URL", f"{FAR}?sslmode=prefer"), "sslmode"),
    "an unknown engine": (setting("IPT_DATABASE_URL", "mysql://db/records"), "unknown database"),
    "no address at all": (setting("IPT_DATABASE_URL", "records"), "unknown database"),
    "a clinic called a demo": (called_a_demo, "says demo, but .* clinic"),
    "a demo called a clinic": (demo_called_a_clinic, "key of a demo"),
    "a damaged marker": (marker_says(kind="other"), "damaged"),
    "not encrypted": (marker_says(encrypted=False), "IPT_ALLOW_UNENCRYPTED=1"),
    "an unclear second factor": (setting("IPT_SECOND_FACTOR", "maybe"), "neither"),
}


@pytest.mark.parametrize("case", MATRIX)
def test_an_unsafe_start_is_refused_in_a_sentence_that_says_what_to_do(case, place, monkeypatch):
    break_it, says = MATRIX[case]
    break_it(place, monkeypatch)

    with pytest.raises(REFUSED, match=says) as refused:
        start()

    assert "\n" not in str(refused.value)


def test_a_safe_clinic_starts(place):
    app = start()

    with closing(app.extensions["ipt_tracker"].database):
        assert app.test_client().get("/healthz", base_url="https://localhost").status_code == 200


def test_a_demo_starts_with_its_keys_beside_its_invented_people(place, monkeypatch):
    monkeypatch.setenv("IPT_INSTANCE", str(place / "demo"))
    monkeypatch.setenv("FLASK_DEBUG", "1")

    start().extensions["ipt_tracker"].database.close()


@pytest.mark.parametrize("mode", ["require", "verify-ca", "verify-full"])
def test_a_server_far_away_is_reached_with_tls(place, monkeypatch, mode):
    monkeypatch.setenv("IPT_DATABASE_URL", f"{FAR}?sslmode={mode}")

    assert list(exposures(load(os.environ))) == []


@pytest.mark.parametrize("break_it", [open_to_others("clinic"), setting("FLASK_DEBUG", "1")])
def test_the_command_refuses_before_it_answers_anybody(place, monkeypatch, break_it):
    break_it(place, monkeypatch)

    ended = run("serve", "--port", "1")

    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1
    assert "Traceback" not in ended.stderr


def test_a_random_key_is_not_weak():
    assert not is_weak(KEY)


WITHOUT_CIPHER = "import sys; sys.modules['sqlcipher3'] = None; import ipt_tracker.__main__ as m; "


def run(*argv, without_cipher=False):
    block = WITHOUT_CIPHER if without_cipher else "import ipt_tracker.__main__ as m; "
    code = f"{block}import sys; sys.argv = ['ipt', *{argv!r}]; m.run_command(list({argv!r}))"
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False
    )


def test_without_the_cipher_a_clinic_is_made_only_by_one_who_answers_for_it(tmp_path, monkeypatch):
    monkeypatch.setenv("IPT_INSTANCE", str(tmp_path / "plain"))

    refused = run("init", without_cipher=True)
    assert refused.returncode == 1
    assert "sqlcipher3" in refused.stderr
    assert not (tmp_path / "plain" / "instance.json").exists()
    (tmp_path / "plain" / "records.db").unlink(missing_ok=True)

    monkeypatch.setenv("IPT_ALLOW_UNENCRYPTED", "1")
    made = run("init", without_cipher=True)
    assert made.returncode == 0, made.stderr
    assert (tmp_path / "plain" / "records.db").read_bytes().startswith(b"SQLite format 3")

    told = run("doctor", without_cipher=True)
    assert "plain file" in told.stdout
    assert "Every page is whole" in told.stdout

    monkeypatch.delenv("IPT_ALLOW_UNENCRYPTED")
    again = run("serve", "--port", "1", without_cipher=True)
    assert again.returncode == 1
    assert "IPT_ALLOW_UNENCRYPTED=1" in again.stderr


def test_encrypted_records_are_not_opened_without_the_cipher(place):
    told = run("upgrade", without_cipher=True)

    assert told.returncode == 1
    assert "sqlcipher3 cannot be used here" in told.stderr


def test_the_file_of_a_new_clinic_is_its_owners_alone(place):
    for path in (place / "clinic", place / "clinic.keys"):
        assert path.stat().st_mode & 0o077 == 0
        assert all(each.stat().st_mode & 0o077 == 0 for each in path.glob("*.[dk]*"))
