"""What a chart says in words: key, provenance, hover titles and the text alternative."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from ipt_tracker.charts.model import Event, Provenance, Score, Series, Span, Visit, runs
from ipt_tracker.charts.page import Entry
from ipt_tracker.charts.scales import full, short

CAPSULE = "\N{WHITE VERTICAL RECTANGLE}"


def provenance(source: Provenance | None) -> str:
    return " \N{MIDDLE DOT} ".join(f"{n}: {text}" for n, text in source.entries) if source else ""


def plural(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def hover(name: str, score: Score) -> str:
    """Shown when the pointer rests on a point."""
    where = f", session {score.session}" if score.session else ""
    what = f"no total, {score.low} to {score.high} possible"
    if score.value is not None:
        what = f"{score.value}"
    was = f", was {score.was}" if score.was else ""
    note = f" ({score.note})" if score.note else ""
    return f"{full(score.day)}{where}: {name} {what}{was}{note}"


def day_name(days: Sequence[date]) -> Callable[[date], str]:
    """How the key writes a day: with its year only where the days shown are of several years."""
    return full if len({d.year for d in days}) > 1 else short


def slots_key(visits: Sequence[Visit]) -> list[Entry]:
    """The three marks of the session row, as far as they occur."""
    held = [v for v in visits if v.label]
    known = (
        ("|", "session with a score", any(v.scored for v in held)),
        ("\N{WHITE CIRCLE}", "session without a score", any(not v.scored for v in held)),
        ("\N{MULTIPLICATION SIGN}", "session that did not take place", len(held) < len(visits)),
    )
    return [Entry(symbol, text) for symbol, text, occurs in known if occurs]


def series_key(series: Series, name: Callable[[date], str]) -> list[Entry]:
    """Marks of one instrument that need a word."""
    out = [
        Entry("\N{DAGGER}", f"{name(s.day)} amended: {_now(s)}, was {s.was}{because(s)}")
        for s in (*series.scores, *series.other_scores)
        if s.was
    ]
    if any(s.value is None and s.high > s.low for s in series.scores):
        out.append(Entry(CAPSULE, "open capsule: incomplete form; it spans every possible total"))
    if series.other_scores:
        other = series.other_name or f"{series.name}, another lookback"
        out.append(Entry("\N{WHITE SQUARE}", f"{other}: not joined, not compared with the line"))
    if series.base and series.reliable is not None:
        start = f"{series.base.total} on {full(series.base.day)}"
        out.append(Entry("", f"{series.name}: change is counted from {start}, before these days."))
    if len(runs(series.scores)) > 1:
        gap = "The line stops where a total is missing or 1.5 planned intervals have passed."
        out.append(Entry("", gap))
    return out + [Entry("", text) for text in series.remarks]


def _now(score: Score) -> str:
    return "no total" if score.value is None else str(score.value)


def because(score: Score) -> str:
    return f" ({score.note})" if score.note else ""


def unnamed_key(row: str, spans: Iterable[Span], name: Callable[[date], str]) -> list[Entry]:
    """Spells too short for any name above the panel are named here instead."""
    said = [f"{s.label} {name(s.start)} to {name(s.stop)}" for s in spans]
    return [Entry("", f"{row} without room for a name: {', '.join(said)}.")] if said else []


def events_key(
    chosen: Sequence[tuple[str, Event]], known: int, name: Callable[[date], str]
) -> list[Entry]:
    """The events drawn, and how many of the known ones are not."""
    out = [Entry(letter, f"{name(e.day)}: {e.text}") for letter, e in chosen]
    if left := known - len(chosen):
        out.append(Entry("", f"{plural(left, 'other event is', 'other events are')} not drawn."))
    return out


def first_to_last(series: Series) -> str:
    """Say "PCL-5: first 54 (21 Oct 2025) to last 55 (11 Nov 2025)"; empty without a score."""
    ends = [f"{s.total} ({full(s.day)})" for s in (*series.known[:1], *series.known[1:][-1:])]
    said = f"first {ends[0]} to last {ends[1]}" if len(ends) > 1 else f"one score, {''.join(ends)}"
    return f"{series.name}: {said}" if ends else ""


def _base_words(series: Series) -> str:
    if series.base is None:
        return ""
    return f"; first score of the course {series.base.total} on {full(series.base.day)}"


def described(series: Series) -> str:
    """One instrument's course in a sentence, for people who do not see the picture."""
    known = series.known
    start = _base_words(series)
    if not known:
        return f"{series.name}: no score{start}."
    first, last = known[0], known[-1]
    text = f"{series.name}: {first.total} on {full(first.day)}"
    if len(known) > 1:
        low, high = min(s.total for s in known), max(s.total for s in known)
        text = f"{series.name}: {len(known)} complete scores, from {first.total} on "
        text += f"{full(first.day)} to {last.total} on {full(last.day)}, lowest {low}, "
        text += f"highest {high}"
    missing = len(series.scores) - len(known)
    text += f"; {plural(missing, 'incomplete form', 'incomplete forms')}" if missing else ""
    return f"{text}{start}. Scale {series.bottom} to {series.top}, lower is better."
