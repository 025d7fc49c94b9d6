"""What is taken away of a chart: all rows, every state of its controls, a picture that can stand alone, a citation."""

import csv
import itertools
import json
from xml.etree import ElementTree

import pandas as pd
import pytest

import cci
from cci import charts
from cci.book.printed import as_csv
from cci.book.site import figures, takeaway
from cci.book.site.citing import ChartPlace, Imprint, chart_citation
from cci.book.site.shelf import Shelf
from cci.book.site.states import all_states
from cci.charts.renderer import stable

FIGURE = "gov_commercial_projects_count-cci-2025-12-15-1"
SOURCE = "wcifit-2025-11-10-fruitful-decade"
HOSTILE = '=HYPERLINK("http://x")'
IMPRINT = Imprint(book="Book & {more}", author="Its authors", year="2026", version="1.0", base="")
PLACE = ChartPlace(page="chapters/finance", title="It rose", anchor="chart-x", imprint=IMPRINT)


@pytest.fixture(scope="module")
def shelf():
    return Shelf(cci.load())


def spec_of(chart):
    charts.use()
    return json.loads(json.dumps(stable(chart.to_dict())))


def table(*rows, columns=("Figure", "Note")):
    carried = {"columns": [{"key": name, "label": name} for name in columns], "rows": list(rows)}
    return {"usermeta": {"cci": {"table": carried}}}


def curves():
    """Two curves over three places, for every value of a slider of five and a list of two."""
    grid = itertools.product(("rail", "river"), (1.0, 2.0, 4.0), (0, 10, 20, 30, 40), ("now", "later"))
    rows = [
        {
            "by": by,
            "x": x,
            "worth": worth,
            "when": when,
            "y": x * worth + (by == "rail") + 100 * (when == "later"),
            "low": x * worth - 0.125,
            "high": x * worth + 200.5,
        }
        for by, x, worth, when in grid
    ]
    return pd.DataFrame(rows)


def test_the_rows_of_a_chart_with_controls_are_those_of_all_its_states(shelf):
    frame = curves()
    names = {"x": "distance, km", "y": "cost", "worth": "worth, US$"}
    chart = charts.scenario(
        frame, title="Curves", x="x", y="y", by="by", band=("low", "high"), names=names,
        controls={"worth": 20, "when": "now"},
    )  # fmt: skip
    found = takeaway.rows(spec_of(chart), shelf)
    assert list(found.columns) == ["Worth, US$", "When", "by", "cost", "distance, km", "low", "high"]
    wanted = frame[["worth", "when", "by", "y", "x", "low", "high"]]
    assert sorted(map(tuple, found.to_numpy())) == sorted(map(tuple, wanted.to_numpy()))


def test_the_rows_of_bars_with_controls_keep_long_names_and_ranges_of_one_value(shelf):
    name = "A way whose name is so long that it cannot stand on one line of the picture"
    rows = [
        {"way": way, "days": days + step, "low": days + step - spread, "high": days + step + spread, "step": step}
        for way, days, spread in ((name, 1200.5, 3.0), ("short", 7.0, 0.0))
        for step in (0, 1)
    ]
    chart = charts.scenario(
        pd.DataFrame(rows), title="Bars", x="days", y="way", band=("low", "high"), controls={"step": 1}
    )
    found = takeaway.rows(spec_of(chart), shelf)
    assert list(found.columns) == ["Step", "way", "days", "low", "high"]
    assert sorted(map(tuple, found.to_numpy())) == sorted(
        (row["step"], row["way"], row["days"], row["low"], row["high"]) for row in rows
    )


def test_a_chart_without_controls_has_no_states(shelf):
    chart = charts.scenario(pd.DataFrame({"x": [1.0, 2.0], "y": [3.0, 1234.5]}), title="Line", x="x", y="y")
    assert all_states(spec_of(chart)) is None
    assert takeaway.rows(spec_of(chart), shelf)["y"].tolist() == [3, 1234]  # as the table of the page has it


def test_rows_carry_the_identifiers_behind_their_cells_and_what_the_record_holds(shelf):
    cells = [{"text": "347 projects", "obs": FIGURE}, {"text": "WCIFIT", "source": SOURCE}]
    found = takeaway.rows(table(cells, columns=("Figure", "Source")), shelf).iloc[0]
    observed = shelf.observations[FIGURE]
    assert (found["obs_id"], found["source_id"]) == ([FIGURE], [SOURCE])
    assert (found["value"], found["unit"], found["period_end"]) == (
        observed["value"], observed["unit"], observed["period_end"],
    )  # fmt: skip
    assert f",{FIGURE},{SOURCE},347.0," in as_csv(takeaway.rows(table(cells, columns=("Figure", "Source")), shelf))


