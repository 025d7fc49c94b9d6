"""The built site: figures that lead to their evidence, hostile text, stale pages, builds that come out short."""

import csv
import json
import math
import os
import re
import shutil
import struct
import subprocess
import sys
import xml.etree.ElementTree as ET
from html import unescape
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pydata_sphinx_theme
import pytest
import yaml
from bs4 import BeautifulSoup

import cci
from cci.audit.quotes import HEADLINES, quotable
from cci.book.site import citing, complete, evidence, figures, front, pages, tracks
from cci.book.site.balance import WIDTH, sides
from cci.book.site.links import PLACES, Links
from cci.book.site.rendering import tagged, web_address
from cci.book.site.shelf import Shelf
from cci.book.site.tracks import preferred
from cci.errors import UnknownName

ROOT = Path(__file__).parents[1]
DRAWN = ROOT / "_build" / "aside" / "_build" / ".chart-cache"  # the drawings of the built site, named by what they draw
IMPRINT = citing.Imprint(book="Book", author="Its authors", year="2026", version="1.0", base="")
FIGURE = "gov_commercial_projects_count-cci-2025-12-15-1"
SOURCE = "wcifit-2025-11-10-fruitful-decade"
CHART = {
    "$schema": "https://vega.github.io/schema/vega-lite/v6.4.1.json",
    "title": {"text": ["Signed projects", "grew"], "subtitle": "Projects in all"},
    "description": "Two points. Signed projects rose.",
    "width": "container",
    "height": 120,
    "data": {"values": [{"x": 1, "y": 218, "who": "</script><script>alert(1)</script>"}, {"x": 2, "y": 347}]},
    "mark": "point",
    "encoding": {"x": {"field": "x", "type": "quantitative"}, "y": {"field": "y", "type": "quantitative"}},
    "usermeta": {
        "cci": {
            "kind": "trend", "source_line": "Source: WCIFIT.", "as_of": "2025-12-15", "obs_ids": [FIGURE],
            "source_ids": [SOURCE], "scenario": False,
            "table": {
                "columns": [{"key": "figure", "label": "Figure"}, {"key": "note", "label": "Note"}],
                "rows": [[{"text": "347 projects", "obs": FIGURE}, "签约 <b>项目</b>"]],
            },
        }
    },
}  # fmt: skip
TABLE = {
    "kind": "table", "title": "Parameters", "note": None, "source_ids": [],
    "columns": [{"key": "name", "label": "Name"}, {"key": "who", "label": "Who", "align": "right"}],
    "rows": [["rate", {"text": "WCIFIT", "source": SOURCE}]],
}  # fmt: skip
FINDINGS = {
    "kind": "findings",
    "items": [
        {"statement": "It rose <img src=x onerror=alert(1)>", "verdict": "holds", "why": None, "obs_ids": [FIGURE]},
        {"statement": "So did the value.", "verdict": "fails", "why": None, "obs_ids": []},
        {"statement": "All were built.", "verdict": "cannot be told", "why": "Nobody says so.", "obs_ids": []},
    ],
}  # fmt: skip
# What `glue` stores of an outcome, and of words with nothing behind them.
GLUED = {
    "share": {
        "text/plain": "'between 1% and 2% <b>'",
        "application/vnd.cci+json": {
            "kind": "result", "arithmetic": "ratio", "how": "Implies <i>this</i>.", "interval": [1.0, None],
            "obs_ids": [FIGURE],
        },
    },
    "plain": {"text/plain": "'no date'"},
}  # fmt: skip
PAGES = {
    "index.md": f"# A book of {{obs}}`{FIGURE}`\n\nIt holds {{obs}}`{FIGURE}`, {{count}}`observations` figures.\n",
    "deep/er/page.md": (
        f"# Deep\n\n{{obs}}`{FIGURE}` and {{obs}}`{FIGURE} number`, {{obs}}`{FIGURE} date`, {{obs}}`{FIGURE} source`; "
        f"{{ind}}`gov_commercial_projects_count`, {{src}}`that page <{SOURCE}>`, {{inst}}`air-corridor`, "
        "{dis}`d-118-two-meanings`; {math}`x_1`.\n"
    ),
    "plain.md": "# Plain\n\nUS$26 billion and US$54 billion are no formula.\n",
    "front.md": (
        "# Front\n\n```{record} headlines\nrail_sea_teu\n\ndestination_ports\n```\n\n```{record} chapters\n```\n\n"
        "{edition}`record` of {edition}`cut-off`.\n"
    ),
    "lists.md": "# Lists\n\n## All sources\n\n```{record} sources\n```\n\n```{record} dictionary\n```\n"
    "\n## Gaps\n\n```{record} gaps\n```\n",
}


