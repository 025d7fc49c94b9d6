"""All observations as one compact script, for the page on which a reader filters them.

A script, because a page opened from a folder may load one but may fetch nothing.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from cci.book import whole
from cci.book.site.asking import make
from cci.book.site.binding import shelf_of
from cci.book.site.figures import script_json
from cci.book.site.rendering import spaced
from cci.book.site.shelf import Row, Shelf
from cci.record.wording import date_words

DATA = "explore-data.js"  # under _static of the built site
_SCRIPT = Path(__file__).parent / "static" / "explore.js"
# One row of `figures`, in this order; the first three are positions in `indicators`, `scopes` and `sources`.
COLUMNS = ["indicator", "scope", "source", "obs_id", "words", "stated", "period", "year", "grade", "flag", "note"]


def table(shelf: Shelf, kinds: dict[str, str]) -> dict[str, Any]:
    """Return the observations, latest period first, and what they share, each said once.

    `kinds` names the kinds of sources in the order of a list. Keys: `indicators` (name, label, pillar), `scopes`
    (name, label), `sources` (publisher, date in words, kind, title, language), `kinds`, `pillars`, `flags` (name,
    words), and `figures`, a list each by COLUMNS. A figure's year is that in which its period ends, or null.
    """
    listed = sorted(shelf.observations.values(), key=lambda row: (row["period_end"] or "", row["obs_id"]), reverse=True)
    positions = {
        key: {name: n for n, name in enumerate(held)}
        for key, held in (("indicator", shelf.indicators), ("scope", shelf.scopes), ("source_id", shelf.sources))
    }
    flags = sorted({row["flag"] for row in listed if row["flag"]})
    return {
        "indicators": [[row["indicator"], row["label"], row["pillar"]] for row in shelf.indicators.values()],
        "scopes": [[row["scope"], row["label"]] for row in shelf.scopes.values()],
        "sources": [
            [row["publisher"], date_words(row["published"]), row["kind"], row["title"], row["language"]]
            for row in shelf.sources.values()
        ],
        "kinds": [[kind, name] for kind, name in kinds.items()],
        "pillars": [[name, spaced(name).capitalize()] for name in shelf.pillars],
        "flags": [[name, spaced(name)] for name in flags],
        "figures": [_figure(row, positions) for row in listed],
    }


def _figure(row: Row, positions: dict[str, dict[str, int]]) -> list[Any]:
    return [
        *(positions[key][row[key]] for key in ("indicator", "scope", "source_id")),
        row["obs_id"],
        row["words"],
        row["as_stated"],
        row["period"] if row["period_end"] else None,
        int(row["period_end"][:4]) if row["period_end"] else None,
        row["grade"],
        row["flag"],
        row["note"],
    ]


def script(shelf: Shelf, kinds: dict[str, str]) -> str:
    """Return the table as a script that hands it to explore.js."""
    return f"window.cciFigures={script_json(table(shelf, kinds))};\n"


def version(shelf: Shelf, kinds: dict[str, str]) -> str:
    """Return what tells one state of the data and of explore.js from another, so that no browser mixes two."""
    return hashlib.sha256((script(shelf, kinds) + _SCRIPT.read_text("utf-8")).encode()).hexdigest()[:8]


def write(app: Sphinx, kinds: dict[str, str]) -> None:
    """Write the data into the built site."""
    path = Path(app.outdir, "_static", DATA)
    make(app, DATA, path, lambda: whole.write(script(shelf_of(app), kinds), path, durable=False))
