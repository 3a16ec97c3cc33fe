"""A backup is whole, encrypted and checked; whatever was done to it is found and named."""

import threading
import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import func, select

from ipt_tracker.persistence import backup, backup_file, backup_folder, copying, placing, restoring
from ipt_tracker.persistence.audit_chain import AuditChain
from ipt_tracker.persistence.backup import About
from ipt_tracker.persistence.backup_file import HEAD, PART, SEAL, TAG, BackupRefused, Fault
from ipt_tracker.persistence.engine import open_database
from ipt_tracker.persistence.keys import Keys
from ipt_tracker.persistence.models import AuditEntry, ClinicSetting, SignIn
from ipt_tracker.persistence.placing import Place
from tests.factories.rows import fill_every_table
from tests.factories.stores import ENGINES, KEY, SQLCIPHER

KEYS = Keys(KEY)
NOW = datetime(2026, 3, 11, 10, tzinfo=UTC)
ABOUT = About("clinic", "0.1", NOW)
CANARY = "QWERTYCANARYPLAINTEXT"


@pytest.fixture
def filled(store):
    """Give a database with a row in every table."""
    database = store.open()
    fill_every_table(database)
    add_setting(database, "canary", CANARY)
    yield database
    database.close()


@pytest.fixture
def embedded(stores_of):
    """Give the same on SQLCipher alone."""
    with stores_of(SQLCIPHER).fresh(SQLCIPHER) as made:
        database = made.open()
        fill_every_table(database)
        yield database
        database.close()


@pytest.fixture
def file(embedded, tmp_path):
    """Give a backup of four parts."""
    for number in range(3):
        add_setting(embedded, f"long.{number}", "long text " * 100_000)
    return backup.make(embedded, KEYS, tmp_path / "one.iptbackup", ABOUT).path


def add_setting(database, name, value):
    with database.write() as session, session.begin():
        first = session.scalars(select(ClinicSetting)).first()
        session.add(ClinicSetting(name=name, value=value, set_by=first.set_by, set_at=NOW))


def beginning(file):
    """Say where the first part begins."""
    length = HEAD.unpack(file.read_bytes()[: HEAD.size])[2]
    return HEAD.size + length + SEAL


def found_in(file, keys=KEYS):
    with pytest.raises(BackupRefused) as refused:
        restoring.verify(file, keys)
    return refused.value.fault


def test_a_backup_of_any_engine_holds_every_row(filled, tmp_path):
    before = copying.contents(filled)

    made = backup.make(filled, KEYS, tmp_path / "one.iptbackup", ABOUT)

    with (
        restoring.unpacked(made.path, KEYS, tmp_path) as (payload, manifest),
        backup.opened(payload, KEYS) as database,
    ):
        assert copying.contents(database) == before
    assert manifest.counts == {name: content.rows for name, content in before.items()}


@pytest.mark.parametrize("engine", ENGINES)
def test_it_is_restored_on_any_engine_with_equal_digests(
    file, embedded, engine, stores_of, request
):
    stores = stores_of(engine)
    with stores.empty(engine) as place:
        placed = placing.restore(file, KEYS, Place(place.url, place.key), NOW, lambda _: None)
        restored = open_database(place.url, place.key, audit=AuditChain(KEYS.audit))
        before, after = copying.contents(embedded), copying.contents(restored)
        restored.close()

    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"audit_entry", "sign_in"}
    assert after["audit_entry"].rows == before["audit_entry"].rows  # one made, one restored
    assert placed.ready.sign_ins_ended == 1


def test_that_it_was_made_and_restored_is_in_the_audit_and_nobody_is_signed_in(
    file, embedded, stores_of
):
    with stores_of(SQLCIPHER).empty(SQLCIPHER) as place:
        placing.restore(file, KEYS, Place(place.url, place.key), NOW, lambda _: None)
        restored = place.open()
        with restored.read() as session, embedded.read() as there:
            newest = select(AuditEntry.event).order_by(AuditEntry.id.desc()).limit(1)
            assert there.scalar(newest) == "backup.made"
            assert session.scalar(newest) == "backup.restored"
            live = select(func.count()).select_from(SignIn).where(SignIn.revoked_at.is_(None))
            assert session.scalar(live) == 0
        restored.close()


def test_a_backup_made_while_others_write_holds_each_pair_whole(embedded, tmp_path):
    stop, written = threading.Event(), []

    def write_pairs():
        while not stop.is_set():
            number = len(written)
            with embedded.write() as session, session.begin():
                first = session.scalars(select(ClinicSetting)).first()
                for half in "ab":
                    session.add(
                        ClinicSetting(
                            name=f"pair.{number}.{half}",
                            value="x" * 500,
                            set_by=first.set_by,
                            set_at=NOW,
                        )
                    )
                    session.flush()
            written.append(number)
            time.sleep(0.01)  # people who save leave each other a turn, and the backup one too

    writer = threading.Thread(target=write_pairs)
    writer.start()
    try:
        counts = []
        for number in range(4):
            while len(written) < 10 * (number + 1):
                pass
            made = backup.make(embedded, KEYS, tmp_path / f"{number}.iptbackup", ABOUT)
            counts.append(pairs_in(made.path, tmp_path / f"{number}"))
    finally:
        stop.set()
        writer.join()
    assert all(later > earlier for earlier, later in pairwise(counts))


