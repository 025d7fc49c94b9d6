"""Dated figures along time: steps where a figure holds until the next, dots for single dates, gaps for silence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from cci.charts import alt_text, sheet
from cci.charts.axes import axis_unit, day, ticks, time_axis, value_axis
from cci.charts.end_labels import EndLabel, Plot, end_labels, fit
from cci.charts.figures import (
    TABLE,
    TOOLTIP,
    day_words,
    figures,
    hints,
    largest,
    listed,
    rounded,
    series_of,
    shapes,
    within_reach,
)
from cci.charts.theme import SERIES
from cci.errors import CCIError

# A total or a level stands until the next is published; a flow or a rate says nothing about the days in between.
_HELD = frozenset({"cumulative", "stock"})
_HEIGHT = 260
_MOST_SERIES = len(SERIES)  # as many colours as eyes of every kind can tell apart


@dataclass(frozen=True)
class _Picture:
    """What every layer shares: the rows (in the unit of the axis), the encodings, the ends of the value axis."""

    drawn: pd.DataFrame
    x: alt.X
    y: alt.Y
    colour: Mapping[str, Any]
    low: float
    high: float


def trend(
    frame: pd.DataFrame,
    *,
    title: str,
    by: str | None = None,
    breaks: Mapping[str, str] | None = None,
    zero: bool = True,
    gap: int = 24,
) -> alt.LayerChart:
    """Return dated figures along time, with what their wording allows.

    `frame`: rows of observations (one unit; running totals and flows never together), drawn at `end`; undated rows
    stand in the table only. Totals, levels and timetables are joined by steps, other measures are dots. `by` names the
    column that tells at most five series apart, each named at its end or, where names are long, in a legend. `breaks`
    maps a date (YYYY-MM-DD) on which a definition changes to what changes: a rule is drawn there, and no line crosses
    it. `zero` starts the value axis at zero. A line is also broken where nothing was published for more than `gap`
    months. Forecasts and targets are hollow, doubted figures are crosses; neither is ever joined. Raises CCIError.
    """
    rows = figures(frame)
    rows = rows.assign(series=series_of(rows, by))
    columns = ({by: "Series"} if by and by not in TABLE else {}) | TABLE
    placed = _placed(rows)
    if placed.empty:
        return sheet.nothing(rows, kind="trend", title=title, columns=columns)
    names = list(dict.fromkeys(placed["series"]))
    if len(names) > _MOST_SERIES:
        raise CCIError(
            f"A trend tells {_MOST_SERIES} series apart at most; {by!r} has {len(names)}. Choose among them."
        )

    changes = sorted((pd.Timestamp(when), words) for when, words in (breaks or {}).items())
    unit = axis_unit(placed["unit"].iloc[0], largest(placed))
    drawn = placed.assign(**{column: placed[column] / unit.divisor for column in ("value", "low", "high")})
    numbers = _value_ticks(drawn, zero=zero)
    days = [*drawn["end"], *(when for when, _ in changes)]
    picture = _Picture(
        drawn,
        alt.X("when:T", **time_axis(min(days), max(days))),
        alt.Y("value:Q", **value_axis(numbers, unit)),
        {"color": alt.Color("series:N", scale=alt.Scale(domain=names), legend=None)} if by else {},
        numbers[0],
        numbers[-1],
    )
    labels = _end_labels(picture)
    direct = fit(labels, height=_HEIGHT)
    if by and not direct:
        legend = alt.Legend(title=None, orient="top", columns=1, labelLimit=300, offset=22, symbolType="circle")
        picture.colour["color"]["legend"] = legend
    plot = Plot(min(days).toordinal(), max(days).toordinal(), numbers[0], numbers[-1], _HEIGHT)
    points = [(row.end.toordinal(), row.value) for row in drawn.dropna(subset=["value"]).itertuples(index=False)]
    runs, gaps = _runs(drawn, [when for when, _ in changes], gap)
    remarks = [f"The definition changes on {day_words(when)}: {words}." for when, words in changes]
    remarks += [*alt_text.silence(gaps), *alt_text.left_out(rows, placed)]
    several = f" ({len(names)} series: {listed(names)})" if by else ""
    return sheet.finish(
        [
            *_break_rules(changes, picture),
            *_intervals(picture),
            *_steps(runs, picture),
            *_points(picture),
            *(end_labels(labels, picture.x, picture.y, plot=plot, points=points) if direct else ()),
        ],
        rows,
        kind="trend",
        title=title,
        subtitle=" ".join([sheet.subtitle(rows, unit.words), *_told(changes)]),
        description=alt_text.of_figures(
            placed,
            picture="Steps and points" if runs else "Points",
            measured=sheet.quantity_in(sheet.measured(rows), unit.words) + several,
            remarks=remarks,
        ),
        columns=columns,
        height=_HEIGHT,
    )


def _placed(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with a date and a number, in time order."""
    finite = rows[["value", "low", "high"]].abs().lt(float("inf")).any(axis=1)
    return within_reach(rows[finite & rows["end"].notna()].sort_values("end", kind="stable"))


def _value_ticks(drawn: pd.DataFrame, *, zero: bool) -> list[float]:
    ends = drawn[["value", "low", "high"]].stack()
    ends = ends[ends.abs() < float("inf")]
    low, high = float(ends.min()), float(ends.max())
    low = min(low, 0.0) if zero else low
    return ticks(low, high)


