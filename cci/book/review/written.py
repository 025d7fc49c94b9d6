"""The two files of a review, and whether it is grave enough to fail."""

from __future__ import annotations

from pathlib import Path

from cci.book import whole
from cci.book.review.changes import Review
from cci.book.review.comment import comment
from cci.book.review.dossier import dossier, summary
from cci.book.review.severity import Severity

__all__ = ["OUT", "fails", "summary", "write"]

OUT = Path("_build/review")  # below the book's folder
PAGE, COMMENT = "dossier.html", "comment.md"


def write(review: Review, folder: Path) -> tuple[Path, Path]:
    """Write the page and the comment into a folder, and return where they are."""
    places = folder.absolute() / PAGE, folder.absolute() / COMMENT
    for place, text in zip(places, (dossier(review), comment(review)), strict=True):
        whole.write(text, place)
    return places


def fails(review: Review, threshold: str) -> bool:
    """Return whether a change is as grave as `threshold` (note, warning, error) or graver; for none nothing is."""
    return threshold != "none" and review.severity is not None and review.severity >= Severity[threshold]