def write_book(root, pages, chapters=("chapter",), data=None):
    """Write a book with the real settings, these pages and a chapter of two charts, a table and findings.

    What is drawn for the built site already is not drawn again: that alone would take half a minute for each book.
    """
    config = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))
    for key in ("html",):
        config.pop(key)
    if data is not None:
        config["sphinx"]["config"]["cci_data"] = str(data)
    root.mkdir(parents=True, exist_ok=True)
    (root / "_config.yml").write_text(yaml.safe_dump(config), "utf-8")
    if DRAWN.is_dir():
        shutil.copytree(DRAWN, root / "_build" / DRAWN.name)
    names = [name.removesuffix(".md") for name in pages if name != "index.md"] + list(chapters)
    toc = {"format": "jb-book", "root": "index"} | ({"chapters": [{"file": name} for name in names]} if names else {})
    (root / "_toc.yml").write_text(yaml.safe_dump(toc), "utf-8")
    for name, text in pages.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    scenario = json.loads(json.dumps(CHART))
    scenario["usermeta"]["cci"]["scenario"] = True
    shown = [
        {mime: output, "text/plain": "as text"}
        for mime, output in (
            ("application/vnd.vegalite.v5+json", CHART),
            ("application/vnd.vegalite.v5+json", scenario),
            ("application/vnd.cci+json", TABLE),
            ("application/vnd.cci+json", FINDINGS),
        )
    ]
    for name in chapters:
        prose = f"# Chapter\n\nProse with {{obs}}`{FIGURE}`; {{glue:text}}`share`, {{glue:text}}`plain`."
        cells = [nbformat.v4.new_markdown_cell(f"{prose}\n\n## End\n\nEnd.")]
        prefix = "application/papermill.record/"
        glued = [
            nbformat.v4.new_output(
                "display_data",
                data={prefix + mime: part for mime, part in bundle.items()},
                metadata={"scrapbook": {"name": key, "mime_prefix": prefix}},
            )
            for key, bundle in GLUED.items()
        ]
        cells.append(nbformat.v4.new_code_cell("glue()", outputs=glued, execution_count=9))
        # Were this cell run, it would leave a file behind.
        cells.append(nbformat.v4.new_code_cell("open('was-run', 'w')"))
        cells += [
            nbformat.v4.new_code_cell(
                "show()", outputs=[nbformat.v4.new_output("display_data", data=data)], execution_count=n
            )
            for n, data in enumerate(shown, start=1)
        ]
        for number, cell in enumerate(cells):
            cell.id = f"cell-{number}"
        nbformat.write(
            nbformat.v4.new_notebook(cells=cells, metadata={"language_info": {"name": "python"}}),
            root / f"{name}.ipynb",
        )


