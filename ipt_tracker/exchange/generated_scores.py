"""Scores of an invented course: a slow true change, a noise that lingers, and forms that stay away.

The average fall of the PCL-5 is about 16 points with a standard deviation of 13, so that some
patients do not change and some get worse. The figures are for show, and are no evidence.
"""

from dataclasses import dataclass
from random import Random

from ipt_tracker.clinical.course.records import PrimaryDiagnosis

PCL5_HIGHEST = 80
PHQ9_HIGHEST = 27
PCL5_ITEMS = 20
MEAN_FALL, SD_FALL = 16.0, 13.0
LINGERS, NOISE = 0.55, 3.2
ITEM9_HIGHEST = 3
FORMS = {"PCL-5": (PCL5_ITEMS, 4), "PHQ-9": (9, 3)}
"""Number of items of a form, and the highest answer to one."""
STATUSES = ("complete", "incomplete", "not_returned", "declined", "not_administered")
STATUS_CHANCES = (0.925, 0.025, 0.03, 0.01, 0.01)


@dataclass(slots=True)
class Severity:
    """One patient's true level on the PCL-5, and the noise of the week, which fades slowly."""

    start: float
    fall: float
    noise: float = 0.0

    @classmethod
    def of(cls, rng: Random, primary: PrimaryDiagnosis) -> "Severity":
        """Draw a start, higher where PTSD is treated, and the change of a whole course."""
        level = (47.0, 9.0) if primary is PrimaryDiagnosis.PTSD else (33.0, 6.0)
        start = min(max(rng.gauss(*level), 18.0), 74.0)
        # Nobody falls below the floor of the scale: a mild case has less to lose.
        return cls(start, min(rng.gauss(MEAN_FALL, SD_FALL), start - 2.0))

    def at(self, part_of_course: float) -> float:
        """Give the true level at 0 (start) to 1 (last planned session) of the course, and after."""
        gone: float = min(part_of_course, 1.0) ** 0.9
        return self.start - self.fall * gone

    def pcl5(self, rng: Random, part_of_course: float) -> int:
        """Give this week's total."""
        self.noise = LINGERS * self.noise + rng.gauss(0.0, NOISE)
        return _whole(self.at(part_of_course) + self.noise, PCL5_HIGHEST)

    def phq9(self, rng: Random, part_of_course: float) -> int:
        """Give this week's PHQ-9 total."""
        return _whole(0.27 * self.at(part_of_course) + rng.gauss(2.0, 2.0), PHQ9_HIGHEST)

    def caps5(self, rng: Random, part_of_course: float) -> int:
        """Give the total of a CAPS-5 interview, which reads lower than the PCL-5."""
        return _whole(0.74 * self.at(part_of_course) + rng.gauss(0.0, 3.0), PCL5_HIGHEST)


def pcl5_measure(rng: Random, total: int, *, is_first: bool) -> dict[str, object]:
    """Hand in this week's PCL-5, or not; the first is always complete."""
    status = "complete" if is_first else rng.choices(STATUSES, STATUS_CHANCES)[0]
    measure: dict[str, object] = {
        "instrument": "PCL-5",
        "window": "past_week",
        "total": total if status == "complete" else None,
        "status": status,
    }
    if status == "incomplete":
        missing = rng.randint(1, 4)
        measure["items_missing"] = missing
        measure["sum_of_answered"] = round(total * (PCL5_ITEMS - missing) / PCL5_ITEMS)
    return measure


def phq9_measure(rng: Random, total: int) -> dict[str, object]:
    """Hand in a PHQ-9 with its ninth item, which rises with the total."""
    item9 = sum(rng.random() < total / 120 for _ in range(ITEM9_HIGHEST))
    return {"instrument": "PHQ-9", "total": total, "item9": min(item9, total), "status": "complete"}


def with_items(measure: dict[str, object], seed: int) -> dict[str, object]:
    """Deal a complete total out over the items of its form, the same way for the same seed."""
    total = measure["total"]
    if not isinstance(total, int):
        return measure
    items, highest = FORMS[str(measure["instrument"])]
    answers = [0] * items
    if "item9" in measure:
        answers[-1] = int(str(measure["item9"]))
    rng = Random(seed)  # noqa: S311 -- invented people, and the same again for the same seed
    free = range(items - 1) if "item9" in measure else range(items)
    while sum(answers) < total:
        open_items = [place for place in free if answers[place] < highest]
        if not open_items:
            return measure
        answers[rng.choice(open_items)] += 1
    return measure | {"items": answers}


def mood(rng: Random, pcl5: int) -> int:
    """Give a mood of 0 to 10, higher is better, that goes with a score."""
    return _whole(8.5 - pcl5 / 11 + rng.gauss(0.0, 0.9), 10)


def _whole(value: float, highest: int) -> int:
    return min(max(round(value), 0), highest)
