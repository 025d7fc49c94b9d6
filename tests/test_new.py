"""A chapter that `cci new` begins runs, is accepted and passes every gate before a word of it is written."""

from __future__ import annotations

import pytest
import test_chapters
import test_shape
from typer.testing import CliRunner

from cci.book import accept, chapters, normalise, numerals
from cci.book.new import SETUP, new
from cci.book.run import run
from cci.book.stability import specifications
from cci.cli import app
from cci.errors import CCIError, ParameterError

TOC = """\
# The order of the pages.
format: jb-book
root: chapters/index
parts:
  - caption: Chapters
    chapters:
      - file: chapters/first # the first
        title: The first
      - file: chapters/second
        title: The second
  - caption: Reference
    chapters:
      - file: chapters/words
"""
GATES = [
    gate
    for module in (test_shape, test_chapters)
    for name, gate in vars(module).items()
    if name.startswith("test_") and gate.__code__.co_varnames[: gate.__code__.co_argcount] in {("chapter",), ("path",)}
]


@pytest.fixture
def parted(book):
    """The small book in parts, with a page of words and declared specifications."""
    (book.root / "_toc.yml").write_text(TOC, encoding="utf-8")
    (book.chapters / "words.md").write_text("# Words\n", encoding="utf-8")
    (book.root / "specifications.yml").write_text("# Why.\nfirst:\n  since: {values: [2014, 2015], why: x}\n", "utf-8")
    return book


def test_a_new_chapter_runs_is_accepted_and_passes_the_gates_of_every_chapter(parted):
    path, *_ = new("dry-ports", title="The ports are counted, their traffic is not")
    (made,) = run(["dry-ports"])
    assert accept.accept([made])[0].written
    chapter = normalise.read(path)
    assert len(GATES) >= 9
    for gate in GATES:
        gate(path if "path" in gate.__code__.co_varnames else chapter)
    assert numerals.in_notebook(chapter, file=path.name) == []
    assert chapter.cells[0].source.startswith("# The ports are counted, their traffic is not\n")
    assert [*specifications(parted.root)] == ["first", "dry-ports"]


def test_the_chapter_is_listed_after_the_last_one_and_nothing_else_changes(parted):
    done = CliRunner().invoke(app, ["new", "dry-ports"])
    assert (done.exit_code, done.stdout.splitlines()[:3]) == (
        0,
        ["chapters/dry-ports.ipynb", "specifications.yml", "_toc.yml"],
    )
    assert "next: cci serve" in done.stdout
    assert (parted.root / "_toc.yml").read_text(encoding="utf-8") == TOC.replace(
        "        title: The second\n",
        "        title: The second\n      - file: chapters/dry-ports\n        title: Dry ports\n",
    )
    assert chapters.names(parted.root) == ["first", "second", "dry-ports"]


def test_the_set_up_of_the_template_is_that_of_every_chapter():
    assert [line for line in SETUP.splitlines() if line][:4] == test_shape.SETUP
    published = [normalise.read(path) for path in test_shape.CHAPTERS]
    assert all(list(normalise.code_cells(chapter))[1].source.startswith(SETUP[:-1]) for chapter in published)


@pytest.mark.parametrize("name", ["Ports", "dry ports", "../up", "-ports", "ports-", "dry--ports", "1st", "", "p" * 41])
def test_a_name_that_is_no_word_of_an_address_is_refused(parted, name):
    refuses(parted, "names no chapter", name)


@pytest.mark.parametrize("name", ["first", "words", "index"])
def test_a_name_that_a_page_has_is_refused(parted, name):
    refuses(parted, "has a page", name)


@pytest.mark.parametrize("title", ["", "  ", "Two\nlines", "All 347 projects"])
def test_a_title_that_no_page_could_have_is_refused(parted, title):
    refuses(parted, "title", "ports", title)


def test_a_table_of_contents_that_is_written_in_another_way_is_left_alone(parted):
    (parted.root / "_toc.yml").write_text(
        "{format: jb-book, root: chapters/index, chapters: [{file: chapters/first}]}\n", encoding="utf-8"
    )
    with pytest.raises(CCIError, match="lists no chapter as"):
        new("ports")
    assert not (parted.chapters / "ports.ipynb").exists()


def refuses(book, said, name, title=None):
    before = book.bytes(), (book.root / "_toc.yml").read_bytes(), (book.root / "specifications.yml").read_bytes()
    with pytest.raises(ParameterError, match=said):
        new(name, title=title)
    assert before == (
        book.bytes(),
        (book.root / "_toc.yml").read_bytes(),
        (book.root / "specifications.yml").read_bytes(),
    )
