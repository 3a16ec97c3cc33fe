"""Reading one case of a course bundle: the course around its sessions."""

from dataclasses import replace
from datetime import date, timedelta

from ipt_tracker.clinical.course.attendance import took_place
from ipt_tracker.clinical.course.protocols import CUSTOM
from ipt_tracker.exchange import bundle_codes as codes
from ipt_tracker.exchange import bundle_extras as extras
from ipt_tracker.exchange.bundle_content import NOT_DATA, content_of
from ipt_tracker.exchange.bundle_contract import change_in, contract_in, spell_in
from ipt_tracker.exchange.bundle_reader import FURTHEST_DAY, LONGEST_CODE, LONGEST_NAME, Node
from ipt_tracker.exchange.bundle_sessions import instrument_in, session_in
from ipt_tracker.exchange.bundle_values import (
    AssessmentIn,
    CaseIn,
    DemographicsIn,
    Kept,
    OutcomeIn,
    SessionIn,
)


def case_in(raw: object, index: int, warnings: list[str]) -> CaseIn:
    """Read one case. Its id stands in front of every place named from here on."""
    case_id = Node(raw, f"cases[{index}]", warnings).needed_text("id")
    node = Node(raw, case_id, warnings, joint=" ")
    node.raw("id")
    # Days are read ahead of everything else; what is odd about them is listed on the way back.
    first_contact = _first_contact(Node(raw, case_id, [], joint=" "))
    sessions = _sessions_in(node, first_contact)
    therapist = _therapist_in(node)
    node.set_aside(*extras.CASE)
    return CaseIn(
        id=case_id,
        label=node.text("label", LONGEST_NAME),
        demographics=_demographics_in(node.node("demographics")),
        protocol=_protocol_in(node),
        format=node.code("format", codes.FORMATS),
        primary_diagnosis=node.text("primary_diagnosis"),
        precipitating_event=node.text("precipitating_event"),
        therapist=therapist,
        co_therapists=extras.co_therapists_in(raw if isinstance(raw, dict) else {}, therapist),
        therapist_role=node.code("therapist_role", codes.THERAPIST_ROLES),
        supervisor=node.one_of_several("supervisor"),
        recording_consent=node.flag("recording_consent"),
        focal_areas=tuple(spell_in(inner, sessions) for inner in node.nodes("focal_areas")),
        contract=contract_in(node.node("contract"), first_contact),
        contract_changes=tuple(
            change_in(inner, sessions, first_contact) for inner in node.nodes("contract_changes")
        ),
        sessions=sessions,
        assessments=tuple(
            _assessment_in(inner, first_contact) for inner in node.nodes("assessments")
        ),
        outcome=_outcome_in(node.node("outcome"), first_contact),
        edge_cases=node.texts("edge_cases"),
        first_contact=first_contact,
        expected=node.json(NOT_DATA),
        content=content_of(raw) if isinstance(raw, dict) else "",
        extra=extras.without_other_people(node.left_over()),
    )


def _first_contact(case: Node) -> date | None:
    """Find the day that days are counted from: a session's date less its day.

    Without any `day` it is the first session's date.
    """
    sessions = case.nodes("sessions")
    for session in sessions:
        days = session.whole("day")
        if days is not None and abs(days) <= FURTHEST_DAY:
            return session.calendar_date("date") - timedelta(days=days)
    return min((session.calendar_date("date") for session in sessions), default=None)


def _sessions_in(case: Node, first_contact: date | None) -> tuple[SessionIn, ...]:
    if case.raw("sessions") is None:
        raise case.broken("sessions", "a list of sessions is needed, even an empty one.")
    if first_contact is None:
        return ()
    sessions: dict[int, SessionIn] = {}
    for node in case.nodes("sessions"):
        session = session_in(node, first_contact)
        if session.slot in sessions:
            raise node.broken("slot", f"slot {session.slot} is there twice.")
        sessions[session.slot] = session
    return _numbered_once(tuple(sessions[slot] for slot in sorted(sessions)), case)


def _numbered_once(sessions: tuple[SessionIn, ...], case: Node) -> tuple[SessionIn, ...]:
    """Leave each number of a kind to one session: the first that took place, else the first."""
    holders: dict[tuple[str, int], SessionIn] = {}
    for session in sorted(sessions, key=lambda held: not took_place(held.attendance)):
        if session.number is not None:
            holders.setdefault((session.kind, session.number), session)
    return tuple(
        session
        if session.number is None or holders[session.kind, session.number] is session
        else _without_number(session, case)
        for session in sessions
    )


def _without_number(session: SessionIn, case: Node) -> SessionIn:
    said = f"{session.kind} session {session.number} is there twice"
    case.warnings.append(f"{case.name} slot {session.slot}.n: {said}, kept as text")
    kept = Kept("n", str(session.number))
    return replace(session, number=None, extra=(*session.extra, kept))


def _protocol_in(case: Node) -> str:
    protocol = case.code("protocol", codes.PROTOCOL_KEYS)
    if not protocol:
        case.warn("protocol", "not given, taken as custom")
    return protocol or CUSTOM


def _therapist_in(case: Node) -> str:
    several = case.raw("therapist")
    if isinstance(several, list) and several:
        case.set_aside("therapist")
        therapist: str | None = case.texts("therapist")[0]
    else:
        therapist = case.text("therapist", LONGEST_CODE)
    if not therapist or not therapist.strip():
        raise case.broken("therapist", "this is missing.")
    return therapist


def _demographics_in(node: Node | None) -> DemographicsIn:
    if node is None:
        return DemographicsIn()
    return DemographicsIn(
        age_band=node.text("age_band"),
        gender=node.text("gender"),
        ethnicity_band=node.text("ethnicity_band"),
        employment=node.text("employment"),
        relationship=node.text("relationship"),
        extra=node.left_over(),
    )


def _assessment_in(node: Node, first_contact: date | None) -> AssessmentIn:
    return AssessmentIn(
        instrument=instrument_in(node),
        window=node.text("window", LONGEST_CODE),
        point=node.code("point", codes.ASSESSMENT_POINTS),
        due_on=node.day("due_day", first_contact),
        done_on=node.day("done_day", first_contact),
        total=node.whole("total"),
        assessor=node.text("assessor", LONGEST_CODE),
        blind=node.flag("blind"),
        reason=node.text("reason"),
        unblinding=node.text("unblinding"),
        extra=node.left_over(),
    )


def _outcome_in(node: Node | None, first_contact: date | None) -> OutcomeIn | None:
    if node is None:
        return None
    node.set_aside(*extras.OUTCOME)
    return OutcomeIn(
        status=node.code("status", codes.STATUSES),
        disposition=node.code("disposition", codes.DISPOSITIONS),
        closed_on=node.day("closed_day", first_contact),
        reason=node.text("reason"),
        extra=node.left_over(),
    )
