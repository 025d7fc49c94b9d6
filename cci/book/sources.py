"""The sources of a site written aside: the pages as they stand, the chapters with the outputs of runs.

What is written below `_build` in this way can be built like the book itself, and nothing of it enters chapters/.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

import cci
from cci.book import chapters as book_chapters
from cci.book import normalise, yamlfile
from cci.book.stamp import Run
from cci.errors import ParameterError

SETTINGS = "_config.yml"
_INCLUDE = re.compile(r"^```\{include\} (\S+)", re.MULTILINE)


def pages(book: Path, to: Path) -> None:
    """Copy the table of contents, every page that it lists except the chapters, and what these include."""
    notebooks = set(book_chapters.names(book))
    listed = [f"{page}.md" for page in book_chapters.listed(book) if Path(page).name not in notebooks]
    included = [
        Path(os.path.normpath(Path(page).parent / name)).as_posix()
        for page in listed
        for name in _INCLUDE.findall((book / page).read_text(encoding="utf-8"))
    ]
    for name in ("_toc.yml", *listed, *included):
        (to / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(book / name, to / name)
    (to / "chapters").mkdir(exist_ok=True)


def chapter(run: Run, book: Path) -> NotebookNode:
    """Return the chapter as it stands, with the outputs of a run and, where it has one, the cell of its parameters."""
    notebook = normalise.normalise(normalise.read(book_chapters.path(run.chapter, book)))
    executed = {cell.id: cell for cell in normalise.code_cells(normalise.read(run.path))}
    cells = []
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = executed[cell.id].outputs, executed[cell.id].execution_count
        cells.append(cell)
        if "parameters" in normalise.tags(cell) and normalise.INJECTED in executed:
            cells.append(executed[normalise.INJECTED])
    notebook.cells = cells
    return notebook


def settings(book: Path) -> dict[str, Any]:
    """Return what `_config.yml` says, to be changed and written aside. Raises ParameterError where it says nothing."""
    said: dict[str, Any] = yamlfile.plain(book / SETTINGS, shown=SETTINGS)
    part: Any = {SETTINGS: said}
    for name in (SETTINGS, "sphinx", "config"):
        part = part.get(name, {})
        if not isinstance(part, dict):
            raise ParameterError(f"{SETTINGS}: {name} holds no settings; write them as name: value, or leave it out")
    return said


def data(book: Path) -> Path:
    """Return the folder of the record that the book shows. Raises ParameterError as `settings` does."""
    named = settings(book).get("sphinx", {}).get("config", {}).get("cci_data")
    return (book / str(named)).absolute() if named else Path(cci.DEFAULT)


def write_settings(said: Mapping[str, Any], book: Path, to: Path) -> None:
    """Write settings, and copy the icon that they name."""
    import yaml

    icon = said.get("html", {}).get("favicon")
    if icon:
        (to / icon).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(book / icon, to / icon)
    (to / SETTINGS).write_text(yaml.safe_dump(dict(said), sort_keys=False, allow_unicode=True), encoding="utf-8")
