"""What is not known is kept as text and listed, and nothing is silently dropped."""

from datetime import date

import pytest

from ipt_tracker.exchange.bundle_values import Kept

CASE = ("cases", 0)
FIRST = (*CASE, "sessions", 0)


def put(bundle, path, value):
    """Set the value at a path of keys and indices."""
    *way, last = path
    for step in way:
        bundle = bundle[step]
    bundle[last] = value


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (("exported_by",), "exported_by"),
        ((*CASE, "foo"), "SYN-01 foo"),
        ((*CASE, "demographics", "foo"), "SYN-01 demographics.foo"),
        ((*CASE, "contract", "foo"), "SYN-01 contract.foo"),
        ((*CASE, "focal_areas", 0, "foo"), "SYN-01 focal_areas[0].foo"),
        ((*CASE, "contract_changes", 0, "foo"), "SYN-01 contract_changes[0].foo"),
        ((*CASE, "assessments", 0, "foo"), "SYN-01 assessments[0].foo"),
        ((*CASE, "outcome", "foo"), "SYN-01 outcome.foo"),
        ((*FIRST, "foo"), "SYN-01 sessions[0].foo"),
        ((*FIRST, "measures", 0, "foo"), "SYN-01 sessions[0].measures[0].foo"),
        ((*FIRST, "note", "foo"), "SYN-01 sessions[0].note.foo"),
    ],
)
def test_an_unknown_key_is_listed_and_kept(bundle, read_back, path, place):
    put(bundle, path, {"deep": [1, "é"]})

    result = read_back()

    assert result.warnings == (f"{place}: unknown key, kept as text",)
    assert f"Kept(key='{path[-1]}', text='{{\"deep\":[1,\"é\"]}}')" in repr(result)


def test_an_unknown_key_of_everything_on_a_session_is_kept(bundle, read_back):
    session = bundle["cases"][0]["sessions"][0]
    session["risk"] = {"asked": True, "foo": 1}
    session["medication_change"] = {"drug": "sertraline", "foo": 2}
    session["amendments"] = [{"field": "plan", "foo": 3}]
    session["fidelity"] = [{"rater": "self", "foo": 4}]

    result = read_back()
    read = result.cases[0].sessions[0]

    assert [w.split(": ")[0] for w in result.warnings] == [
        "SYN-01 sessions[0].risk.foo",
        "SYN-01 sessions[0].medication_change.foo",
        "SYN-01 sessions[0].amendments[0].foo",
        "SYN-01 sessions[0].fidelity[0].foo",
    ]
    kept = (read.risk, read.medication_change, read.amendments[0], read.ratings[0])
    assert [each.extra for each in kept] == [(Kept("foo", str(n)),) for n in (1, 2, 3, 4)]


@pytest.mark.parametrize(
    ("path", "code", "field"),
    [
        ((*CASE, "protocol"), "IPT-X-20", "protocol"),
        ((*CASE, "format"), "pair", "format"),
        ((*CASE, "therapist_role"), "student", "therapist_role"),
        ((*CASE, "outcome", "status"), "paused", "status"),
        ((*CASE, "outcome", "disposition"), "went_home", "disposition"),
        ((*CASE, "contract", "frequency"), "when it suits", "frequency"),
        ((*CASE, "contract_changes", 0, "kind"), "swap", "kind"),
        ((*CASE, "assessments", 0, "point"), "month_2", "point"),
        ((*CASE, "focal_areas", 0, "area"), "acculturation", "area"),
        ((*FIRST, "attendance"), "snowed_in", "attendance"),
        ((*CASE, "sessions", 2, "kind"), "walk", "kind"),
        ((*FIRST, "phase"), "late middle", "phase"),
        ((*FIRST, "modality"), "letter", "modality"),
        ((*FIRST, "focal_area"), "acculturation", "focal_area"),
        ((*FIRST, "dispute_stage"), "truce", "dispute_stage"),
        ((*FIRST, "measures", 0, "status"), "lost", "status"),
        ((*FIRST, "note", "status"), "burnt", "status"),
        ((*FIRST, "risk"), {"asked": True, "band": "purple"}, "band"),
        ((*FIRST, "medication_change"), {"change": "halved"}, "change"),
    ],
)
def test_an_unknown_code_is_listed_and_stays_as_it_is(bundle, read_back, path, code, field):
    put(bundle, path, code)
    word = next(v for k, v in code.items() if k == field) if isinstance(code, dict) else code

    result = read_back()

    assert len(result.warnings) == 1
    assert f'unknown code "{word}", kept as text' in result.warnings[0]
    assert f"{field}='{word}'" in repr(result.cases)


