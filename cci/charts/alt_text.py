"""Alt text: what a chart shows, in sentences, from the frame that it draws."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

from cci.charts.figures import day_words, listed
from cci.record.wording import date_words

# QDLP quota, Joint Steering Council meetings, Singapore firms: the places stand alone, other names are several words.
_NAME = re.compile(r".[^a-z]|\w+ [A-Z]|Chin(?:a|ese)\b|Chongqing\b|Singapore\b|Guangxi\b")


def of_figures(drawn: pd.DataFrame, *, picture: str, measured: str, remarks: Sequence[str] = ()) -> str:
    """Return the alt text of dated figures (`figures` rows in time order): what, from when to when, extremes, doubts.

    `picture` names the marks ("Steps and points"), `remarks` are further sentences of the chart's own.
    """
    counted = drawn[drawn["standing"] == "stated"].dropna(subset=["value"])
    first, last = _day(drawn.iloc[0], "period_start"), _day(drawn.iloc[-1], "period_end")
    span = first if first == last else f"{first} to {last}"
    sentences = [f"{picture} of {lowered(measured)}: {span}."]
    if len(counted):
        several = "series" in counted and counted["series"].nunique() > 1
        sentences.append(_latest_of_each(counted) if several else _extremes(counted))
    return " ".join([*sentences, standing(drawn), *remarks])


def standing(drawn: pd.DataFrame) -> str:
    """Return how many figures there are, from how many sources, and how many are one-sided, hoped for or in doubt."""
    sources = drawn["source_id"].nunique() if "source_id" in drawn else 0
    parts = [counting(len(drawn), "figure") + (f" from {counting(sources, 'source')}" if sources else "")]
    loose = int((drawn["bound"] != "exact").sum())
    if loose:
        parts.append(f"{loose} of them one-sided or approximate")
    parts += [
        f"{number} {words}"
        for name, words in (("hoped", "a forecast or target, drawn hollow"), ("doubtful", "in doubt, drawn as a cross"))
        if (number := int((drawn["standing"] == name).sum()))
    ]
    return ", ".join(parts) + "."


def counting(number: int, noun: str) -> str:
    """Return a count with its noun: 1 figure, 2 figures."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def lowered(text: str) -> str:
    """Return text as it reads inside a sentence: a capital stays only on an abbreviation and on a name."""
    return text if _NAME.match(text) else text[:1].lower() + text[1:]


def silence(gaps: Sequence[tuple[pd.Timestamp, pd.Timestamp]]) -> list[str]:
    """Return the sentence on the periods without a figure, if there are any."""
    spans = [f"between {day_words(start)} and {day_words(end)}" for start, end in gaps]
    return [f"No figure {listed(spans)}."] if spans else []


def left_out(rows: pd.DataFrame, drawn: pd.DataFrame) -> list[str]:
    """Return the sentence on rows that have no place in the picture, if there are any."""
    number = len(rows) - len(drawn)
    return [f"{counting(number, 'figure')} without a date or far off the axis only in the table."] if number else []


def _day(row: pd.Series, side: str) -> str:
    """The day a row begins (`period_start`) or ends; a total or a level has one day only."""
    held = row.get("measure") in ("cumulative", "stock")
    printed = row.get("period_end" if held else side)
    return date_words(printed) if isinstance(printed, str) else day_words(row["end"])


def _latest_of_each(counted: pd.DataFrame) -> str:
    last = counted.drop_duplicates("series", keep="last").to_dict("records")
    return "Latest: " + "; ".join(f"{row['series']} {row['words']} ({row['period']})" for row in last) + "."


def _extremes(counted: pd.DataFrame) -> str:
    last = counted.iloc[-1]
    latest = f"{last['words']} ({last['period']})"
    if len(counted) == 1:
        return f"The one figure is {latest}."
    if counted["value"].nunique() == 1:
        return f"Every figure is {latest}."
    low, high = counted.iloc[counted["value"].argmin()], counted.iloc[counted["value"].argmax()]
    lowest, highest = (f"{row['words']} ({row['period']})" for row in (low, high))
    if last["value"] == high["value"]:
        return f"Lowest {lowest}; the latest, {latest}, is also the highest."
    if last["value"] == low["value"]:
        return f"Highest {highest}; the latest, {latest}, is also the lowest."
    return f"Lowest {lowest}, highest {highest}, latest {latest}."
