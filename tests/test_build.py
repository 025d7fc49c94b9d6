"""The site is the new one, whole and without a warning, or the last good one."""

from __future__ import annotations

import pytest

from cci.book import build as building
from cci.book.build import build
from cci.errors import SiteIncomplete


@pytest.fixture
def sphinx(book, monkeypatch):
    """A book whose jupyter-book writes what `index.md` says, and fails where it warns; notes how it was called."""
    calls = []

    def write(sources, aside, everything):
        calls.append(everything)
        made = aside / "_build" / "html"
        made.mkdir(parents=True, exist_ok=True)
        said = (sources / "chapters" / "index.md").read_text()
        (made / "index.html").write_text(said)
        return "warning" not in said

    (book.root / "_config.yml").write_text("title: A book\n")
    monkeypatch.setattr(building, "jupyter_book", write)
    book.calls = calls
    return book


def text(book, words):
    (book.chapters / "index.md").write_text(words)


def test_a_site_is_made_aside_and_put_in_place(sphinx):
    text(sphinx, "one")
    site = build(sphinx.root)
    assert site == sphinx.root / "_build" / "html"
    assert (site / "index.html").read_text() == "one"


def test_a_warning_leaves_the_last_good_site_and_the_next_build_trusts_nothing_of_it(sphinx):
    text(sphinx, "one")
    site = build(sphinx.root)
    text(sphinx, "a warning")
    for _ in range(2):  # Sphinx would not warn again of a page that it does not read again
        with pytest.raises(SiteIncomplete, match=r"is the last good site$"):
            build(sphinx.root)
        assert (site / "index.html").read_text() == "one"
    text(sphinx, "two")
    assert (build(sphinx.root) / "index.html").read_text() == "two"
    assert sphinx.calls == [True, False, True, True]


def test_a_build_killed_while_it_clears_away_leaves_nothing_that_the_next_trusts(sphinx, monkeypatch):
    build(sphinx.root)

    class Killed(BaseException):
        pass

    def killed(*_, **__):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(building.shutil, "rmtree", killed)
        with pytest.raises(Killed):
            build(sphinx.root, everything=True)
    build(sphinx.root)
    assert sphinx.calls == [True, True]


def test_only_what_changed_is_built_until_code_or_settings_change(sphinx):
    text(sphinx, "one")
    build(sphinx.root)
    text(sphinx, "two")
    build(sphinx.root)
    build(sphinx.root, everything=True)
    (sphinx.root / "_config.yml").write_text("title: Another book\n")
    build(sphinx.root)
    text(sphinx, "three")
    build(sphinx.root)
    assert sphinx.calls == [True, False, True, True, False]


def test_where_nothing_changed_nothing_is_built(sphinx):
    text(sphinx, "one")
    for _ in range(2):
        site = build(sphinx.root)
    assert sphinx.calls == [True]
    (sphinx.root / "data").mkdir()
    (sphinx.root / "data" / "rows.csv").write_text("any file of the book may be shown")
    build(sphinx.root)
    assert sphinx.calls == [True, False]
    (site / "index.html").write_text("changed by somebody else")
    assert (build(sphinx.root) / "index.html").read_text() == "one"


def test_a_new_title_is_carried_into_every_page_and_other_words_are_not(sphinx):
    for words in ("# One\n\nWords.", "# One\n\nOther words.", "# Two\n\nOther words."):
        text(sphinx, words)
        build(sphinx.root)
    assert sphinx.calls == [True, False, True]


def test_pages_that_the_book_no_longer_has_are_gone_after_a_whole_build(sphinx):
    build(sphinx.root)
    stray = sphinx.root / "_build" / "aside" / "_build" / "html" / "stray.html"
    stray.write_text("of a page removed since")
    site = build(sphinx.root, everything=True)
    assert not (site / "stray.html").exists()
