"""A file of trials: each row says its source and population, or the file's own stand in."""

import pytest

from ipt_tracker.clinical.evidence.own_trials import Fidelity
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.exchange.trial_file import read_trial_file

HEAD = "study,g,se_g"


def test_a_row_keeps_its_own_source_and_population_and_the_others_take_those_of_the_file():
    text = f"{HEAD},source,population,fidelity\nA,-0.5,0.2,here,veterans,yes\nB,-0.1,0.2,,,\n"

    first, second = read_trial_file(text.encode(), "ours", "adults").trials

    assert (first.source, first.population, first.fidelity) == ("here", "veterans", Fidelity.YES)
    assert (second.source, second.population) == ("ours", "adults")
    assert second.fidelity is Fidelity.UNKNOWN


def test_columns_that_are_used_here_are_not_called_unknown_and_others_are():
    text = f"{HEAD},source,journal\nA,-0.5,0.2,here,there\n"

    (note,) = read_trial_file(text.encode(), "", "adults").notes

    assert "journal" in note
    assert "source" not in note


def test_arms_are_kept_as_arms():
    text = (
        "study,mean_ipt,sd_ipt,n_ipt,mean_control,sd_control,n_control\n"
        "A,40.6,20.9,20,56.6,25.1,7\n"
    )

    (trial,) = read_trial_file(text.encode(), "ours", "adults").trials

    assert trial.arms is not None
    assert trial.arms.n_control == 7


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{HEAD}\nA,-0.5,0.2\n", "Row 2, column source: It is empty"),
        (f"{HEAD},source\n\nA,-0.5,0.2,here\n", "Row 3, column population: It is empty"),
        (f"{HEAD},source,population,fidelity\nA,-0.5,0.2,h,p,often\n", "Row 2, column fidelity"),
        (f"{HEAD},source,population\n{'A' * 201},-0.5,0.2,h,p\n", "Row 2, column study"),
    ],
)
def test_what_a_row_lacks_is_said_with_row_and_column(text, said):
    with pytest.raises(RuleBroken, match=said):
        read_trial_file(text.encode(), "", "")
