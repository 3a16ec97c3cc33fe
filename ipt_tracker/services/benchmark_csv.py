"""The figures of a caseload beside the trials as a table for spreadsheets: one number a row."""

from collections.abc import Iterator

from ipt_tracker.clinical.evidence.caseload_benchmark import SMALLEST, CaseloadBenchmark, Group
from ipt_tracker.clinical.evidence.pre_post import Test
from ipt_tracker.clinical.evidence.rates import Rate
from ipt_tracker.exchange.tables import Value, csv_bytes
from ipt_tracker.services import benchmark_words as words
from ipt_tracker.services.benchmark_charts import groups_of
from ipt_tracker.services.benchmark_page import Choice

HEAD = ("part", "of", "what", "value", "unit", "n", "low_95", "high_95", "status", "source")
OWN = "recorded in this caseload"
Row = tuple[Value, ...]


def as_csv(found: CaseloadBenchmark, choice: Choice) -> bytes:
    """Write every figure of the page; under ten courses the single changes and counts alone."""
    return csv_bytes(HEAD, _rows(found, choice))


def _rows(found: CaseloadBenchmark, choice: Choice) -> Iterator[Row]:
    yield _row("about", "", "measure", choice.measure.version)
    for name, value in choice.query().items():
        yield _row("about", "chosen", name, value)
    yield _row("about", "", "without_later_score", found.without_second, "courses")
    yield _row("about", "", "under_way", found.under_way, "courses")
    yield _row("about", "", "benchmarks", found.basis_words)
    yield from _group("change", words.EVERYONE, found.everyone)
    yield from _group("change", words.COMPLETERS, found.completers)
    for part in found.breakdowns:
        for label, group in part.groups:
            yield from _group(part.by, label, group, with_rates=False)
    if words.has_basis(found):
        yield from _trials(found)
    for text in words.caveats(found):
        yield _row("caveat", "", "", text)


def _row(part: str, of: str, what: str, value: Value, unit: str = "") -> Row:
    return part, of, what, value, unit, None, None, None, "", ""


def _group(part: str, of: str, group: Group, *, with_rates: bool = True) -> Iterator[Row]:
    yield part, of, "courses", group.n, "courses", group.n, None, None, OWN, ""
    if group.is_small:
        for point in group.points:
            yield part, of, "single_change", point, "points", 1, None, None, OWN, ""
    else:
        yield from _means(part, of, group)
    if with_rates:
        for rate in group.rates.values():
            if rate is not None:
                yield _rate(of, rate)


def _means(part: str, of: str, group: Group) -> Iterator[Row]:
    low, high = (_short(each) for each in group.mean_change_ci95 or (None, None))
    n = group.n
    yield part, of, "mean_change", _short(group.mean_change), "points", n, low, high, OWN, ""
    ends = _short(group.d_low, 3), _short(group.d_high, 3)
    yield part, of, "d", _short(group.d, 3), "SD at the start", n, *ends, OWN, ""
    tests = (("waiting_lists", group.versus_waitlist), ("ipt_arms", group.versus_ipt))
    for name, test in tests:
        if test is not None:
            yield from _test(part, of, name, test, n)


def _test(part: str, of: str, name: str, test: Test, n: int) -> Iterator[Row]:
    yield part, of, f"{name}_benchmark", test.benchmark, "d", n, None, None, "derived here", ""
    yield part, of, f"{name}_margin", test.margin, "d", n, None, None, "unverified", ""
    yield part, of, f"{name}_p_one_sided", _short(test.p, 4), "p", n, None, None, OWN, ""


def _rate(of: str, rate: Rate) -> Row:
    share: Value = None
    low: Value = None
    high: Value = None
    if rate.n >= SMALLEST and rate.proportion is not None:
        share, low, high = (_percent(each) for each in (rate.proportion, rate.low, rate.high))
    what = f"{rate.key}: {rate.events} of {rate.n}"
    return "rate", of, what, share, "percent", rate.n, low, high, OWN, rate.source


def _trials(found: CaseloadBenchmark) -> Iterator[Row]:
    for each in groups_of(found):
        if each.kind != "caseload":
            value, ends = _short(each.d, 3), (_short(each.low, 3), _short(each.high, 3))
            unit, status = "SD at the start", str(each.status)
            yield "trials", each.label, "d", value, unit, each.n, *ends, status, each.source


def _percent(share: float | None) -> float | None:
    return None if share is None else _short(100 * share, 1)


def _short(value: float | None, digits: int = 2) -> float | None:
    return None if value is None else round(value, digits)
