"""The chapters hold compared results only: nbval passes over what was never executed, so this does not."""

from __future__ import annotations

from pathlib import Path

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook, new_output

from cci.book import chapters as book_chapters
from cci.book import normalise, sources
from cci.book.parameters import check, declared
from cci.errors import CCIError

ROOT = Path(__file__).parents[1]
CHAPTERS = sorted((ROOT / "chapters").glob("*.ipynb"))


def uncompared(notebook: NotebookNode) -> list[str]:
    """Return why nbval would not compare each cell, or would compare it with a fault."""
    cells = list(normalise.code_cells(notebook))
    reasons = [
        f"cell {number} has count {cell.execution_count}"
        for number, cell in enumerate(cells, 1)
        if cell.execution_count != number
    ]
    for number, cell in enumerate(cells, 1):
        reasons += [
            f"cell {number} has the tag {tag}"
            for tag in normalise.tags(cell)
            if tag.startswith(("nbval-", "raises-", "skip-"))
        ]
        reasons += [
            f"cell {number} has an output {kind}"
            for kind in (output.get("name") or output.output_type for output in cell.outputs)
            if kind in ("stderr", "error")
        ]
    if not any(cell.outputs for cell in cells):
        reasons.append("no cell has an output")
    return reasons


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_every_code_cell_of_a_chapter_is_compared(path):
    assert uncompared(normalise.read(path)) == []


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_a_chapter_is_stored_in_its_normal_form(path):
    assert normalise.text(normalise.read(path)) == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_a_chapter_was_accepted_with_the_defaults_it_declares(path):
    notebook = normalise.read(path)
    stamp = notebook.metadata["cci"]
    assert stamp["chapter"] == path.stem
    assert stamp["parameters"] == check(declared(notebook, where=path.name), {})


def test_the_contents_list_every_page_once_and_no_other():
    listed = book_chapters.listed(ROOT)
    pages = {
        page.relative_to(ROOT).with_suffix("").as_posix()
        for page in (ROOT / "chapters").iterdir()
        if page.suffix in (".ipynb", ".md")
    }
    assert sorted(page for page in listed if page.startswith("chapters/")) == sorted(pages)


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ([new_code_cell("1")], "cell 1 has count None"),
        ([new_code_cell("1", execution_count=1)], "no cell has an output"),
        (
            [new_code_cell("1", execution_count=1, outputs=[new_output("stream", name="stderr", text="careful")])],
            "cell 1 has an output stderr",
        ),
        ([new_code_cell("1", execution_count=1, metadata={"tags": ["nbval-skip"]})], "cell 1 has the tag nbval-skip"),
    ],
)
def test_the_guard_sees_what_nbval_does_not(cells, reason):
    assert reason in uncompared(new_notebook(cells=cells))


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("x: " + "[" * 50_000, "nested too deep"),
        ("x: &a [*a]", "refers back"),
        ("x: 2021-13-45", "month must be in"),
        ("x: !!python/object/apply:os.system ['true']", "could not determine a constructor"),
        ("root: chapters/other", "root is given twice"),
        ("chapters: [{file: [a]}]", r"a file that is \['a'\]; give the name of a page"),
        ('chapters: [{file: "chapters/\\0"}]', "is no name of a page"),
    ],
)
def test_contents_that_cannot_be_read_are_refused_with_the_reason(tmp_path, line, reason):
    (tmp_path / "_toc.yml").write_text(f"root: index\n{line}\n")
    with pytest.raises(CCIError, match=f"^_toc.yml .*{reason}"):
        book_chapters.listed(tmp_path)


@pytest.mark.parametrize("text", ["", "- a", "sphinx: [a]", "sphinx:\n  config:\n"])
def test_settings_that_are_none_are_refused_where_they_are_missing(tmp_path, text):
    (tmp_path / "_config.yml").write_text(text)
    with pytest.raises(CCIError, match=r"^_config.yml: (_config.yml|sphinx|config) holds no settings"):
        sources.data(tmp_path)
