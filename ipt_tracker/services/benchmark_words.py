"""The words that stand with the figures of a caseload, on the page, in pictures and in files."""

from collections.abc import Iterator

from ipt_tracker.clinical.evidence import library
from ipt_tracker.clinical.evidence.caseload_benchmark import (
    SMALLEST,
    CaseloadBenchmark,
    Group,
)
from ipt_tracker.clinical.evidence.comparison import signed
from ipt_tracker.clinical.evidence.pre_post import Test

LEVEL = 0.05
EVERYONE, COMPLETERS = "Everyone who started", "Completers"
SHOWN_CAVEATS = (
    "waiting_list_time",
    "natural_recovery",
    "who_was_studied",
    "carried_over",
    "one_small_trial",
    "pcl_lists_changed_less",
)
UNCONTROLLED = (
    "There is no control group here. Change from start to end holds natural recovery, regression "
    "to the mean and all other help beside IPT. It says nothing about what caused it."
)
ANOTHER_QUANTITY = (
    "The d of a caseload is not the effect of the forest plot: that is treated minus control at "
    "the end. The two are never held against each other."
)
SMALL_TRIALS = (
    "The IPT arms are few, small, partly open and partly without those who left, so their mean is "
    "optimistic. A caseload under it need not be a worse one."
)
NOT_ADJUSTED = (
    "Nothing is adjusted for who the patients are. Parts of a caseload differ by chance; no part "
    "is by therapist, because small caseloads cannot tell therapists apart."
)
MARGIN = (
    "The margin of 0.20 follows the benchmarking method of Minami 2008. It is unverified: the "
    "paper's page with it was not seen."
)


def numbers(count: int, one: str = "course", many: str = "courses") -> str:
    """Write "1 course", "12 courses"."""
    return f"{count} {one if count == 1 else many}"


def p_words(p: float) -> str:
    """Write a p value as it is printed: "p = 0.031", "p < 0.001"."""
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}"  # noqa: PLR2004 -- the usual last line


def interval_words(low: float | None, high: float | None, digits: int = 1) -> str:
    """Write an interval as "−17.2 to −8.1", or nothing where there is none."""
    if low is None or high is None:
        return ""
    return f"{signed(low, digits)} to {signed(high, digits)}"


def has_basis(found: CaseloadBenchmark) -> bool:
    """Whether the measure can be set beside the trials at all."""
    return found.family in library.bases()


def waiting_words(group: Group) -> str:
    """Say how a group's change stands to that on waiting lists, or why nothing can be said."""
    test = group.versus_waitlist
    if test is None:
        return group.reason
    if test.p < LEVEL:
        return f"Larger than on waiting lists by more than the margin ({_tested(test, '+')})."
    return f"Cannot be told apart from the change on waiting lists ({_tested(test, '+')})."


def ipt_words(group: Group) -> str:
    """Say how a group's change stands to that in the trials' IPT arms, or why nothing can be."""
    test = group.versus_ipt
    if test is None:
        return group.reason
    if test.p < LEVEL:
        return (
            f"Not smaller than in the IPT arms by more than the margin ({_tested(test, '−')}). "
            "That does not make them equal."
        )
    return (
        f"Cannot be told apart from a change smaller than in the IPT arms ({_tested(test, '−')})."
    )


def _tested(test: Test, sign: str) -> str:
    against = f"d {test.benchmark:.2f} {sign} {test.margin:.2f}"
    return f"tested against {against}, one-sided {p_words(test.p)}"


def few_words(group: Group) -> str:
    """Say that a group is too small for a mean."""
    return f"{numbers(group.n)}: no mean below {SMALLEST}"


def points_words(group: Group) -> str:
    """Write the single changes of a group: "−22, −15, +3"."""
    return ", ".join(f"{'+' if p > 0 else ''}{signed(p, 0)}" for p in group.points)


def caveats(found: CaseloadBenchmark) -> tuple[str, ...]:
    """Give what a reader must know, the most important first."""
    shared = [library.caveats()[key] for key in SHOWN_CAVEATS if key in library.caveats()]
    with_trials = [each.text for each in shared if each.applies_to(found.family)]
    beside = (ANOTHER_QUANTITY, SMALL_TRIALS, MARGIN) if has_basis(found) else ()
    return (
        UNCONTROLLED,
        *_missing(found),
        *beside,
        NOT_ADJUSTED,
        *(with_trials if has_basis(found) else ()),
    )


def _missing(found: CaseloadBenchmark) -> Iterator[str]:
    """Say whose end is not known, as far as there is anybody."""
    if found.without_second:
        yield (
            f"{found.without_second} of {found.everyone.n + found.without_second} courses with a "
            "first score have no later one. Their change is unknown, not none, and they are in no "
            "mean."
        )
    if found.never_scored:
        yield (
            f"{numbers(found.never_scored)} {'has' if found.never_scored == 1 else 'have'} no "
            "score of this measure and count nowhere here."
        )
    yield (
        "The last score seen stands for the end, also of those who left: how they really ended is "
        "unknown."
    )
    if found.under_way:
        yield (
            f"{numbers(found.under_way)} {'is' if found.under_way == 1 else 'are'} under way: the "
            "last score so far counts, and more may change."
        )
