"""The closed sets of words in a course record."""

import pytest

from ipt_tracker.clinical.course import attendance, kinds, phases, protocols, records
from ipt_tracker.clinical.course.codes import Code, known, label_of

SETS = [
    found
    for module in (attendance, kinds, phases, protocols, records)
    for found in vars(module).values()
    if isinstance(found, type) and issubclass(found, Code) and found is not Code
]


@pytest.mark.parametrize("codes", SETS, ids=lambda codes: codes.__name__)
def test_every_code_has_words_of_its_own(codes):
    labels = [code.label for code in codes]

    assert all(labels)
    assert len(set(labels)) == len(labels)


def test_a_code_is_its_text():
    assert records.Modality.VIDEO == "telehealth_video"
    assert known(records.Modality, "telehealth_video") is records.Modality.VIDEO


def test_a_code_of_another_clinic_is_shown_in_its_own_words():
    assert label_of(records.Disposition, "ended") == "Ended"
    assert label_of(records.Disposition, "moved_to_the_coast") == "Moved to the coast"


def test_not_asked_about_risk_differs_from_asked_and_none():
    assert records.RiskCheck.NOT_ASKED != records.RiskCheck.ASKED_NONE
    assert records.RiskCheck.NOT_ASKED.label == "Not asked"
