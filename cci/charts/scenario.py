"""What a model computes: dashed, hollow and in a colour of its own, so that nobody takes it for an observation."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from cci.charts import alt_text, sheet
from cci.charts.axes import PLAIN_NUMBER, Unit, ticks, value_axis
from cci.charts.cells import plain
from cci.charts.controls import controls_of, default_state, parameters, switched, told
from cci.charts.end_labels import EndLabel, Plot, end_labels
from cci.charts.figures import listed, rounded
from cci.charts.rows import Bar, Row, row_layers
from cci.errors import CCIError

_HEIGHT = 260
# Never a solid line: solid is for what was observed.
_DASHES = ([6, 3], [2, 2], [10, 3, 2, 3], [1, 3], [14, 4])
_NAMED_IN_ALT = 6


def scenario(
    frame: pd.DataFrame,
    *,
    title: str,
    x: str,
    y: str,
    by: str | None = None,
    band: tuple[str, str] | None = None,
    names: Mapping[str, str] | None = None,
    controls: Mapping[str, Any] | None = None,
) -> alt.LayerChart:
    """Return the results of a model, marked as a scenario in every way a reader can see.

    With numbers in column `y`: dashed curves of `y` over `x`, one per value of `by` (at most five), with a pale band
    between the two columns of `band`. With names in column `y`: one row each, a hollow mark at `x` on the bar of
    `band`. `names` gives the columns in words with their units, for axes and table ("Value of time, US$ a day").
    Rows without a finite number are left out of the picture.

    `controls` names columns that the reader may change on the page, with their defaults. The frame then holds every
    combination of their values; axes span all of them, and picture, alt text and table show the defaults where no
    script runs. Raises CCIError.
    """
    chosen = [column for column in (by, y, x, *(band or ())) if column]
    missing = [column for column in chosen if column not in frame]
    if missing:
        raise CCIError(
            f"A scenario needs the columns {listed(missing)}; the frame has {listed(map(str, frame.columns))}."
        )
    words = {column: (names or {}).get(column, column.replace("_", " ")) for column in chosen}
    in_rows = not pd.api.types.is_numeric_dtype(frame[y])
    measure = words[x] if in_rows else words[y]
    numbers = [x, *(band or ())] if in_rows else [x, y, *(band or ())]
    drawn = frame[frame[numbers].astype("float64").abs().lt(math.inf).all(axis=1)]
    if drawn.empty:
        return sheet.nothing(frame, kind="scenario", title=title, columns=words)
    handles = controls_of(drawn, controls or {}, names or {})
    first = default_state(drawn, handles)
    if in_rows:
        marks = ticks(*_reach(drawn[numbers]), 4)
        layers, data = switched(drawn, handles, lambda state: _rows(state, x, y, band, marks, Unit(measure))[0])
        height = _rows(first, x, y, band, marks, Unit(measure))[1]
        said = [f"{plain(row[y])} {_with_band(row, x, band)}" for row in first.to_dict("records")]
    else:
        layers, data = switched(drawn, handles, lambda state: _curves(state, drawn, x, y, by, band, words))
        height = _HEIGHT
        said = [_curve_told(name, rows, x, y) for name, rows in _by_curve(first, by)]
    more = len(said) - _NAMED_IN_ALT
    across = alt_text.lowered(words[y] if in_rows else words[x])
    at = told(handles, [handle.default for handle in handles])
    description = (
        f"Scenario, computed by a model: {alt_text.lowered(measure)} by {across}{f', at {at}' if at else ''}. "
    )
    description += "; ".join(said[:_NAMED_IN_ALT]) + (f"; and {more} more." if more > 0 else ".")
    return sheet.finish(
        layers,
        frame,
        kind="scenario",
        title=title,
        subtitle=f"Scenario, not observation. {measure[:1].upper()}{measure[1:]}"
        + (", with its range." if band else ".")
        + (f" Shown first: {at}." if at else ""),
        description=description,
        columns=words,
        height=height,
        scenario=True,
        table=first if handles else None,
        params=parameters(handles),
        data=data,
    )


def _reach(values: pd.DataFrame) -> tuple[float, float]:
    """The ends of an axis for all these values; it begins at zero unless that would squeeze them."""
    ends = values.astype("float64").stack()
    low, high = float(ends.min()), float(ends.max())
    return (0.0 if 0 < low < high * 0.5 else low), high


def _by_curve(frame: pd.DataFrame, by: str | None) -> Iterator[tuple[str, pd.DataFrame]]:
    if by is None:
        yield "", frame
    else:
        yield from ((str(name), rows) for name, rows in frame.groupby(by, sort=False))


def _rows(
    state: pd.DataFrame, x: str, y: str, band: tuple[str, str] | None, marks: Sequence[float], unit: Unit
) -> tuple[list[alt.Chart], int]:
    low, high = band or (x, x)
    # Where one input after another is moved, the middle is the same in each row and its ends are what tells.
    moved = band is not None and len(state) > 1 and state[x].nunique() == 1
    rows = [
        Row(
            str(row[y]).replace("_", " "),
            right=f"{plain(row[low])} to {plain(row[high])}" if moved else plain(row[x]),
            bars=[Bar(float(row[low]), float(row[high]), "scenario", float(row[x]), "ring exact")],
        )
        for row in state.to_dict("records")
    ]
    return row_layers(rows, marks, unit)


def _curves(
    state: pd.DataFrame,
    drawn: pd.DataFrame,
    x: str,
    y: str,
    by: str | None,
    band: tuple[str, str] | None,
    words: Mapping[str, str],
) -> list[alt.Chart]:
    """The layers of one state; axes and dashes are those of all states in `drawn`."""
    names = list(dict.fromkeys(drawn[by].astype("str"))) if by else [""]
    if len(names) > len(_DASHES):
        raise CCIError(
            f"A scenario tells at most {len(_DASHES)} curves apart; {by!r} has {len(names)}. Choose among them."
        )
    points = [
        {
            "x": rounded(float(row[x])),
            "value": rounded(float(row[y])),
            "series": name,
            "label": f"{name}: {plain(row[y])}" if name else plain(row[y]),
            "place": f"{words[x]}: {_place(row[x])}",
            **({"low": rounded(float(row[band[0]])), "high": rounded(float(row[band[1]]))} if band else {}),
        }
        for row in state.to_dict("records")
        for name in [str(row[by]) if by else ""]
    ]
    numbers = ticks(*_reach(drawn[[y, *(band or ())]]))
    years = drawn[x].between(1990, 2100).all() and (drawn[x] % 1 == 0).all()
    reach = [float(drawn[x].min()), float(drawn[x].max())]
    marks = list(range(int(reach[0]), int(reach[1]) + 1)) if years else ticks(reach[0], reach[1])
    label = "format(datum.value, 'd')" if years else PLAIN_NUMBER
    axis = alt.Axis(values=marks, labelExpr=label, title=words[x], labelOverlap=True, labelSeparation=8)
    reach = reach if years else [marks[0], marks[-1]]
    across = alt.X("x:Q", scale=alt.Scale(domain=reach, nice=False, zero=False), axis=axis)
    up = alt.Y("value:Q", **value_axis(numbers, Unit(words[y])))
    dash = alt.StrokeDash("series:N", scale=alt.Scale(domain=names, range=list(_DASHES[: len(names)])), legend=None)
    return list(_curve_layers(points, across, up, dash, numbers, banded=band is not None))


def _curve_layers(
    points: Sequence[dict[str, Any]],
    x: alt.X,
    y: alt.Y,
    dash: alt.StrokeDash,
    numbers: Sequence[float],
    *,
    banded: bool,
) -> Iterator[alt.Chart]:
    base = alt.Chart(sheet.inline("curves", points)).encode(x=x, y=y, detail=alt.Detail("series:N"))
    if banded:
        low = y.copy()
        low["shorthand"] = "low:Q"
        yield base.mark_area(style="scenario", opacity=0.14).encode(y=low, y2=alt.Y2("high:Q"))
    tooltip = [alt.Tooltip("label:N", title="Scenario"), alt.Tooltip("place:N", title="At")]
    yield base.mark_line(style="scenario", strokeWidth=2).encode(strokeDash=dash)
    # Rings at the computed points; on a dense curve they are invisible and serve the tooltip only.
    few = len(points) <= 24
    yield base.mark_point(style="scenario", filled=False, size=30, opacity=1 if few else 0).encode(tooltip=tooltip)
    last = {point["series"]: point for point in sorted(points, key=lambda point: point["x"]) if point["series"]}
    yield from end_labels(
        [EndLabel(point["x"], point["x"], point["value"], name) for name, point in last.items()],
        x.copy(),
        y,
        plot=Plot(points[0]["x"], max(point["x"] for point in points), numbers[0], numbers[-1], _HEIGHT),
    )


def _place(value: float) -> str:
    return f"{value:.0f}" if 1990 <= value <= 2100 and float(value).is_integer() else plain(value)


def _with_band(row: Mapping[str, Any], x: str, band: tuple[str, str] | None) -> str:
    return plain(row[x]) + (f" (from {plain(row[band[0]])} to {plain(row[band[1]])})" if band else "")


def _curve_told(name: str, rows: pd.DataFrame, x: str, y: str) -> str:
    ordered = rows.sort_values(x, kind="stable")
    first, last = ordered.iloc[0], ordered.iloc[-1]
    told = f"from {plain(first[y])} at {_place(first[x])} to {plain(last[y])} at {_place(last[x])}"
    return f"{name}: {told}" if name else told[0].upper() + told[1:]