def build(root, *options):
    """Build a book as the project does; return the exit status and what was printed."""
    command = [str(Path(sys.executable).with_name("jupyter-book")), "build", str(root), "-n", "--keep-going", *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, re.sub(r"\x1b\[[\d;]*m", "", done.stdout + done.stderr)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A small book built once on the real record."""
    root = tmp_path_factory.mktemp("book")
    write_book(root, PAGES)
    status, said = build(root, "-W", "--all")
    assert status == 0, said
    html = root / "_build" / "html"
    return SimpleNamespace(root=root, html=html, text=lambda page: (html / page).read_text("utf-8"))


@pytest.fixture(scope="module")
def shelf():
    return Shelf(cci.load())


def resolved(site, page, address):
    """The file and anchor that a relative link on a page leads to."""
    path, _, anchor = unescape(address).partition("#")
    return (site.html / page).parent.joinpath(path).resolve(), anchor


# Text from the record ------------------------------------------------------------


def test_text_is_escaped_and_chinese_is_marked_as_chinese():
    assert tagged("<b>签约 347 个项目</b> signed") == (
        '&lt;b&gt;<span lang="zh">签约 347 个项目</span>&lt;/b&gt; signed'
    )
    assert tagged("重庆", "ja") == '<span lang="ja">重庆</span>'
    assert tagged(None) == ""


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "//host/x", "ftp://host/x", "https:///x", None]
)
def test_only_web_addresses_are_linked(address):
    assert web_address(address) is None


def test_a_web_address_is_linked_as_it_is():
    assert web_address("http://www.mfa.gov.sg/a?b=1") == "http://www.mfa.gov.sg/a?b=1"


def test_links_lead_from_any_folder():
    links = Links("../../", {"row-1": "count"}, PLACES | {"sources": "chapters/sources"})
    assert links.observation("row-1") == "../../evidence/count.html#row-1"
    assert links.source("xinhua-1") == "../../chapters/sources.html#source-xinhua-1"


# The two sides of a relation ------------------------------------------------------------


def _relation(low, high, stated_low, stated_high):
    ends = {"low": low, "high": high, "stated_low": stated_low, "stated_high": stated_high}
    return ends | {"unit": "projects", "outcome": "holds"}


def test_the_sides_of_a_relation_lie_on_one_scale_in_the_order_of_their_values():
    computed, stated = sides(_relation(10.0, 20.0, 30.0, 50.0))
    assert (computed.name, stated.name) == ("computed", "stated")
    assert computed.x + computed.width < stated.x
    assert stated.width == pytest.approx(2 * computed.width, abs=0.2)
    assert computed.words == "between 10 and 20 projects"
    assert stated.x + stated.width <= WIDTH


def test_a_side_without_a_bound_runs_to_the_edge_and_a_point_can_still_be_seen():
    computed, stated = sides(_relation(-math.inf, 20.0, 5.0, 5.0))
    assert (computed.x, computed.runs_left, computed.runs_right) == (0, True, False)
    assert stated.width >= 3


@pytest.mark.parametrize(
    "ends", [(1.0, 2.0, None, None), (None, None, None, None), (-math.inf, math.inf, -math.inf, math.inf)]
)
def test_without_two_sides_nothing_is_drawn(ends):
    assert sides(_relation(*ends)) == []


def test_evidence_pages_draw_the_sides_of_their_relations(site, shelf):
    page = site.text("evidence/gov_commercial_projects_value.html")
    related = [row for row in shelf.related["gov_commercial_projects_value"] if sides(row)]
    assert page.count('<svg class="cci-balance ') == len(related) > 0


# The landing page ------------------------------------------------------------


def test_headlines_show_the_statement_to_quote_with_its_course(site, shelf):
    page = site.text("front.html")
    shown = re.findall(r'<li class="cci-headline">.*?</li>', page, re.DOTALL)
    quoted = quotable(shelf.record, {name: HEADLINES[name] for name in ("rail_sea_teu", "destination_ports")})
    assert len(shown) == 2
    for text, row in zip(shown, quoted.itertuples(), strict=True):
        assert f"#{row.obs_id}" in text
        assert row.words in text
        assert f"Grade {row.grade}" in text
    assert 'class="cci-spark"' in shown[1]


def test_a_sparkline_joins_totals_by_steps_and_never_mixes_months_with_years(shelf):
    def course(indicator, scope):
        rows = [row for row in shelf.by_indicator[indicator] if row["scope"] == scope]
        return preferred(shelf, rows), front.spark(preferred(shelf, rows))

    rows, ports = course("destination_ports", "ilstc-all")
    assert ports.steps.startswith("M")
    assert ports.steps.count("H") == len(ports.dots) - 1
    assert [x for x, _ in ports.dots] == sorted(x for x, _ in ports.dots)
    assert ports.dots[0][1] > ports.dots[-1][1]  # pixels count downwards: more ports at the end
    rows, boxes = course("rail_sea_teu", "ilstc-all")
    whole = [row for row in rows if row["start"].is_year_start and row["end"].is_year_end and not row["flag"]]
    assert boxes.steps == ""
    assert len(boxes.dots) == len(whole) < len(rows)
    assert front.spark(rows[:2]) is None


def test_a_card_per_chapter_holds_its_heading_its_first_finding_and_its_counts(site):
    (card,) = re.findall(r'<li class="cci-chapter-card">.*?</li>', site.text("front.html"), re.DOTALL)
    assert 'href="chapter.html"' in card
    (heading,) = re.findall(r"<h1>(.*?)<a", site.text("chapter.html"))
    assert f'<p class="cci-card-says">{heading}.</p>' in card
    assert "It rose &lt;img src=x onerror=alert(1)&gt;" in card
    assert "3 checked findings, 2 charts" in card


def test_an_unknown_headline_stops_the_page_and_names_the_nearest(shelf):
    with pytest.raises(UnknownName, match="Did you mean 'destination_ports'"):
        front.headlines(shelf, ["destination_port"])


def test_the_edition_names_the_days_and_the_state_of_the_record(site, shelf):
    page = site.text("front.html")
    assert shelf.edition["record"] in page
    assert shelf.record.fingerprint.startswith(shelf.edition["record"])
    assert "31 December 2025" in page


# The gap register ------------------------------------------------------------


def test_the_gap_register_has_a_strip_of_years_for_every_series(site, shelf):
    page = site.text("lists.html")
    rows = [row for listed in shelf.silences.values() for row in listed]
    strips = re.findall(r'<svg class="cci-strip"[^>]*role="img".*?</svg>', page, re.DOTALL)
    assert len(strips) == len(rows) > 90
    years = range(2015, shelf.cut_off.year + 1)
    known = sum(year in row["known"] for row in rows for year in years)
    assert sum(strip.count("cci-year-known") for strip in strips) == known
    assert all(strip.count("<rect") == len(years) for strip in strips)


# Charts ------------------------------------------------------------


def test_the_page_holds_only_what_the_live_chart_needs():
    theme = {"axis": {"grid": True, "labelColor": "#555"}, "font": "x"}
    spec = CHART | {"config": {"axis": {"grid": False, "labelColor": "#555"}, "font": "x"}}
    bare = figures.page_spec(spec, theme)
    assert bare["config"] == {"axis": {"grid": False}}
    assert not {"title", "usermeta", "$schema"} & bare.keys()
    assert "config" not in figures.page_spec(CHART | {"config": theme}, theme)


def test_a_chart_cannot_close_the_script_it_stands_in():
    text = figures.script_json({"a": "</script><!--"})
    assert "<" not in text
    assert json.loads(text) == {"a": "</script><!--"}


def test_a_drawing_has_the_width_asked_for_and_is_made_once(tmp_path):
    press = figures.Press(tmp_path / "cache", tmp_path / "site")
    drawing = press.draw(CHART, width=328)
    assert drawing.width == 328
    assert (tmp_path / "site" / drawing.address).is_file()
    kept = next((tmp_path / "cache").glob("*.svg"))
    kept.write_text(kept.read_text("utf-8") + "<!-- kept -->", "utf-8")
    again = press.draw(CHART, width=328)
    assert "<!-- kept -->" in (tmp_path / "site" / again.address).read_text("utf-8")
    assert again.address != drawing.address  # a name belongs to what the file holds


def test_every_chart_is_a_figure_with_pictures_text_table_and_evidence(site):
    page = site.text("chapter.html")
    charts = re.findall(r'<figure class="cci-chart".*?</figure>', page, re.DOTALL)
    assert len(charts) == 2
    assert [*re.findall(r'<figure class="cci-chart" id="([^"]+)"', page)] == [
        "chart-signed-projects-grew", "chart-signed-projects-grew-2",
    ]  # fmt: skip
    chart = charts[0]
    assert 'alt="Two points. Signed projects rose."' in chart
    assert "Signed projects grew" in chart
    assert "Source: WCIFIT." in chart
    assert "As of 15 December 2025." in chart
    assert f'href="evidence/gov_commercial_projects_count.html#{FIGURE}">347 projects</a>' in chart
    for picture in re.findall(r'(?:src|srcset)="([^"]+\.svg)" width="\d+" height="\d+"', chart):
        assert (site.html / picture).is_file()
    spec = json.loads(re.search(r'class="cci-chart-spec">(.*?)</script>', chart, re.DOTALL)[1])
    assert spec["data"]["values"][0]["who"] == "</script><script>alert(1)</script>"


def test_a_chart_offers_files_of_its_own_and_the_cell_that_drew_it(site):
    page = site.text("chapter.html")
    charts = re.findall(r'<figure class="cci-chart".*?</figure>', page, re.DOTALL)
    for chart, name in zip(charts, ("signed-projects-grew", "signed-projects-grew-2"), strict=True):
        offered = re.findall(r'<a class="cci-action" href="([^"]+)"', chart)
        files, code = offered[:-1], offered[-1]
        assert files == [f"_charts/chapter/{name}.{ending}" for ending in ("csv", "json", "svg", "png")]
        assert all((site.html / file).stat().st_size > 40 for file in files)
        assert re.search(rf'<div class="cell_input[^"]*" id="{code[1:]}">', page)
        assert re.search(r'<button type="button" class="[^"]*cci-copy" data-anchor="[^"]+" hidden>', chart)
    with (site.html / "_charts/chapter/signed-projects-grew.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["Figure"], row["obs_id"], row["value"]) == ("347 projects", FIGURE, "347.0")
    (same,) = json.loads((site.html / "_charts/chapter/signed-projects-grew.json").read_text("utf-8"))
    assert (same["Figure"], same["obs_id"], same["value"]) == ("347 projects", [FIGURE], 347)


def test_files_that_no_page_offers_any_more_are_removed_and_no_others(site, tmp_path):
    shutil.copytree(site.html, tmp_path / "html")
    kept = sorted((tmp_path / "html" / "_charts").rglob("*.*"))
    stale = tmp_path / "html" / "_charts" / "chapter" / "old.csv"
    stale.write_text("x", "utf-8")
    complete._discard_unused(pages.read(tmp_path / "html").values(), tmp_path / "html")
    assert sorted((tmp_path / "html" / "_charts").rglob("*.*")) == kept


def test_a_scenario_is_marked_as_one(site):
    page = site.text("chapter.html")
    assert page.count("Scenario, not observation") == 1


def test_a_result_opens_to_its_arithmetic_and_its_inputs(site):
    page = site.text("chapter.html")
    card = re.search(r'<a class="cci-cited-link" href="#result-share".*?</span></span>', page, re.DOTALL)[0]
    assert "between 1% and 2% &lt;b&gt;</a>" in card
    assert "Computed in this chapter, not stated by a source. Implies &lt;i&gt;this&lt;/i&gt;." in card
    assert "From 347 projects (" in card
    entry = re.search(r'<dt id="result-share">.*?</dd>', page, re.DOTALL)[0]
    assert f'href="evidence/gov_commercial_projects_count.html#{FIGURE}">347 projects</a>' in entry
    assert "Ratio: the first divided by the second gives the third." in entry
    assert page.index("End.") < page.index('id="result-share"')


def test_a_result_with_nothing_behind_it_stays_plain_words(site):
    page = site.text("chapter.html")
    assert '<span class="pasted-text">no date</span>' in page
    assert "result-plain" not in page


def test_a_page_without_charts_loads_no_chart_script(site):
    assert "charts.js" in site.text("chapter.html")
    assert "charts.js" not in site.text("plain.html")
    assert "vega" not in "".join(re.findall(r"<script[^>]*src=[^>]*>", site.text("chapter.html")))


# Tables and findings ------------------------------------------------------------


def test_table_cells_link_to_the_evidence(site):
    assert f'<td class="cci-right"><a href="lists.html#source-{SOURCE}">WCIFIT</a></td>' in site.text("chapter.html")


def test_a_verdict_is_a_word_and_a_sign_and_text_from_a_notebook_is_escaped(site):
    page = site.text("chapter.html")
    for sign, word in (("✓", "holds"), ("✗", "fails"), ("?", "cannot be told")):
        assert f'<span aria-hidden="true">{sign}</span> {word}' in page
    assert "<img src=x" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page
    assert '<span lang="zh">签约</span> &lt;b&gt;' in page


# Figures in prose ------------------------------------------------------------


@pytest.mark.parametrize("page", ["index.html", "deep/er/page.html", "chapter.html"])
def test_a_figure_in_prose_leads_to_its_row_from_any_folder(site, page):
    address = re.search(r'class="cci-cited-link" href="([^"]+)"', site.text(page))[1]
    target, anchor = resolved(site, page, address)
    assert target == (site.html / "evidence/gov_commercial_projects_count.html").resolve()
    assert anchor == FIGURE
    assert f'<tr id="{FIGURE}">' in target.read_text("utf-8")


def test_a_figure_has_a_card_with_words_date_grade_and_source(site, shelf):
    page, row = site.text("deep/er/page.html"), shelf.observations[FIGURE]
    described = re.findall(r'aria-describedby="([^"]+)"', page)
    assert len(described) == len(set(described)) == 4
    card = re.search(rf'role="tooltip" id="{described[0]}">(.*?)</span></span>', page)[1]
    for part in ("347 projects", "As of 15 December 2025", f"Grade {row['grade']}", row["publisher"]):
        assert part in card


def test_the_forms_of_a_figure(site, shelf):
    said = re.findall(r'class="cci-cited-link"[^>]*>(.*?)</a>', site.text("deep/er/page.html"))
    assert said == [
        "347 projects",
        "347",
        "15 December 2025",
        f"{shelf.observations[FIGURE]['publisher']}, December 2025",
    ]


def test_a_figure_in_a_heading_is_plain_text(site):
    assert re.search(r"<h1>A book of 347 projects<a", site.text("index.html"))
    assert "<title>A book of 347 projects" in site.text("index.html")


def test_names_lead_to_their_entries(site):
    page = site.text("deep/er/page.html")
    for kind, words, there in (
        ("ind", "Government and commercial projects signed", "evidence/gov_commercial_projects_count.html"),
        ("src", "that page", f"lists.html#source-{SOURCE}"),
        ("inst", "Chongqing–Singapore Air Corridor", "evidence/instruments.html#instrument-air-corridor"),
        ("dis", "One pair of numbers, two definitions", "evidence/disagreements.html#disagreement-d-118-two-meanings"),
    ):
        assert f'<a class="cci-name cci-name-{kind}" href="../../{there}">{words}</a>' in page


def test_dollars_are_no_formula_and_formulas_need_no_script(site):
    assert "US$26 billion and US$54 billion" in site.text("plain.html")
    assert "<math" in site.text("deep/er/page.html")
    assert "mathjax" not in site.text("deep/er/page.html").lower()


def test_an_unknown_name_is_a_warning_with_its_place_and_the_nearest_name(tmp_path):
    write_book(
        tmp_path, {"index.md": "# Title\n\n{obs}`gov_commercial_projects_count-cci-2025-12-15-9`\n"}, chapters=()
    )
    status, said = build(tmp_path, "-W")
    assert status != 0
    assert re.search(r"index\.md:3: WARNING: No observation 'gov_commercial_projects_count-cci-2025-12-15-9'", said)
    assert f"Did you mean '{FIGURE[:-1]}" in said


def test_no_page_shows_what_was_there_before_the_record_or_its_source_changed(tmp_path):
    data = tmp_path / "data"
    shutil.copytree(ROOT / "data", data)
    root = tmp_path / "book"
    pages = {"index.md": f"# Title\n\n{{obs}}`{FIGURE}`, {{count}}`sources`\n", "other.md": "# Other\n"}
    write_book(root, pages | {"late.md": "# Late\n\nWords of before.\n"}, data=data)
    assert build(root, "-W")[0] == 0
    change(
        data / "observations.csv", "obs_id", FIGURE, value="348", as_stated="348 projects", note="<script>x</script>"
    )
    (root / "late.md").write_text("# Late\n\nWords of after.\n", "utf-8")
    for path in (data / "observations.csv", root / "late.md"):
        os.utime(path, (10**9, 10**9))  # as a copy with its times, or a clock that was set back, leaves them
    status, said = build(root, "-W")
    assert status == 0, said
    assert "3 changed" in said  # the page and the chapter that use the record, the one with other words
    assert "Words of after." in (root / "_build/html/late.html").read_text("utf-8")
    for page in ("index.html", "chapter.html", "evidence/gov_commercial_projects_count.html"):
        assert "348 projects" in (root / "_build/html" / page).read_text("utf-8")
    evidence = (root / "_build/html/evidence/gov_commercial_projects_count.html").read_text("utf-8")
    assert "&lt;script&gt;x" in evidence
    assert "<script>x" not in evidence


def change(table, key, name, **values):
    """Set columns of one row of a table."""
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    next(row for row in rows if row[key] == name).update(values)
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def test_a_broken_record_stops_the_build_with_file_and_line(tmp_path):
    data = tmp_path / "data"
    shutil.copytree(ROOT / "data", data)
    change(data / "observations.csv", "obs_id", FIGURE, period_end="2025-13-31")
    write_book(tmp_path / "book", {"index.md": "# Title\n"}, chapters=(), data=data)
    status, said = build(tmp_path / "book")
    assert status != 0
    assert "The record cannot be shown" in said
    assert re.search(r"observations\.csv, line \d+: period_end '2025-13-31'", said)


# Evidence ------------------------------------------------------------


@pytest.mark.parametrize("page", ["plain.html", "evidence/rail_sea_teu.html"])
def test_beside_every_page_of_a_small_book_all_its_pages_are_named(site, page):
    (navigation,) = re.findall(r'<nav class="bd-links bd-docs-nav".*?</nav>', site.text(page), re.DOTALL)
    assert re.findall(r"<a [^>]*>\s*([^<]*?)\s*</a>", navigation) == ["Deep", "Plain", "Front", "Lists", "Chapter"]


def test_every_indicator_has_a_page_with_every_observation(site, shelf):
    for name, label in ((name, row["label"]) for name, row in shelf.indicators.items()):
        text = site.text(f"evidence/{name}.html")
        assert f"<h1>{tagged(label)}</h1>" in text
        page = pages.page(f"evidence/{name}.html", text.encode())
        assert {row["obs_id"] for row in shelf.by_indicator.get(name, [])} <= set(page.ids)


def test_an_evidence_page_says_where_its_figures_are_used_and_what_they_must_pass(site):
    page = site.text("evidence/gov_commercial_projects_count.html")
    assert '<a href="../deep/er/page.html">Deep</a>' in page
    assert 'id="disagreements"' in page
    assert re.search(r'id="arithmetic".*<span class="cci-outcome cci-outcome-\w+">', page, re.DOTALL)


def test_every_series_says_which_figure_to_quote_or_why_none(site, shelf):
    ports = site.text("evidence/destination_ports.html")
    box = re.search(r'<div class="cci-quote" id="quote-ilstc-all">.*?</div>', ports, re.DOTALL)[0]
    assert "<h3>Which figure to quote</h3>" in box
    assert "#destination_ports-ilstc-all-2025-10-31-" in box
    assert "581 ports as of 31 October 2025, according to WCIFIT, 10 November 2025" in box
    assert re.search(r"Not</span> <a [^>]*>579 ports</a> as of 3 November 2025, though later: a settled", box)
    advice = {(name, scope): one for name, found in shelf.advice.items() for scope, one in found.items()}
    none = next(series for series, one in advice.items() if one.row is None)
    assert advice[none].bars
    assert (
        f"{advice[none].bars[0][0]}"
        in re.search(
            rf'id="quote-{none[1]}">\s*<h3>No figure to quote.*?</div>',
            site.text(f"evidence/{none[0]}.html"),
            re.DOTALL,
        )[0]
    )
    assert all((one.row is None) == bool(one.bars) for one in advice.values())


def test_an_indicator_can_be_searched_for_by_its_name(site):
    index = site.text("searchindex.js")
    assert '"evidence/destination_ports"' in index
    assert '"Destination ports reached"' in index


def test_a_scope_with_three_dated_figures_has_a_picture_with_its_title_and_text(site, shelf):
    wanted = 0
    for name, observed in shelf.by_indicator.items():
        page = site.text(f"evidence/{name}.html")
        assert "charts.js" not in page
        assert "cci-chart-spec" not in page
        for scope in {row["scope"] for row in observed}:
            series = cci.load().series(name, scope=scope) if name == "air_cargo" else None
            figure = re.search(rf'<figure class="cci-chart" id="chart-{re.escape(scope)}".*?</figure>', page, re.DOTALL)
            if series is not None:
                assert (figure is not None) == (series.dropna(subset=["end", "value"]).shape[0] >= 3)
            if figure is None:
                continue
            wanted += 1
            assert f"{tagged(observed[0]['label'])}: {tagged(shelf.scopes[scope]['label'])}</span>" in figure[0]
            assert len(re.search(r'alt="([^"]*)"', figure[0])[1]) > 20
            pictures = re.findall(r'(?:src|srcset)="([^"]+\.svg)" width="\d+" height="\d+"', figure[0])
            assert len(pictures) == 2
            assert all((site.html / "evidence" / picture).is_file() for picture in pictures)
    assert wanted > 50


def test_amounts_of_a_period_are_bars_and_totals_are_no_bars(site):
    assert 'data-kind="flows"' in site.text("evidence/air_cargo.html")
    assert 'data-kind="flows"' not in site.text("evidence/gov_commercial_projects_count.html")
    assert 'data-kind="trend"' in site.text("evidence/gov_commercial_projects_count.html")


def test_a_series_is_drawn_once_and_again_only_when_its_rows_change(shelf, tmp_path, monkeypatch):
    press, links = figures.Press(tmp_path / "cache", tmp_path / "site"), Links("../", shelf.indicator_of)
    listed = [row for row in shelf.by_indicator["gov_commercial_projects_count"] if row["scope"] == "cci"]
    rows = tracks.preferred(shelf, listed)
    first = tracks.picture_html(shelf, rows, press=press, links=links, imprint=IMPRINT)
    monkeypatch.setattr(tracks, "_drawn", lambda frame: None)
    assert tracks.picture_html(shelf, rows, press=press, links=links, imprint=IMPRINT) == first
    other = tracks._series(shelf, rows[0]).assign(value=1.0)
    monkeypatch.setattr(tracks, "_series", lambda *_: other)
    assert tracks.picture_html(shelf, rows, press=press, links=links, imprint=IMPRINT) is None


def test_two_figures_make_no_picture(shelf, tmp_path):
    press, links = figures.Press(tmp_path / "cache", tmp_path / "site"), Links("../", shelf.indicator_of)
    rows = [row for row in shelf.by_indicator["gov_commercial_projects_count"] if row["scope"] == "cci"][:2]
    assert tracks.picture_html(shelf, rows, press=press, links=links, imprint=IMPRINT) is None


def test_what_was_said_otherwise_before_stands_below_the_figures_with_links_to_both(site, shelf):
    said = 0
    for name, observed in shelf.by_indicator.items():
        page = site.text(f"evidence/{name}.html")
        tables = [
            found
            for scope in {row["scope"] for row in observed}
            if (found := tracks.revised(shelf, [row for row in observed if row["scope"] == scope]))
        ]
        assert page.count("<h3>What was said otherwise before</h3>") == len(tables)
        for row in (row for table in tables for row in table["rows"]):
            said += 1
            before, later = (shelf.observations[row[number]["obs"]] for number in (1, 3))
            assert before["value"] != later["value"]
            assert before["period"] == later["period"] == row[0]
            assert before["known_by"] <= later["known_by"]
            assert f'#{before["obs_id"]}">{tagged(before["words"])}</a></td>' in page
    assert said > 5


def test_a_page_says_how_to_cite_its_latest_stated_figure(site, shelf):
    page = site.text("evidence/gov_commercial_projects_count.html").partition('<section id="cite">')[2]
    listed = [row for row in shelf.by_indicator["gov_commercial_projects_count"] if row["scope"] == "cci"]
    row = tracks.latest(tracks.preferred(shelf, listed))
    line = re.search(r'<p class="cci-citation">(.*?)</p>', page)[1]
    said = unescape(re.sub(r"<[^>]+>", "", line))
    source = shelf.sources[row["source_id"]]
    for part in (row["words"], f"as of {row['period']}", source["publisher"], source["title"], source["url"]):
        assert part in said
    assert said.endswith(f"evidence/gov_commercial_projects_count.html#{row['obs_id']}.")
    assert f'<a href="#{row["obs_id"]}">evidence/' in line
    entry = unescape(re.search(r"<summary>BibTeX</summary>\n<pre[^>]*>(.*?)</pre>", page, re.DOTALL)[1])
    assert entry.startswith(f"@misc{{{row['obs_id'].replace('_', '-')},\n  author = {{{{{source['publisher']}}}}},\n")
    assert f"note = {{{row['words']} (" in entry


def test_hopes_and_doubts_are_not_the_figure_to_cite():
    rows = [
        {"period_end": "2024", "flag": None, "set_aside": False},
        {"period_end": "2025", "flag": "date_inferred", "set_aside": False},
        {"period_end": "2025", "flag": None, "set_aside": True},
        {"period_end": "2026", "flag": "suspected_error", "set_aside": False},
        {"period_end": "2030", "flag": "target", "set_aside": False},
        {"period_end": None, "flag": None, "set_aside": False},
    ]
    assert tracks.latest(rows) is rows[1]
    assert tracks.latest(rows[2:]) is None


def test_a_target_is_cited_as_one(shelf):
    row = next(row for row in shelf.observations.values() if row["flag"] == "target")
    cited = citing.citation(row, shelf.sources[row["source_id"]], book="Book", base="")
    assert cited.figure.endswith("; target)")


def test_a_bibtex_entry_cannot_be_broken_out_of(shelf):
    row = shelf.observations[FIGURE]
    source = shelf.sources[row["source_id"]] | {
        "publisher": "A & B}, note = {x", "title": "100% of\n\\input{x} $1_a", "url": "javascript:alert(1)"
    }  # fmt: skip
    cited = citing.citation(row, source, book="Book", base="https://example.org/b/")
    assert cited.url is None
    assert cited.address == f"https://example.org/b/evidence/{row['indicator']}.html#{FIGURE}"
    assert r"author = {{A \& B\}, note = \{x}}" in cited.bibtex
    assert r"title = {{100\% of \textbackslash{}input\{x\} \$1\_a}}" in cited.bibtex
    assert "url = " not in cited.bibtex


def test_the_figures_of_a_page_can_be_taken_away_as_csv_without_formulas(site, shelf):
    for name in shelf.indicators:
        table, page = site.html / "evidence" / f"{name}.csv", site.text(f"evidence/{name}.html")
        assert (f'<a href="{name}.csv" download rel="nofollow">' in page) == (name in shelf.by_indicator)
        if name not in shelf.by_indicator:
            continue
        with table.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        assert [row["obs_id"] for row in rows] == [row["obs_id"] for row in shelf.by_indicator[name]]
    hostile = shelf.observations[FIGURE] | {"note": '=HYPERLINK("x")', "as_stated": "+1"}
    row = next(csv.DictReader(evidence.table_csv([hostile]).splitlines()))
    assert row["note"] == '\'=HYPERLINK("x")'
    assert row["as_stated"] == "'+1"


def test_a_list_lives_on_the_hand_written_page_that_asks_for_it_else_on_its_own(site, shelf):
    assert 'id="source-' in site.text("lists.html")
    assert not (site.html / "evidence/sources.html").exists()
    assert site.text("evidence/instruments.html").count('id="instrument-') == len(shelf.instruments)
    assert re.search(r"<h3>Governments and public bodies</h3>", site.text("lists.html"))  # below the h2 it stands under


def test_titles_of_pages_are_unique(site):
    titles = [
        re.search(r"<title>(.*?)</title>", path.read_text("utf-8"), re.DOTALL)[1] for path in site.html.rglob("*.html")
    ]
    assert len(titles) == len(set(titles))


# The site as a whole ------------------------------------------------------------


def test_no_kernel_is_started(site):
    assert not list(site.root.rglob("was-run"))


def test_a_page_without_code_loads_nothing_that_copies_it(site):
    assert "clipboard" in site.text("chapter.html")
    for page in ("plain.html", "evidence/gov_commercial_projects_count.html"):
        assert "copybutton" not in site.text(page)
        assert "clipboard" not in site.text(page)
    assert "actions.js" in site.text(
        "evidence/gov_commercial_projects_count.html"
    )  # what the page itself asks for stays


def test_the_theme_keeps_the_styles_of_its_pages_and_a_third_at_most(site):
    name = "static/styles/pydata-sphinx-theme.css"
    theme = Path(pydata_sphinx_theme.__file__).parent / "theme" / "pydata_sphinx_theme" / name
    kept = (site.html / f"_{name}").read_text("utf-8")
    assert len(kept) < theme.stat().st_size / 3
    assert ".bd-sidebar-primary" in kept
    assert ".tooltip" in kept  # a script makes it
    assert ".fa-anchor" not in kept


def test_the_site_ships_no_map_no_icon_script_and_the_licence_of_vega(site):
    files = {path.name for path in (site.html / "_static").rglob("*")}
    assert not [name for name in files if name.endswith(".map") or "fontawesome" in name]
    assert "vega-LICENCES.txt" in files
    assert len([name for name in files if name.startswith("vega-") and name.endswith(".js")]) == 1


def test_every_file_that_a_style_sheet_names_is_shipped(site):
    named = {
        (sheet.parent / re.split("[?#]", address)[0])
        for sheet in (site.html / "_static").rglob("*.css")
        for address in re.findall(r"""url\(["']?([^"')]+)""", sheet.read_text("utf-8"))
        if not address.startswith("data:")
    }
    assert not [path for path in named if not path.is_file()]


def _shortcomings(site, shelf):
    return complete.lacking(
        site.html,
        pages.read(site.html),
        charts=dict.fromkeys(("index", "deep/er/page", "plain", "lists"))
        | {"chapter": complete.charts_in((site.root / "chapter.ipynb").read_text("utf-8"))},
        shelf=shelf,
        held=PLACES | {"sources": "lists"},
    )  # fmt: skip


def test_a_whole_site_lacks_nothing(site, shelf):
    assert _shortcomings(site, shelf) == []


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (lambda html: (html / "plain.html").unlink(), "plain.html was not written"),
        (lambda html: (html / "evidence/air_cargo.html").unlink(), "evidence/air_cargo.html was not written"),
        (lambda html: edit(html / "chapter.html", 'class="cci-chart"', "", 1), "shows 1 charts, its notebook holds 2"),
        (lambda html: [path.unlink() for path in (html / "_charts").glob("*.svg")], "chart 1 has no static picture"),
        (lambda html: [path.unlink() for path in (html / "_charts").glob("*.svg")],
         "evidence/gov_commercial_projects_count.html: chart 1 has no static picture"),
        (lambda html: (html / "evidence/air_cargo.csv").unlink(),
         "evidence/air_cargo.html links to evidence/air_cargo.csv, which was not written"),
        (lambda html: edit(html / "evidence/air_cargo.html", "<tr id=", "<tr data-id="), "lacks the anchor air_cargo-"),
        (lambda html: edit(html / "plain.html", "</head>", '<script src="https://cdn.example/x.js"></script></head>'),
         "asks another host for https://cdn.example/x.js"),
        (lambda html: edit(html / "plain.html", "</article>", "<script>alert(1)</script></article>"),
         "plain.html holds an inline script"),
        (lambda html: edit(html / "plain.html", "</article>", '<p title="1 > 0" onclick="x()">x</p></article>'),
         "plain.html holds the attribute onclick on <p>"),
        (lambda html: edit(html / "plain.html", "default-src 'none'", "default-src *"),
         "plain.html does not state its Content-Security-Policy"),
        (lambda html: edit(html / "plain.html", "</article>", '<a href="evidence/none.html">x</a></article>'),
         "links to evidence/none.html, which was not written"),
        (lambda html: edit(html / "plain.html", "</article>", '<a href="../evidence/air_cargo.csv">x</a></article>'),
         "links to ../evidence/air_cargo.csv, which was not written"),
        (lambda html: edit(html / "plain.html", "</article>", '<a href="index.html#none">x</a></article>'),
         "links to index.html#none, which is not there"),
    ],
)  # fmt: skip
def test_a_site_that_came_out_short_is_named_for_what_it_lacks(site, shelf, tmp_path, harm, said):
    shutil.copytree(site.html, tmp_path / "html")
    harm(tmp_path / "html")
    harmed = SimpleNamespace(root=site.root, html=tmp_path / "html")
    assert any(said in shortcoming for shortcoming in _shortcomings(harmed, shelf))