def test_no_cell_and_no_heading_of_a_chart_is_a_formula(shelf):
    spec = table([HOSTILE, "-5.5"], [{"text": "@x", "obs": FIGURE}, "1,234.5"], columns=("+Figure", "Note"))
    heading, *rows = csv.reader(as_csv(takeaway.rows(spec, shelf)).splitlines())
    assert heading[:2] == ["'+Figure", "Note"]
    assert [row[:2] for row in rows] == [[f"'{HOSTILE}", "-5.5"], ["'@x", "1234.5"]]


def test_a_chart_of_nothing_gives_its_headings(shelf):
    assert as_csv(takeaway.rows(table(), shelf)) == "Figure,Note\n"


def _taken(tmp_path, shelf, **carried):
    spec = spec_of(charts.scenario(pd.DataFrame({"x": [1.0, 2.0], "y": [3.0, 4.0]}), title="T", x="x", y="y"))
    spec["usermeta"]["cci"] |= carried
    press = figures.Press(tmp_path / "cache", tmp_path / "site")
    words = ("Rose <script>alert(1)</script> & fell\x07", "签约 <b>")
    return press, takeaway.files(
        spec, press.draw(spec, width=720), words=words, address="_charts/a/b", imprint="Book, edition 1",
        press=press, shelf=shelf, with_png=True, with_rows=True,
    )  # fmt: skip


def test_the_picture_stands_alone_and_text_in_it_is_text(tmp_path, shelf):
    press, files = _taken(tmp_path, shelf, source_line="Source: <WCIFIT>.", as_of="2025-12-15")
    root = ElementTree.fromstring((press.site / files.svg).read_text("utf-8"))
    name = "{http://www.w3.org/2000/svg}"
    said = [line.text for line in root.findall(f"{name}text")]
    assert said == [
        "Scenario, not observation", "Rose <script>alert(1)</script> & fell", "签约 <b>",
        "Source: <WCIFIT>. As of 15 December 2025.", "Book, edition 1",
    ]  # fmt: skip
    (plot,) = root.findall(f"{name}svg")
    assert not list(root.iter(f"{name}script"))
    lines = [float(line.get("y")) for line in root.findall(f"{name}text")]
    assert lines[2] < float(plot.get("y"))
    assert float(plot.get("y")) + float(plot.get("height")) < lines[3] < lines[4] < float(root.get("height"))


def test_the_bitmap_is_twice_the_picture_and_made_once(tmp_path, shelf):
    press, files = _taken(tmp_path, shelf)
    root = ElementTree.fromstring((press.site / files.svg).read_text("utf-8"))
    png = (press.site / files.png).read_bytes()
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(png[16:20]) == 2 * int(root.get("width"))
    (kept,) = (tmp_path / "cache" / "png").iterdir()
    kept.write_bytes(b"kept")
    again, files = _taken(tmp_path, shelf)
    assert (again.site / files.png).read_bytes() == b"kept"


def test_a_chart_is_cited_with_its_page_edition_and_sources():
    meta = {"source_line": "Source: WCIFIT.", "as_of": "2025-12-15"}
    cited = chart_citation("100% more", meta, PLACE)
    assert cited.text == (
        "Its authors (2026). “100% more”. In “It rose”, Book & {more}, edition 1.0. "
        "Source: WCIFIT. As of 15 December 2025."
    )
    assert cited.address == "chapters/finance.html#chart-x"
    assert cited.bibtex.startswith("@misc{finance-chart-x,\n  author = {{Its authors}},\n  title = {{100\\% more}},\n")
    assert "url = " not in cited.bibtex


def test_where_the_site_has_an_address_a_citation_has_it_too():
    imprint = Imprint(book="Book", author="A", year="2026", version="1.0", base="https://example.org/b/")
    place = ChartPlace(page="chapters/finance", title="T", anchor="chart-x", imprint=imprint)
    assert "  url = {https://example.org/b/chapters/finance.html#chart-x}" in chart_citation("T", {}, place).bibtex
