"""The files: the same bytes for the same input, anywhere, and each says where it comes from."""

import hashlib
import io
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from PIL import Image
from pypdf import PdfReader

from ipt_tracker.charts import export
from ipt_tracker.charts.hover import DC
from ipt_tracker.charts.model import Event
from tests.unit.charts.cases import SOURCE, after, caps, crowded, plain

ROOT = Path(__file__).parents[3]
SVG = "{http://www.w3.org/2000/svg}"
FRESH = {
    "svg": export.svg.__wrapped__,
    "png": export.png.__wrapped__,
    "pdf": export.pdf.__wrapped__,
}
IN_ANOTHER_PROCESS = """
import hashlib, sys
from ipt_tracker.charts import export
from tests.unit.charts.cases import crowded
for make in (export.svg, export.png, export.pdf):
    print(hashlib.sha256(make(crowded())).hexdigest())
"""

MODULES_LOADED = """
import sys
from ipt_tracker.charts import export, spark
export.warm_up()
print(*sys.modules)
"""


def patient(number):
    """A course that no other patient has, with the number in every place where it can show."""
    source = replace(SOURCE, patient_code=f"P{number:03d}")
    values = tuple((number * 7 + 3 * i) % 80 for i in range(4))
    return replace(plain(values), title=f"Patient P{number:03d}", provenance=source)


def python(code, **environment):
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()


@pytest.mark.parametrize("kind", FRESH)
def test_drawing_twice_gives_the_same_bytes(kind):
    assert FRESH[kind](crowded()) == FRESH[kind](crowded())


def test_another_process_at_another_time_gives_the_same_bytes():
    here = [hashlib.sha256(make(crowded())).hexdigest() for make in FRESH.values()]

    there = python(
        IN_ANOTHER_PROCESS, PYTHONHASHSEED="12345", SOURCE_DATE_EPOCH="1000000000", TZ="Asia/Tokyo"
    )

    assert there == here


@pytest.mark.parametrize("kind", FRESH)
def test_one_changed_score_changes_the_file(kind):
    assert FRESH[kind](plain((47, 46))) != FRESH[kind](plain((47, 45)))


def test_equal_input_is_drawn_once():
    assert export.svg(plain((50, 41))) is export.svg(plain((50, 41)))


def test_eight_threads_drawing_twenty_patients_mix_nothing():
    people = [patient(n) for n in range(20)]
    alone = [FRESH["svg"](one) for one in people]
    files = [(FRESH["png"](one), FRESH["pdf"](one)) for one in people[:4]]

    def draw_all(thread):
        order = [(thread * 5 + i) % 20 for i in range(20)]
        own = people[thread % 4]
        made = {i: FRESH["svg"](people[i]) for i in order}
        return [made[i] for i in range(20)], (FRESH["png"](own), FRESH["pdf"](own))

    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(draw_all, range(8)))

    assert [pages for pages, _ in together] == [alone] * 8
    assert [own for _, own in together] == files * 2
    named = [set(re.findall(rb"P\d{3}", page)) for page in alone]
    assert named == [{f"P{i:03d}".encode()} for i in range(20)]


def test_the_svg_carries_dublin_core_title_and_description():
    root = ET.fromstring(export.svg(plain()))  # noqa: S314 -- our own output

    core = {
        e.tag.removeprefix(f"{{{DC}}}"): e.text
        for e in root.iter()
        if e.tag.startswith(f"{{{DC}}}")
    }
    assert core.pop("description").startswith("36 on 7 Oct 2024, down 11.")
    assert core == {
        "title": "SYN-02",
        "identifier": "SYN-02",
        "subject": "PCL-5, past week",
        "source": "Marx 2022, male veterans",
        "coverage": "2 Sep 2024 to 7 Oct 2024",
        "creator": "IPT Tracker 0.1.0",
        "date": "2024-10-07 10:32 UTC",
    }
    assert root.find(f"{SVG}title").text == "SYN-02"
    assert "5 of 6 forms" in root.find(f"{SVG}desc").text


