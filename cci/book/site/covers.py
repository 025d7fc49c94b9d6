"""The cover of the book and a card for every chapter, drawn from the record: what a link to a page shows elsewhere.

A card has the size that social networks ask of an `og:image`. The cover is a dot for every quarter and field of the
record, the larger the more figures end in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cci.audit.quotes import HEADLINES
from cci.book import whole
from cci.book.site.canvas import broken, legal
from cci.book.site.citing import Imprint
from cci.book.site.figures import Press
from cci.book.site.front import Spark, drawable, headlines, spark
from cci.book.site.rendering import render, spaced
from cci.book.site.shelf import Row, Shelf
from cci.book.site.takeaway import png
from cci.book.site.tracks import preferred

CARD = (1200, 630)  # pixels
COVER = (1200, 1600)  # of the bound book: what shops of e-books ask for at least, at 3:4
FOLDER = "_cards"  # in the built site
_FONT = "'DejaVu Sans', Verdana, 'Noto Sans', 'Noto Sans CJK SC', sans-serif"
_INK, _QUIET = "#1c2733", "#5a6370"
_FIRST_YEAR = 2015  # the initiative began in its November


@dataclass(frozen=True)
class Line:
    """A line of words: where its letters stand, from the top, and how it is set."""

    text: str
    y: float
    size: float
    weight: int
    colour: str


def cover(shelf: Shelf, imprint: Imprint, title: str, *, size: tuple[int, int] = COVER) -> str:
    """Return the cover as an SVG of `size` pixels: title, the record as dots, and which edition it is."""
    width, height = size
    margin, tall = width / 15, height > width
    small = 28 if tall else 20
    subtitle = f"{shelf.count('observations'):,} published figures from {shelf.count('sources')} documents"
    head = [
        *_set(title, 84 if tall else 58, width - 2 * margin, 700, "#ffffff"),
        Line("", 0, small, 400, ""),
        *_set(subtitle, 38 if tall else 28, width - 2 * margin, 400, "#d5e6f5"),
    ]
    lines, y = _stacked(head, margin * (1.6 if tall else 0.6))
    edition = f"{imprint.book}, edition {imprint.version}: evidence to {shelf.edition['cut-off']}"
    lines.append(Line(legal(edition), round(height - margin * 0.7), small, 400, "#d5e6f5"))
    if tall:
        key = "A dot for every quarter: its area is the number of figures that end in it"
        lines.append(Line(key, round(height - margin * 1.3), small, 400, "#d5e6f5"))
    foot = height - margin * (2.6 if tall else 1.4)
    left, right = margin + small * 8, width - margin
    counted = _counted(shelf)
    last = max((quarter for _, quarter in counted), default=_FIRST_YEAR * 4)
    step = (right - left) / (last - _FIRST_YEAR * 4 + 1)
    band = (foot - small * 1.6 - y - small) / max(len(shelf.pillars), 1)
    most = max(counted.values(), default=1)
    rows = [
        {
            "name": spaced(pillar).capitalize(),
            "y": round(y + small + band * (number + 0.5), 1),
            "dots": [
                (round(left + step * (quarter - _FIRST_YEAR * 4 + 0.5), 1), round(_radius(n, most, min(band, 60)), 1))
                for (named, quarter), n in sorted(counted.items())
                if named == pillar
            ],
        }
        for number, pillar in enumerate(shelf.pillars)
    ]
    years = [
        (round(left + step * (4 * (year - _FIRST_YEAR) + 2), 1), year) for year in range(_FIRST_YEAR, last // 4 + 1, 2)
    ]
    return render("cover.svg", width=width, height=height, font=_FONT, title=legal(title), lines=lines, rows=rows,
                  years=years, margin=margin, size=small, foot=round(foot, 1))  # fmt: skip


def card(shelf: Shelf, imprint: Imprint, *, title: str, field: str, held: Mapping[str, Any]) -> str:
    """Return the card of a chapter as an SVG: its title, and a figure with its course.

    `held` is what its outputs hold (`front.shown`). The figure is the one to quote of the first headline that its
    charts draw and that has a course, else the last of the first series that has one, else that of a headline without.
    A chapter that draws no figure shows its first finding.
    """
    row, course = _figure(shelf, held["observations"])
    lines, _ = _stacked(_set(title, 52, 1072, 700, _INK), 112)
    if row is None and held["first"]:
        finding = f"{held['first']['verdict'].capitalize()}: {held['first']['statement']}"
        said = _set(finding, 28, 1072, 400, _QUIET)
        lines += _stacked(said, 592 - sum(line.size * 1.35 for line in said))[0]
    if row is not None:
        when = f"{'As of' if row['dated'] else 'For'} {row['period']}, grade {row['grade']}"
        below = [
            *_set(row["words"], 44, 560, 700, "#2b83c4"),
            *_set(f"{row['label']}: {row['scope_label']}", 24, 560, 400, _INK),
            *_set(when, 24, 560, 400, _QUIET),
        ]
        tall = sum(line.size * 1.35 for line in below)
        lines += _stacked(below, 592 - tall)[0]
    return render("card.svg", font=_FONT, title=legal(title), book=legal(imprint.book), field=legal(field),
                  lines=lines, spark=course)  # fmt: skip


def put(svg: str, name: str, press: Press) -> str:
    """Write a picture as PNG into the site and return its address from the top."""
    address = f"{FOLDER}/{name}.png"
    whole.write(png(svg, press, scale=1), Path(press.site, address), durable=False)
    return address


def _figure(shelf: Shelf, observations: Sequence[str]) -> tuple[Row | None, Spark | None]:
    named = [shelf.observations[obs_id] for obs_id in observations if obs_id in shelf.observations]
    quoted = headlines(shelf, dict.fromkeys(row["indicator"] for row in named if row["indicator"] in HEADLINES))
    for row, course in quoted:
        if course:
            return row, course
    for indicator, scope in dict.fromkeys((row["indicator"], row["scope"]) for row in named):
        series = preferred(shelf, [row for row in shelf.by_indicator[indicator] if row["scope"] == scope])
        course = spark(series)
        if course:
            return drawable(series)[-1], course
    return quoted[0] if quoted else (None, None)


def _counted(shelf: Shelf) -> Counter[tuple[str, int]]:
    """(pillar, quarter counted from the year 0) -> how many figures end in it."""
    dated = [
        row
        for row in shelf.observations.values()
        if row["period_end"] and row["end"].year >= _FIRST_YEAR and row["end"] <= shelf.cut_off
    ]
    return Counter((row["pillar"], row["end"].year * 4 + row["end"].quarter - 1) for row in dated)


def _radius(count: int, most: int, band: float) -> float:
    """Areas are as counts; one figure is a dot that can be seen."""
    return max(2.0, band * 0.62 * (count / most) ** 0.5)


def _set(text: str, size: float, room: float, weight: int, colour: str) -> list[Line]:
    lines = broken(legal(text), size, room, bold=weight > 400)
    return [Line(line, 0, size, weight, colour) for line in lines]


def _stacked(lines: Sequence[Line], top: float) -> tuple[list[Line], float]:
    placed = []
    for line in lines:
        top += line.size * 1.35
        if line.text:  # an empty one is a space between others
            placed.append(Line(line.text, round(top, 1), line.size, line.weight, line.colour))
    return placed, top