def pairs_in(file, folder):
    folder.mkdir()
    pairs = select(ClinicSetting.name).where(ClinicSetting.name.like("pair.%"))
    with (
        restoring.unpacked(file, KEYS, folder) as (payload, _),
        backup.opened(payload, KEYS) as database,
        database.read() as session,
    ):
        names = session.scalars(pairs).all()
    halves = [{n.rpartition(".")[0] for n in names if n.endswith(half)} for half in "ab"]
    assert halves[0] == halves[1], "a half pair was backed up"
    return len(halves[0])


def test_no_plain_text_is_in_the_file_or_left_in_the_folder(filled, tmp_path):
    made = backup.make(filled, KEYS, tmp_path / "one.iptbackup", ABOUT)

    assert CANARY.encode() not in made.path.read_bytes()
    assert [each.name for each in tmp_path.iterdir()] == ["one.iptbackup"]
    assert made.path.stat().st_mode & 0o777 == 0o600


def test_a_flipped_bit_anywhere_in_a_part_is_found(file):
    start, whole = beginning(file), file.read_bytes()
    for place in (start, start + PART + TAG + 5, len(whole) - 1):
        broken = bytearray(whole)
        broken[place] ^= 1
        file.write_bytes(broken)
        assert found_in(file) is Fault.CHANGED


def test_a_cut_end_is_found_wherever_it_was_cut(file):
    start, whole = beginning(file), file.read_bytes()
    for kept in (len(whole) - 1, start + PART + TAG, start, start - 1, HEAD.size + 5, 20):
        file.write_bytes(whole[:kept])
        assert found_in(file) is Fault.CUT_SHORT


def test_something_added_at_the_end_is_found(file):
    file.write_bytes(file.read_bytes() + b"\0")
    assert found_in(file) is Fault.LONGER


def test_two_parts_that_changed_places_are_found_and_named(file):
    start, whole, part = beginning(file), file.read_bytes(), PART + TAG
    first, second = whole[start : start + part], whole[start + part : start + 2 * part]
    file.write_bytes(whole[:start] + second + first + whole[start + 2 * part :])

    with pytest.raises(BackupRefused, match="part 2 stands where part 1 of"):
        restoring.verify(file, KEYS)
    assert found_in(file) is Fault.ORDER


def test_another_key_is_named(file):
    assert found_in(file, Keys(bytes(32))) is Fault.KEY


def test_a_file_of_something_else_is_named(tmp_path):
    foreign = tmp_path / "photo.iptbackup"
    foreign.write_bytes(b"\x89PNG and so on")
    assert found_in(foreign) is Fault.FOREIGN


def test_a_newer_format_is_named(file):
    whole = bytearray(file.read_bytes())
    whole[len(backup_file.MAGIC) + 1] = 9
    file.write_bytes(whole)
    assert found_in(file) is Fault.NEWER


def test_an_edited_manifest_is_found(file):
    file.write_bytes(file.read_bytes().replace(b'"clinic"', b'"Clinic"', 1))
    assert found_in(file) is Fault.MANIFEST


def test_a_manifest_that_does_not_tell_of_its_records_is_found(file, embedded, tmp_path):
    with restoring.unpacked(file, KEYS, tmp_path) as (payload, manifest):
        counts = manifest.counts | {"patient": 99}
        false = type(manifest)(**{**as_dict(manifest), "counts": counts})
        backup_file.write(tmp_path / "false.iptbackup", payload, false, KEYS.backup)

    assert found_in(tmp_path / "false.iptbackup") is Fault.CONTENT


def as_dict(manifest):
    return {name: getattr(manifest, name) for name in manifest.__dataclass_fields__}


def test_records_whose_audit_was_changed_are_not_backed_up(embedded, tmp_path):
    with embedded.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_entry_no_update")
        connection.exec_driver_sql("UPDATE audit_entry SET event = 'course.opened' WHERE id = 2")

    with pytest.raises(BackupRefused, match="audit"):
        backup.make(embedded, KEYS, tmp_path / "one.iptbackup", ABOUT)
    assert list(tmp_path.iterdir()) == []


def test_a_backup_never_overwrites(file, embedded):
    before = file.read_bytes()
    with pytest.raises(BackupRefused, match="never overwrites"):
        backup.make(embedded, KEYS, file, ABOUT)
    assert file.read_bytes() == before


def test_a_folder_lists_its_backups_newest_first_and_says_what_is_wrong(embedded, tmp_path):
    for day in (1, 3, 2):
        at = NOW - timedelta(days=day)
        backup.make(
            embedded, KEYS, tmp_path / backup_folder.dated_name(at), About("clinic", "0", at)
        )
    cut = tmp_path / backup_folder.dated_name(NOW - timedelta(days=1))
    cut.write_bytes(cut.read_bytes()[:-1])
    (tmp_path / "notes.iptbackup").write_text("not a backup")

    found = backup_folder.listed(tmp_path)

    assert [each.is_whole for each in found] == [False, True, True, False]
    assert backup_folder.newest(found).made_at == NOW - timedelta(days=2)
    assert "cut short" in found[0].fault
    assert "not a backup" in found[3].fault
