"""Reading one session of a course bundle, with everything that hangs on it."""

from datetime import date

from ipt_tracker.clinical.course.attendance import took_place
from ipt_tracker.clinical.course.focal_areas import focal_area_of
from ipt_tracker.clinical.course.kinds import Kind
from ipt_tracker.clinical.instruments.catalogue import key_for
from ipt_tracker.exchange import bundle_codes as codes
from ipt_tracker.exchange import bundle_extras as extras
from ipt_tracker.exchange.bundle_ratings import amendments_in, rating_in
from ipt_tracker.exchange.bundle_reader import LONGEST_CODE, LONGEST_NAME, Node
from ipt_tracker.exchange.bundle_values import (
    MeasureIn,
    MedicationIn,
    NoteIn,
    RiskAnswerIn,
    RiskIn,
    SessionIn,
)

LONGEST_COURSE = 10_000
LONGEST_SESSION = 300
BEST_MOOD = 10


def session_in(node: Node, first_contact: date) -> SessionIn:
    """Read one slot. Raises BrokenBundle for one without number, date or attendance."""
    slot = node.whole("slot", 1, LONGEST_COURSE)
    if slot is None:
        raise node.broken("slot", "a slot number from 1 on is needed.")
    held_on = node.calendar_date("date")
    if node.day("day", first_contact) not in {None, held_on}:
        node.keep("day", f"this is not the day of {held_on}; the date is taken")
    node.needed_text("attendance")
    kind = kind_in(node)
    node.set_aside(*extras.SESSION)
    return SessionIn(
        slot=slot,
        number=_number_in(node, kind),
        kind=kind,
        phase=phase_in(node),
        held_on=held_on,
        attendance=node.code("attendance", codes.ATTENDANCE) or "",
        modality=node.code("modality", codes.MODALITIES),
        duration_min=node.whole("duration_min", 1, LONGEST_SESSION),
        minutes_late=node.whole("minutes_late", 0, LONGEST_SESSION),
        mood=node.whole("mood_0_10", 0, BEST_MOOD),
        linked_event=node.text("linked_event"),
        focal_area=area_in(node, "focal_area"),
        dispute_stage=node.code("dispute_stage", codes.DISPUTE_STAGES),
        tasks=node.codes("tasks_done", codes.TASK_CODES),
        techniques=node.codes("techniques", codes.TECHNIQUE_CODES),
        homework=node.text("homework"),
        plan=node.text("plan"),
        measures=tuple(_measure_in(inner) for inner in node.nodes("measures")),
        risk=_risk_in(node.node("risk"), first_contact),
        medication_change=_medication_in(node.node("medication_change"), first_contact),
        note=_note_in(node.node("note"), first_contact),
        amendments=amendments_in(node, first_contact),
        ratings=tuple(rating_in(inner, first_contact) for inner in node.nodes("fidelity")),
        extra=extras.without_other_people(node.left_over()),
    )


def _number_in(node: Node, kind: str) -> int | None:
    number = node.whole("n", 0, LONGEST_COURSE)
    attendance = node.raw("attendance")
    missed = attendance in codes.ATTENDANCE and not took_place(str(attendance))
    if number is None or kind == Kind.GROUP or not missed:
        return number
    node.keep("n", "a session that did not take place has no number")
    return None


def kind_in(node: Node) -> str:
    """Take the kind of a session in any of its usual spellings."""
    text = node.text("kind")
    if text is None:
        node.warn("kind", "not given, taken as individual")
        return Kind.INDIVIDUAL.value
    kind = codes.kind_spelled(text)
    return kind.value if kind else node.code("kind", codes.KINDS) or Kind.INDIVIDUAL.value


def phase_in(node: Node) -> str | None:
    """Take a phase by its code or a synonym."""
    text = node.text("phase")
    phase = codes.phase_spelled(text) if text else None
    return phase.value if phase else node.code("phase", codes.PHASES)


def area_in(node: Node, key: str) -> str | None:
    """Take a focal area by its code or a synonym."""
    text = node.text(key)
    area = focal_area_of(text) if text else None
    return area.code if area else node.code(key, codes.AREAS)


def instrument_in(node: Node) -> str:
    """Take the name of an instrument; one not known over its window is listed and stays."""
    name, window = node.needed_text("instrument"), node.text("window", LONGEST_CODE)
    if key_for(name, window) is None:
        over = f" over {window}" if window else ""
        node.warn("instrument", f'"{name}"{over} is not known, kept as text')
    return name


def _measure_in(node: Node) -> MeasureIn:
    node.set_aside(*extras.MEASURE)
    return MeasureIn(
        instrument=instrument_in(node),
        window=node.text("window", LONGEST_CODE),
        total=node.whole("total"),
        status=node.code("status", codes.MEASURE_STATUSES),
        items_missing=node.whole("items_missing"),
        sum_of_answered=node.whole("sum_of_answered"),
        item9=node.whole("item9"),
        items=node.wholes("items"),
        extra=node.left_over(),
    )


def _risk_in(node: Node | None, first_contact: date) -> RiskIn | None:
    if node is None:
        return None
    node.set_aside(*extras.RISK)
    return RiskIn(
        asked=node.flag("asked"),
        result=node.text("result"),
        trigger=node.text("trigger", LONGEST_NAME),
        instrument=node.code("instrument", codes.SCREENERS),
        answers=_answers_in(node.node("answers")),
        band=node.code("band", codes.RISK_BANDS),
        action=node.text("action"),
        note=node.text("note"),
        supervisor_notified_on=node.day("supervisor_notified_day", first_contact),
        extra=node.left_over(),
    )


def _answers_in(node: Node | None) -> tuple[RiskAnswerIn, ...]:
    if node is None:
        return ()
    for question in node.names():
        if question not in codes.SCREENER_QUESTIONS:
            node.warn(question, "unknown question, kept as text")
    return tuple(RiskAnswerIn(question, node.flag(question)) for question in node.names())


def _medication_in(node: Node | None, first_contact: date) -> MedicationIn | None:
    if node is None:
        return None
    return MedicationIn(
        drug=node.text("drug", LONGEST_NAME),
        change=node.code("change", codes.MEDICATION),
        dose=node.text("dose", LONGEST_CODE),
        by=node.text("by", LONGEST_NAME),
        changed_on=node.day("day", first_contact),
        extra=node.left_over(),
    )


def _note_in(node: Node | None, first_contact: date) -> NoteIn | None:
    if node is None:
        return None
    return NoteIn(
        status=node.code("status", codes.NOTE_STATUSES),
        signed_on=node.day("signed_day", first_contact),
        service_on=node.day("service_day", first_contact),
        cosigned_by=node.text("cosigned_by", LONGEST_CODE),
        cosigned_on=node.day("cosigned_day", first_contact),
        extra=node.left_over(),
    )
