"""A page is made again when, and only when, the record would answer it otherwise: a site that grew is as a new one."""

import csv
import json
import os
import random
import shutil
import sys
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
import yaml

import cci
from cci.book.build import FORMATS, jupyter_book
from cci.book.site import pages
from cci.book.site.asking import Ledger
from cci.book.site.formats import NAME

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))
import synthetic

pytestmark = pytest.mark.filterwarnings("default")  # Sphinx, its extensions and click warn of one another
ROOT = Path(__file__).parents[1]

FIGURE = "air_cargo-route-ckg-sin-2019-12-31-1"
PAGES = {
    "index": "# A small book\n\nIt holds {count}`observations` figures and {count}`sources` pages.\n",
    "quoted": "# Quoted\n\n{obs}`FIGURE` by {obs}`FIGURE source`, of {ind}`air_passengers`; {inst}`air-corridor`.\n",
    "headed": "# Of {ind}`air_cargo`\n\n## {obs}`FIGURE`\n\nText.\n",
    "plain": "# Plain\n\nNothing of the record.\n",
    "facts": "# Facts\n\n{edition}`cut-off`, {edition}`record`.\n",
    "gaps": "# Gaps\n\n```{record} gaps\n```\n",
    "lists": "# Lists\n\n```{record} sources\n```\n\n```{record} tables\n```\n\n```{record} disagreements\n```\n",
    "explore": "# Explore\n\n```{record} explore\n```\n",
}
CHART = {
    "$schema": "https://vega.github.io/schema/vega-lite/v6.4.1.json",
    "title": "A chart",
    "data": {"values": [{"x": 1}]},
    "mark": "point",
    "encoding": {"x": {"field": "x", "type": "quantitative"}},
    "usermeta": {"cci": {"kind": "trend", "obs_ids": [FIGURE], "source_ids": []}},
}


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """A book of nine pages on a record of a dozen indicators, built once."""
    root = tmp_path_factory.mktemp("asking") / "book"
    synthetic.record(cci.DEFAULT, root / "data", 90, indicators=12)
    figure = next(
        row["obs_id"] for row in rows_of(root, "observations")[0]
        if (row["indicator"], row["scope"]) == ("air_cargo", "route-ckg-sin")
    )  # fmt: skip
    for name, text in PAGES.items():
        (root / f"{name}.md").write_text(text.replace("FIGURE", figure), "utf-8")
    spec = json.loads(json.dumps(CHART).replace(FIGURE, figure))
    chart = nbformat.v4.new_output("display_data", data={"application/vnd.vegalite.v5+json": spec})
    cells = [nbformat.v4.new_markdown_cell("# Chapter"), nbformat.v4.new_code_cell("draw()", outputs=[chart])]
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"language_info": {"name": "python"}})
    nbformat.write(notebook, root / "chapter.ipynb")
    toc = {"format": "jb-book", "root": "index", "chapters": [{"file": name} for name in [*PAGES, "chapter"][1:]]}
    (root / "_toc.yml").write_text(yaml.safe_dump(toc), "utf-8")
    config = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))
    config.pop("html")
    config["sphinx"]["config"]["cci_data"] = "data"
    (root / "_config.yml").write_text(yaml.safe_dump(config), "utf-8")
    aside = root.parent / "aside"
    assert jupyter_book(root, aside, everything=True)
    return SimpleNamespace(root=root, aside=aside, html=aside / "_build" / "html")


def rows_of(root, table):
    path = root / "data" / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file)), path


def write(rows, path):
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.DictWriter(file, list(rows[0]))
        lines.writeheader()
        lines.writerows(rows)


def altered(root, chance):
    """Add, alter or take away something of the record, by chance."""
    table, column = chance.choice(
        [("observations", None), ("observations", "value"), ("observations", "note"), ("observations", "flag"),
         ("sources", "publisher"), ("sources", "published"), ("indicators", "label"), ("scopes", "label"),
         ("instruments", "name"), ("disagreements", "title"), ("organisations", "name"), ("indicators", None)]
    )  # fmt: skip
    rows, path = rows_of(root, table)
    row = chance.choice(rows)
    if column:
        given = {"value": f"{chance.randint(1, 99)}000", "flag": "suspected_error", "published": "2024-02-03"}
        row[column] = given.get(column, f"Another {row[column]}")
    elif table == "indicators":
        rows.append(row | {"indicator": f"another_{row['indicator']}", "label": f"Another {row['label']}"})
    elif chance.random() < 0.6:
        head, _, number = row["obs_id"].rpartition("-")
        rows.append(row | {"obs_id": f"{head}-{int(number) + 50}"})
    elif rows[-1]["obs_id"].endswith("51"):
        rows.pop()
    write(rows, path)
    return f"{table}.{column}"


def contents(html):
    return {
        path.relative_to(html).as_posix(): path.read_bytes()
        for path in html.rglob("*")
        if path.is_file() and path.name != ".buildinfo"
    }


