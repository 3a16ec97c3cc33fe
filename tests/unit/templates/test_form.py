"""Fields: each input has a label, its help and its message tied to it, with nothing inline."""

from datetime import date
from types import SimpleNamespace

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from ipt_tracker.clinical.instruments.items import Item
from ipt_tracker.web.measures.fields import AnswerField, Key, blank_key
from ipt_tracker.web.measures.grid import Head, Row, line
from ipt_tracker.web.measures.parts import Question

TOO_HIGH = "94 is too high, the form goes from 0 to 80."


class WholeNumber(IntegerField):
    """A field type of the application's own: recognised by what it is, not by its name."""


class Medication(Form):
    drug = StringField("Medicine", [InputRequired("Name the medicine.")])


TASKS = {"M01": "Open", "M02": "Review", "B01": "Map"}


class Everything(Form):
    csrf_token = HiddenField(default="token")
    held_on = DateField("Date", [InputRequired("Enter the date.")], description="As on the form")
    total = WholeNumber("PCL-5 total", [Optional(), NumberRange(0, 80, TOO_HIGH)])
    weight = DecimalField("Weight", [Optional()])
    event = StringField("Event tied to it", [Length(max=200)])
    setting = SelectField("Setting", choices=["In person", "Video"])
    risk = RadioField(
        "Was risk asked about?",
        [InputRequired("Say whether you asked.")],
        choices=[SelectChoice("none", "Asked: none"), SelectChoice("not", "Not asked")],
    )
    techniques = SelectMultipleField("Techniques", choices=["Role play", "Explaining"])
    tasks = SelectMultipleField(
        "Tasks",
        choices=[
            SelectChoice("M01", "Open"),
            SelectChoice("M02", "Review"),
            SelectChoice("B01", "Map"),
        ],
    )
    note = TextAreaField("Note")
    agreed = BooleanField("Agreed with the patient")
    medication = FormField(Medication)
    others = FieldList(FormField(Medication), min_entries=1)


def filled(**changes: str) -> Everything:
    """Send the form with good answers, changed as told; None leaves a field out."""
    answers = {
        "held_on": "2025-04-07",
        "setting": "Video",
        "risk": "none",
        "medication-drug": "sertraline",
        "others-0-drug": "prazosin",
    } | changes
    form = Everything(MultiDict({k: v for k, v in answers.items() if v is not None}))
    form.validate()
    return form


SINGLE = {
    "field(f)": ("held_on", "total", "weight", "event"),
    "select(f)": ("setting",),
    "textarea(f)": ("note",),
    "tick(f)": ("agreed",),
}
GROUPS = {"choices(f)": "risk", "checkboxes(f)": "techniques", "choices(f, legend=False)": "risk"}


@pytest.mark.parametrize(
    ("call", "name"), [(call, name) for call, names in SINGLE.items() for name in names]
)
def test_each_input_has_exactly_one_label(show, call, name):
    page = show("form", call, f=Everything()[name])

    (label,) = page.all("label")
    assert label.attrib["for"] == name
    assert page.by_id(name).tag in {"input", "select", "textarea"}


@pytest.mark.parametrize(
    ("call", "name"), [(call, name) for call, names in SINGLE.items() for name in names]
)
def test_message_and_help_are_tied_to_the_input(show, call, name):
    form = Everything()
    form[name].errors = ["Look at this again.", "And at this."]
    form[name].description = "What it is for"

    page = show("form", call, f=form[name])

    assert page.by_id(name).attrib["aria-invalid"] == "true"
    assert page.by_id(name).attrib["aria-describedby"] == f"{name}-error {name}-help"
    assert page.says(page.by_id(f"{name}-error")) == "Look at this again."
    assert page.says(page.by_id(f"{name}-help")) == "What it is for"


@pytest.mark.parametrize("call", ["field(f)", "select(f)", "textarea(f)", "tick(f)"])
def test_an_input_without_fault_says_nothing_about_one(show, call):
    page = show("form", call, f=Everything().event)

    assert "aria-invalid" not in page.html
    assert "aria-describedby" not in page.html


@pytest.mark.parametrize(("call", "name"), GROUPS.items())
def test_a_group_is_a_fieldset_with_a_legend_and_its_message(show, call, name):
    form = Everything()
    form[name].errors = ["Say whether you asked."]

    page = show("form", call, f=form[name])

    group = page.one("fieldset")
    assert group.attrib["aria-describedby"] == f"{name}-error"
    assert page.says(page.one("legend")) == form[name].label.text
    assert [label.attrib["for"] for label in page.all("label")] == [f"{name}-0", f"{name}-1"]
    assert {option.attrib["name"] for option in page.all("input")} == {name}


