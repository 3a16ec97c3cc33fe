"""A small bundle to spoil."""

import json
from copy import deepcopy

import pytest

from ipt_tracker.exchange.course_bundle import read
from tests.unit.exchange.small_case import SMALL_CASE


@pytest.fixture
def case():
    return deepcopy(SMALL_CASE)


@pytest.fixture
def bundle(case):
    return {"schema": "ipt-course-bundle/1", "cases": [case]}


@pytest.fixture
def read_back(bundle):
    """Read the bundle as it stands after the test has changed it."""
    return lambda: read(json.dumps(bundle))
