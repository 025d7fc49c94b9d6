"""A chapter opens and runs as it is in JupyterLab and VS Code: nothing in it asks for this project's own machinery."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import nbformat
import pytest
from jupyter_client import AsyncKernelManager
from nbclient import NotebookClient

from cci.book import normalise

CHAPTERS = sorted((Path(__file__).parents[1] / "chapters").glob("*.ipynb"))
# What JupyterLab's and VS Code's own renderers draw of what chapters hold; the rest stands beside one of these.
DRAWN = {"application/vnd.vegalite.v5+json", "text/html", "text/markdown", "text/plain"}


@pytest.fixture(params=CHAPTERS, ids=lambda path: path.stem)
def raw(request):
    """A chapter as an editor reads it, without this package's help."""
    return json.loads(request.param.read_text(encoding="utf-8"))


def test_a_chapter_is_a_valid_notebook_for_the_kernel_that_every_installation_has(raw):
    nbformat.validate(raw)  # a missing or doubled identifier of a cell is a warning, and so an error here
    assert raw["metadata"]["kernelspec"] == {"display_name": "Python 3", "language": "python", "name": "python3"}
    assert raw["metadata"]["language_info"]["name"] == "python"


def test_every_output_has_a_form_that_an_editor_draws_and_one_in_words(raw):
    shown = [output for cell in raw["cells"] for output in cell.get("outputs", ()) if "data" in output]
    shown = [output["data"] for output in shown if "scrapbook" not in output.get("metadata", {})]  # for prose alone
    assert shown
    for data in shown:
        assert DRAWN & data.keys()
        assert "".join(data["text/plain"]).strip()
        if any("vega" in mime for mime in data):
            assert "application/vnd.vegalite.v5+json" in data


def test_a_chapter_runs_in_its_own_folder_under_a_stock_kernel_and_says_the_same():
    path = min(CHAPTERS, key=lambda one: one.stat().st_size)
    published = normalise.read(path)
    chapter = copy.deepcopy(published)
    for cell in normalise.code_cells(chapter):
        cell.outputs, cell.execution_count = [], None
    NotebookClient(
        chapter,
        kernel_name="python3",
        kernel_manager_class=AsyncKernelManager,
        resources={"metadata": {"path": str(path.parent)}},
    ).execute()
    assert [c.outputs for c in normalise.code_cells(normalise.normalise(chapter))] == [
        c.outputs for c in normalise.code_cells(normalise.normalise(published))
    ]
