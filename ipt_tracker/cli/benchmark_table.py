"""The figures of `benchmark` as a table to read, each with its n."""

from collections.abc import Iterator

from ipt_tracker.clinical.evidence.caseload_benchmark import CaseloadBenchmark, Group, Rate, Test

NOT_KNOWN = "not known"


def benchmark_table(found: CaseloadBenchmark) -> str:
    """Lay the figures out: everybody who started, then those who completed."""
    under_way = f"{found.under_way} of {found.everyone.n}"
    head = (
        f"Change on {found.instrument}, last score less first: negative is better",
        f"One score only, so change unknown: {found.without_second}. Under way: {under_way}.",
        found.basis_words,
        "The margin of 0.2 is unverified. d is positive for improvement.",
    )
    parts = (
        ("All who started, last score carried on", found.everyone),
        ("Those who completed", found.completers),
    )
    sections = ("\n".join((title, *_lines(group))) for title, group in parts)
    return "\n\n".join(("\n".join(head), *sections))


def _lines(group: Group) -> Iterator[str]:
    ci, d = group.mean_change_ci95, (group.d_low, group.d_high)
    yield f"  Courses  {group.n}"
    if group.is_small:
        yield f"  Single changes  {', '.join(map(str, group.points)) or 'none'}"
        yield f"  {group.reason}"
    else:
        yield f"  Mean change  {_number(group.mean_change)} ({_between(ci or (None, None))})"
        yield f"  d  {_number(group.d)} ({_between(d)})"
        yield f"  Above the waiting lists  {_test(group.versus_waitlist, group.reason)}"
        yield f"  Not below the IPT arms  {_test(group.versus_ipt, group.reason)}"
    yield from (f"  {rate.name}  {_rate(rate)}" for rate in group.rates.values() if rate)


def _test(test: Test | None, reason: str) -> str:
    if test is None:
        return reason
    return f"benchmark {test.benchmark:.2f}, t {test.t:.2f}, one-sided p {test.p:.3f}"


def _rate(rate: Rate) -> str:
    if rate.proportion is None or rate.low is None or rate.high is None:
        return "nobody yet"
    share = f"{100 * rate.proportion:.0f} % ({100 * rate.low:.0f} to {100 * rate.high:.0f} %)"
    return f"{rate.events} of {rate.n}, {share}: {rate.definition}"


def _between(ends: tuple[float | None, float | None]) -> str:
    return " to ".join(map(_number, ends))


def _number(value: float | None) -> str:
    return NOT_KNOWN if value is None else f"{value:.2f}"
