"""What a reader does with a chart, a chapter or the record: download, copy, cite, open the code, run again."""

import csv
import hashlib
import io
import json
import re
import zipfile
from xml.etree import ElementTree

import pytest

CHART = "figure.cci-chart"
CHAPTER = "chapters/standards.html"


@pytest.fixture(params=["served", "folder"])
def at(request, address, site):
    """The address of a page, on a server and as a file."""
    if request.param == "served":
        return lambda page: f"{address}/{page}"
    return lambda page: (site / page).as_uri()


def taken(page, link):
    """Click a link to a file and return its name and content."""
    with page.expect_download() as waiting:
        link.click()
    download = waiting.value
    with open(download.path(), "rb") as file:
        return download.suggested_filename, file.read()


def offered(page, words):
    return page.locator(f"{CHART}:has(.cci-chart-spec)").first.locator(".cci-action", has_text=words)


@pytest.mark.parametrize("scripts", [True, False])
def test_the_data_behind_a_chart_can_be_downloaded(open_page, address, scripts):
    with open_page(scripts=scripts) as page:
        page.goto(f"{address}/{CHAPTER}")
        chart = page.locator(f"{CHART}:has(.cci-chart-spec)").first
        name, content = taken(page, offered(page, "CSV"))
        rows = list(csv.DictReader(io.StringIO(content.decode("utf-8"))))
        chart.locator("summary", has_text="Table").click()
        shown = chart.locator(".cci-table tbody tr")
        assert name.endswith(".csv")
        assert len(rows) == shown.count() > 0
        assert "source_id" in rows[0]
        headings = chart.locator(".cci-table thead th").all_inner_texts()
        assert list(rows[0])[: len(headings)] == headings
        assert page.troubles == []


def test_from_a_folder_the_files_of_a_chart_are_where_its_links_lead(open_page, site):
    with open_page() as page:
        page.goto((site / CHAPTER).as_uri())
        for ending in ("CSV", "SVG", "PNG"):
            link = offered(page, ending)
            file = (site / CHAPTER).parent.joinpath(link.get_attribute("href")).resolve()
            assert file.suffix == f".{ending.lower()}"
            assert file.stat().st_size > 100
            assert link.get_attribute("download") is not None


def test_the_picture_of_a_chart_holds_its_title_and_its_source(open_page, address):
    with open_page() as page:
        page.goto(f"{address}/{CHAPTER}")
        chart = page.locator(f"{CHART}:has(.cci-chart-spec)").first
        title, source = (chart.locator(part).inner_text() for part in (".cci-chart-title", ".cci-chart-source"))
        _, svg = taken(page, offered(page, "SVG"))
        _, png = taken(page, offered(page, "PNG"))
        said = " ".join(text for text in ElementTree.fromstring(svg.decode("utf-8")).itertext() if text.strip())
        assert title in said
        assert " ".join(source.split()[:4]) in said
        assert png.startswith(b"\x89PNG")


def test_a_chart_with_controls_gives_the_rows_of_all_its_states(open_page, address, draw_charts):
    with open_page() as page:
        page.goto(f"{address}/{CHAPTER}")
        draw_charts(page)
        page.locator(".vega-bind select").first.wait_for(timeout=20_000)
        chart = page.locator(f"{CHART}:has(.vega-bind select)").first
        ways = [select.locator("option").count() for select in chart.locator(".vega-bind select").all()]
        _, content = taken(page, chart.locator(".cci-action", has_text="CSV"))
        rows = list(csv.reader(io.StringIO(content.decode("utf-8"))))[1:]
        states = {tuple(row[: len(ways)]) for row in rows}
        wanted = 1
        for number in ways:
            wanted *= number
        assert len(states) == wanted > 1
        chart.locator("summary", has_text="Table").click()
        assert len(rows) >= chart.locator(".cci-table tbody tr").count() * wanted > 0


def test_the_link_of_a_chart_is_copied_by_keyboard_and_said_so(open_page, at):
    with open_page() as page:
        page.goto(at(CHAPTER))
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        button = offered(page, "Copy link")
        button.focus()
        page.keyboard.press("Enter")
        said = page.locator(f"{CHART}:has(.cci-chart-spec)").first.locator("[role=status]")
        said.filter(has_text="Link copied.").wait_for()
        copied = page.evaluate("navigator.clipboard.readText()")
        anchor = page.locator(f"{CHART}:has(.cci-chart-spec)").first.get_attribute("id")
        assert copied == f"{at(CHAPTER)}#{anchor}"
        page.goto(copied)
        assert page.locator(":target").get_attribute("id") == anchor


def test_where_copying_is_forbidden_the_address_is_shown(open_page, address):
    with open_page() as page:
        page.goto(f"{address}/{CHAPTER}")
        page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('no')) }")
        offered(page, "Copy link").click()
        said = page.locator(f"{CHART}:has(.cci-chart-spec)").first.locator("[role=status]")
        said.filter(has_text=f"{address}/{CHAPTER}#chart-").wait_for()


