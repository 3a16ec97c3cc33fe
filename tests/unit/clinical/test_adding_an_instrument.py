"""Adding an instrument is adding one file: it is found, listed and scored."""

import importlib
import sys
from textwrap import dedent

import pytest

from ipt_tracker.clinical import instruments as package
from ipt_tracker.clinical.instruments.catalogue import INSTRUMENTS, discover
from ipt_tracker.clinical.instruments.judging import Criteria, Entered, findings, score_entered

ONE_FILE = """
    from ipt_tracker.clinical.instruments.bands import Cut
    from ipt_tracker.clinical.instruments.instrument import (
        Cluster, ClusterRule, Instrument, Item, Lookback, YesNo
    )
    from ipt_tracker.clinical.instruments.source import Certainty, Source

    OWN = Source("invented for a test", Certainty.CONVENTION)

    def form(key, place, names=()):
        return Instrument(
            key=key,
            family="Invented",
            name="Invented",
            version="Invented, past week",
            lookback=Lookback.PAST_WEEK,
            self_report=True,
            items=(
                Item("one", "first", 0, 3, "A"),
                Item("two", "second", 0, 3, "A"),
                Item("three", "third", 1, 5),
            ),
            sources=(OWN,),
            clusters=(Cluster("A", "both"),),
            rule=ClusterRule("invented", "2 A", 2, (("A", 2),), OWN, beside=("lasting",)),
            cuts=(Cut("invented_6", 6, "6 or more", OWN),),
            beside=(YesNo("lasting", "lasting"),),
            names=names,
            place=place,
        )

    INSTRUMENTS = ({forms},)
"""


@pytest.fixture
def package_with(tmp_path, monkeypatch):
    """A package whose modules declare the given forms, one file each."""
    name = tmp_path.name
    folder = tmp_path / name
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "no_form.py").write_text("NUMBER = 1\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)

    def package_with(**files):
        for file, forms in files.items():
            text = dedent(ONE_FILE).replace("{forms}", forms)
            (folder / f"{file}.py").write_text(text, encoding="utf-8")
        return importlib.import_module(name)

    yield package_with
    for loaded in [each for each in sys.modules if each.split(".")[0] == name]:
        del sys.modules[loaded]


def test_one_file_is_enough_for_a_form_to_be_found_scored_and_judged(package_with):
    found = discover(package_with(invented="form('invented', 1)"))
    one = found["invented"]
    form = Entered(one, {"one": 2, "two": 3, "three": 1}, {"lasting": True})

    scored = score_entered(form)

    assert one.axis == (1, 11)
    assert (scored.total, scored.clusters[0].total) == (6, 5)
    assert findings(one, scored, Criteria("invented@1", "invented_6@1", None, None), form) == {
        "rule": "met",
        "cut": "met",
    }


def test_forms_stand_in_the_order_of_their_places_whatever_their_files_are_called(package_with):
    found = discover(package_with(aaa="form('last', 9), form('second', 2)", zzz="form('first', 1)"))

    assert tuple(found) == ("first", "second", "last")


@pytest.mark.parametrize(
    "other", ["form('invented', 2)", "form('another', 2, names=('invented_name',))"]
)
def test_two_forms_of_one_name_are_refused(package_with, other):
    forms = package_with(aaa="form('invented', 1, names=('invented_name',))", zzz=other)

    with pytest.raises(ValueError, match="Two instruments are called"):
        discover(forms)


def test_the_catalogue_is_what_its_own_package_declares():
    assert discover(package) == INSTRUMENTS
