"""Reading what was agreed in a case of a course bundle: contract, its changes, focal areas."""

from datetime import date

from ipt_tracker.clinical.course.kinds import Kind
from ipt_tracker.clinical.course.phases import COUNTED, PhaseMap
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.exchange import bundle_codes as codes
from ipt_tracker.exchange import bundle_extras as extras
from ipt_tracker.exchange.bundle_reader import LONGEST_CODE, LONGEST_TEXT, Node
from ipt_tracker.exchange.bundle_sessions import LONGEST_COURSE, LONGEST_SESSION, area_in
from ipt_tracker.exchange.bundle_values import ContractChangeIn, ContractIn, SessionIn, SpellIn

LONGEST_DETAIL = 300


def spell_in(node: Node, sessions: tuple[SessionIn, ...]) -> SpellIn:
    """Read one focal-area spell and find the days that its session numbers fell on."""
    if not node.text("area"):
        raise node.broken("area", "this is missing.")
    from_n = node.whole("from_n", 0, LONGEST_COURSE)
    to_n = node.whole("to_n", 0, LONGEST_COURSE)
    opened_on = _day_of(from_n, sessions)
    if opened_on is None:
        node.warn("from_n", "no session has this number, the day is not known")
    node.set_aside(*extras.SPELL)
    return SpellIn(
        area=area_in(node, "area") or "",
        from_n=from_n,
        to_n=to_n,
        opened_on=opened_on,
        closed_on=_day_of(to_n, sessions),
        detail=node.plain_text("detail", LONGEST_DETAIL),
        reason=node.plain_text("reason", LONGEST_TEXT),
        end_reason=node.plain_text("end_reason", LONGEST_TEXT),
        extra=node.left_over(),
    )


def _day_of(number: int | None, sessions: tuple[SessionIn, ...]) -> date | None:
    """Give the day of a session of the contract, 0 being the first appointment of all.

    In a group these are the group's sessions. Past the last of them come the extension's, which
    may count on or from 1 again.
    """
    if number is None:
        return None
    if number == 0:
        return min((s.held_on for s in sessions), default=None)
    days = {(s.kind, s.number): s.held_on for s in sessions if s.number is not None}
    kinds = [kind for kind in (Kind.GROUP, Kind.INDIVIDUAL) if any(kind in place for place in days)]
    last = max((n for kind, n in days if kind in kinds[:1]), default=0)
    places = [(kind, number) for kind in kinds]
    places += [(Kind.EXTENSION, number - last), (Kind.EXTENSION, number)]
    return next((days[place] for place in places if place in days), None)


def contract_in(node: Node | None, first_contact: date | None) -> ContractIn | None:
    """Read what was agreed at the start."""
    if node is None:
        return None
    node.set_aside(*extras.CONTRACT)
    return ContractIn(
        planned_sessions=node.whole("planned_sessions", 1, LONGEST_COURSE),
        frequency=_spacing_in(node),
        session_min=node.whole("session_min", 1, LONGEST_SESSION),
        agreed=node.flag("agreed"),
        engagement=node.whole("engagement", 0, LONGEST_COURSE),
        maintenance_planned=node.whole("maintenance_planned", 0, LONGEST_COURSE),
        phase_map=_phase_map_in(node),
        agreed_on=node.day("agreed_day", first_contact),
        ends_on=node.day("end_day", first_contact),
        extra=node.left_over(),
    )


def _spacing_in(contract: Node) -> str | None:
    text = contract.text("frequency", LONGEST_CODE)
    return text if text and codes.is_spacing(text) else contract.code("frequency", codes.SPACINGS)


def _phase_map_in(contract: Node) -> PhaseMap | None:
    node = contract.node("phases")
    if node is None:
        return None
    spans: dict[str, list[int]] = {}
    for name in node.names():
        span = _span_in(node, name)
        phase = codes.phase_spelled(name)
        if span is None or name in codes.MEETINGS_AROUND_A_GROUP:
            contract.set_aside("phases")
        elif phase is None or phase in spans:
            contract.keep("phases", f'the phase "{name}" is not known')
        else:
            spans[phase.value] = span
    return _map_of(contract, spans)


def _span_in(phases: Node, name: str) -> list[int] | None:
    span = phases.raw(name)
    if span is None:
        return None
    whole = isinstance(span, list) and all(type(number) is int for number in span)
    if isinstance(span, list) and whole and len(span) == 2:  # noqa: PLR2004 -- first, last
        return span
    raise phases.broken(name, "the first and last session number are needed, like [1, 3].")


def _map_of(contract: Node, spans: dict[str, list[int]]) -> PhaseMap:
    """Make the map; phases whose sessions count from 1 again cannot stand among the others."""
    try:
        return PhaseMap.from_json(spans)
    except RuleBroken as broken:
        try:
            among = PhaseMap.from_json({p: span for p, span in spans.items() if p in COUNTED})
        except RuleBroken:
            raise contract.broken("phases", broken.message) from broken
        contract.set_aside("phases")
        return among


def change_in(
    node: Node, sessions: tuple[SessionIn, ...], first_contact: date | None
) -> ContractChangeIn:
    """Read one change of the contract."""
    node.set_aside(*extras.CHANGE)
    number = node.whole("n", 0, LONGEST_COURSE)
    return ContractChangeIn(
        number=number,
        kind=node.code("kind", codes.CHANGES),
        before=_words(node, "from"),
        after=_words(node, "to"),
        reason=node.text("reason"),
        reformulated=node.flag("reformulated"),
        patient_agreed=node.flag("patient_agreed"),
        supervisor_informed=node.flag("supervisor_informed"),
        changed_on=node.day("day", first_contact) or _day_of(number, sessions),
        extra=node.left_over(),
    )


def _words(node: Node, key: str) -> str | None:
    return node.text(key) if isinstance(node.raw(key), str) else node.json(key)
