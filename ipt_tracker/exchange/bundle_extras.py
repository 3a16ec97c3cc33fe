"""What a bundle may say beyond our fields: keys known by name, kept as text, no cause to warn.

Mostly about groups, extensions and who rated. A key that is not listed here is unknown, and said.
"""

import json
from collections.abc import Mapping

from ipt_tracker.exchange.bundle_content import canonical
from ipt_tracker.exchange.bundle_values import Extra, Kept

OF_A_GROUP = ("group", "group_id", "group_name", "group_size", "cohort")
LEADERS = (
    "co_therapist",
    "co_therapists",
    "cotherapist",
    "co_leader",
    "co_leaders",
    "leaders",
    "therapists",
)
OTHERS = ("members", "members_present", "members_absent", "attendees", "participants")
"""Lists of people beside the patient: kept as a number, so that no record names another's."""

WORDS = ("note", "comment", "comments")
CASE = (*OF_A_GROUP, *LEADERS, "extension", *WORDS)
BUNDLE = ("group", "groups")
SPELL = (
    *("person", "with", "rank", "stage", "stages", "goal", "goals", "strategies", "formulation"),
    *("from_day", "to_day", "patient_agreed", "outcome", "closed_reason", "secondary", *WORDS),
)
CONTRACT = (
    *("pre_group", "mid_group", "post_group"),
    *("pre_group_individual", "mid_group_individual", "post_group_individual"),
    *("group_sessions", "individual_sessions", "extension_sessions", "extended_to", "review_at"),
    *("goals", "spacing", "patient_agreed", "modality", *OF_A_GROUP, *OTHERS, *WORDS),
)
CHANGE = (
    *("sessions", "sessions_added", "added", "additional_sessions", "planned_sessions"),
    *("phases", "new_phases", "frequency", "spacing", "goals", "until", "end_day", "agreed_day"),
    *("agreed_by", "decided_by", "approved_by", "session_kind", "area", "detail", *WORDS),
)
SESSION = (
    *(*OF_A_GROUP, *LEADERS, *OTHERS, "therapist", "leader", "group_n", "group_session"),
    *("start", "stop", "start_time", "stop_time", "location", "patient_location", "theme"),
    *("reason", "cancel_reason", "cancellation_reason", "error_reason", "notice_hours"),
    *("rescheduled_to", "rescheduled_from", "moved_to", "left_after_min", "minutes_early"),
    *("written_summary", "summary_sent", "comment", "comments"),
)
RATING = (
    *("role", "rater_role", "rater_type", "type", "kind", "status", "locked", "locked_day"),
    *("consensus", "consensus_of", "consensus_with", "raters", "independent", "blind"),
    *("minutes_rated", "segment", "segment_min", "group_n", "group_session", "member_absent"),
    *WORDS,
)
MEASURE = ("reason", "mode", "language", *WORDS)
RISK = ("reason", "not_asked_reason", "told_who", "told_day", "follow_up")
OUTCOME = ("response", "remission", "next", "referred_to", "follow_up", *WORDS)


def without_other_people(extra: Extra) -> Extra:
    """Put the number in place of every list of other members; the file keeps the list."""
    return tuple(Kept(piece.key, _counted(piece)) for piece in extra)


def _counted(piece: Kept) -> str:
    value = json.loads(piece.text)
    if piece.key in OTHERS and isinstance(value, list):
        return str(len(value))
    if piece.key == "group" and isinstance(value, Mapping):
        return canonical({k: _number(k, inner) for k, inner in value.items()})
    return piece.text


def _number(key: str, value: object) -> object:
    return len(value) if key in OTHERS and isinstance(value, list) else value


def co_therapists_in(case: Mapping[str, object], therapist: str) -> tuple[str, ...]:
    """Give the staff codes of everybody who leads beside the therapist, in the file's order."""
    group = case.get("group")
    places: list[Mapping[str, object]] = [case]
    if isinstance(group, Mapping):
        places.append(group)
    named = [place.get(key) for place in places for key in ("therapist", *LEADERS)]
    codes = [code for value in named for code in (value if isinstance(value, list) else [value])]
    found = (code for code in codes if isinstance(code, str) and code.strip() and code != therapist)
    return tuple(dict.fromkeys(found))