def test_the_svg_needs_no_style_no_script_and_nothing_from_elsewhere():
    text = export.svg(crowded()).decode()

    assert "style" not in text
    assert "<script" not in text
    assert not re.search(r"(?:href|src)=\"(?!#)", text)
    assert "matplotlib" not in text
    identifiers = re.findall(r' id="([^"]+)"', text)
    assert len(identifiers) == len(set(identifiers))


def test_text_in_the_svg_stays_text():
    root = ET.fromstring(export.svg(plain()))  # noqa: S314 -- our own output

    said = [e.text for e in root.iter(f"{SVG}text")]
    assert "Session" in said
    assert "DejaVu Sans" in root.get("font-family")


def test_each_point_has_a_hover_title():
    course = plain(interview=caps((0, 44, "baseline")))

    root = ET.fromstring(export.svg(course))  # noqa: S314 -- our own output

    assert [e.find(f"{SVG}title").text for e in root.iter(f"{SVG}use") if len(e)] == [
        "2 Sep 2024, session 1: PCL-5, past week 47",
        "9 Sep 2024, session 2: PCL-5, past week 48",
        "16 Sep 2024, session 3: PCL-5, past week 45",
        "23 Sep 2024, session 4: PCL-5, past week no total, 41 to 53 possible",
        "30 Sep 2024, session 5: PCL-5, past week 44",
        "7 Oct 2024, session 6: PCL-5, past week 36",
        "2 Sep 2024: CAPS-5, past month 44 (baseline)",
    ]


def test_the_png_carries_its_provenance_and_the_resolution_asked_for():
    image = Image.open(io.BytesIO(export.png(plain(), 96)))

    assert image.text["Patient"] == "SYN-02"
    assert image.text["Instrument"] == "PCL-5, past week"
    assert image.text["Complete"] == "5 of 6 forms"
    assert image.text["Thresholds"] == "Marx 2022, male veterans"
    assert image.text["Data"] == "2 Sep 2024 to 7 Oct 2024"
    assert image.text["Newest value recorded"] == "2024-10-07 10:32 UTC"
    assert image.text["Software"] == "IPT Tracker 0.1.0"
    assert image.width == 7 * 96


def test_the_pdf_carries_its_provenance_and_no_date_of_drawing():
    reader = PdfReader(io.BytesIO(export.pdf(plain())))

    about = reader.metadata
    assert about.title == "SYN-02"
    assert about.creator == "IPT Tracker 0.1.0"
    assert "Patient: SYN-02; Instrument: PCL-5, past week" in about["/Keywords"]
    assert "Newest value recorded: 2024-10-07 10:32 UTC" in about["/Keywords"]
    assert about["/Subject"].startswith("36 on 7 Oct 2024, down 11.")
    assert not {"/CreationDate", "/ModDate", "/Producer"} & set(about)
    assert "Session" in reader.pages[0].extract_text()


def test_the_pdf_holds_one_page_seven_inches_wide():
    pages = PdfReader(io.BytesIO(export.pdf(crowded()))).pages

    assert [round(float(p.mediabox.width)) for p in pages] == [504]


@pytest.mark.parametrize("kind", FRESH)
def test_odd_characters_are_carried_or_replaced_and_break_nothing(kind):
    odd = 'a < b & "c" $x_1$ \x00\x0b\ud800 母 ]]> <script>alert(1)</script>'
    course = replace(plain(events=(Event(after(7), odd),)), title=odd, verdict=odd, footer=odd)

    made = FRESH[kind](course)

    if kind == "svg":
        root = ET.fromstring(made)  # noqa: S314 -- our own output
        assert not list(root.iter(f"{SVG}script"))
        assert any("母" in (e.text or "") for e in root.iter(f"{SVG}text"))


def test_a_course_without_provenance_can_still_be_drawn():
    course = plain(provenance=None)

    assert all(make(course) for make in FRESH.values())


def test_warming_up_leaves_nothing_in_the_caches():
    export.svg.cache_clear()

    export.warm_up()

    assert export.svg.cache_info().currsize == 0


def test_drawing_needs_neither_pandas_nor_scipy_nor_pyplot():
    loaded = set(python(MODULES_LOADED))

    assert "ipt_tracker.charts.export" in loaded
    assert not loaded & {"pandas", "scipy", "matplotlib.pyplot", "tkinter"}