def test_what_was_chosen_stays_chosen(show):
    form = filled(risk="not", techniques="Explaining")

    risk = show("form", "choices(f)", f=form.risk)
    techniques = show("form", "checkboxes(f)", f=form.techniques)

    assert [i.attrib["value"] for i in risk.all("input[@checked]")] == ["not"]
    assert [i.attrib["value"] for i in techniques.all("input[@checked]")] == ["Explaining"]


@pytest.mark.parametrize(("name", "mode"), [("total", "numeric"), ("weight", "decimal")])
def test_a_number_is_typed_and_never_spun(show, name, mode):
    box = show("form", "field(f)", f=Everything()[name]).by_id(name)

    assert box.attrib["type"] == "text"
    assert box.attrib["inputmode"] == mode
    assert not {"min", "max", "step"} & set(box.attrib)


def test_an_unreadable_date_comes_back_as_it_was_typed(show):
    box = show("form", "field(f)", f=filled(held_on="7 April").held_on).by_id("held_on")

    assert (box.attrib["type"], box.attrib["value"]) == ("text", "7 April")


def test_a_readable_date_keeps_the_date_field_of_the_browser(show):
    box = show("form", "field(f)", f=Everything(held_on=date(2025, 4, 7)).held_on).by_id("held_on")

    assert (box.attrib["type"], box.attrib["value"]) == ("date", "2025-04-07")


def test_the_summary_links_each_fault_in_the_order_of_the_page(show):
    form = filled(held_on="", total="94", risk=None, techniques="Juggling", **{"others-0-drug": ""})

    page = show("form", 'error_summary(f, "Not signed yet")', f=form)

    assert page.says(page.by_id("errors-title")) == "Not signed yet: five answers need a look"
    assert [(a.attrib["href"], page.says(a)) for a in page.all("a")] == [
        ("#held_on", "Date: Enter the date."),
        ("#total", f"PCL-5 total: {TOO_HIGH}"),
        ("#risk-0", "Was risk asked about? Say whether you asked."),
        ("#techniques-0", "Techniques: 'Juggling' is not a valid choice for this field."),
        ("#others-0-drug", "Medicine: Name the medicine."),
    ]


def test_each_link_of_the_summary_leads_to_an_input_of_the_form(show):
    form = filled(held_on="", total="94", risk=None, techniques="Juggling")
    summary = show("form", "error_summary(f)", f=form)

    links = [a.attrib["href"].removeprefix("#") for a in summary.all("a")]
    calls = ("field(f)", "field(f)", "choices(f)", "checkboxes(f)")
    names = ("held_on", "total", "risk", "techniques")
    for link, call, name in zip(links, calls, names, strict=True):
        assert show("form", call, f=form[name]).by_id(link).tag == "input"


def test_a_rule_that_concerns_no_field_is_said_without_a_link(show):
    form = filled()
    form.form_errors.append("The course is closed.")

    page = show("form", "error_summary(f)", f=form)

    assert page.says(page.one("li")) == "The course is closed."
    assert not page.all("a")


def test_the_summary_takes_the_focus_also_without_scripts(show):
    summary = show("form", "error_summary(f)", f=filled(held_on="")).one("section")

    assert "autofocus" in summary.attrib
    assert summary.attrib["tabindex"] == "-1"


def test_without_fault_there_is_no_summary(show):
    assert show("form", "error_summary(f)", f=filled()).text == ""


def test_hidden_fields_carry_no_id_so_that_two_forms_can_share_a_page(show):
    box = show("form", "hidden(f)", f=Everything()).one("input")

    assert box.attrib == {"type": "hidden", "name": "csrf_token", "value": "token"}


def group(title: str, *codes: str) -> SimpleNamespace:
    """Give a task group as the catalogue does."""
    return SimpleNamespace(title=title, tasks=[SimpleNamespace(code=code) for code in codes])


def test_the_task_list_shows_ticks_and_what_was_done_before(show):
    form = filled(tasks="M01")

    page = show(
        "form",
        "tasks(f, groups, done, rest)",
        f=form.tasks,
        groups=[group("Every middle session", "M01", "M02")],
        done={"M02": "done in session 10"},
        rest=[group("Beginning", "B01")],
    )

    assert [page.says(legend) for legend in page.all("legend")] == [
        "Every middle session 1 ticked",
        "Beginning",
    ]
    assert [page.says(task) for task in page.all("li")] == [
        "Open",
        "Review done in session 10",
        "Map",
    ]
    assert "open" not in page.one("details").attrib


def test_tasks_of_other_phases_are_in_view_when_one_is_ticked(show):
    page = show(
        "form",
        "tasks(f, (), rest=rest)",
        f=filled(tasks="B01").tasks,
        rest=[group("Beginning", "B01")],
    )

    assert "open" in page.one("details").attrib


