"""Dated steps along time, each with its words beside its mark; a date known only to the month or year is a span."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import altair as alt
import pandas as pd

from cci.charts import alt_text, sheet
from cci.charts.axes import day, time_axis
from cci.charts.figures import HOPED, listed
from cci.errors import CCIError
from cci.record.dates import first_day, last_day
from cci.record.wording import date_words

# Which columns date and name a row, by the table it comes from: (first date, last date, name).
_TABLES = {
    "milestone_id": ("start", "end", "step"),
    "event_id": ("date", "end_date", "name"),
    "instrument_id": ("launched", "launched", "name"),
}
_WORDS = (24, 46)  # characters of a line beside a mark: in the middle of a phone, and at its edge
_BARS = frozenset({"period", "uncertain"})
_BAR = 9
_LINE = 14
_HEADING = 22
_SPACE = 8
_MOST_NAMED = 40  # beyond it a lane is one line of marks, its names in the tooltips and the table
_NAMED_IN_ALT = 8
_TOOLTIP = [
    alt.Tooltip("step:N", title="Step"),
    alt.Tooltip("when:N", title="When"),
    alt.Tooltip("who:N", title="Who"),
    alt.Tooltip("what:N", title="What"),
]
_DAY = pd.Timedelta(days=1)


@dataclass(frozen=True)
class _Laid:
    """Where everything goes, in pixels from the top: marks, words by style, lines between lanes, the whole height."""

    marks: Sequence[Mapping[str, Any]]
    words: Mapping[tuple[str, str], Sequence[Mapping[str, Any]]]
    lanes: Sequence[int]
    height: int


def timeline(frame: pd.DataFrame, *, title: str, by: str | None = None) -> alt.LayerChart:
    """Return dated steps along time, oldest first, one row each, under a heading per lane.

    `frame`: rows of milestones, events or instruments (known by `milestone_id`, `event_id`, `instrument_id`). A day is
    a dot, a date known only to the month or year an empty span over it, a stated period a filled bar; a target is
    hollow. `by` names the column of lanes (pathway, kind, pillar). More than forty rows become one line of marks a
    lane. Rows without a date stand in the table only. Raises CCIError for rows of another table.
    """
    rows, label = _dated(frame)
    columns = {"when": "When"} | ({by: by.replace("_", " ").capitalize()} if by else {}) | {label: "Step", "who": "Who"}
    columns |= {"what": "What", "source_id": "Source"}
    drawn = rows.dropna(subset=["from_day"]).sort_values(["from_day", "to_day"], kind="stable")
    if drawn.empty:
        return sheet.nothing(rows, kind="timeline", title=title, columns=columns)
    first, last = drawn["from_day"].min(), drawn["to_day"].max() + _DAY
    names = list(dict.fromkeys(frame[by].dropna())) if by else [""]
    lanes = [(str(name).replace("_", " "), drawn[drawn[by] == name] if by else drawn) for name in names]
    lanes = [(name, members) for name, members in lanes if len(members)]
    named = len(drawn) <= _MOST_NAMED
    laid = _laid(lanes, first=first, last=last, named=named, headed=bool(by))
    x = alt.X("from:T", **time_axis(first, last))
    y = alt.Y("y:Q", scale=alt.Scale(domain=[0, laid.height], reverse=True, nice=False, zero=False), axis=None)
    spans = int((drawn["extent"] == "uncertain").sum())
    told = [f"{row.step} ({row.when})" for row in drawn.itertuples(index=False)]
    if len(told) > _NAMED_IN_ALT:
        told = [f"first {told[0]}", f"last {told[-1]}"]
    lanes_told = f" in {len(lanes)} lanes ({listed(name for name, _ in lanes)})" if by else ""
    undated = len(rows) - len(drawn)
    description = " ".join(
        [
            f"Timeline of {alt_text.counting(len(drawn), 'step')}{lanes_told}: {'; '.join(told)}.",
            *([f"{spans} known only to the month or year, drawn as spans."] if spans else []),
            *([f"{undated} without a date only in the table."] if undated else []),
        ]
    )
    return sheet.finish(
        [*_lane_layers(laid, x, y), *_mark_layers(laid.marks, x, y), *_word_layers(laid.words, x, y)],
        rows,
        kind="timeline",
        title=title,
        subtitle=_subtitle(rows, spans, named=named),
        description=description,
        columns=columns,
        height=laid.height,
    )


def _subtitle(rows: pd.DataFrame, spans: int, *, named: bool) -> str:
    parts = ["A dot is a day, an empty bar a date known only to the month or year." if spans else "A dot is a day."]
    parts += [] if named else ["Names in the table."]
    known = sheet.as_of(rows)
    return " ".join(parts + ([f"Published by {date_words(f'{known:%Y-%m-%d}')}."] if known is not None else []))


def _dated(frame: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """The rows with their first and last day, what kind of extent lies between, and their words; the name column."""
    key = next((key for key in _TABLES if key in frame), None)
    if key is None:
        raise CCIError(f"A timeline draws rows with one of {listed(_TABLES)}; these have {listed(frame.columns)}.")
    start_column, end_column, label = _TABLES[key]
    start, end = _dates(frame[start_column]), _dates(frame[end_column])
    begun, ended = start.fillna(end), end.fillna(start)
    extent = pd.Series("day", index=frame.index).mask(begun.str.len() < 10, "uncertain").mask(begun != ended, "period")
    blank = pd.Series("", index=frame.index, dtype="str")
    hoped = frame[label].isin(HOPED) | (frame["flag"].isin(HOPED) if "flag" in frame else False)
    told = [
        printed if isinstance(printed, str) and not isinstance(first, str)  # "planned" is no date, but it is said
        else date_words(first) if first == last or not isinstance(first, str)
        else f"{date_words(first)} to {date_words(last)}"
        for printed, first, last in zip(frame[start_column], begun, ended, strict=True)
    ]  # fmt: skip
    rows = frame.assign(
        from_day=first_day(begun),
        to_day=last_day(ended),
        extent=extent.mask(hoped & (extent == "day"), "hoped"),
        step=frame[label].fillna(""),
        when=pd.Series(told, index=frame.index, dtype="str"),
        who=frame.get("actor", frame.get("organiser", blank)).fillna(""),
        what=frame.get("description", frame.get("note", blank)).fillna(""),
    )
    return rows, label


def _dates(printed: pd.Series) -> pd.Series:
    """The reduced dates of a column as text; words that are no date ("planned") become blank."""
    text = printed.astype("str")
    return text.where(printed.notna() & text.str.fullmatch(r"\d{4}(-\d{2}){0,2}").fillna(False))


def _laid(
    lanes: Sequence[tuple[str, pd.DataFrame]], *, first: pd.Timestamp, last: pd.Timestamp, named: bool, headed: bool
) -> _Laid:
    marks: list[dict[str, Any]] = []
    words: dict[tuple[str, str], list[dict[str, Any]]] = {}
    tops: list[int] = []
    top = 4
    for name, members in lanes:
        # A period too short to see beside a dot is drawn as one.
        brief = (members["to_day"] - members["from_day"] < (last - first) * 0.012) & members["extent"].eq("period")
        members = members.assign(extent=members["extent"].mask(brief, "day"))
        if headed:
            tops.append(top)
            words.setdefault(("strong", "edge"), []).append({"y": top + 10, "words": name[:1].upper() + name[1:]})
            top += _HEADING
        for row in members.to_dict("records"):
            left = row["from_day"] < first + (last - first) / 2
            room = (last - row["to_day"] if left else row["from_day"] - first) / (last - first)
            lines = textwrap.wrap(row["step"], max(_WORDS[0], int(_WORDS[1] * room))) or [""]
            y = top + _LINE / 2
            marks.append(
                {
                    "y": y - _BAR / 2 if row["extent"] in _BARS else y,
                    "below": y + _BAR / 2,
                    "from": day(row["from_day"]),
                    "to": day(row["to_day"] + _DAY),
                    "extent": row["extent"],
                    **{key: row[key] for key in ("step", "when", "who", "what")},
                }
            )
            if named:
                place = {"at": marks[-1]["to" if left and row["extent"] in _BARS else "from"]}
                side = "left" if left else "right"
                words.setdefault(("label", side), []).append({"y": y, "words": lines, **place})
                words.setdefault(("quiet", side), []).append(
                    {"y": y + _LINE * len(lines), "words": row["when"], **place}
                )
                top += _LINE * (len(lines) + 1) + _SPACE
        top += (0 if named else _LINE) + (_SPACE if headed else 0)
    return _Laid(marks, words, tops, top)


def _lane_layers(laid: _Laid, x: alt.X, y: alt.Y) -> Iterator[alt.Chart]:
    if laid.lanes:
        rows = [{"y": top} for top in laid.lanes]
        yield (
            alt.Chart(sheet.inline("lanes", rows))
            .mark_rule(style="divider")
            .encode(x=alt.XValue(0), x2=alt.X2Value("width"), y=y)
        )


def _mark_layers(marks: Sequence[Mapping[str, Any]], x: alt.X, y: alt.Y) -> Iterator[alt.Chart]:
    for extent in dict.fromkeys(mark["extent"] for mark in marks):
        rows = [{key: mark[key] for key in mark if key != "extent"} for mark in marks if mark["extent"] == extent]
        base = alt.Chart(sheet.inline(extent, rows)).encode(x=x, y=y, tooltip=_TOOLTIP)
        if extent in _BARS:
            filled = extent == "period"
            bar = base.mark_rect(style="figure", cornerRadius=4, filled=filled, strokeWidth=0 if filled else 1.6)
            yield bar.encode(x2=alt.X2("to:T"), y2=alt.Y2("below:Q"))
        else:
            yield base.mark_point(style="figure", filled=extent == "day", size=56, opacity=1, strokeWidth=1.7)


def _word_layers(
    words: Mapping[tuple[str, str], Sequence[Mapping[str, Any]]], x: alt.X, y: alt.Y
) -> Iterator[alt.Chart]:
    at = x.copy()
    at["shorthand"] = "at:T"
    for (style, side), rows in words.items():
        base = alt.Chart(sheet.inline(f"words {style} {side}", rows)).encode(y=y, text=alt.Text("words:N"))
        place = alt.XValue(0) if side == "edge" else at
        align: Literal["left", "right"] = "right" if side == "right" else "left"
        shift = {"edge": 0, "left": 9, "right": -9}[side]
        yield base.mark_text(style=style, align=align, dx=shift, baseline="middle", lineHeight=_LINE).encode(x=place)
