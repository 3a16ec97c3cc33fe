"""Reading a clinic's table of trials: generous in form, strict in content."""

import time

import pytest

from ipt_tracker.clinical.evidence.arm_data import ArmData, hedges_g
from ipt_tracker.clinical.evidence.meta_analysis import StudyEffect
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.exchange.effect_table import read_effect_table

HEAD = "study,g,se_g,subgroup\n"
ARMS = "study,mean_ipt,sd_ipt,n_ipt,mean_control,sd_control,n_control"
TWO = (StudyEffect("A", -0.44, 0.13, "x"), StudyEffect("B", 0.1, 0.2, "y"))


def read(text):
    return read_effect_table(text.encode())


def said(content):
    with pytest.raises(RuleBroken) as refused:
        read_effect_table(content if isinstance(content, bytes) else content.encode())
    sentence = str(refused.value)
    assert "\n" not in sentence
    assert sentence.endswith(".")
    return sentence


@pytest.mark.parametrize(
    "text",
    [
        "study,g,se_g,subgroup\nA,-0.44,0.13,x\nB,0.1,0.2,y\n",
        "\ufeffstudy,g,se_g,subgroup\r\nA,-0.44,0.13,x\r\nB,0.1,0.2,y",
        "study,g,se_g,subgroup\rA,-0.44,0.13,x\rB,0.1,0.2,y\r",
        ' Study , G,SE_g ,Subgroup\n"A", -.44 ,+0.13," x "\n"B","1e-1",0.2,y\n\n \n,,,\n',
        "study;g;se_g;subgroup\nA;-0,44;0,13;x\nB;0.1;,2;y\n",
        "study\tg\tse g\tsubgroup\nA\t−0,44\t0,13\tx\nB\t0.1\t0.2\ty\n",
        "subgroup,se_g,study,g,,\nx,0.13,A,-0.44,,\n\ny,0.2,B,0.1,,\n",
    ],
    ids=["plain", "mark and CRLF", "CR", "spaces", "semicolons", "tabs", "blank columns"],
)
def test_every_way_of_writing_the_table_reads_alike(text):
    assert read(text).effects == TWO
    assert read(text).notes == ()
    assert read(text).arms == ()


def test_arms_are_turned_into_effects():
    table = read(f"{ARMS}\nKrupnick,-24.54,16.92,20,-5.78,12.23,7.0\n")

    arms = ArmData("Krupnick", -24.54, 16.92, 20, -5.78, 12.23, 7)
    assert table.arms == (arms,)
    assert table.effects == (hedges_g(arms),)


def test_a_name_may_hold_commas_quotation_marks_and_a_new_line():
    table = read('study,g,se_g\n"Smith, ""Joe""\n2014",-0.1,0.2\nProença 2022,0.1,0.2\n')

    assert [each.study for each in table.effects] == ['Smith, "Joe"\n2014', "Proença 2022"]


def test_columns_that_are_not_known_are_left_aside_with_a_note():
    table = read("study,year,g,se_g,shares\nA,2014,-0.1,0.2,x\n")

    assert table.effects == (StudyEffect("A", -0.1, 0.2),)
    assert table.notes == ("Not used, because the names are not known: year, shares.",)


def test_a_comparison_counted_twice_is_noticed():
    table = read(f"{ARMS}\nM,30,20,40,25,20,38\nM,30,20,40,40,20,32\nM,30,20,40,41,20,32\n")

    assert [note for note in table.notes if "count twice" in note] == [
        (
            "M has one IPT arm in two rows: its people count twice unless both rows say the same "
            "word in a column shares."
        )
    ]


def test_a_shared_arm_is_divided_and_needs_no_note():
    table = read(f"{ARMS},shares\nM,30,20,40,25,20,38,m\nM,30,20,40,40,20,32,m\n")

    assert table.notes == ()
    assert table.effects[0] == hedges_g(ArmData("M", 30, 20, 20, 25, 20, 38))
    assert table.arms[0].n_ipt == 40