def edit(path, old, new, count=-1):
    """Replace text in a file, which must hold it."""
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, count), "utf-8")


def test_a_site_that_came_out_short_fails_the_build(tmp_path):
    write_book(tmp_path, {"index.md": "# Title\n\n[a page](plain.html)\n"}, chapters=())
    # A link in raw HTML is no business of Sphinx: without the check the build would be green.
    (tmp_path / "index.md").write_text('# Title\n\n<p><a href="nowhere.html">x</a></p>\n', "utf-8")
    status, said = build(tmp_path)
    assert status != 0
    assert "The site is incomplete" in said
    assert "index.html links to nowhere.html, which was not written." in said


# What the site tells others -------------------------------------------------------

BASE = "https://book.example/cci/"


@pytest.fixture(scope="module")
def published(site, tmp_path_factory):
    """The small book once more, with an address and an edition; its charts are drawn already."""
    root = tmp_path_factory.mktemp("published") / "book"
    shutil.copytree(site.root, root, ignore=shutil.ignore_patterns("html"))
    config = yaml.safe_load((root / "_config.yml").read_text("utf-8"))
    (root / "_config.yml").write_text(yaml.safe_dump(config | {"html": {"baseurl": BASE}}), "utf-8")
    (root / "index.md").write_text('# A "book" &lt;b&gt;\n\nIts first words.\n', "utf-8")
    (root / "CHANGELOG.md").write_text("# Changelog\n\n## 1.0 (2026-11-24)\n\nFirst.\n", "utf-8")
    status, said = build(root, "-W")
    assert status == 0, said
    html = root / "_build" / "html"
    return SimpleNamespace(html=html, page=lambda name: BeautifulSoup((html / name).read_text("utf-8"), "html.parser"))