def _runs(
    drawn: pd.DataFrame, changes: Sequence[pd.Timestamp], gap: int
) -> tuple[list[dict[str, Any]], list[tuple[pd.Timestamp, pd.Timestamp]]]:
    """The points that a line may join, numbered by unbroken run, and the silences that break one."""
    if "measure" not in drawn:
        return [], []
    # A timetable holds until the next is stated, unlike other rates.
    level = drawn["measure"].isin(_HELD) | drawn["unit"].str.endswith("_per_week")
    held = drawn[level & drawn["standing"].eq("stated") & drawn["value"].notna()]
    points: list[dict[str, Any]] = []
    gaps: list[tuple[pd.Timestamp, pd.Timestamp]] = []
    run = 0
    for name, rows in held.drop_duplicates(["series", "end"]).groupby("series", sort=False):
        before: pd.Timestamp | None = None
        for row in rows.itertuples(index=False):
            if before is None or any(before < change <= row.end for change in changes):
                run += 1
            elif row.end > before + pd.DateOffset(months=gap):
                run += 1
                gaps.append((before, row.end))
            points.append({"when": day(row.end), "value": rounded(row.value), "series": name, "run": run})
            before = row.end
    lengths = pd.Series([point["run"] for point in points], dtype="int64").value_counts()
    return [point for point in points if lengths[point["run"]] > 1], gaps


def _break_rules(changes: Sequence[tuple[pd.Timestamp, str]], picture: _Picture) -> Iterator[alt.Chart]:
    """A rule with a letter; what changes is in the subtitle, where a phone has room for it."""
    if changes:
        rows = [{"when": day(when), "letter": _letter(number)} for number, (when, _) in enumerate(changes)]
        base = alt.Chart(sheet.inline("breaks", rows)).encode(x=picture.x)
        yield base.mark_rule(style="break")
        yield base.mark_text(style="doubt", align="left", dx=3).encode(y=alt.YValue(6), text=alt.Text("letter:N"))


def _told(changes: Sequence[tuple[pd.Timestamp, str]]) -> Iterator[str]:
    if changes:
        told = listed(f"{_letter(number)} ({words})" for number, (_, words) in enumerate(changes))
        yield f"The definition changes at {told}."


def _letter(number: int) -> str:
    return chr(ord("a") + number)


def _intervals(picture: _Picture) -> Iterator[alt.Chart]:
    """Bars over what the wording allows; an end without bound runs to the edge of the picture."""
    ends = picture.drawn[["low", "high"]].clip(picture.low, picture.high)
    half_a_pixel = (picture.high - picture.low) / _HEIGHT / 2
    shown = (ends["high"] - ends["low"] > half_a_pixel) & picture.drawn["standing"].ne("doubtful")
    rows = [
        {"when": day(row.end), "value": rounded(row.low), "high": rounded(row.high), "series": row.series}
        for row in picture.drawn.assign(low=ends["low"], high=ends["high"])[shown].itertuples(index=False)
    ]
    if rows:
        yield (
            alt.Chart(sheet.inline("intervals", rows))
            .mark_rule(style="figure", strokeWidth=6, opacity=0.3)
            .encode(x=picture.x, y=picture.y, y2=alt.Y2("high:Q"), **picture.colour)
        )


def _steps(runs: Sequence[Mapping[str, Any]], picture: _Picture) -> Iterator[alt.Chart]:
    if runs:
        base = alt.Chart(sheet.inline("steps", runs)).encode(
            x=picture.x, y=picture.y, detail=alt.Detail("run:N"), **picture.colour
        )
        yield base.mark_line(style="figure", interpolate="step-after", strokeWidth=1.8)


def _points(picture: _Picture) -> Iterator[alt.Chart]:
    """A filled dot for what is stated to the digit; outlines for wording that leaves room, hopes and doubts."""
    drawn = picture.drawn[picture.drawn["value"].notna()]
    path = shapes("up")
    marks = sorted(set(drawn["mark"]))  # one scale for all layers, which Vega-Lite would merge anyhow
    shape = alt.Shape("mark:N", scale=alt.Scale(domain=marks, range=[path[mark] for mark in marks]), legend=None)
    dots = drawn["mark"].eq("dot exact")
    doubtful = drawn["standing"].eq("doubtful")
    for name, rows in (("dots", drawn[dots]), ("outlines", drawn[~dots & ~doubtful]), ("doubts", drawn[doubtful])):
        if rows.empty:
            continue
        values = [
            {
                "when": day(row["end"]),
                "value": rounded(row["value"]),
                "series": row["series"],
                "mark": row["mark"],
                **hints(row),
            }
            for row in rows.to_dict("records")
        ]
        base = alt.Chart(sheet.inline(name, values)).encode(x=picture.x, y=picture.y, tooltip=TOOLTIP)
        if name == "dots":
            yield base.mark_point(style="figure", filled=True, size=34, opacity=1).encode(**picture.colour)
            continue
        style, colour = ("contested", {}) if name == "doubts" else ("figure", picture.colour)
        yield base.mark_point(style=style, filled=False, size=46, strokeWidth=1.7, opacity=1).encode(
            shape=shape, **colour
        )


def _end_labels(picture: _Picture) -> list[EndLabel]:
    """The name of each series, or the words of the latest figure of a single one, for its last stated point."""
    stated = picture.drawn[picture.drawn["standing"].eq("stated") & picture.drawn["value"].notna()]
    return [
        EndLabel(day(row.end), float(row.end.toordinal()), row.value, row.series or row.words)
        for row in stated.drop_duplicates("series", keep="last").itertuples(index=False)
    ]
