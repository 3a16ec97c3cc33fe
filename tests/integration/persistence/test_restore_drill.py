"""The restore drill in small: two thousand sessions, every check, well within its limit."""

from tests.benchmarks.restore_drill import LIMIT_SECONDS, drill

SESSIONS = 2000
SHARE = SESSIONS / 100_000


def test_two_thousand_sessions_are_restored_with_every_check_within_their_share(tmp_path):
    found = drill(SESSIONS, tmp_path)

    assert found.sessions >= SESSIONS
    assert found.restore_seconds < LIMIT_SECONDS * SHARE * 2  # a busy machine gets twice its share
    assert not list(tmp_path.glob(".ipt-backup-*"))
