"""The comparisons of the published analysis whose effect can be obtained, to begin a set with."""

from ipt_tracker.clinical.evidence.meta_analysis import StudyEffect
from ipt_tracker.clinical.evidence.own_trials import Fidelity, OwnTrial
from ipt_tracker.clinical.evidence.trials import Trial, with_effect


def obtainable_trials() -> tuple[OwnTrial, ...]:
    """Give a copy of each, marked with how certain its effect is."""
    return tuple(
        OwnTrial(
            StudyEffect(each.label, each.estimate, each.se),
            each.source,
            each.population,
            Fidelity(each.fidelity),
            _certainty(each),
        )
        for each in with_effect()
        if each.estimate is not None and each.se is not None
    )


def _certainty(trial: Trial) -> str:
    judged = "firm" if trial.certain else "uncertain"
    said = f"How certain: {judged}, {trial.certainty.value}, {trial.how}."
    return " ".join(filter(None, (said, trial.note)))
