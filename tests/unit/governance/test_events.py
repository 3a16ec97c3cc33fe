"""The names in the audit stay readable for as long as the audit is kept."""

import re

from ipt_tracker.governance.events import Event


def test_each_event_is_an_area_and_what_happened_there():
    shaped = re.compile(r"[a-z]+\.[a-z_]+")

    assert [e for e in Event if not shaped.fullmatch(e)] == []


def test_each_event_fits_its_column():
    assert max(map(len, Event)) <= 60