def told(page):
    return {tag["property"]: tag["content"] for tag in page.select("meta[property]")}


def png_size(path):
    content = path.read_bytes()
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    return struct.unpack(">II", content[16:24])


def test_a_page_says_what_it_is_and_where(published):
    tags = told(published.page("index.html"))
    assert tags["og:title"] == "A “book” <b>"
    assert tags["og:type"] == "website"
    assert tags["og:url"] == f"{BASE}index.html"
    assert tags["og:description"] == "Its first words."
    page = published.page("chapter.html")
    assert told(page)["og:type"] == "article"
    assert page.select_one("link[rel=canonical]")["href"] == told(page)["og:url"] == f"{BASE}chapter.html"


def test_a_generated_page_says_its_definition(published):
    page = published.page("evidence/gov_commercial_projects_count.html")
    assert told(page)["og:url"] == f"{BASE}evidence/gov_commercial_projects_count.html"
    assert told(page)["og:description"] == page.select_one("meta[name=description]")["content"] != ""


def test_a_chapter_has_a_card_and_every_other_page_the_cover(published):
    cards = {name: told(published.page(name))["og:image"] for name in ("chapter.html", "index.html", "search.html")}
    assert cards["chapter.html"] == f"{BASE}_cards/chapter.png"
    assert cards["index.html"] == cards["search.html"] == f"{BASE}_cards/cover.png"
    for address in cards.values():
        picture = published.html / address.removeprefix(BASE)
        assert png_size(picture) == (1200, 630)
        assert picture.stat().st_size < 100_000


