"""Amounts by category as bars from zero, one row each, with what their wording allows."""

from __future__ import annotations

import math

import altair as alt
import pandas as pd

from cci.charts import alt_text, sheet
from cci.charts.axes import axis_unit, ticks
from cci.charts.cells import plain
from cci.charts.figures import TABLE, figures, hints, largest
from cci.charts.rows import Bar, Row, row_layers

_NAMED_IN_ALT = 8


def amounts(
    frame: pd.DataFrame, *, title: str, category: str, value: str = "value", unit: str | None = None
) -> alt.LayerChart:
    """Return one bar per row, from zero, in the order given, with the name in column `category` above it.

    `frame`: rows of observations, or computed rows. `value` names the column of numbers; `low` and `high`, where
    present, bound them; the unit is that of the column `unit` or the argument, for computed rows ("figures",
    "sources"). Forecasts and targets are hollow, doubted figures crossed. A row without a number keeps its name and
    says "not known". Raises CCIError for rows in several units.
    """
    named = frame.assign(value=frame[value].to_numpy(), **({"unit": unit} if unit else {}))
    rows = figures(named)
    columns = {category: category.removesuffix("_label").replace("_", " ").capitalize()} | {
        key: label for key, label in TABLE.items() if key != category and (key != "period" or "end" in frame)
    }
    drawn = rows[rows[["value", "low", "high"]].abs().lt(math.inf).any(axis=1)]
    if drawn.empty:
        return sheet.nothing(rows, kind="amounts", title=title, columns=columns)
    axis = axis_unit(drawn["unit"].iloc[0], largest(drawn))
    scaled = rows.assign(**{end: rows[end] / axis.divisor for end in ("value", "low", "high")})
    listed = []
    before = None
    for row in scaled.to_dict("records"):
        name = _named(row[category])
        style = "contested" if row["standing"] == "doubtful" else "figure"
        hollow = row["standing"] != "stated"
        known = any(math.isfinite(row[end]) for end in ("value", "low", "high"))
        bar = Bar(
            row["low"], row["high"], style, row["value"], row["mark"], from_zero=True, hollow=hollow, hints=hints(row)
        )
        listed.append(
            Row(
                "" if name == before else name,
                right=row["words"] if known else "not known",
                bars=[bar] if known else [],
            )
        )
        before = name
    ends = scaled[["value", "low", "high"]].stack()
    ends = ends[ends.abs() < math.inf]
    numbers = ticks(min(0.0, float(ends.min())), float(ends.max()), 4)
    layers, height = row_layers(listed, numbers, axis)
    said = [f"{_named(row[category])} {row['words'] or 'not known'}" for row in rows.to_dict("records")]
    more = len(said) - _NAMED_IN_ALT
    quantity = alt_text.lowered(sheet.quantity_in(sheet.measured(rows), axis.words))
    rest = f"; and {more} more." if more > 0 else "."
    description = f"Bars of {quantity} by {columns[category].lower()}: {'; '.join(said[:_NAMED_IN_ALT])}{rest}"
    description += f" {alt_text.standing(rows)}" if "obs_id" in rows else ""
    return sheet.finish(
        layers,
        rows,
        kind="amounts",
        title=title,
        subtitle=sheet.subtitle(rows, axis.words),
        description=description,
        columns=columns,
        height=height,
    )


def _named(value: object) -> str:
    """A category as a reader reads it: a name of the record (state_media) without its underscores."""
    text = plain(value)
    return text if " " in text else text.replace("_", " ")
