"""The book bound in one piece, where it has been made: offered by the site only if it is there."""

from __future__ import annotations

import shutil
from pathlib import Path

from sphinx.application import Sphinx

from cci.book.build import FORMATS

NAME = "cci-evidence-book"
# What scripts/formats makes, and how a reader calls it.
KINDS = {"pdf": "PDF", "epub": "EPUB"}
FOLDER = "formats"  # in the built site


def made(app: Sphinx) -> Path:
    """The folder in which scripts/formats leaves the bound book, wherever the site is made."""
    return Path(app.srcdir, FORMATS)


def ship(app: Sphinx) -> None:
    """Copy what has been made into the site, and remove from it what is no longer there."""
    target = Path(app.outdir, FOLDER)
    shutil.rmtree(target, ignore_errors=True)
    for suffix in KINDS:
        path = made(app) / f"{NAME}.{suffix}"
        if path.is_file():
            target.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, target)
