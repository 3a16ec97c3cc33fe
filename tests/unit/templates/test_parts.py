"""The parts all pages share: what they say, and that nothing is lost or drawn at a false place."""

import pytest

KINDS = ["better", "worse", "same", "due", "late", "note", "flag", "unsure", "risk", "here"]
KINDS += ["open", "done", "lock"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_tag_is_a_shape_and_a_word(show, kind):
    page = show("tag", "tag(kind, 'No reliable change')", kind=kind)

    assert page.text == "No reliable change"
    assert page.one("svg").attrib["aria-hidden"] == "true"
    assert len(list(page.one("svg"))) > 0


def test_better_points_down_and_worse_up(show):
    better = show("tag", "tag('better', 'x')").one("path").attrib["d"]
    worse = show("tag", "tag('worse', 'x')").one("path").attrib["d"]

    assert (better, worse) == ("M1 3h10L6 10z", "M1 9h10L6 2z")


def slot(label, state="done", detail=None, url=None):
    return {
        "label": label,
        "state": state,
        "phase": "p2",
        "date_words": "7 Apr",
        "detail": detail,
        "url": url,
    }


def line(slots, phases=(), spells=(), events=()):
    return {"slots": slots, "phases": phases, "spells": spells, "events": events, "all_url": "/all"}


def test_each_appointment_says_number_date_and_state(show):
    view = line(
        [
            slot(1, url="/1"),
            slot("✕", "missed", "cancelled by patient", "/2"),
            slot(2, "now", url="/3"),
            slot(3, "plan"),
        ]
    )

    page = show("course", "course_line(view)", view=view)

    assert [a.attrib["aria-label"] for a in page.all("a")] == [
        "Session 1, 7 Apr, attended",
        "7 Apr, cancelled by patient",
        "Session 2, 7 Apr, next",
    ]
    assert "Session 3, 7 Apr, planned" in page.text
    assert [a.attrib["href"] for a in page.all("a[@aria-current='step']")] == ["/3"]


def test_a_long_line_shows_its_last_32_places_and_says_so(show):
    view = line(
        [slot(n, url=f"/{n}") for n in range(1, 41)],
        phases=[
            {"label": "Beginning", "css": "p1", "first": 1, "last": 3},
            {"label": "Middle", "css": "p2", "first": 4, "last": 38},
            {"label": "Ending", "css": "p3", "first": 39, "last": 40},
        ],
    )

    page = show("course", "course_line(view)", view=view)

    assert page.all("a")[0].attrib["href"] == "/9"
    assert "Beginning" not in page.text
    assert "The last 32 of 40 appointments. Show all" in page.text
    assert [d.attrib["class"] for d in page.all("div") if "phase" in d.attrib["class"]] == [
        "phase p2 at-1 to-30",
        "phase p3 at-31 to-32",
    ]


@pytest.mark.parametrize(
    ("spans", "rows"),
    [
        ([(1, 4), (5, 8)], ["spell", "spell"]),
        ([(1, 5), (5, 8)], ["spell", "spell second"]),
        ([(1, 5), (2, 8), (6, 8)], ["spell", "spell second", "spell"]),
        ([(1, 5), (2, 8), (5, 8)], ["spell", "spell second", "spell third"]),
    ],
)
def test_spells_that_share_a_place_never_cover_each_other(show, spans, rows):
    spells = [
        {"label": "Grief", "detail": "", "first": a, "last": b, "open": False} for a, b in spans
    ]

    page = show(
        "course", "course_line(view)", view=line([slot(n) for n in range(1, 9)], (), spells)
    )

    classes = [d.attrib["class"] for d in page.all("div") if "spell" in d.attrib["class"]]
    assert [c.split(" at-")[0].strip() for c in classes] == rows


@pytest.mark.parametrize(
    ("held", "planned", "done", "todo"), [(0, 4, 0, 4), (3, 4, 3, 1), (6, 4, 6, 0)]
)
def test_the_small_line_has_one_mark_for_each_session(show, held, planned, done, todo):
    view = {"held": held, "planned": planned, "phases": [{"css": "p1", "first": 1, "last": 4}]}

    page = show("course", "mini(view)", view=view)

    assert len(page.all("rect[@class='done']")) == done
    assert len(page.all("rect[@class='todo']")) == todo


def test_the_verdict_says_its_sentence_and_leads_on(show):
    view = {"lead": "The PCL-5 fell from 47 to 25.", "then": "The CAPS-5 agrees.", "tone": "better"}

    page = show("verdict", "verdict(v, '/progress')", v=view)

    assert page.text == "The PCL-5 fell from 47 to 25. The CAPS-5 agrees. Open progress"
    assert page.one("div").attrib["class"] == "verdict better"


def test_an_empty_list_says_why_and_what_to_press(show):
    page = show(
        "empty",
        "empty('Start with one patient', 'A course needs a code.', actions)",
        actions=[{"label": "Add a patient", "url": "/new"}],
    )

    assert page.text == "Start with one patient A course needs a code. Add a patient"
    assert page.one("a").attrib["href"] == "/new"


SCALE = {"low": -30, "high": 10, "ticks": [-30, 0, 10], "band": (-15, 15), "width": 412}


def test_the_interval_is_drawn_at_its_place(show):
    row = {"kind": "pooled", "estimate": -10, "low": -20, "high": 0}

    page = show("interval", "interval(row, scale)", row=row, scale=SCALE)

    # 10 pixels a point from x = 6: −20 lies at 106, −10 at 206, 0 at 306.
    assert page.one("path[@class='ci pooled']").attrib["d"] == "M106.0 15H306.0"
    assert page.one("path[@class='mark pooled']").attrib["d"].startswith("M199.0 15")
    assert page.one("rect[@class='band']").attrib["x"] == "156.0"


def test_what_lies_outside_the_scale_ends_in_an_arrow(show):
    row = {"kind": "group", "estimate": -40, "low": -50, "high": -20}

    page = show("interval", "interval(row, scale)", row=row, scale=SCALE)

    assert not page.all("rect[@class='mark group']")
    assert page.one("path[@class='mark group']").attrib["d"] == "M13 8l-9 7 9 7z"


def test_the_axis_writes_a_true_minus(show):
    page = show("interval", "interval_axis(scale)", scale=SCALE)

    assert [page.says(t) for t in page.all("text")] == ["−30", "0", "10"]


def test_the_pager_keeps_the_filters_and_marks_its_page(show):
    view = {"number": 5, "pages": 12, "first": 201, "last": 250, "total": 580}

    page = show("pager", "pager(p, 'caseload.show', {'phase': 'middle'}, 'courses')", p=view)

    assert page.text.startswith("201 to 250 of 580 courses")
    assert (
        page.one("a[@aria-current='page']").attrib["href"] == "/caseload.show?page=5&phase=middle"
    )
    assert [page.says(li) for li in page.all("li")] == [
        "Previous page",
        "Page 1",
        "…",
        "Page 4",
        "Page 5",
        "Page 6",
        "…",
        "Page 12",
        "Next page",
    ]


def test_one_page_needs_no_page_links(show):
    view = {"number": 1, "pages": 1, "first": 1, "last": 12, "total": 12}

    assert not show("pager", "pager(p, 'caseload.show')", p=view).all("a")


def test_the_strip_says_who_and_where(wrap):
    view = {
        "code": "SYN-02",
        "name": "Jonas Adeyemi",
        "born_words": "born 14 Sep 1993, 31",
        "position": "Session 11 of 16",
        "phase_words": "middle phase",
        "focus": "Focus: grief",
        "mini": {"held": 11, "planned": 16, "phases": []},
    }
    tabs = [{"label": "Overview", "url": "/c", "current": True}]

    page = wrap(
        "strip", "strip(view, tabs)", "<a href='/log'>Log session 12</a>", view=view, tabs=tabs
    )

    assert page.text == (
        "SYN-02 Jonas Adeyemi born 14 Sep 1993, 31 Session 11 of 16, middle phase Focus: grief "
        "Overview Log session 12"
    )
    assert page.one("a[@aria-current='page']").attrib["href"] == "/c"


def test_a_panel_is_a_section_named_by_its_heading(wrap):
    page = wrap("panel", "panel('Scores', 'h-scores', meta='15 complete')", "<p>47</p>")

    assert page.one("section").attrib["aria-labelledby"] == "h-scores"
    assert page.says(page.by_id("h-scores")) == "Scores"


def test_the_save_bar_names_its_form_and_says_its_state(wrap):
    page = wrap("savebar", "savebar('log', 'Draft kept at 10:52', 'kept')", "<button>Save</button>")

    assert page.one("div[@data-savebar]").attrib["data-savebar"] == "log"
    assert page.says(page.one("span[@role='status']")) == "Draft kept at 10:52"
