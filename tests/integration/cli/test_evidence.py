"""`evidence pool FILE.csv`: one object on standard output, everything else beside it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from ipt_tracker.cli.evidence import evidence_command
from ipt_tracker.clinical.evidence.meta_analysis import pool, pool_grouped
from ipt_tracker.exchange.effect_table import read_effect_table
from tests.factories.effects import S3

ROOT = Path(__file__).resolve().parents[3]
KEYS = [
    *("k", "smd", "ci", "p", "tau2", "q", "i2", "hksj_ci", "prediction_interval", "egger_p"),
]


@pytest.fixture
def pooled(tmp_path):
    """Run the command on a table and give what came of it."""

    def run(content, *options):
        file = tmp_path / "trials.csv"
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return CliRunner().invoke(evidence_command, ["pool", str(file), *options])

    return run


def table(effects, names=()):
    head = "study,g,se_g,subgroup" if names else "study,g,se_g"
    ends = [f",{name}" for name in names] or [""] * len(effects)
    rows = (
        f"{each.study},{each.g!r},{each.se!r}{end}" for each, end in zip(effects, ends, strict=True)
    )
    return "\n".join((head, *rows))


def test_the_object_holds_every_figure_unrounded(pooled):
    outcome = pooled(table(S3), "--json")

    expected = pool(S3)
    found = json.loads(outcome.stdout)
    assert (outcome.exit_code, outcome.stderr) == (0, "")
    assert outcome.stdout.count("\n") == 1
    assert list(found) == KEYS
    assert found == {
        "k": 10,
        "smd": expected.smd,
        "ci": [expected.low, expected.high],
        "p": expected.p,
        "tau2": expected.tau2,
        "q": expected.q,
        "i2": expected.i2,
        "hksj_ci": list(expected.hksj),
        "prediction_interval": list(expected.prediction),
        "egger_p": expected.egger_p,
    }


def test_subgroups_come_with_the_test_of_their_difference(pooled):
    names = ["passive", "active"] * 5
    content = table(S3, names)

    found = json.loads(pooled(content, "--json").stdout)

    expected = pool_grouped(read_effect_table(content.encode()).effects)
    assert list(found) == [*KEYS, "subgroups", "subgroup_difference"]
    assert list(found["subgroups"]) == ["passive", "active"]
    assert [list(each) for each in found["subgroups"].values()] == [KEYS, KEYS]
    assert found["subgroups"]["active"]["smd"] == expected.subgroups["active"].smd
    difference = expected.difference
    assert found["subgroup_difference"] == {"q": difference.q, "df": 1, "p": difference.p}


def test_one_subgroup_has_no_p_of_a_difference(pooled):
    found = json.loads(pooled("study,g,se_g,subgroup\nA,0.1,0.2,x\n", "--json").stdout)

    assert found["subgroup_difference"] == {"q": 0, "df": 0, "p": None}


@pytest.mark.parametrize(
    ("rows", "missing"),
    [
        ("A,-0.5,0.2\n", ["hksj_ci", "prediction_interval", "egger_p"]),
        ("A,-0.5,0.2\nB,-0.4,0.3\n", ["prediction_interval", "egger_p"]),
        ("A,-0.5,0.2\nB,-0.4,0.3\nC,-0.1,0.3\n", []),
        ("A,-0.5,0.2\nB,-0.5,0.2\nC,-0.5,0.2\n", ["egger_p"]),
    ],
)
def test_what_too_few_studies_cannot_give_is_null(pooled, rows, missing):
    found = json.loads(pooled(f"study,g,se_g\n{rows}", "--json").stdout)

    assert [key for key in KEYS if found[key] is None] == missing


def test_the_people_of_a_shared_arm_count_once(pooled):
    head = "study,mean_ipt,sd_ipt,n_ipt,mean_control,sd_control,n_control"
    once = pooled(f"{head},shares\nM,30,20,40,25,20,38,m\nM,30,20,40,26,20,32,m\n", "--json")
    twice = pooled(f"{head}\nM,30,20,40,25,20,38\nM,30,20,40,26,20,32\n", "--json")

    assert once.stderr == ""
    assert twice.stderr.startswith("Note: M has one IPT arm in two rows")
    width = [
        json.loads(it.stdout)["ci"][1] - json.loads(it.stdout)["ci"][0] for it in (once, twice)
    ]
    assert width[0] > width[1]


@pytest.mark.parametrize("options", [(), ("--json",)])
@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("study,g,se_g\nA,0.1,zero\n", "Row 2, column se_g: “zero” is not a number."),
        (b"\xff\xd8\xff", "The file is not text in UTF-8"),
        ("", "The file is empty: row 1 must name its columns."),
    ],
)
def test_a_broken_table_gets_one_sentence_and_nothing_on_standard_output(
    pooled, content, sentence, options
):
    outcome = pooled(content, *options)

    assert outcome.exit_code != 0
    assert outcome.stdout == ""
    assert outcome.stderr.startswith(f"Error: {sentence}")
    assert outcome.stderr.count("\n") == 1


def test_a_file_that_is_not_there_gets_one_sentence(tmp_path):
    for path in (tmp_path / "none.csv", tmp_path):
        outcome = CliRunner().invoke(evidence_command, ["pool", str(path), "--json"])

        assert outcome.exit_code != 0
        assert outcome.stdout == ""
        assert "cannot be opened" in outcome.stderr


def test_without_json_a_table_for_people_says_its_cautions(pooled):
    said = pooled(table(S3[:8], ["passive", "active"] * 4)).stdout

    for words in (
        "Krupnick",
        "All studies, k = 8",
        "Effect (SMD)            −0.63",
        "substantial differences between the trials",
        "passive, k = 4",
        "Test that the subgroups differ: Q",
        "Egger's test says little with fewer than 10 trials",
        "bands of I² overlap",
        "none says how one patient will change",
    ):
        assert words in said


def test_a_hartung_knapp_interval_that_is_narrower_is_pointed_out(pooled):
    said = pooled("study,g,se_g\nA,-0.4,0.2\nB,-0.41,0.3\n").stdout

    assert "narrower than Wald's" in said
    assert "read the wider one" in said
    assert "narrower" not in pooled("study,g,se_g\nA,-1,0.1\nB,0.41,0.1\n").stdout


def test_the_table_says_what_cannot_be_worked_out(pooled):
    alone = pooled("study,g,se_g,subgroup\nA,-0.4,0.2,x\n").stdout
    alike = pooled("study,g,se_g\n" + "A,-0.4,0.2\n" * 3).stdout

    assert "needs two studies" in alone
    assert "needs three studies" in alone
    assert "one trial alone shows no differences" in alone
    assert "There is one subgroup only" in alone
    assert "cannot be worked out here" in alike


def test_the_command_runs_without_an_instance_and_without_heavy_imports(tmp_path):
    file = tmp_path / "trials.csv"
    file.write_text(table(S3), encoding="utf-8")
    code = (
        "import sys; from ipt_tracker.cli.main import main\n"
        f"main(['evidence', 'pool', {str(file)!r}, '--json'], None)\n"
        "heavy = {'flask', 'pandas', 'sqlalchemy', 'matplotlib', 'scipy.stats'}\n"
        "sys.exit(', '.join(heavy & set(sys.modules)) or 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=os.environ | {"IPT_INSTANCE": str(tmp_path / "none")},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stderr == ""
    assert json.loads(done.stdout)["k"] == 10
    assert not (tmp_path / "none").exists()
