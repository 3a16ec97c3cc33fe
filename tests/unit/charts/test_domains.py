"""The domain profile: intervals where they may be drawn, one scale however long the names."""

from ipt_tracker.charts import domains, export
from tests.unit.charts import rating_cases as cases
from tests.unit.charts.rating_pictures import drawn, texts


def test_an_interval_of_a_domain_stays_on_the_scale_and_is_drawn_from_five_ratings():
    some = (
        domains.Domain("focus", 13, 4.8, 4.2, 5.4, 90),
        domains.Domain("safety", 4, 3.0, 2.1, 3.9, None),
        domains.Domain("alliance", 8, 3.0, None, None, None),
    )
    page = domains.draw(domains.Domains(*cases.WORDS, some))
    bars = [line for line in page.axes[0].get_lines() if line.get_linestyle() == "-"]

    assert [list(bar.get_xdata()) for bar in bars] == [[4.2, 5.0]]
    assert "–" in texts(page)


def test_the_scale_of_domains_is_the_same_however_long_their_names_are():
    for name in ("domains, five", "domains, twelve with long names"):
        panel = drawn(name).axes[0]
        ticks = [s[0][0] for line in panel.collections for s in line.get_segments()]
        low, high = panel.get_xlim()

        assert sorted(set(ticks)) == [1, 2, 3, 4, 5]
        assert low < 1
        assert high > 5
        assert panel.get_ylim()[0] > panel.get_ylim()[1]  # the first domain on top


def test_own_ratings_stand_beside_the_supervisors_on_hover_as_in_the_picture():
    svg = export.svg(cases.CASES["domains, too few"]).decode()

    assert "safety: 3.50, 4 ratings</title>" in svg
    assert "safety: self 3.50, 4 own ratings</title>" in svg
    assert "focus: " not in svg.partition("<desc")[2].partition("</desc>")[2]
