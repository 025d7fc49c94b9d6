"""A record whose every free text is hostile: wherever it comes out it is text, even on a page without a policy."""

import csv
import io
import json
import re
import shutil
from types import SimpleNamespace
from xml.etree import ElementTree

import faults
import pytest
from test_site import IMPRINT, ROOT

import cci
from cci.book.site import described, evidence, explorer, listings
from cci.book.site.figures import Press, script_json
from cci.book.site.links import Links
from cci.book.site.policy import breaches
from cci.book.site.shelf import Shelf

INDICATOR = "gov_commercial_projects_count"
# One text for all: it closes a script, a comment, an attribute and CDATA, runs in an image, asks a template to count.
TEXT = "</script><!--<img/src=x/onerror=alert(1)>\"'><svg/onload=alert(2)>]]>{{7*7}}&lt;"
TOLD = "&lt;/script&gt;&lt;!--&lt;img/src=x/onerror=alert(1)&gt;"
LISTS = ("indicators", "sources", "origins", "instruments", "disagreements", "relations", "gaps")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """The record with TEXT in every cell of free text, and the pages that the package makes of it."""
    root = tmp_path_factory.mktemp("hostile")
    data, site = root / "data", root / "site"
    shutil.copytree(ROOT / "data", data)
    for resource in json.loads((data / "datapackage.json").read_text("utf-8"))["resources"]:
        columns, table = faults.texts(resource["schema"]), data / resource["path"]
        unique = {field["name"] for field in resource["schema"]["fields"] if field.get("constraints", {}).get("unique")}
        header, *rows = csv.reader(io.StringIO(table.read_bytes().decode(), newline=""))
        for number, row in enumerate(rows):
            for column in columns:
                text = f"{TEXT}{number}" if column in unique else TEXT
                row[header.index(column)] = row[header.index(column)] and text
        table.write_bytes(faults.written([header, *rows]))
    shelf = Shelf(cci.load(data=data))
    links = Links("../", shelf.indicator_of)
    pages = {view: listings.list_html(view, shelf, links) for view in LISTS}
    pages["explore"] = listings.list_html("explore", shelf, links, payload={"facets": {}, "data": explorer.DATA})
    press = Press(root / "cache", site)
    pages["evidence"] = evidence.page_html(INDICATOR, shelf, links, [], press=press, imprint=IMPRINT)
    shutil.copytree(ROOT / "cci" / "book" / "site" / "static", site / "_static")
    (site / "_static" / explorer.DATA).write_text(explorer.script(shelf, listings.KINDS), "utf-8")
    (site / "pages").mkdir()
    for name, text in pages.items():
        whole = f'<!doctype html><html lang="en" data-theme="light"><title>x</title><main>{text}</main></html>'
        (site / "pages" / f"{name}.html").write_text(whole, "utf-8")
    return SimpleNamespace(shelf=shelf, links=links, pages=pages, site=site)


def test_pages_hold_the_text_and_nothing_that_runs(hostile):
    for name, page in hostile.pages.items():
        assert name == "explore" or TOLD in page, name
        assert [said for said in breaches(page) if "does not state" not in said] == [], name


def test_scripts_hold_the_text_as_data(hostile):
    data = explorer.script(hostile.shelf, listings.KINDS)
    assert "<" not in data
    assert json.loads(data.removeprefix("window.cciFigures=").removesuffix(";\n"))["sources"][0][0] == TEXT
    indicator, observed = hostile.shelf.indicators[INDICATOR], hostile.shelf.by_indicator[INDICATOR]
    description = script_json(described.one_indicator(indicator, observed, hostile.links, IMPRINT))
    assert "<" not in description
    assert json.loads(description)["variableMeasured"]["name"] == TEXT


def test_pictures_and_downloads_hold_the_text_as_text(hostile):
    drawings = [ElementTree.parse(path) for path in sorted((hostile.site / "_charts").rglob("*.svg"))]
    names = {tag.tag.rpartition("}")[2] for drawing in drawings for tag in drawing.iter()}
    assert "path" in names
    assert {"script", "image", "img", "foreignObject"}.isdisjoint(names)
    assert any(TEXT[:20] in "".join(drawing.getroot().itertext()) for drawing in drawings)
    rows = list(csv.DictReader(io.StringIO(evidence.table_csv(hostile.shelf.by_indicator[INDICATOR]))))
    assert {row["label"] for row in rows} == {TEXT}
    begun = evidence.table_csv([hostile.shelf.by_indicator[INDICATOR][0] | {"note": f"{sign}1+1"} for sign in "=+-@\t"])
    assert [row["note"][:2] for row in csv.DictReader(io.StringIO(begun))] == ["'=", "'+", "'-", "'@", "'\t"]


def test_nothing_of_it_runs_in_a_browser(hostile, open_page):
    with open_page() as page:
        ran = []
        page.on("dialog", lambda dialog: (ran.append(dialog.message), dialog.dismiss()))
        for name in hostile.pages:
            page.goto((hostile.site / "pages" / f"{name}.html").as_uri())
            if name == "explore":
                page.locator("#explorer form").wait_for(state="visible")
            assert TEXT in re.sub(r"\s+", " ", page.locator("main").inner_text()), name
            assert page.locator("main img[src=x], main svg[onload]").count() == 0, name
        assert ran == []
