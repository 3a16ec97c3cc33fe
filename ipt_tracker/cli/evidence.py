"""`evidence pool FILE.csv`: a table of trials in, the pooled effect out.

Needs no instance. Standard output is the result alone; what is worth a look goes to stderr.
"""

import json
from pathlib import Path

import click

from ipt_tracker.cli.evidence_table import evidence_table
from ipt_tracker.clinical.evidence.meta_analysis import Grouped, Pooled, pool_grouped
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.exchange.effect_table import read_effect_table

LARGEST_FILE = 20_000_000


@click.group("evidence")
def evidence_command() -> None:
    """Work with the effects of trials."""


@evidence_command.command("pool")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def pool_command(file: Path, *, as_json: bool) -> None:
    """Pool the trials of FILE, a CSV with a study in each row.

    Columns: study,g,se_g or study,mean_ipt,sd_ipt,n_ipt,mean_control,sd_control,n_control;
    subgroup if wished. Negative effects favour IPT. Comparisons of one trial that share its IPT
    arm say the same word in a column shares, so that nobody counts twice.
    """
    try:
        table = read_effect_table(_content(file))
        grouped = pool_grouped(table.effects)
    except RuleBroken as broken:
        raise click.ClickException(broken.message) from broken
    for note in table.notes:
        click.echo(f"Note: {note}", err=True)
    if as_json:
        click.echo(json.dumps(figures(grouped), allow_nan=False))
    else:
        click.echo(evidence_table(table.effects, grouped))


def figures(grouped: Grouped) -> dict[str, object]:
    """Everything that was worked out, unrounded, under the names that other programs expect."""
    whole = _figures(grouped.overall)
    if grouped.difference is not None:
        found = grouped.difference
        whole["subgroups"] = {name: _figures(each) for name, each in grouped.subgroups.items()}
        whole["subgroup_difference"] = {"q": found.q, "df": found.df, "p": found.p}
    return whole


def _figures(pooled: Pooled) -> dict[str, object]:
    return {
        "k": pooled.k,
        "smd": pooled.smd,
        "ci": [pooled.low, pooled.high],
        "p": pooled.p,
        "tau2": pooled.tau2,
        "q": pooled.q,
        "i2": pooled.i2,
        "hksj_ci": pooled.hksj,
        "prediction_interval": pooled.prediction,
        "egger_p": pooled.egger_p,
    }


def _content(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            content = opened.read(LARGEST_FILE + 1)
    except OSError as trouble:
        raise click.ClickException(f"{file} cannot be opened: {trouble.strerror}.") from trouble
    if len(content) > LARGEST_FILE:
        raise click.ClickException(f"{file} is too large for a table of trials.")
    return content
