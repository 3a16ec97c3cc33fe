"""What `doctor` looks at outside the records: files, keys, backups, the disk."""

from collections.abc import Iterator
from datetime import datetime

from ipt_tracker.cli.doctor_check import Check, bad, right, warn
from ipt_tracker.cli.house import Configuration
from ipt_tracker.persistence.backup_folder import LATE, listed
from ipt_tracker.persistence.exposure import exposures
from ipt_tracker.persistence.marker import CONFIRMED, read_marker
from ipt_tracker.services.readiness import LEAST_FREE, free

MEGABYTE = 1_000_000


def machine_checks(config: Configuration, now: datetime) -> Iterator[Check]:
    """Look at everything that needs no open database."""
    yield from exposure_checks(config)
    yield _recovery_key(config)
    yield _backups(config, now)
    yield _disk(config)


def exposure_checks(config: Configuration) -> Iterator[Check]:
    """Give each reason for which a start is refused, or one line that there is none."""
    found = tuple(exposures(config))
    yield from (bad(it.name, *_told(it.says)) for it in found)
    if not found:
        yield right("safe to start", f"Nothing about {config.instance} exposes its records.")
    embedded = config.database_url.startswith("sqlite")
    if embedded and not config.encrypted and "unencrypted" not in {it.name for it in found}:
        says = "The records are in a plain file: whoever copies it can read them."
        yield warn("encryption", says, "Encrypt the whole disk, or install sqlcipher3 and move.")
    yield right("keys", f"The keys are in {config.keys_folder}.")


def _told(sentence: str) -> tuple[str, str]:
    """Split what is wrong from what to do."""
    says, _, do = sentence.partition(". ")
    return f"{says.rstrip('.')}.", do


def _recovery_key(config: Configuration) -> Check:
    day = read_marker(config.instance).get(CONFIRMED)
    if day:
        return right("recovery key", f"It was confirmed from paper on {day}.")
    return warn(
        "recovery key",
        "Nobody has confirmed a recovery key on paper. Without the key no backup can be read.",
        "Run: python3 -m ipt_tracker recovery-key, then the same with --confirm",
    )


def _backups(config: Configuration, now: datetime) -> Check:
    folder = config.backups
    whole = [found for found in listed(folder) if found.made_at and found.is_whole]
    do = "Run: python3 -m ipt_tracker backup --scheduled, and set up its timer."
    if not whole or whole[0].made_at is None:
        return warn("backups", f"There is no whole backup in {folder}.", do)
    age = now - whole[0].made_at
    hours = int(age.total_seconds() // 3600)
    if age > LATE:
        return warn("backups", f"The newest backup is {hours} hours old.", do)
    return right("backups", f"The newest of {len(whole)} in {folder} is {hours} hours old.")


def _disk(config: Configuration) -> Check:
    left = free(config.instance)
    says = f"{left // MEGABYTE} MB are free where {config.instance} is."
    if left < LEAST_FREE:
        return bad("disk", says, "Make room: below this, a save or a backup can fail.")
    return right("disk", says)