def written(html):
    """Page -> when its file was written."""
    return {path.relative_to(html).as_posix(): path.stat().st_mtime_ns for path in html.rglob("*.html")}


@pytest.mark.parametrize("seed", range(3))
def test_a_site_brought_up_to_date_is_that_built_from_nothing(book, tmp_path, seed):
    chance = random.Random(seed)
    done = [altered(book.root, chance) for _ in range(2)]
    assert jupyter_book(book.root, book.aside, everything=False), done
    shutil.copytree(book.aside / "_build" / ".chart-cache", tmp_path / "_build" / ".chart-cache")
    assert jupyter_book(book.root, tmp_path, everything=True), done
    grown, new = contents(book.html), contents(tmp_path / "_build" / "html")
    assert sorted(grown) == sorted(new), done
    assert [name for name in new if grown[name] != new[name]] == [], done


def test_the_record_that_answered_the_last_build_is_not_asked_again(book, monkeypatch):
    assert jupyter_book(book.root, book.aside, everything=False)
    before, page = written(book.html), book.root / "plain.md"
    page.write_text(page.read_text("utf-8") + "\nAnother sentence.\n", "utf-8")
    digest, asked = Ledger.digest, []
    monkeypatch.setattr(Ledger, "digest", lambda self, put: asked.append(put) or digest(self, put))
    assert jupyter_book(book.root, book.aside, everything=False)
    notes = json.loads((book.aside / "_build" / ".doctrees" / "asked.json").read_text("utf-8"))
    assert set(asked) <= set(notes["pages"]["plain"])  # what the page that was made asks
    after = written(book.html)
    made = {name for name in after if after[name] != before[name]}
    assert made - {"genindex.html", "search.html"} == {"plain.html"}  # not the first page, as Sphinx would have it


def test_a_page_that_asked_for_nothing_that_changed_is_not_written_again(book):
    rows, path = rows_of(book.root, "observations")
    row = next(row for row in rows if row["indicator"] == "air_passengers")
    head, _, number = row["obs_id"].rpartition("-")
    write([*rows, row | {"obs_id": f"{head}-{int(number) + 500}"}], path)
    before = written(book.html)
    assert jupyter_book(book.root, book.aside, everything=False)
    now = written(book.html)
    again = {name for name in now if now[name] != before.get(name)}
    # Sphinx always writes the search.
    shown = {"index.html", "search.html", "facts.html", "gaps.html", "lists.html", "explore.html"}
    assert {*shown, "evidence/air_passengers.html", "evidence/index.html"} >= again
    assert {"index.html", "facts.html", "lists.html", "explore.html", "evidence/air_passengers.html"} <= again


def test_a_file_that_is_awaited_has_its_page_read_when_it_comes_and_not_before(book):
    (book.root / "index.md").write_text(PAGES["index"] + "\n```{record} formats\n```\n", "utf-8")
    assert jupyter_book(book.root, book.aside, everything=False)
    before = written(book.html)["index.html"]
    assert jupyter_book(book.root, book.aside, everything=False)
    assert written(book.html)["index.html"] == before
    bound = book.root / FORMATS / f"{NAME}.pdf"
    bound.parent.mkdir(parents=True)
    for size in (1.5, 2.5):  # MB
        bound.write_bytes(b"-" * int(size * 1e6))
        assert jupyter_book(book.root, book.aside, everything=False)
        assert f"({size} MB)" in (book.html / "index.html").read_text("utf-8")
    shutil.rmtree(bound.parent)
    assert jupyter_book(book.root, book.aside, everything=False)
    assert bound.name not in (book.html / "index.html").read_text("utf-8")


def test_of_pages_that_stand_what_was_found_is_taken_from_the_last_build(book, monkeypatch):
    page = book.root / "plain.md"
    page.write_text(page.read_text("utf-8") + "\nA further sentence.\n", "utf-8")
    apart, taken = pages.page, []
    monkeypatch.setattr(pages, "page", lambda name, data: taken.append(name) or apart(name, data))
    assert jupyter_book(book.root, book.aside, everything=False)
    assert {"plain.html"} == set(taken) - {"genindex.html", "search.html"}
    noted = pages.read(book.html, book.aside / "_build" / ".doctrees" / "pages.json", "another code")
    assert set(taken) >= set(noted)
    monkeypatch.undo()
    assert noted == pages.read(book.html)


def test_where_nothing_changed_no_page_is_written(book):
    before = written(book.html)
    assert jupyter_book(book.root, book.aside, everything=False)
    assert written(book.html) == before


def test_a_build_that_was_cut_short_is_made_up_for(book):
    notes = book.aside / "_build" / ".doctrees" / "asked.json"
    notes.unlink()
    before = written(book.html)
    assert jupyter_book(book.root, book.aside, everything=False)
    now = written(book.html)
    assert not [name for name in now if now[name] == before.get(name)]
    assert os.path.getsize(notes)