def test_without_scripts_there_is_no_button_that_does_nothing(open_page, address):
    with open_page(scripts=False) as page:
        page.goto(f"{address}/{CHAPTER}")
        assert page.locator(".cci-copy").count() > 0
        assert not any(button.is_visible() for button in page.locator(".cci-copy").all())
        assert offered(page, "CSV").is_visible()


def test_a_chart_says_how_to_cite_it(open_page, address):
    with open_page() as page:
        page.goto(f"{address}/{CHAPTER}")
        chart = page.locator(f"{CHART}:has(.cci-chart-spec)").first
        chart.locator("summary", has_text="Cite").click()
        assert chart.locator(".cci-chart-title").inner_text() in chart.locator(".cci-citation").inner_text()
        assert chart.locator(".cci-bibtex").inner_text().startswith("@misc{standards-chart-")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_chart_leads_to_the_code_that_drew_it(open_page, address, scripts):
    with open_page(scripts=scripts) as page:
        page.goto(f"{address}/{CHAPTER}")
        offered(page, "Code").click()
        cell = page.locator(":target")
        assert cell.is_visible()
        assert "charts." in cell.inner_text()


def test_every_action_of_a_chart_is_reached_by_keyboard(open_page, address):
    with open_page(width=360, height=740) as page:
        page.goto(f"{address}/{CHAPTER}")
        offered(page, "Copy link").wait_for()
        first = page.locator(f"{CHART}:has(.cci-chart-spec)").first
        first.locator("summary").first.focus()
        met = [page.evaluate("document.activeElement.innerText")]
        for _ in range(8):
            page.keyboard.press("Tab")
            met.append(page.evaluate("document.activeElement.innerText"))
        words = " ".join(met)
        assert all(
            action in words
            for action in ("Table", "Evidence", "Cite", "CSV", "JSON", "SVG", "PNG", "Code", "Copy link")
        )


def test_an_evidence_page_offers_its_pictures_too(open_page, address, site):
    with open_page() as page:
        page.goto(f"{address}/evidence/gov_commercial_projects_count.html")
        chart = page.locator(CHART).first
        _, svg = taken(page, chart.locator(".cci-action", has_text="SVG"))
        assert b"<title>" in svg
        name, _ = taken(page, chart.locator(".cci-action", has_text="CSV"))
        assert name == "gov_commercial_projects_count.csv"
        assert chart.locator(".cci-copy").is_visible()


def test_a_chapter_says_what_its_run_was_and_gives_its_notebook(open_page, address, site):
    with open_page() as page:
        page.goto(f"{address}/{CHAPTER}")
        page.locator('.page-toc a[href="#this-run"]').click()
        run = page.locator("#this-run")
        name, content = taken(page, run.locator("a[download]"))
        notebook = json.loads(content)
        stamp = notebook["metadata"]["cci"]
        assert name == "standards.ipynb"
        assert stamp["record"] in run.inner_text()
        command = run.locator("pre").inner_text().strip()
        for parameter, value in stamp["parameters"].items():
            assert run.locator("th", has_text=re.compile(f"^{parameter}$")).count() == 1
            assert f"-p {parameter}={'none' if value is None else value}" in command
        run.locator("button.copybtn").click()
        page.context.grant_permissions(["clipboard-read"])
        assert page.evaluate("navigator.clipboard.readText()").strip() == command


def test_the_record_can_be_taken_away_whole_and_checked(open_page, address):
    with open_page() as page:
        page.goto(f"{address}/chapters/data.html")
        _, sums = taken(page, page.locator("a", has_text="Checksums"))
        name, package = taken(page, page.locator("a", has_text="All tables"))
        known = {file: digest for digest, file in (line.split("  ") for line in sums.decode().splitlines())}
        assert known[name] == hashlib.sha256(package).hexdigest()
        with zipfile.ZipFile(io.BytesIO(package)) as archive:
            assert "datapackage.json" in archive.namelist()
            held = archive.read("observations.csv")
        row = page.locator("tr", has=page.locator("code", has_text=re.compile("^observations$")), has_text="JSON").first
        name, alone = taken(page, row.locator("a", has_text="CSV"))
        assert held == alone
        assert name == "observations.csv"
        rows = len(list(csv.reader(io.StringIO(alone.decode("utf-8"))))) - 1
        assert row.locator("td").first.inner_text() == f"{rows:,}"
        name, typed = taken(page, row.locator("a", has_text="JSON"))
        assert len(json.loads(typed)) == rows


def test_data_describe_themselves_to_search_engines(open_page, address, site):
    names = ["chapters/data.html", "evidence/gov_commercial_projects_count.html"]
    with open_page() as page:
        for name in names:
            page.goto(f"{address}/{name}")
            described = json.loads(page.locator('script[type="application/ld+json"]').text_content())
            assert described["@type"] == "Dataset"
            for file in described["distribution"]:
                assert page.request.get(f"{address}/{name.rpartition('/')[0]}/{file['contentUrl']}").ok