def test_unknown_tasks_and_techniques_stay_among_the_known_ones(bundle, read_back):
    session = bundle["cases"][0]["sessions"][0]
    session["tasks_done"] = ["B01", "Q01", "B01"]
    session["techniques"] = ["ball_game"]

    result = read_back()

    assert result.cases[0].sessions[0].tasks == ("B01", "Q01")
    assert result.cases[0].sessions[0].techniques == ("ball_game",)
    assert result.warnings == (
        'SYN-01 sessions[0].tasks_done[1]: unknown code "Q01", kept as text',
        "SYN-01 sessions[0].tasks_done[2]: B01 is named twice, kept once",
        'SYN-01 sessions[0].techniques[0]: unknown code "ball_game", kept as text',
    )


def test_an_instrument_is_known_together_with_its_window(bundle, read_back):
    (first,) = bundle["cases"][0]["sessions"][0]["measures"]
    second = {"instrument": "GAD-7", "total": 12, "status": "complete"}
    third = dict(first, window="past_year")
    bundle["cases"][0]["sessions"][0]["measures"] = [first, second, third]

    result = read_back()

    assert [warning.removesuffix(", kept as text") for warning in result.warnings] == [
        'SYN-01 sessions[0].measures[1].instrument: "GAD-7" is not known',
        'SYN-01 sessions[0].measures[2].instrument: "PCL-5" over past_year is not known',
    ]
    assert [m.total for m in result.cases[0].sessions[0].measures] == [50, 12, 50]


@pytest.mark.parametrize(
    ("key", "value", "field"),
    [("mood_0_10", 11, "mood"), ("duration_min", 0, "duration_min"), ("n", -1, "number")],
)
def test_a_number_out_of_range_is_kept_as_text_and_never_clamped(
    bundle, read_back, key, value, field
):
    bundle["cases"][0]["sessions"][2][key] = value

    result = read_back()
    session = result.cases[0].sessions[2]

    assert getattr(session, field) is None
    assert session.extra == (Kept(key, str(value)),)
    assert f"SYN-01 sessions[2].{key}: {value} is outside" in result.warnings[0]


def test_a_total_is_left_to_whoever_knows_the_instrument(bundle, read_back):
    bundle["cases"][0]["sessions"][0]["measures"][0]["total"] = 94

    assert read_back().cases[0].sessions[0].measures[0].total == 94
    assert read_back().warnings == ()


def test_a_day_that_contradicts_its_date_is_listed_and_the_date_is_taken(bundle, read_back):
    bundle["cases"][0]["sessions"][1]["day"] = 8

    result = read_back()

    assert result.cases[0].sessions[1].held_on == date(2025, 1, 13)
    assert result.cases[0].sessions[1].extra == (Kept("day", "8"),)
    assert result.warnings[0].startswith("SYN-01 sessions[1].day: this is not the day of")


def test_a_session_number_belongs_to_the_session_that_took_place(bundle, read_back):
    case = bundle["cases"][0]
    case["sessions"][1] |= {"n": 1, "attendance": "attended"}
    case["sessions"][2] |= {"n": 7, "attendance": "no_show"}

    result = read_back()

    assert [session.number for session in result.cases[0].sessions] == [1, None, None]
    assert "individual session 1 is there twice, kept as text" in result.warnings[1]
    assert "a session that did not take place has no number" in result.warnings[0]


def test_of_two_group_sessions_with_one_number_the_attended_one_keeps_it(bundle, read_back):
    first, second, _ = bundle["cases"][0]["sessions"]
    first |= {"n": 1, "kind": "group", "attendance": "no_show"}
    second |= {"n": 1, "kind": "group", "attendance": "attended"}

    numbers = [session.number for session in read_back().cases[0].sessions]

    assert numbers == [None, 1, 2]


def test_a_spell_counts_the_contracts_own_sessions(bundle, read_back):
    first, _, third = bundle["cases"][0]["sessions"]
    first["kind"], third["n"] = "engagement", 1

    (spell,) = read_back().cases[0].focal_areas

    assert spell.opened_on == date(2025, 1, 20)


def test_a_group_session_that_the_member_missed_keeps_the_groups_number(bundle, read_back):
    bundle["cases"][0]["sessions"][1] |= {"n": 2, "kind": "group", "attendance": "no_show"}

    result = read_back()

    assert result.cases[0].sessions[1].number == 2
    assert result.warnings == ()


def test_of_two_therapists_the_first_is_the_therapist_and_the_other_leads_beside(bundle, read_back):
    bundle["cases"][0]["therapist"] = ["TH-05", "TH-06"]

    result = read_back()

    assert result.cases[0].therapist == "TH-05"
    assert result.cases[0].extra == (Kept("therapist", '["TH-05","TH-06"]'),)
    assert result.cases[0].co_therapists == ("TH-06",)
    assert result.warnings == ()


