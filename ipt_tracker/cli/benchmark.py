"""`benchmark --instrument KEY`: every course of the instance beside the trials' own groups.

For whoever runs the instance. Figures are given at full precision and whatever the number of
courses; the pages show single courses only below ten.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime

import click

from ipt_tracker.cli.benchmark_table import benchmark_table
from ipt_tracker.cli.house import House, opened
from ipt_tracker.clinical.evidence.caseload_benchmark import CaseloadBenchmark, Group, Rate, Test
from ipt_tracker.clinical.evidence.pre_post import CORRELATION
from ipt_tracker.services.benchmark import EVERY_COURSE, read_benchmark
from ipt_tracker.services.unit_of_work import reading


@click.command("benchmark")
@click.option(
    "--instrument",
    required=True,
    help="A key such as pcl5_week, or the name of an instrument such as PCL-5.",
)
@click.option(
    "--correlation",
    default=CORRELATION,
    show_default=True,
    type=click.FloatRange(-1, 1, max_open=True),
    help="Of first and last scores.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def benchmark_command(house: House, instrument: str, correlation: float, *, as_json: bool) -> None:
    """Print how scores changed over all courses, beside the trials' own groups."""
    database = opened(house.load())
    try:
        with reading(database, None, datetime.now(UTC)) as work:
            found = read_benchmark(work, instrument, EVERY_COURSE, correlation)
    finally:
        database.close()
    click.echo(json.dumps(figures_of(found)) if as_json else benchmark_table(found))


def figures_of(found: CaseloadBenchmark) -> dict[str, object]:
    """Give the figures as JSON holds them; `completers` holds the same object again."""
    return {
        "instrument": found.instrument,
        **_group(found.everyone),
        "without_second": found.without_second,
        "under_way": found.under_way,
        "basis": found.basis_words,
        "margin_status": "unverified",
        "correlation": found.correlation,
        "completers": _group(found.completers),
    }


def _group(group: Group) -> dict[str, object]:
    ci = group.mean_change_ci95
    points = {"points": list(group.points)} if group.is_small else {}
    return {
        "n": group.n,
        "mean_change": group.mean_change,
        "mean_change_ci95": None if ci is None else list(ci),
        "d": group.d,
        "d_se": group.d_se,
        "versus_waitlist": _test(group.versus_waitlist),
        "versus_ipt": _test(group.versus_ipt),
        "reason": group.reason or None,
        "rates": _rates(group.rates),
        **points,
    }


def _test(test: Test | None) -> dict[str, float] | None:
    if test is None:
        return None
    return {"benchmark": test.benchmark, "margin": test.margin, "t": test.t, "p": test.p}


def _rates(rates: Mapping[str, Rate | None]) -> dict[str, object]:
    return {key: None if rate is None else _rate(rate) for key, rate in rates.items()}


def _rate(rate: Rate) -> dict[str, object]:
    interval = None if rate.low is None else [rate.low, rate.high]
    return {
        "events": rate.events,
        "n": rate.n,
        "proportion": rate.proportion,
        "ci95": interval,
    }
