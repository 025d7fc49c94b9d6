"""Printing: an outline, numbered pages, drawings that stay drawings."""

import re
import subprocess
import sys

DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="90"><path d="M0 0L200 90" stroke="#000"/></svg>'


def printed(folder, body):
    """Print a page; return what the program did and the bytes of the PDF. In a process of its own: a test already
    drives a browser in this one."""
    (folder / "drawing.svg").write_text(DRAWING, "utf-8")
    (folder / "page.html").write_text(f"<!doctype html><html lang=en><title>T</title><body>{body}", "utf-8")
    command = [sys.executable, "-m", "cci.book.paper", str(folder / "page.html"), str(folder / "out" / "book.pdf")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    made = folder / "out" / "book.pdf"
    return done, made.read_bytes() if made.is_file() else b""


def test_the_book_is_printed_with_an_outline_tags_and_vector_drawings(tmp_path):
    body = "<h1>One</h1><img src=drawing.svg alt=Line><h2 style='break-before: page'>Two</h2><p>End."
    done, made = printed(tmp_path, body)
    assert done.returncode == 0, done.stderr
    assert len(re.findall(rb"/Type /Page\b", made)) == 2
    assert b"/Outlines" in made
    assert re.search(rb"/Title \(One\)", made)
    assert re.search(rb"/Title \(Two\)", made)
    assert b"/StructTreeRoot" in made
    assert b"/Subtype /Image" not in made


def test_a_missing_picture_stops_the_printing(tmp_path):
    done, made = printed(tmp_path, "<h1>One</h1><img src=gone.svg alt=Gone>")
    assert done.returncode != 0
    assert "gone.svg" in done.stderr
    assert made == b""
