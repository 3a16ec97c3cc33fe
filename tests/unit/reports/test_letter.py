"""The page for the patient: plain words, easy to read, and never a word that frightens."""

import re
from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from ipt_tracker.clinical.outcome.change import judge
from ipt_tracker.clinical.outcome.thresholds import THRESHOLD_SETS
from ipt_tracker.reports.document import Heading, Words, pdf
from ipt_tracker.reports.letter import LetterFacts, Scores, document_of, score_words

SET = THRESHOLD_SETS["marx2022_s1_pcl5"]
FIRST, NEWEST = date(2026, 1, 7), date(2026, 2, 18)
GRADE = 7.0
"""The most years of school that a page may ask for; 7 to 8 is usual advice for health letters."""
NEVER = (
    *("ptsd", "depress", "trauma", "symptom", "disorder", "illness", "diagnos", "severe", "worse"),
    *("deteriorat", "fail", "risk", "suicid", "danger", "unreliabl", "reliable", "interval"),
    *("trial", "effect", "average", "mean ", "percent", "%", " sd", "baseline", "outcome"),
    *("clinical", "termination", "dropped", "supervis", "fidelity", "threshold", "interpersonal"),
)
"""Terms of the trade, comparisons, and words that frighten."""


def scores(first=58, last=33, **differs):
    usual = Scores("PCL-5", "PCL-5", True, 0, 80, (FIRST, first), (NEWEST, last))  # noqa: FBT003 -- a form
    judged = judge(first, last, SET)
    return replace(usual, **{"points": last - first, "change": judged} | differs)


def letter(**differs):
    usual = LetterFacts(
        code="T-101",
        name="Imre Solberg",
        therapist="R. Calder",
        held=6,
        started_on=FIRST,
        ended_on=None,
        has_left=False,
        areas=("role_transition",),
        scores=scores(),
        newest=None,
        software="IPT Tracker 1",
    )
    return replace(usual, **differs)


def prose(facts):
    document = document_of(facts)
    blocks = [b.paragraphs for b in document.blocks if isinstance(b, Words)]
    heads = [b.text for b in document.blocks if isinstance(b, Heading)]
    return (*document.lead, *(line for lines in blocks for line in lines)), (
        document.heading,
        *heads,
    )


SCORES = (
    None,
    scores(points=None, newest=None, change=None),
    *(scores(58, last) for last in (20, 50, 58, 66, 80)),
    replace(scores(58, 70), change=None),
    replace(scores(58, 40), change=None),
    replace(scores(), family="PHQ-9", name="PHQ-9", is_form=False),
    replace(scores(), family="unheard of"),
)
ENDS = ((None, False), (NEWEST, False), (NEWEST, True))
AREAS = ((), ("grief", "dispute"), ("role_transition", "sensitivity"), ("their own",))
EVERY = [
    letter(scores=s, ended_on=end, has_left=left, areas=areas, held=held)
    for s, (end, left), areas, held in product(SCORES, ENDS, AREAS, (0, 1, 6))
]


def syllables(word):
    found = len(re.findall(r"[aeiouy]+", word.lower()))
    silent = word.lower().endswith("e") and not word.lower().endswith("le") and found > 1
    return max(1, found - silent)


def grade(lines):
    """Give the years of school that a text asks for (Kincaid et al. 1975)."""
    sentences = [s for line in lines for s in re.split(r"[.?!:]+\s*", line) if s.strip()]
    words = [w for s in sentences for w in re.findall(r"[A-Za-z']+", s)]
    per_word = sum(map(syllables, words)) / len(words)
    return 0.39 * len(words) / len(sentences) + 11.8 * per_word - 15.59


def test_every_letter_can_be_read_after_seven_years_of_school():
    assert max(grade(prose(each)[0]) for each in EVERY) <= GRADE


def test_the_measure_of_reading_tells_hard_from_easy():
    hard = ["Interpersonal psychotherapy ameliorated posttraumatic symptomatology considerably."]
    assert grade(hard) > 2 * GRADE
    assert grade(["The cat sat on the mat. It was a warm day."]) < 2


def test_no_letter_frightens_compares_or_uses_terms_of_the_trade():
    for each in EVERY:
        lines, heads = prose(each)
        text = " ".join((*lines, *heads)).lower()
        assert not [word for word in NEVER if word in text], text


def test_no_sentence_is_long():
    for each in EVERY:
        for line in prose(each)[0]:
            assert max(len(s.split()) for s in re.split(r"[.?!]\s", line)) <= 25, line


@pytest.mark.parametrize(
    ("last", "words"),
    [
        (20, "The score went down by 38 points. That is a clear change: fewer problems"),
        (50, "The score went down by 8 points. That is a small change."),
        (58, "The two scores are the same."),
        (66, "The score went up by 8 points. That is a small change."),
        (80, "The score went up by 22 points. It is common that scores go up and down."),
    ],
)
def test_what_changed_is_said_in_a_calm_voice(last, words):
    assert any(line.startswith(words) for line in score_words(scores(58, last)))


def test_one_score_is_not_compared_with_anything():
    said = score_words(scores(points=None, newest=None, change=None))
    assert said[-1] == "There is one score so far, so there is nothing to compare it with yet."


def test_the_longest_letter_is_one_page():
    longest = letter(
        name="W" * 200,
        therapist="M" * 120,
        areas=("grief", "dispute", "role_transition", "sensitivity", "x"),
        ended_on=NEWEST,
        has_left=True,
    )
    content = pdf(document_of(longest))
    assert content.count(b"/Type /Page\n") + content.count(b"/Type/Page\n") <= 1