def test_the_list_of_pages_names_each_but_the_search(published):
    listed = {loc.text for loc in ET.parse(published.html / "sitemap.xml").findall(".//{*}loc")}
    written = {path.relative_to(published.html).as_posix() for path in published.html.rglob("*.html")}
    assert listed == {f"{BASE}{name}" for name in written - {"search.html"}}
    assert f"Sitemap: {BASE}sitemap.xml" in (published.html / "robots.txt").read_text("utf-8")


def test_the_feed_of_editions_is_named_by_every_page(published):
    assert "Edition 1.0" in (published.html / "editions.xml").read_text("utf-8")
    for name in ("index.html", "deep/er/page.html", "evidence/gov_commercial_projects_count.html"):
        address = published.page(name).select_one("link[type='application/atom+xml']")["href"]
        assert (published.html / name).parent.joinpath(address).resolve() == published.html / "editions.xml"


def test_without_an_address_and_editions_nothing_speaks_of_them(site):
    head = BeautifulSoup(site.text("index.html"), "html.parser").head
    assert head.select_one("meta[property='og:title']")["content"].startswith("A book of")
    assert not head.select("[property='og:url'], [property='og:image'], [rel=canonical], [type='application/atom+xml']")
    assert not [name for name in ("sitemap.xml", "robots.txt", "editions.xml") if (site.html / name).exists()]
    assert (site.html / "_cards" / "chapter.png").is_file()
