"""The specification curve: what each of many runs of a chapter comes to, above the parameters that it was run with.

After Simonsohn, Simmons and Nelson, "Specification curve analysis" (Nature Human Behaviour, 2020): every specification
is a column, in the order of its result, and the dots below it say which choices it stands for.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from cci.charts.theme import CONFIG, LIGHT
from cci.errors import CCIError

_WIDTH = 900  # of all columns together, in pixels
_STEP = 22  # of one column, at the most
_MANY = 12  # values of a number drawn as names; more are an axis
# Shape and colour say the same, so that a print in grey tells them apart.
_VERDICTS = {
    "holds": ("circle", LIGHT["figure"]),
    "fails": ("cross", LIGHT["contested"]),
    "cannot be told": ("diamond", LIGHT["other"]),
}
# A reader's own fonts may be wider than those that the labels were measured with.
_PADDING = {"left": 60, "top": 4, "right": 60, "bottom": 4}


def verdicts(
    frame: pd.DataFrame, *, title: str, parameters: Sequence[str], findings: Mapping[str, str]
) -> alt.VConcatChart:
    """Return a row of marks per finding, a column per run, the runs in which most findings hold first.

    `frame`: one row per run with the columns `parameters` and those of `findings` (column -> statement), which hold a
    verdict. Raises CCIError for a frame without rows, parameters or findings.
    """
    _complete(frame, [*parameters, *findings])
    held = frame[[*findings]].eq("holds").sum(axis=1)
    ordered = _ordered(frame, held, ascending=False)
    names = {
        column: f"{number}. {textwrap.shorten(statement, 70, placeholder=' …')}"
        for number, (column, statement) in enumerate(findings.items(), 1)
    }
    marks = ordered.melt(["at"], [*findings], "finding", "verdict").dropna(subset=["verdict"])
    marks["finding"] = marks["finding"].map(names)
    shapes, colours = zip(*_VERDICTS.values(), strict=True)
    domain = [*_VERDICTS]
    top = (
        alt.Chart(marks)
        .mark_point(filled=True, size=50, opacity=1)
        .encode(
            _at(ordered),
            alt.Y("finding:N", title=None, sort=[*names.values()], axis=alt.Axis(labelLimit=480)),
            alt.Shape("verdict:N", title="In this run the finding", scale=alt.Scale(domain=domain, range=[*shapes])),
            alt.Color("verdict:N", title="In this run the finding", scale=alt.Scale(domain=domain, range=[*colours])),
        )
        .properties(width=_across(ordered), height=alt.Step(20))
    )
    told = "; ".join(f"{names[column]} holds in {(frame[column] == 'holds').sum()}" for column in findings)
    return _sheet(top, ordered, parameters, title, f"{len(frame)} runs. {told}.")


def curve(
    frame: pd.DataFrame, *, title: str, parameters: Sequence[str], value: str, band: tuple[str, str] | None = None
) -> alt.VConcatChart:
    """Return one computed figure in ascending order of the runs, with its interval where `band` names its two ends.

    `frame`: one row per run; `value` a column of numbers, or of words where `band` is given, whose middle then orders
    the runs. Runs without a number are left out. Raises CCIError where no run has one.
    """
    _complete(frame, [*parameters, *(band or (value,))])
    ends = frame[[*(band or (value, value))]].apply(pd.to_numeric, errors="coerce").astype("float64")
    middle = ends.mean(axis=1, skipna=False)
    known = middle.notna()
    if not known.any():
        raise CCIError(f"No run gives {value} as a number or with an interval; choose another figure")
    drawn = frame[known].assign(low=ends.iloc[:, 0], high=ends.iloc[:, 1], middle=middle)
    ordered = _ordered(drawn, middle[known], ascending=True)
    base = alt.Chart(ordered[["at", "low", "high", "middle"]]).encode(_at(ordered))
    axis = alt.Y("middle:Q", title=None, scale=alt.Scale(zero=False))
    top = alt.layer(
        base.mark_rule(color=LIGHT["scenario"]).encode(alt.Y("low:Q", title=None), alt.Y2("high:Q")),
        base.mark_point(color=LIGHT["scenario"], fill="white", size=40, opacity=1).encode(axis),
    ).properties(width=_across(ordered), height=240)
    lowest, highest = ordered["middle"].min(), ordered["middle"].max()
    left_out = len(frame) - len(ordered)
    said = f"{len(ordered)} runs, from {lowest:.6g} to {highest:.6g}; {left_out} without a number left out."
    return _sheet(top, ordered, parameters, title, said)


def _complete(frame: pd.DataFrame, columns: Sequence[str]) -> None:
    if frame.empty or not columns:
        raise CCIError("There is no run to draw")
    if missing := [column for column in columns if column not in frame]:
        raise CCIError(f"No run has {', '.join(missing)}; it has {', '.join(map(str, frame.columns))}")


def _ordered(frame: pd.DataFrame, by: pd.Series, *, ascending: bool) -> pd.DataFrame:
    order = by.sort_values(ascending=ascending, kind="stable").index
    return frame.loc[order].reset_index(drop=True).rename_axis("at").reset_index()


def _at(ordered: pd.DataFrame) -> alt.X:
    return alt.X("at:Q", title=None, axis=None, scale=alt.Scale(domain=[-0.5, len(ordered) - 0.5], nice=False))


def _across(ordered: pd.DataFrame) -> int:
    return max(120, min(_WIDTH, _STEP * len(ordered)))


def _choices(ordered: pd.DataFrame, parameter: str) -> alt.Chart:
    """The dots of one parameter: a row for each of its values, or an axis for many numbers."""
    values = ordered[["at", parameter]].rename(columns={parameter: "value"})
    truths = values["value"].map(lambda value: isinstance(value, bool)).any()
    numbers = pd.to_numeric(values["value"].astype(str) if truths else values["value"], errors="coerce")
    if numbers.notna().all() and numbers.nunique() > _MANY:
        values["value"] = numbers.astype("float64")
        y, height = alt.Y("value:Q", title=parameter, scale=alt.Scale(zero=False)), 70
    else:
        # As the chapter lists them where that is an order, as first met otherwise.
        known = sorted(numbers.dropna().unique()) if numbers.notna().all() else [*dict.fromkeys(values["value"])]
        words = [_word(value) for value in known]
        values["value"] = [_word(value) for value in (numbers if numbers.notna().all() else values["value"])]
        y = alt.Y(
            "value:N",
            title=parameter,
            sort=words,
            axis=alt.Axis(titleAngle=0, titleAlign="right", titlePadding=10, grid=False),
        )
        height = 16 * len(words)
    chart = alt.Chart(values).mark_point(filled=True, size=18, opacity=1, color=LIGHT["text"])
    return chart.encode(_at(ordered), y).properties(width=_across(ordered), height=height)


def _word(value: object) -> str:
    if value is None or value != value:
        return "none"
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def _sheet(top: Any, ordered: pd.DataFrame, parameters: Sequence[str], title: str, told: str) -> alt.VConcatChart:
    chart = alt.vconcat(top, *(_choices(ordered, name) for name in parameters), spacing=8)
    config = CONFIG | {"background": "white", "padding": _PADDING}
    return chart.resolve_scale(x="shared").properties(title=title, description=told).configure(**config)