ZERO, ONE = Key("0", "0", "not at all", 0), Key("1", "1", "a little", 1)
SPARE = Key("2", "2", "not assessed", 0)
BLANK = blank_key("left blank")
COLUMNS = (ZERO, ONE, SPARE, BLANK)


def rows() -> list[Row]:
    """Two items of an invented questionnaire, the second unanswered and found wanting."""
    fields = {
        "q1": AnswerField(1, Item("q1", "memories", 0, 1, "B"), (ZERO, ONE, BLANK), default="1"),
        "q2": AnswerField(2, Item("q2", "sleep", 0, 1, "E", not_assessed=2), COLUMNS),
    }
    form = type("Items", (Form,), fields)()
    form.q2.errors = ["Choose an answer or blank."]
    return [
        Row("1", "memories", "B Intrusion", (line(form.q1, COLUMNS),)),
        Row("2", "sleep", "E Arousal", (line(form.q2, COLUMNS),), asks=True),
    ]


HEADS = (Head("how often", COLUMNS), Head("how strong", (Key("", "0", "none"),)))
KEYPAD = "keypad(rows, heads)"


def test_each_item_of_the_keypad_is_a_named_group_of_real_radios(show):
    page = show("form", KEYPAD, rows=rows(), heads=HEADS)

    groups = page.all("fieldset")
    assert [page.says(legend) for legend in page.all("legend")] == ["1 memories", "2 sleep"]
    assert [g.attrib["role"] for g in groups] == ["radiogroup", "radiogroup"]
    assert [i.attrib["id"] for i in page.all("input[@checked]")] == ["q1-1"]
    assert groups[1].attrib["aria-describedby"] == "q2-error"
    assert page.says(page.by_id("q2-error")) == "Choose an answer or blank."


def test_blank_on_the_paper_form_is_a_key_of_its_own(show):
    page = show("form", KEYPAD, rows=rows(), heads=HEADS)

    assert page.by_id("q1-2").attrib["class"] == "na"
    assert page.by_id("q1-2").attrib["data-key"] == "-"
    assert "data-points" not in page.by_id("q1-2").attrib
    assert "class" not in page.by_id("q1-0").attrib


def test_a_key_that_an_item_does_not_have_leaves_its_column_empty(show):
    page = show("form", KEYPAD, rows=rows(), heads=HEADS)

    cells = [list(row) for row in page.all("fieldset/div")]
    assert [[cell.tag for cell in row] for row in cells] == [
        ["label", "label", "span", "label"],
        ["label", "label", "label", "label"],
    ]
    assert cells[0][2].text is None


def test_what_an_answer_adds_and_what_a_blank_could_add_stand_on_the_line(show):
    page = show("form", KEYPAD, rows=rows(), heads=HEADS)

    assert [page.by_id(f"q2-{n}").attrib["data-points"] for n in range(3)] == ["0", "1", "0"]
    assert (page.by_id("q2").attrib["data-low"], page.by_id("q2").attrib["data-high"]) == ("0", "1")


def test_a_grid_beside_the_total_counts_in_no_sum(show):
    page = show("form", "keypad(rows, heads, counts=False)", rows=rows(), heads=())

    assert "data-high" not in page.html


def test_clusters_stand_once_above_their_items(show):
    page = show("form", KEYPAD, rows=rows(), heads=HEADS)

    assert [page.says(p) for p in page.all("p[@class='cluster']")] == ["B Intrusion", "E Arousal"]


def test_both_halves_of_a_rating_have_their_words_over_the_keys(show):
    page = show("form", KEYPAD, rows=rows(), heads=HEADS)

    heads = [page.says(div) for div in page.all("div") if "keypad-head" in div.get("class", "")]
    assert heads == [
        "Item how often0not at all1a little2not assessed–left blank",
        "how strongnone",
    ]


def test_what_is_to_be_asked_stands_right_after_the_row_that_calls_for_it(wrap):
    page = wrap("form", "keypad(rows, ())", "<b>Ask.</b>", rows=rows())

    pad = page.by_id("q2").attrib["id"], [child.tag for child in page.one("div[@data-keypad]")]
    assert pad == ("q2", ["p", "fieldset", "p", "fieldset", "b", "p"])


def test_a_question_is_listed_in_its_own_words(show):
    form = type("Asked", (Form,), {"both": Question("Yes, keep both"), "form_errors": ()})()
    form.both.errors = ["There is one of that day already."]

    page = show("form", "error_summary(f)", f=form)

    (link,) = page.all("a")
    assert (link.attrib["href"], link.text) == ("#both", "There is one of that day already.")
