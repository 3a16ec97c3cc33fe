"""What leaves a diagnosis open: criteria that are not recorded, and clusters with blanks."""

from collections.abc import Iterator

from ipt_tracker.clinical.instruments.finding import Finding
from ipt_tracker.clinical.instruments.instrument import ClusterRule
from ipt_tracker.clinical.instruments.judging import rule_at
from ipt_tracker.clinical.instruments.symptom_counts import enough
from ipt_tracker.services.measure_page import OneMeasure
from ipt_tracker.web.measures.answers import counts_of


def left_open(found: OneMeasure) -> Iterator[str]:
    """Name each criterion that is not recorded, and each that the blanks leave open."""
    entered, ref = found.entered, found.measure.rule
    rule = rule_at(ref) if ref else None
    if entered is None or not isinstance(rule, ClusterRule):
        return
    form, beside = entered.instrument, found.measure.beside or {}
    waits = [each for each in form.beside if each.key in rule.beside]
    missing = [f"{each.code} ({each.label})" for each in waits if beside.get(each.key) is None]
    if not form.self_report and found.facts.course.criterion_a is None:
        missing.insert(0, "A (the event, a fact of the course)")
    if missing:
        yield f"Not recorded: {_criteria(missing)}."
    counts = counts_of(entered)
    clusters = {each.key: f"{each.key} ({each.label})" for each in form.clusters}
    blank = [
        clusters[needed[0]]
        for needed in rule.needed
        if enough((needed,), counts) is Finding.CANNOT_TELL
    ]
    if blank:
        yield f"Left open by blanks: {_criteria(blank)}."


def _criteria(names: list[str]) -> str:
    return f"{'criterion' if len(names) == 1 else 'criteria'} {', '.join(names)}"
