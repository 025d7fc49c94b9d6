"""What a reader takes away of a chart: its rows as CSV and JSON, its picture with title and source as SVG and PNG."""

from __future__ import annotations

import hashlib
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from cci.book import whole
from cci.book.site.canvas import legal
from cci.book.site.rendering import render
from cci.book.site.shelf import Shelf
from cci.book.site.states import all_states
from cci.record.wording import date_words

if TYPE_CHECKING:
    from cci.book.site.figures import Drawing, Press

# The column that holds the identifier a cell of a table links to.
_NAMED = {
    "obs": "obs_id", "source": "source_id", "instrument": "instrument_id", "disagreement": "disagreement_id",
    "indicator": "indicator",
}  # fmt: skip
# What the record says of the one observation of a row, besides its words.
_OBSERVED = ("value", "value_high", "unit", "qualifier", "low", "high", "period_start", "period_end", "flag", "grade")
_NUMBER = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_MARGIN = 16
_INK, _QUIET, _PAGE = "#1c2733", "#5a6370", "#ffffff"  # text, muted and page of the charts' light theme
_PNG_SCALE = 2


@dataclass(frozen=True)
class Files:
    """Addresses from the top of the site; None for what a chart does not offer."""

    csv: str | None
    json: str | None
    svg: str
    png: str | None


@dataclass(frozen=True)
class _Line:
    text: str
    y: float
    size: float
    weight: int
    colour: str


def files(
    spec: Mapping[str, Any],
    drawing: Drawing,
    *,
    words: tuple[str, str],
    address: str,
    imprint: str,
    press: Press,
    shelf: Shelf,
    with_png: bool,
    with_rows: bool,
) -> Files:
    """Write what a chart offers into the site and return where it is.

    `words` are title and subtitle, `address` is the folder and name of the files without an ending, `imprint` the line
    that says which book the picture is from.
    """
    from cci.book.printed import as_csv, as_json  # the terminal's printing comes with it: only a build needs it

    meta = spec.get("usermeta", {}).get("cci", {})
    svg = sheet((press.site / drawing.address).read_text("utf-8"), drawing, meta=meta, words=words, imprint=imprint,
                description=str(spec.get("description") or words[0]))  # fmt: skip
    whole.write(svg, press.site / f"{address}.svg", durable=False)
    if with_png:
        whole.write(png(svg, press), press.site / f"{address}.png", durable=False)
    offered = with_rows and bool(meta.get("table"))
    if offered:
        frame = rows(spec, shelf)
        whole.write(as_csv(frame), press.site / f"{address}.csv", durable=False)
        whole.write(as_json(frame), press.site / f"{address}.json", durable=False)
    return Files(
        csv=f"{address}.csv" if offered else None,
        json=f"{address}.json" if offered else None,
        svg=f"{address}.svg",
        png=f"{address}.png" if with_png else None,
    )


def rows(spec: Mapping[str, Any], shelf: Shelf) -> pd.DataFrame:
    """Return the table of a chart as a frame: its columns, the identifiers behind its cells, what the record holds.

    The columns of one observation (`_OBSERVED`) are there where every row links to exactly one. A chart with controls
    gives the rows of all its states.
    """
    states = all_states(spec)
    if states is not None:
        headings, listed = states
        return pd.DataFrame([[_number(value) for value in row] for row in listed], columns=headings)
    table = spec["usermeta"]["cci"]["table"]
    named = [{kind: list(_names(row, kind)) for kind in _NAMED} for row in table["rows"]]
    kinds = [kind for kind in _NAMED if any(names[kind] for names in named)]
    known = [shelf.observations.get(names["obs"][0]) if len(names["obs"]) == 1 else None for names in named]
    observed = bool(known) and all(known)
    headings = [column["label"] for column in table["columns"]] + [_NAMED[kind] for kind in kinds]
    listed = [
        [
            *(_number(cell["text"] if isinstance(cell, dict) else cell) for cell in row),
            *(names[kind] for kind in kinds),
            *([observation[column] for column in _OBSERVED] if observed and observation else []),
        ]
        for row, names, observation in zip(table["rows"], named, known, strict=True)
    ]
    return pd.DataFrame(listed, columns=[*headings, *(_OBSERVED if observed else ())])


def sheet(
    drawn: str,
    drawing: Drawing,
    *,
    meta: Mapping[str, Any],
    words: tuple[str, str],
    imprint: str,
    description: str,
) -> str:
    """Return a drawing as an SVG that can stand alone: title and subtitle above it, source, date and book below it."""
    title, subtitle = words
    day = f" As of {date_words(meta['as_of'])}." if meta.get("as_of") else ""
    above = [
        *(_set("Scenario, not observation", 60, 12, 700, "#6e2d8b") if meta.get("scenario") else ()),
        *_set(title, 74, 17, 700, _INK),
        *_set(subtitle, 104, 13, 400, _QUIET),
    ]
    below = [*_set(f"{meta.get('source_line') or ''}{day}", 112, 12, 400, _QUIET), *_set(imprint, 112, 12, 400, _QUIET)]
    lines, y = _stacked(above, _MARGIN)
    top = y + 10
    feet, y = _stacked(below, top + drawing.height + 8)
    inner = drawn.replace("<svg ", f'<svg x="{_MARGIN}" y="{top:g}" ', 1)
    return render(
        "sheet.svg",
        width=drawing.width + 2 * _MARGIN,
        height=round(y + _MARGIN),
        margin=_MARGIN,
        font="system-ui, 'Segoe UI', Roboto, Arial, 'Noto Sans', 'Noto Sans CJK SC', sans-serif",
        title=legal(title),
        description=legal(description),
        page=_PAGE,
        lines=[*lines, *feet],
        drawing=inner,
    )


def _set(text: str, width: int, size: float, weight: int, colour: str) -> Iterator[_Line]:
    """A text in lines of so many characters, not yet placed."""
    for line in textwrap.wrap(legal(text), width):
        yield _Line(line, 0, size, weight, colour)


def _stacked(lines: Sequence[_Line], top: float) -> tuple[list[_Line], float]:
    """The lines one under the other, and where the last one ends."""
    placed = []
    for line in lines:
        top += line.size * 1.35
        placed.append(_Line(line.text, round(top, 1), line.size, line.weight, line.colour))
    return placed, top


def png(svg: str, press: Press, *, scale: float = _PNG_SCALE) -> bytes:
    """Return a picture as PNG, at twice its size unless told; one drawn before is taken from the cache."""
    kept: Path = press.cache / "png" / f"{hashlib.sha256(f'{scale} {svg}'.encode()).hexdigest()[:16]}.png"
    if not kept.is_file():
        import oxipng  # only when a chart is new

        drawn = press.engine.svg_to_png(svg, scale=scale)
        whole.write(oxipng.optimize_from_memory(drawn, level=1), kept, durable=False)  # a seventh, the same pixels
    return kept.read_bytes()


def _names(row: Sequence[Any], kind: str) -> Iterator[str]:
    return (cell[kind] for cell in row if isinstance(cell, dict) and kind in cell)


def _number(value: Any) -> Any:
    """A cell without the commas between thousands, as a number where it is one."""
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        bare = value.replace(",", "")
        return float(bare) if "." in bare else int(bare)
    return value
