"""One row per statement, category or relation: its words above its bar, so that long names fit a phone.

The vertical scale is in pixels from the top, which lets a row be as high as its words need.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import altair as alt

from cci.charts.axes import PLAIN_NUMBER, Unit
from cci.charts.figures import TOOLTIP, rounded, shapes
from cci.charts.sheet import inline

HEAD_WIDTH = 44  # characters of the bold line that fit 330 pixels
QUIET_WIDTH = 54
_LINE = 15
_BAR = 16
_SPACE = 10


@dataclass(frozen=True)
class Bar:
    """An interval to draw in a row, in the unit of the axis; infinite ends run to the edge of the picture."""

    low: float
    high: float
    style: str
    value: float = math.nan
    mark: str = ""
    from_zero: bool = False
    hollow: bool = False
    hints: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    """A row: a bold line, a value at its right end, quiet lines below, then its bars, one under the other."""

    head: str
    quiet: str = ""
    right: str = ""
    bars: Sequence[Bar] = ()
    head_style: str = "strong"


def row_layers(rows: Sequence[Row], numbers: Sequence[float], unit: Unit) -> tuple[list[alt.Chart], int]:
    """Return the layers that draw the rows along an axis with these ticks, and their height in pixels."""
    low, high = numbers[0], numbers[-1]
    texts: dict[str, list[dict[str, Any]]] = {}
    bars: list[dict[str, Any]] = []
    top = 0
    for row in rows:
        # A long value stands on a line of its own, below the name it would squeeze.
        beside = len(row.right) <= HEAD_WIDTH // 2
        heads = textwrap.wrap(row.head, HEAD_WIDTH - (len(row.right) + 2 if row.right and beside else 0)) or [""]
        quiet = textwrap.wrap(row.quiet, QUIET_WIDTH)
        texts.setdefault(row.head_style, []).append({"y": top + 8, "words": heads})
        if row.right:
            below = 0 if beside else _LINE * len(heads)
            texts.setdefault("right", []).append({"y": top + 8 + below, "words": row.right})
        top += 0 if beside else _LINE
        if quiet:
            texts.setdefault("quiet", []).append({"y": top + 8 + _LINE * len(heads), "words": quiet})
        top += _LINE * (len(heads) + len(quiet))
        for bar in row.bars:
            bars.append(_placed(bar, top + _BAR / 2 + 1, low, high))
            top += _BAR
        top += _SPACE
    y = alt.Y("y:Q", scale=alt.Scale(domain=[0, top], reverse=True, nice=False, zero=False), axis=None)
    axis = alt.Axis(
        values=list(numbers), labelExpr=PLAIN_NUMBER, title=unit.words, titleAnchor="start", labelFlush=True, grid=True
    )
    x = alt.X("low:Q", scale=alt.Scale(domain=[low, high], nice=False, zero=False), axis=axis)
    return [*_bar_layers(bars, x, y), *_text_layers(texts, y)], top


def _placed(bar: Bar, y: float, low: float, high: float) -> dict[str, Any]:
    start, end = max(bar.low, low), min(bar.high, high)
    return {
        "y": y,
        "low": rounded(min(start, high)),
        "high": rounded(max(end, low)),
        "zero": 0 if bar.from_zero else None,
        "value": rounded(bar.value) if low <= bar.value <= high else None,
        "mark": bar.mark,
        "style": bar.style,
        "hollow": bar.hollow,
        "open": "triangle-right" if bar.high > high * (1 + 1e-9) else "triangle-left" if bar.low < low else None,
        "edge": rounded(high if bar.high > high else low),
        **bar.hints,
    }


def _bar_layers(bars: Sequence[Mapping[str, Any]], x: alt.X, y: alt.Y) -> Iterator[alt.Chart]:
    """Bars from zero, bars over what the wording allows, arrows at open edges, marks at printed values."""
    path = shapes("right")
    marks = sorted({bar["mark"] for bar in bars if bar["mark"]} - {"dot exact"})
    shape = alt.Shape("mark:N", scale=alt.Scale(domain=marks, range=[path[mark] for mark in marks]), legend=None)
    value = x.copy()
    value["shorthand"] = "value:Q"
    for style in dict.fromkeys(bar["style"] for bar in bars):
        own = [bar for bar in bars if bar["style"] == style]

        def chart(
            name: str, chosen: Sequence[Mapping[str, Any]], columns: Sequence[str], style: str = style
        ) -> alt.Chart:
            kept = (*columns, "y", "words", "period", "stated", "publisher", "caution")
            rows = [{key: bar[key] for key in kept if key in bar} for bar in chosen]
            return alt.Chart(inline(f"{name} {style}", rows)).encode(y=y, **_pointed(rows))

        solid = [bar for bar in own if bar["zero"] is not None and bar["value"] is not None]
        for hollow in (False, True):
            drawn = [bar for bar in solid if bar["hollow"] == hollow]
            if drawn:
                base = chart(f"{'hollow' if hollow else 'solid'} bars", drawn, ["value"])
                base = base.encode(x=value, x2=alt.X2Datum(0))
                yield base.mark_bar(style=style, filled=not hollow, size=9, opacity=1 if hollow else 0.8)
        spans = [bar for bar in own if bar["low"] is not None and bar["high"] is not None and bar["low"] != bar["high"]]
        if spans:
            base = chart("intervals", spans, ["low", "high"]).encode(x=x, x2=alt.X2("high:Q"))
            yield base.mark_rule(style=style, strokeWidth=8, opacity=0.32)
            # A thin line in the same place keeps a narrow or pale interval visible.
            yield base.mark_rule(style=style, strokeWidth=1.6)
        opened = [bar for bar in own if bar["open"]]
        for direction in dict.fromkeys(bar["open"] for bar in opened):
            rows = [bar for bar in opened if bar["open"] == direction]
            edge = x.copy()
            edge["shorthand"] = "edge:Q"
            yield (
                chart(f"open {direction}", rows, ["edge"])
                .encode(x=edge)
                .mark_point(style=style, shape=direction, filled=True, size=60, opacity=1)
            )
        dots = [bar for bar in own if bar["value"] is not None and bar["mark"] == "dot exact" and bar["zero"] is None]
        if dots:
            yield (
                chart("dots", dots, ["value"]).encode(x=value).mark_point(style=style, filled=True, size=44, opacity=1)
            )
        outlines = [bar for bar in own if bar["value"] is not None and bar["mark"] in marks]
        if outlines:
            base = chart("outlines", outlines, ["value", "mark"]).encode(x=value, shape=shape)
            yield base.mark_point(style=style, filled=False, size=46, strokeWidth=1.8, opacity=1)


def _pointed(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {"tooltip": TOOLTIP} if rows and "words" in rows[0] else {}


def _text_layers(texts: Mapping[str, Sequence[Mapping[str, Any]]], y: alt.Y) -> Iterator[alt.Chart]:
    for style, rows in texts.items():
        right = style == "right"
        yield (
            alt.Chart(inline(f"words {style}", rows))
            .mark_text(
                style="strong" if right else style,
                align="right" if right else "left",
                baseline="middle",
                lineHeight=_LINE,
            )
            .encode(x=alt.XValue("width" if right else 0), y=y, text=alt.Text("words:N"))
        )
