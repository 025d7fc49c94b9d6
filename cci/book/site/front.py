"""What the landing page shows: headline figures with the course of their series, and a card for every chapter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sphinx.environment import BuildEnvironment

from cci.audit.quotes import HEADLINES
from cci.book import normalise
from cci.book.site.outputs import BOXES, CHARTS
from cci.book.site.shelf import Row, Shelf
from cci.book.site.tracks import preferred, said
from cci.errors import UnknownName

WIDTH, HEIGHT = 120, 30  # of a sparkline, in pixels
_EDGE = 3.0


@dataclass(frozen=True)
class Spark:
    """A series without axes: its dots, for totals and levels the steps between them as a path, and both in words."""

    dots: tuple[tuple[float, float], ...]
    steps: str
    words: str


def headlines(shelf: Shelf, names: Iterable[str]) -> list[tuple[Row, Spark | None]]:
    """Return for each headline (an indicator of `audit.HEADLINES`) the statement to quote and its series.

    A row is that of `Shelf.headlines`; the series is a sparkline, where it can be one.
    A headline without a usable statement is left out. Raises UnknownName.
    """
    shown = []
    for name in names:
        if name not in HEADLINES:
            raise UnknownName("headline", name, HEADLINES)
        row = shelf.headlines.get(name)
        if row is not None:
            of_scope = [one for one in shelf.by_indicator[name] if one["scope"] == row["scope"]]
            shown.append((row, spark(preferred(shelf, of_scope))))
    return shown


def spark(rows: Sequence[Row]) -> Spark | None:
    """Return the sound, dated figures of a series as a sparkline; None where fewer than three days are known.

    Of amounts of a period only whole years are drawn: months beside years would look like a fall.
    """
    known = drawable(rows)
    days = [row["end"].toordinal() for row in known]
    if len(set(days)) < 3:
        return None
    values = [float(row["value"]) for row in known]
    dots = tuple(zip(_spread(days, WIDTH), (HEIGHT - y for y in _spread(values, HEIGHT)), strict=True))
    joined = all(row["dated"] for row in known)
    steps = "".join(f"M{x} {y}" if not number else f"H{x}V{y}" for number, (x, y) in enumerate(dots)) if joined else ""
    first, last = known[0], known[-1]
    words = f"{len(dots)} figures, from {first['words']} ({first['period']}) to {last['words']} ({last['period']})"
    return Spark(dots, steps, words)


def drawable(rows: Sequence[Row]) -> list[Row]:
    """Return the figures of a series that its sparkline draws."""
    return [row for row in said(rows) if row["value"] is not None and not _part_of_a_year(row)]


def _part_of_a_year(row: Row) -> bool:
    first, last = row["period_start"], row["period_end"]
    if row["measure"] != "flow" or first in {None, last}:
        return False
    return not (row["start"].is_year_start and row["end"].is_year_end)


def _spread(numbers: Sequence[float], size: int) -> list[float]:
    low, reach = min(numbers), (max(numbers) - min(numbers)) or 1
    return [round(_EDGE + (number - low) / reach * (size - 2 * _EDGE), 1) for number in numbers]


def chapters(env: BuildEnvironment) -> list[dict[str, Any]]:
    """Return a card per chapter in the order of the book: page, title in the menu, its heading, first finding, counts.

    Read from the published outputs; the page that shows the cards is read again when one of them changes.
    """
    book = env.external_site_map  # type: ignore[attr-defined]  # of sphinx-external-toc: _toc.yml, read
    cards = []
    for page in (str(item) for part in book.root.subtrees for item in part.items):
        path = Path(env.doc2path(page))
        if path.suffix == ".ipynb":
            env.note_dependency(str(path))
            cards.append({"page": page, "title": book[page].title or page, **shown(path)})
    return cards


def shown(path: Path) -> dict[str, Any]:
    """Return what a published chapter holds: `heading`, `first` and number of `findings`, number of `charts`, and the
    `observations` that the charts draw, in the order of the chapter."""
    cells = normalise.read(path).cells
    heading = next((line[2:] for cell in cells[:1] for line in cell.source.splitlines() if line.startswith("# ")), "")
    outputs = [output.get("data", {}) for cell in cells for output in cell.get("outputs", ())]
    findings = [item for data in outputs for item in data.get(BOXES, {}).get("items", ()) if "verdict" in item]
    charts = [data[mime] for data in outputs for mime in CHARTS if mime in data]
    return {
        "heading": heading,
        "first": findings[0] if findings else None,
        "findings": len(findings),
        "charts": len(charts),
        "observations": [
            name for chart in charts for name in chart.get("usermeta", {}).get("cci", {}).get("obs_ids", ())
        ],
    }
