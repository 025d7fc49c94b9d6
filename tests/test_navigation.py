"""The navigation beside a page names the whole book where it is small, and the pages near by where it is large."""

import re
import sys
from pathlib import Path

from test_site import build, write_book

import cci
from cci.book.site.navigation import NEAR, WHOLE, near

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))
import synthetic


def test_the_pages_near_by_are_named_in_the_order_of_the_book():
    names = [f"page-{n}" for n in range(3 * NEAR)]
    pages = {
        name: ["index", before, after]
        for before, name, after in zip([None, *names], names, [*names[1:], None], strict=False)
    }
    assert near(pages, "page-15") == names[15 - NEAR : 15 + NEAR + 1]
    assert near(pages, "page-0") == names[: NEAR + 1]
    assert near(pages, names[-1]) == names[-NEAR - 1 :]
    assert near(pages, "search") == []


def links(page):
    """What the navigation of a built page leads to, as (address, words)."""
    text = page.read_text("utf-8")
    (navigation,) = re.findall(r'<nav class="bd-links bd-docs-nav".*?</nav>', text, re.DOTALL)
    return [(to, words.strip()) for to, words in re.findall(r'href="([^"]*)">\s*([^<]*)', navigation)]


def test_a_large_book_names_all_its_pages_beside_the_first_and_those_near_by_elsewhere(tmp_path):
    pages = {"index.md": "# A book\n"} | {f"page-{n}.md": f"# Page {n} & more\n" for n in range(WHOLE)}
    synthetic.record(cci.DEFAULT, tmp_path / "data", 100, indicators=10)  # few evidence pages
    write_book(tmp_path / "book", pages, chapters=(), data=tmp_path / "data")
    status, said = build(tmp_path / "book", "-W", "--all")
    assert status == 0, said
    html = tmp_path / "book" / "_build" / "html"
    assert len(links(html / "index.html")) == WHOLE
    first, *near_by = links(html / "page-20.html")
    assert first == ("index.html", f"All {WHOLE + 1} pages")
    assert len(near_by) == 2 * NEAR + 1
    assert near_by[NEAR] == ("#", "Page 20 &amp; more")
    evidence = next(path for path in (html / "evidence").glob("*.html") if path.with_suffix(".csv").is_file())
    assert links(evidence) == [("../index.html", f"All {WHOLE + 1} pages")]
