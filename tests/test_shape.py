"""A chapter keeps the shape of a chapter: prose first, short cells, charts and findings, machinery elsewhere."""

import ast
from pathlib import Path

import pytest

from cci.book import normalise

ROOT = Path(__file__).parents[1]
CHAPTERS = sorted((ROOT / "chapters").glob("*.ipynb"))
LONGEST = 13  # lines of a code cell; the findings, which are sentences, may be longer
WORDS_A_LINE = 9  # of prose to a line of code
CHART, SHOWN = "application/vnd.vegalite.v5+json", "application/vnd.cci+json"
SETUP = [
    "import pandas as pd",
    "import cci",
    "from cci import audit, charts, models",
    "from cci.book.results import glue",
]


@pytest.fixture(params=CHAPTERS, ids=lambda path: path.stem)
def chapter(request):
    return normalise.read(request.param)


def _lines(cell):
    return [line for line in cell.source.splitlines() if line.strip()]


def _outputs(chapter, mime):
    return [
        output.data[mime]
        for cell in normalise.code_cells(chapter)
        for output in cell.outputs
        if mime in output.get("data", {})
    ]


def test_all_ten_chapters_are_there():
    assert {
        "overview", "standards", "dialogue", "people-to-people", "finance", "logistics", "digital", "aviation", "green",
        "disagreements",
    } <= {path.stem for path in CHAPTERS}  # fmt: skip


def test_a_chapter_has_its_charts_and_findings(chapter):
    findings = [shown for shown in _outputs(chapter, SHOWN) if shown["kind"] == "findings"]
    assert len(_outputs(chapter, CHART)) >= 3
    assert sum(len(shown["items"]) for shown in findings) >= 3


def test_a_chapter_opens_with_its_title_and_its_parameters(chapter):
    title, parameters = chapter.cells[:2]
    assert title.source.startswith("# ")
    assert "parameters" in parameters.metadata["tags"]
    assert parameters.source.startswith("as_of = None  # date or None: ")


def test_every_chapter_is_set_up_in_the_same_way(chapter):
    setup = _lines(list(normalise.code_cells(chapter))[1])
    assert setup[:4] == SETUP
    assert setup[4] == "charts.use()"
    assert setup[5].startswith("record = cci.load(as_of=as_of")
    assert len(setup) == 6


def test_a_chapter_defines_nothing_and_reads_nothing_but_the_record(chapter):
    for cell in normalise.code_cells(chapter):
        for node in ast.walk(ast.parse(cell.source)):
            assert not isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef)
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                assert name not in {"open", "read_csv", "read_json", "read_text", "urlopen", "exec", "eval"}


def test_code_is_short_and_prose_leads(chapter):
    cells = list(normalise.code_cells(chapter))
    assert all(len(_lines(cell)) <= LONGEST for cell in cells if "audit.findings(" not in cell.source)
    words = sum(len(cell.source.split()) for cell in chapter.cells if cell.cell_type == "markdown")
    assert words >= WORDS_A_LINE * sum(len(_lines(cell)) for cell in cells)


def test_a_chapter_says_what_nobody_has_published_and_ends_with_its_sources(chapter):
    headings = [line for cell in chapter.cells if cell.cell_type == "markdown" for line in cell.source.splitlines()]
    headings = [line for line in headings if line.startswith("## ")]
    for heading in ("## What the figures mean", "## Where the sources disagree", "## What nobody has published"):
        assert heading in headings
    assert headings[-1] == "## Sources"
