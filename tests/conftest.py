"""The record as published, the built site, and a book of two tiny chapters to run, fail and accept."""

from __future__ import annotations

import gc
import os
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest

import cci
from cci import cli
from cci.book import normalise

gc.set_threshold(*cli.LOOKING)  # as the commands do, for the same reason

PARAMETERS = (
    "as_of = None  # date or None: only what was published by that day\nsince = 2014  # int 2010..2030: first year"
)


def write_chapter(path: Path, *cells: str, parameters: str = PARAMETERS) -> None:
    """Write a chapter whose code cells are a parameters cell and these."""
    tagged = nbformat.v4.new_code_cell(parameters, metadata={"tags": ["parameters"]})
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_markdown_cell("# Title"), tagged, *map(nbformat.v4.new_code_cell, cells)]
    )
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number}"
    path.write_text(normalise.text(notebook), encoding="utf-8")


@pytest.fixture(scope="session")
def record() -> cci.Dataset:
    """The record; nobody can change it."""
    return cci.load()


@pytest.fixture(scope="session")
def early() -> cci.Dataset:
    """What was public two months after the launch."""
    return cci.load("2016-01-01")


@pytest.fixture(scope="session")
def site() -> Path:
    """The folder of the built site (CCI_SITE names another)."""
    folder = Path(os.environ.get("CCI_SITE", Path(__file__).parents[1] / "_build" / "html"))
    if not (folder / "index.html").is_file():
        pytest.fail(f"There is no site in {folder}: run scripts/build first.", pytrace=False)
    return folder


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A book of the chapters first and second, which is also the working directory."""
    chapters = tmp_path / "book" / "chapters"
    chapters.mkdir(parents=True)
    toc = "format: jb-book\nroot: chapters/index\nchapters:\n- file: chapters/first\n- file: chapters/second\n"
    (chapters.parent / "_toc.yml").write_text(toc, encoding="utf-8")
    (chapters / "index.md").write_text("# A book", encoding="utf-8")
    write_chapter(chapters / "first.ipynb", "print(since)\nsince", "as_of")
    write_chapter(chapters / "second.ipynb", "since + 1")
    monkeypatch.chdir(chapters.parent)
    return SimpleNamespace(
        root=chapters.parent,
        chapters=chapters,
        write=lambda name, *cells, **options: write_chapter(chapters / f"{name}.ipynb", *cells, **options),
        bytes=lambda: {path.name: path.read_bytes() for path in chapters.iterdir()},
    )
