"""What the findings of a page come to under the specifications that were run: for `findings.html`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from cci.book.stability import counted_words, kept, moved_by


def of_page(app: Sphinx) -> dict[str, Any] | None:
    """Return what was kept of the chapter being written, with words for each finding; None for one without.

    Keys: choices, specifications, findings as in the file, and by_statement: statement -> number and words. A finding
    is found by its statement, so that one that was changed since is shown without a count, never with a wrong one.
    """
    entry = kept(Path(app.srcdir)).get(Path(app.builder.current_docname).name)  # type: ignore[attr-defined]
    if not entry:
        return None
    said = {}
    for finding in entry["findings"]:
        moving = moved_by(entry, finding)
        words = counted_words(finding) + (f"; moved by {', '.join(moving)}" if moving else "")
        said[finding["statement"]] = {"number": finding["number"], "verdict": finding["verdict"], "words": words}
    return {**entry, "by_statement": said}
