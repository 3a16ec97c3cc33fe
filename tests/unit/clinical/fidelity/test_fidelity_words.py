"""What the figures say in words: with their n, and nothing that they cannot say."""

import pytest

from ipt_tracker.clinical.fidelity import words
from ipt_tracker.clinical.fidelity.agreement import bland_altman, icc
from ipt_tracker.clinical.fidelity.control_chart import control
from ipt_tracker.clinical.fidelity.summary import clustered, summary_of


@pytest.mark.parametrize(
    ("low", "strength"),
    [
        (-0.2, "poor"),
        (0.499, "poor"),
        (0.5, "moderate"),
        (0.749, "moderate"),
        (0.75, "good"),
        (0.9, "good"),
        (0.901, "excellent"),
    ],
)
def test_an_icc_is_read_on_its_lower_bound(low, strength):
    assert words.strength_of(low) == strength


def test_an_icc_is_said_with_its_form_its_n_and_the_lower_bound():
    said = words.icc_words("ICC(A,1)", 0.74, (0.101, 0.94), 8)

    assert said == (
        "ICC(A,1) 0.74 over 8 sessions, 95 % interval 0.10 to 0.94: it may be no better than poor "
        "(lower bound, Koo and Li 2016)."
    )


def test_an_icc_that_cannot_be_had_says_so():
    assert words.icc_words("ICC(A,1)", None, None, 4) == "ICC(A,1) cannot be had from 4 sessions."
    assert words.icc_words("ICC(A,1)", 1.0, None, 3).endswith(
        "over 3 sessions, without an interval."
    )
    assert words.agreement_words(None, changing=False).startswith("Too few sessions")


def test_changing_raters_are_said_by_the_one_way_figure():
    found = icc([(3.0, 3.5), (4.0, 3.0), (2.0, 2.5), (4.5, 4.0)])

    assert words.agreement_words(found, changing=True).startswith("ICC(1,1) ")
    assert words.agreement_words(found, changing=False).startswith("ICC(A,1) ")


@pytest.mark.parametrize(
    ("differences", "said"),
    [
        ([], "No session has a quality rating by both."),
        ([0.5], "On average the self-rating is 0.50 higher than the supervisor's (1 session)."),
        (
            [-0.5, -0.5],
            (
                "On average the self-rating is 0.50 lower than the supervisor's; about 95 % of "
                "differences lie from −0.50 to −0.50 (2 sessions)."
            ),
        ),
        (
            [-0.5, 0.5],
            (
                "On average the self-rating is the same as the supervisor's; about 95 % of "
                "differences lie from −1.39 to 1.39 (2 sessions)."
            ),
        ),
    ],
)
def test_a_bias_is_said_with_its_side_its_limits_and_its_n(differences, said):
    assert words.bias_words(bland_altman(differences)) == said


def test_a_control_chart_says_how_far_its_limits_carry_and_each_signal():
    assert words.control_words(control([3.0])) == (
        "There are no limits below 6 sessions. There is 1.",
    )
    assert words.control_words(control([3.0] * 6)) == (words.WEAK_LIMITS, "No signal.")
    assert words.control_words(control([4.0] * 11 + [1.0]))[0] == "1 session outside the limits."
    run = words.control_words(control([4.0] * 8 + [3.0] * 8))
    assert words.RUN_RULE in run
    assert run[-1] == words.SIGNALS


def test_lines_are_named_as_conventions():
    assert words.pass_line_words(3.0).startswith("Line at 3.0: this clinic's convention.")
    assert words.adherence_line_words(80).startswith("Line at 80 %: this clinic's convention.")
    assert "no source was found" in words.adherence_line_words(75.5)


def test_what_is_too_few_says_how_few():
    assert words.too_few(2) == "too few to say (2)"
    assert words.sessions(1) == "1 session"
    assert words.bounds_words(None) == "no interval"
    assert words.bounds_words((-0.001, 0.2)) == "0.00 to 0.20"


def test_no_sentence_claims_that_fidelity_foretells_outcome():
    assert "neither adherence" in words.NOT_OUTCOME
    assert "Webb" in words.NOT_OUTCOME


@pytest.mark.parametrize(
    ("values", "form", "said"),
    [
        ((3, 4, 5, 4), words.QUALITY_FORM, "interval from 5 sessions on"),
        ((3, 4, 5, 4), words.ITEM_FORM, "interval from 5 ratings on"),
        ((3, 3, 3, 3, 3), words.QUALITY_FORM, "all alike, no interval"),
        ((5, 5, 5, 5, 1), words.QUALITY_FORM, "1.98 to 5.00"),
        ((100, 100, 100, 90, 90), words.ADHERENCE_FORM, "89 to 100 %"),
        ((96.1, 96.1, 96.1, 96.2, 96.2), words.ADHERENCE_FORM, "96.1 to 96.2 %"),
    ],
)
def test_an_interval_is_cut_at_the_scale_and_never_claims_a_certainty_of_few(values, form, said):
    assert words.interval_words(summary_of(values), form) == said


def test_the_interval_of_a_domain_counts_ratings_and_not_their_items():
    few = clustered({n: [3, 4, 5] for n in range(4)})
    flat = clustered({n: [3, 3] for n in range(5)})

    assert words.interval_words(few, words.DOMAIN_FORM) == "interval from 5 ratings on"
    assert words.interval_words(flat, words.DOMAIN_FORM) == "no spread, no interval"
    assert words.shown_bounds(flat, words.DOMAIN_FORM) is None