def test_a_fidelity_item_that_says_more_is_kept_with_its_rating(bundle, read_back):
    items = {"F01": {"d": 0.5, "q": 3, "comment": "good"}, "F99": {"d": None, "q": None}}
    bundle["cases"][0]["sessions"][0]["fidelity"] = [{"rater": "SUP-09", "items": items}]

    result = read_back()
    rating = result.cases[0].sessions[0].ratings[0]

    assert [(i.code, i.delivered, i.quality) for i in rating.items] == [
        ("F01", 0.5, 3),
        ("F99", None, None),
    ]
    assert rating.extra[0].key == "items"
    assert "good" in rating.extra[0].text
    assert len(result.warnings) == 3


def test_an_unknown_phase_keeps_the_whole_map_as_text(bundle, read_back):
    bundle["cases"][0]["contract"]["phases"]["booster"] = [15, 16]

    contract = read_back().cases[0].contract

    assert contract.phase_map.as_json() == {
        "beginning": [1, 3],
        "middle": [4, 11],
        "termination": [12, 14],
    }
    assert contract.extra[0].key == "phases"


def test_a_change_of_contract_keeps_numbers_and_words_alike(bundle, read_back):
    (change,) = read_back().cases[0].contract_changes

    assert (change.before, change.after, change.changed_on) == ("14", "18", date(2025, 1, 20))


def test_catalogues_of_another_version_are_listed(bundle, read_back):
    bundle["task_catalogue"] = {"B01": {"section": "beginning", "code": "x", "text": "y"}}
    bundle["techniques"] = ["ball_game"]
    bundle["fidelity_items"] = {"F77": {"domain": "focus", "text": "z"}}

    result = read_back()

    assert [kept.key for kept in result.extra] == ["task_catalogue", "techniques", "fidelity_items"]
    assert result.warnings[0] == (
        "task_catalogue: differs from the one known here (B01), kept as text"
    )


def test_a_focal_area_is_known_by_its_synonyms_without_a_warning(bundle, read_back):
    bundle["cases"][0]["focal_areas"][0]["area"] = "complicated bereavement"
    bundle["cases"][0]["sessions"][0]["focal_area"] = "deficits"

    result = read_back()

    assert result.warnings == ()
    assert result.cases[0].focal_areas[0].area == "grief"
    assert result.cases[0].sessions[0].focal_area == "sensitivity"


def test_what_is_left_out_is_said(bundle, read_back):
    case = bundle["cases"][0]
    for key in ("protocol", "contract", "demographics", "outcome", "assessments"):
        del case[key]
    del case["sessions"][0]["kind"]
    case["focal_areas"][0]["from_n"] = 9

    result = read_back()

    assert result.cases[0].protocol == "custom"
    assert (result.cases[0].contract, result.cases[0].outcome) == (None, None)
    assert result.cases[0].sessions[0].kind == "individual"
    assert result.warnings == (
        "SYN-01 sessions[0].kind: not given, taken as individual",
        "SYN-01 protocol: not given, taken as custom",
        "SYN-01 focal_areas[0].from_n: no session has this number, the day is not known",
    )


def test_slots_come_in_their_order_whatever_the_order_of_the_file(bundle, read_back):
    bundle["cases"][0]["sessions"].reverse()

    case = read_back().cases[0]

    assert [session.slot for session in case.sessions] == [1, 2, 3]
    assert case.first_contact == date(2025, 1, 6)


def test_a_case_without_appointments_can_be_read(bundle, read_back):
    case = bundle["cases"][0]
    case |= {"sessions": [], "focal_areas": [], "assessments": [], "outcome": None}

    assert read_back().cases[0].first_contact is None
    assert read_back().warnings == ()


def test_the_answers_to_a_form_are_read_with_their_blanks(bundle, read_back):
    put(bundle, (*FIRST, "measures", 0, "items"), [2, None, 0])

    result = read_back()

    assert result.cases[0].sessions[0].measures[0].items == (2, None, 0)
    assert result.warnings == ()


@pytest.mark.parametrize("value", [{"1": 2}, [2, "x"], [True], "2, 0", [1.5]])
def test_answers_of_another_shape_are_kept_as_text(bundle, read_back, value):
    put(bundle, (*FIRST, "measures", 0, "items"), value)

    result = read_back()

    measure = result.cases[0].sessions[0].measures[0]
    assert (measure.total, measure.items) == (50, ())
    assert [piece.key for piece in measure.extra] == ["items"]
    assert result.warnings == (
        "SYN-01 sessions[0].measures[0].items: a list of whole numbers is needed, kept as text",
    )
