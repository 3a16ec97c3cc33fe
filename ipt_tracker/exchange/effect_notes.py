"""What is worth a look in a table of trials, though nothing in it is wrong."""

from collections.abc import Iterable, Iterator, Sequence

from ipt_tracker.clinical.evidence.arm_data import ArmData
from ipt_tracker.clinical.evidence.meta_analysis import StudyEffect
from ipt_tracker.exchange.effect_rows import shown

LARGE = 3.0


def notes_on(
    effects: Sequence[StudyEffect], arms: Sequence[ArmData], unknown: Iterable[str]
) -> tuple[str, ...]:
    """Say what was left aside and what looks odd, one sentence each."""
    return (
        *_ignored(tuple(unknown)),
        *_counted_twice(arms),
        *_alone(arms),
        *_said_twice(effects),
        *_large(effects),
        *_alike(effects),
    )


def _ignored(unknown: Sequence[str]) -> Iterator[str]:
    if unknown:
        yield f"Not used, because the names are not known: {', '.join(unknown)}."


def _counted_twice(arms: Sequence[ArmData]) -> Iterator[str]:
    met: set[tuple[object, ...]] = set()
    told: set[tuple[object, ...]] = set()
    for row in arms:
        arm = (row.study, row.ipt_arm)
        if not row.shares and arm in met and arm not in told:
            told.add(arm)
            yield (
                f"{shown(row.study)} has one IPT arm in two rows: its people count twice "
                "unless both rows say the same word in a column shares."
            )
        met.add(arm)


def _alone(arms: Sequence[ArmData]) -> Iterator[str]:
    words = [row.shares for row in arms if row.shares]
    for row in arms:
        if row.shares and words.count(row.shares) == 1:
            yield f"No other row shares the IPT arm “{shown(row.shares)}”: nothing was divided."


def _said_twice(effects: Sequence[StudyEffect]) -> Iterator[str]:
    met: set[StudyEffect] = set()
    for each in effects:
        if each in met:
            yield f"{shown(each.study)} stands there twice with the same numbers."
        met.add(each)


def _large(effects: Sequence[StudyEffect]) -> Iterator[str]:
    for each in effects:
        if abs(each.g) > LARGE:
            yield (
                f"The effect of {shown(each.study)} is {each.g:.1f} SDs, more than treatments do: "
                "see that an SD is not a standard error, and that it is a difference of arms."
            )


def _alike(effects: Sequence[StudyEffect]) -> Iterator[str]:
    names: dict[str, str] = {}
    for each in effects:
        other = names.setdefault(each.subgroup.casefold(), each.subgroup)
        if other != each.subgroup:
            names[each.subgroup.casefold()] = each.subgroup
            yield (
                f"“{shown(other)}” and “{shown(each.subgroup)}” are taken as different subgroups."
            )
