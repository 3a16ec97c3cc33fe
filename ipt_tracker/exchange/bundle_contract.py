"""Reading what was agreed in a case of a course bundle: contract, its changes, focal areas."""

from datetime import date

from ipt_tracker.clinical.course.kinds import Kind
from ipt_tracker.clinical.course.phases import PhaseMap
from ipt_tracker.clinical.rules import RuleBroken
from ipt_tracker.exchange import bundle_codes as codes
from ipt_tracker.exchange.bundle_reader import Node
from ipt_tracker.exchange.bundle_sessions import LONGEST_COURSE, LONGEST_SESSION, area_in
from ipt_tracker.exchange.bundle_values import ContractChangeIn, ContractIn, SessionIn, SpellIn

COUNTED_KINDS = (Kind.INDIVIDUAL, Kind.GROUP)


def spell_in(node: Node, sessions: tuple[SessionIn, ...]) -> SpellIn:
    """Read one focal-area spell and find the days that its session numbers fell on."""
    if not node.text("area"):
        raise node.broken("area", "this is missing.")
    from_n = node.whole("from_n", 0, LONGEST_COURSE)
    to_n = node.whole("to_n", 0, LONGEST_COURSE)
    opened_on = _day_of(from_n, sessions)
    if opened_on is None:
        node.warn("from_n", "no session has this number, the day is not known")
    return SpellIn(
        area=area_in(node, "area") or "",
        from_n=from_n,
        to_n=to_n,
        opened_on=opened_on,
        closed_on=_day_of(to_n, sessions),
        extra=node.left_over(),
    )


def _day_of(number: int | None, sessions: tuple[SessionIn, ...]) -> date | None:
    return next(
        (
            session.held_on
            for session in sessions
            if session.number == number is not None and session.kind in COUNTED_KINDS
        ),
        None,
    )


def contract_in(node: Node | None) -> ContractIn | None:
    """Read what was agreed at the start."""
    if node is None:
        return None
    return ContractIn(
        planned_sessions=node.whole("planned_sessions", 1, LONGEST_COURSE),
        frequency=node.code("frequency", codes.SPACINGS),
        session_min=node.whole("session_min", 1, LONGEST_SESSION),
        agreed=node.flag("agreed"),
        engagement=node.whole("engagement", 0, LONGEST_COURSE),
        maintenance_planned=node.whole("maintenance_planned", 0, LONGEST_COURSE),
        phase_map=_phase_map_in(node),
        extra=node.left_over(),
    )


def _phase_map_in(contract: Node) -> PhaseMap | None:
    node = contract.node("phases")
    if node is None:
        return None
    spans: dict[str, list[int]] = {}
    for name in node.names():
        span = node.raw(name)
        whole = isinstance(span, list) and all(type(number) is int for number in span)
        if not (isinstance(span, list) and whole and len(span) == 2):  # noqa: PLR2004 -- first, last
            raise node.broken(name, "the first and last session number are needed, like [1, 3].")
        if name in codes.PHASES:
            spans[name] = span
        else:
            contract.keep("phases", f'the phase "{name}" is not known')
    try:
        return PhaseMap.from_json(spans)
    except RuleBroken as broken:
        raise contract.broken("phases", broken.message) from broken


def change_in(
    node: Node, sessions: tuple[SessionIn, ...], first_contact: date | None
) -> ContractChangeIn:
    """Read one change of the contract."""
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
