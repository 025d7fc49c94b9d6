"""The sheet around a picture: title, subtitle, source line, alt text and table, all from the frame that is drawn."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from cci.charts.alt_text import lowered
from cci.charts.cells import rows_of, text_of
from cci.charts.figures import day_words, listed
from cci.record.wording import date_words

# Characters that fit a line 330 px wide, in the bold title and in the subtitle.
_TITLE_WIDTH = 42
_SUBTITLE_WIDTH = 56
_TOGETHER = re.compile(r"(?<=\d) (?=[A-Z]|[a-z]+illion)|(?<=[A-Z][a-z]{2}) (?=\d{4})|(?<=[a-z]{3}) (?=\d{4}\b)")
_NAMED_SOURCES = 3
# Vega-Lite sets this itself for a chart as wide as its container; stated, so that a picture of fixed width fits too.
_FIT = alt.AutoSizeParams(type="fit-x", contains="padding")


def finish(
    layers: Sequence[alt.Chart],
    frame: pd.DataFrame,
    *,
    kind: str,
    title: str,
    subtitle: str,
    description: str,
    columns: Mapping[str, str],
    height: int,
    scenario: bool = False,
    table: pd.DataFrame | None = None,
    params: Sequence[alt.VariableParameter] = (),
    data: Mapping[str, list[dict[str, Any]]] | None = None,
) -> alt.LayerChart:
    """Return the layers as one chart as wide as its container, with all that a chart carries besides its picture.

    `columns` are those of the table view, by their heading, taken from `table` where the picture shows something else
    than the rows of the frame; identifiers are read from `obs_id` and `source_id`. `params` are controls of the page,
    `data` the rows that layers share by name.
    """
    day = as_of(frame)
    # A column in which no row has anything to say is no column.
    rows = rows_of(frame if table is None else table, columns)
    said = [number for number in range(len(columns)) if not rows or any(text_of(row[number]) for row in rows)]
    headings = list(columns.items())
    carried = {
        "kind": kind,
        "title": title,
        "subtitle": subtitle,
        "source_line": "Scenario: computed by a model, not observed." if scenario else source_line(frame),
        "as_of": None if day is None else f"{day:%Y-%m-%d}",
        "obs_ids": identifiers(frame, "obs_id"),
        "source_ids": identifiers(frame, "source_id"),
        "scenario": scenario,
        "table": {
            "columns": [{"key": headings[number][0], "label": headings[number][1]} for number in said],
            "rows": [[row[number] for number in said] for row in rows],
        },
    }
    chart = alt.layer(*layers).properties(
        width="container",
        height=height,
        autosize=_FIT,
        title=alt.TitleParams(text=_lines(title, _TITLE_WIDTH), subtitle=_lines(subtitle, _SUBTITLE_WIDTH)),
        description=description,
        usermeta={"cci": carried},
        **({"params": list(params)} if params else {}),
        **({"datasets": dict(data)} if data else {}),
    )
    assert isinstance(chart, alt.LayerChart)  # layers of facets do not occur
    return chart


def nothing(frame: pd.DataFrame, *, kind: str, title: str, columns: Mapping[str, str]) -> alt.LayerChart:
    """Return the chart of a frame without rows to draw: the title, and that nothing was published by then."""
    statement = nothing_by(as_of(frame))
    words = (
        alt.Chart(inline("nothing", [{"words": statement}]))
        .mark_text(style="quiet", align="left", fontSize=13)
        .encode(x=alt.XValue(0), y=alt.YValue(20), text=alt.Text("words:N"))
    )
    return finish(
        [words],
        frame,
        kind=kind,
        title=title,
        subtitle=statement,
        description=f"An empty chart. {statement}",
        columns=columns,
        height=40,
    )


def nothing_by(day: pd.Timestamp | None) -> str:
    """Return the sentence that stands where there is nothing to show."""
    return "Nothing published in this run." if day is None else f"Nothing published by {day_words(day)}."


def subtitle(frame: pd.DataFrame, unit: str) -> str:
    """Return what is measured, in which unit, how far the figures reach and by when they were public."""
    parts = [f"{quantity_in(measured(frame), unit)}."]
    ends = frame["end"].dropna() if "end" in frame else pd.Series([], dtype="datetime64[ns]")
    reach = [f"Figures to {day_words(ends.max())}"] if len(ends) else []
    day = as_of(frame)
    reach += [f"published by {day_words(day)}"] if day is not None else []
    if reach:
        sentence = ", ".join(reach) + "."
        parts.append(sentence[0].upper() + sentence[1:])
    return " ".join(parts)


def measured(frame: pd.DataFrame) -> str:
    """Return the quantities of a frame and what they are of, as few words as tell them apart."""
    labels, scopes = _names(frame, "label"), _names(frame, "scope_label")
    named = [*labels[:1], *map(lowered, labels[1:])]
    quantity = listed(named) if 0 < len(named) <= 2 else f"{len(named)} quantities" if named else ""
    return f"{quantity}: {scopes[0]}" if len(scopes) == 1 else quantity


def quantity_in(quantity: str, unit: str) -> str:
    """Return a quantity with its unit, unless it names it already: Signed projects; financing, in US$ billion."""
    if not quantity:
        return unit[:1].upper() + unit[1:]
    return quantity if not unit or unit.split()[-1].lower() in quantity.lower() else f"{quantity}, in {unit}"


def as_of(frame: pd.DataFrame) -> pd.Timestamp | None:
    """Return the day of the run (`frame.attrs["as_of"]`, where set), else when the last source was public."""
    day = frame.attrs.get("as_of")
    if day is not None:
        return pd.Timestamp(day)
    if not {"known_by", "published"} <= set(frame.columns):
        return None
    # A page without a date is known only by the day it was read, which says nothing about the figures.
    latest = frame.loc[frame["published"].notna(), "known_by"].max()
    return None if pd.isna(latest) else latest


def source_line(frame: pd.DataFrame) -> str:
    """Return the publishers behind a frame, those with most figures first, and the date of the latest source."""
    published = frame["publisher"] if "publisher" in frame else pd.Series([], dtype="str")
    counts = published[published.notna() & (published != "")].value_counts(sort=False)
    names = list(counts.sort_values(ascending=False, kind="stable").index)
    if not names:
        pages = len(identifiers(frame, "source_id"))
        return f"Sources: {pages} pages, named in the table." if pages else "Source: computed from the record."
    more = len(names) - _NAMED_SOURCES
    shown = "; ".join(names[:_NAMED_SOURCES]) + (f" and {more} more" if more > 0 else "")
    line = f"Source{'s' if len(names) > 1 else ''}: {shown}."
    dates = frame["published"].dropna() if "published" in frame else pd.Series([], dtype="str")
    return line + (f" Latest source {date_words(dates.max())}." if len(dates) else "")


def inline(name: str, rows: Sequence[Mapping[str, Any]]) -> alt.InlineData:
    """Return rows as data inside the spec, under a fixed name."""
    return alt.InlineData(values=[dict(row) for row in rows], name=name)


def _names(frame: pd.DataFrame, column: str) -> list[str]:
    return list(dict.fromkeys(frame[column].dropna())) if column in frame else []


def identifiers(frame: pd.DataFrame, key: str) -> list[str]:
    """Return the distinct identifiers of a frame from its column `key` and from its list column of the same name."""
    one = _names(frame, key)
    several = [name for names in frame[f"{key}s"].dropna() for name in names] if f"{key}s" in frame else []
    return [name for name in dict.fromkeys([*one, *several]) if name and name != "?"]


def _lines(text: str, width: int) -> str | list[str]:
    # A date or an amount is not torn apart at the end of a line.
    kept = _TOGETHER.sub("\N{NO-BREAK SPACE}", text)
    lines = textwrap.wrap(kept, width, break_long_words=False)
    return lines if len(lines) > 1 else text