@pytest.mark.parametrize(
    ("text", "word"),
    [
        (f"{ARMS},shares\nM,30,20,40,25,20,38,m\nN,30,20,40,40,20,32,\n", "nothing was divided"),
        ("study,g,se_g\nA,-0.1,0.2\nA,-0.1,0.2\n", "twice with the same numbers"),
        (f"{ARMS}\nM,30,2,40,45,2,38\n", "not a standard error"),
        (f"{HEAD}A,-0.1,0.2,Passive\nB,-0.1,0.3,passive\n", "different subgroups"),
    ],
)
def test_what_looks_odd_is_noticed(text, word):
    (note,) = read(text).notes

    assert word in note


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "The file is empty: row 1 must name its columns."),
        ("\n , \n", "The file is empty: row 1 must name its columns."),
        (HEAD, "There is no study below row 1."),
        ("study,g\nA,1\n", "Row 1: column se_g is missing."),
        ("g,se_g\n1,1\n", "Row 1: column study is missing."),
        ("\nstudy,se_g\nA,1\n", "Row 2: column g is missing."),
        (f"{ARMS[:-10]}\nA,1,1,9,1,1\n", "Row 1: column n_control is missing."),
        ("study,g,G,se_g\nA,1,1,1\n", "Row 1: column g stands there more than once."),
        (f"{HEAD}A,x,0.2,\n", "Row 2, column g: “x” is not a number."),
        (f"{HEAD}A,1_0,0.2,\n", "Row 2, column g: “1_0” is not a number."),
        (f"{HEAD}A,0x1,0.2,\n", "Row 2, column g: “0x1” is not a number."),
        (
            f"{HEAD}A,\N{ARABIC-INDIC DIGIT ONE},0.2,\n",
            "Row 2, column g: “\N{ARABIC-INDIC DIGIT ONE}” is not a number.",
        ),
        (f'{HEAD}A,"0,5",0.2,\n', "Row 2, column g: “0,5” is not a number."),
        ("study;g;se_g\nA;1.234,5;0,2\n", "Row 2, column g: “1.234,5” is not a number."),
        (f"{HEAD}A,NaN,0.2,\n", "Row 2, column g: “NaN” is not a finite number."),
        (f"{HEAD}A,0.1,-inf,\n", "Row 2, column se_g: “-inf” is not a finite number."),
        (f"{HEAD}A,1e999,0.2,\n", "Row 2, column g: inf cannot be an effect in SDs."),
        (f"{HEAD}A,,0.2,\n", "Row 2, column g: The number is missing."),
        (f"{HEAD}A,0.1\n", "Row 2, column se_g: The number is missing."),
        (
            f"{HEAD}A,0.1,0.2,\n\nB,0.1,0,\n",
            "Row 4, column se_g: The standard error must be greater than 0.",
        ),
        (
            f"{HEAD}A,0.1,-0.2,\n",
            "Row 2, column se_g: The standard error must be greater than 0.",
        ),
        (f"{HEAD} ,0.1,0.2,\n", "Row 2, column study: The name of the study is missing."),
        (
            f"{HEAD}A,0.1,0.2,x\nB,0.1,0.2,\n",
            "Row 3, column subgroup: It is empty, though other rows name a subgroup.",
        ),
        (
            "study,g,se_g\nA,-0,44,0,13\n",
            (
                "Row 2 has 5 fields for 3 columns: nothing may stand after column se_g, "
                "and a decimal comma needs semicolons between the columns."
            ),
        ),
        (f"{ARMS}\nA,1,0,9,1,1,9\n", "Row 2, column sd_ipt: The SD must be greater than 0."),
        (
            f"{ARMS}\nA,1,1,1,1,1,9\n",
            "Row 2, column n_ipt: The number of people must be at least 2.",
        ),
        (
            f"{ARMS}\nA,1,1,9,1,1,9.5\n",
            "Row 2, column n_control: “9.5” is not a whole number.",
        ),
        (f"{ARMS}\nA,1,1,9,1,1,1e999\n", "Row 2, column n_control: “1e999” is not a whole number."),
        (
            f"{ARMS},shares\nA,1,1,9,1,1,9,m\nB,1,1,8,1,1,9,m\n",
            (
                "Row 3, column shares: This row shares its IPT arm with a row that gives the arm "
                "other numbers."
            ),
        ),
        (
            f"{ARMS},shares\nC,1,1,9,1,1,9,\nA,1,1,3,1,1,9,m\nB,1,1,3,1,1,9,m\n",
            "Row 3, column n_ipt: 3 people are too few for an IPT arm of 2 comparisons.",
        ),
        (
            f"{ARMS},g\nA,1,1,9,1,1,9,1\n",
            (
                "Row 1: column g and mean_control belong to different layouts: give g and se_g, "
                "or the means of both arms."
            ),
        ),
        (
            '{"study": 1}',
            (
                "Row 1: neither the columns g and se_g nor the columns mean_ipt, sd_ipt, n_ipt, "
                "mean_control, sd_control, n_control are there."
            ),
        ),
        (
            f'{HEAD}A,0.1,0.2,x\n"B,0.1,0.2,y\n',
            "Row 3 cannot be parted into columns; look at its quotation marks.",
        ),
        (
            f'{HEAD}"A"x,0.1,0.2,x\n',
            "Row 2 cannot be parted into columns; look at its quotation marks.",
        ),
        (b"study,g\0,se_g\nA,1,1\n", "The file is not a text file."),
        ("study,g,se_g\n".encode("utf-16"), "The file is in UTF-16: save it as CSV in UTF-8."),
        (
            "study,g,se_g\nProença,1,1\n".encode("latin-1"),
            "The file is not text in UTF-8 (first seen in row 2): save it as CSV UTF-8.",
        ),
        (
            b"\x89PNG\r\n\x1a\n\0\0",
            "The file is not text in UTF-8 (first seen in row 1): save it as CSV UTF-8.",
        ),
    ],
)
def test_a_broken_table_gets_one_sentence_with_its_place(text, sentence):
    assert said(text) == sentence


def test_a_long_or_unprintable_value_is_shown_short_and_on_one_line():
    sentence = said(f'{HEAD}A,"{"9x" * 30}\n\x1b[31m",0.2,\n')

    assert sentence.startswith("Row 2, column g: “9x9x")
    assert len(sentence) < 100
    assert "\x1b" not in sentence


def test_a_field_too_long_for_any_table_is_refused():
    assert "Row 2 cannot be parted" in said(f"{HEAD}{'A' * 200_000},0.1,0.2,x\n")


def test_a_table_of_too_many_rows_is_refused():
    assert "more than 5000 rows" in said("study,g,se_g\n" + "A,0.1,0.2\n" * 5001)


def test_a_large_table_is_read_quickly():
    rows = "".join(f"S{place},1,2,9,2,3,9,s{place // 2}\n" for place in range(5000))
    begun = time.process_time()

    assert len(read(f"{ARMS},shares\n{rows}").effects) == 5000
    assert time.process_time() - begun < 3
