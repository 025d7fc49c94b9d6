"""Rival statements of one quantity, and what follows from other figures against what was stated, as intervals."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from cci.charts import alt_text, sheet
from cci.charts.axes import Unit, axis_unit, ticks
from cci.charts.figures import TABLE, figures, hints, largest
from cci.charts.rows import Bar, Row, row_layers
from cci.record.wording import date_words

_SIDES = {"chinese": "Chinese side", "singaporean": "Singapore side"}
_NAMED_IN_ALT = 6
# What a row begins with. Of what is solved for, the line below says that it is implied.
_OUTCOMES = {"holds": ["Holds"], "breaks": ["Breaks"], "cannot_tell": ["Cannot be told"]}
# Of one relation, and of several.
_TOLD = {
    "holds": ("holds", "hold"),
    "breaks": ("breaks", "break"),
    "solves": ("is solved for", "are solved for"),
    "cannot_tell": ("cannot be told", "cannot be told"),
}
_OUTCOME_STYLES = {"holds": "figure", "breaks": "contested", "solves": "other", "cannot_tell": "other"}


def statements(frame: pd.DataFrame, *, title: str, preferred: str | None = None) -> alt.LayerChart:
    """Return rival statements of one quantity, one row each: the words, who said it when, and what they allow.

    `frame`: rows of observations (one unit), drawn in the order given; the colour is the side of the publisher.
    `preferred` is the obs_id of the figure this book would quote; it is drawn in ink and says so. Doubted figures are
    crosses. Rows without a finite value or bound stand in the table only. Raises CCIError.
    """
    rows = figures(frame)
    drawn = rows[rows[["value", "low", "high"]].abs().lt(math.inf).any(axis=1)]
    if drawn.empty:
        return sheet.nothing(rows, kind="statements", title=title, columns=TABLE)
    unit = axis_unit(drawn["unit"].iloc[0], largest(drawn))
    listed = [_statement(row, unit, preferred) for row in drawn.to_dict("records")]
    bars = [bar for row in listed for bar in row.bars]
    # A doubted figure, perhaps a slip of a power of ten, does not stretch the axis; it is an arrow at its edge.
    numbers = _axis([bar for bar in bars if bar.style != "contested"] or bars)
    layers, height = row_layers(listed, numbers, unit)
    told = drawn.to_dict("records")
    names = [f"{row['words']} ({row['publisher']}, {date_words(row.get('published'))})" for row in told]
    more = len(names) - _NAMED_IN_ALT
    chosen = [row["words"] for row in told if preferred and row.get("obs_id") == preferred]
    description = " ".join(
        [
            f"{alt_text.counting(len(names), 'statement')} of {alt_text.lowered(sheet.measured(rows))}, as intervals: "
            + "; ".join(names[:_NAMED_IN_ALT]) + (f"; and {more} more." if more > 0 else "."),
            alt_text.standing(drawn),
            *(f"Preferred: {words}." for words in chosen),
        ]
    )  # fmt: skip
    return sheet.finish(
        layers,
        rows,
        kind="statements",
        title=title,
        subtitle=sheet.subtitle(rows, unit.words),
        description=description,
        columns=TABLE,
        height=height,
    )


def compared(frame: pd.DataFrame, *, title: str) -> alt.LayerChart:
    """Return what follows from other figures against what was stated, one row per relation.

    `frame`: rows of `cci.audit.relations.evaluate`. The upper bar is computed, the lower one stated; a relation that
    breaks is in the colour of doubt and says so, one that is solved for has no lower bar. Relations of one unit stand
    on its axis; of several, each is drawn as a multiple of the middle of what was stated, and those that are solved
    for, or cannot be told, as words only.
    """
    columns = {"outcome": "Outcome", "note": "Relation", "message": "Result"}
    if frame.empty:
        return sheet.nothing(frame, kind="compared", title=title, columns=columns)
    known = frame.loc[frame["low"].notna() & frame["unit"].notna() & frame["unit"].ne(""), "unit"].unique()
    relative = len(known) > 1
    ends = frame[["low", "high", "stated_low", "stated_high"]].abs().stack()
    finite = ends[ends < math.inf]
    unit = Unit("times what was stated") if relative or finite.empty else axis_unit(known[0], float(finite.max()))
    listed = [_relation(row, unit, relative=relative) for row in frame.to_dict("records")]
    numbers = _axis([bar for row in listed for bar in row.bars] or [Bar(0, 1, "other")])
    layers, height = row_layers(listed, numbers, unit)
    solved_only = frame["stated_low"].isna().all()
    bars_told = (
        "Bar: what follows from other figures."
        if solved_only
        else "Upper bar: computed from other figures. Lower bar: stated."
    )
    counts = frame["outcome"].value_counts()
    parts = [
        f"{counts[outcome]} {one if counts[outcome] == 1 else several}"
        for outcome, (one, several) in _TOLD.items()
        if outcome in counts
    ]
    broken = [message.rstrip(".") for message in frame.loc[frame["outcome"] == "breaks", "message"]][:_NAMED_IN_ALT]
    description = (
        f"Computed against stated intervals of {alt_text.counting(len(frame), 'relation')}: {', '.join(parts)}."
        + (f" Broken: {'; '.join(broken)}." if broken else "")
    )
    return sheet.finish(
        layers,
        frame,
        kind="compared",
        title=title,
        subtitle=f"{bars_told} In {unit.words}.",
        description=description,
        columns=columns,
        height=height,
    )


def _statement(row: Mapping[str, Any], unit: Unit, preferred: str | None) -> Row:
    chosen = preferred is not None and row.get("obs_id") == preferred
    side = row.get("side") if isinstance(row.get("side"), str) else ""
    doubtful = row["standing"] == "doubtful"
    style = "contested" if doubtful else "preferred" if chosen else side if side in _SIDES else "other"
    said = [row["publisher"] or "source not stated", *([date_words(row["published"])] if "published" in row else [])]
    where = f" ({_SIDES[side]})" if side in _SIDES else ""
    when = [row["period"]] if row["period"] and row["period"] != date_words(None) else []
    notes = [*when, *(["preferred in this book"] if chosen else []), *([row["caution"]] if row["caution"] else [])]
    low, high, value = (row[end] / unit.divisor for end in ("low", "high", "value"))
    bar = Bar(low, high, style, value, row["mark"], hints=hints(row))
    return Row(" · ".join([row["words"], *notes]), ", ".join(said) + where, bars=[bar])


def _relation(row: Mapping[str, Any], unit: Unit, *, relative: bool) -> Row:
    stated = (row["stated_low"], row["stated_high"])
    scale = (stated[0] + stated[1]) / 2 if relative else unit.divisor
    bars: list[Bar] = []
    if pd.notna(row["low"]) and scale and math.isfinite(scale) and scale > 0:
        bars.append(_interval(row["low"] / scale, row["high"] / scale, _OUTCOME_STYLES[row["outcome"]]))
        if pd.notna(stated[0]):
            bars.append(_interval(stated[0] / scale, stated[1] / scale, "preferred"))
    note = row["note"] if isinstance(row.get("note"), str) else row["relation_id"]
    style = "doubt" if row["outcome"] == "breaks" else "strong"
    head = ": ".join([*_OUTCOMES.get(row["outcome"], ()), note.rstrip(".")])
    return Row(head, row["message"], bars=bars, head_style=style)


def _interval(low: float, high: float, style: str) -> Bar:
    """A bar with a tick in its middle, which keeps an interval of a hair's breadth in sight."""
    return Bar(low, high, style, (low + high) / 2, "tick exact")


def _axis(bars: Sequence[Bar]) -> list[float]:
    """Ticks around every finite end; from zero, unless all of them lie closer to each other than to zero."""
    ends = [end for bar in bars for end in (bar.low, bar.high, bar.value) if math.isfinite(end)]
    low, high = min(ends), max(ends)
    if any(math.isinf(bar.high) for bar in bars):
        high += (high - low) * 0.15 or abs(high) * 0.15
    return ticks(0.0 if 0 < low < high * 0.5 else low, high, 4)
