"""Cells of tables: plain text, or text that links to an observation, a source, an instrument or a disagreement."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from cci.charts.figures import day_words
from cci.record.wording import date_words

Cell = str | dict[str, str]
# A column of this name links to the row's identifier in the second, as a link of the first kind.
LINKS = {
    "words": ("obs", "obs_id"),
    "publisher": ("source", "source_id"),
    "source_id": ("source", "source_id"),
    "name": ("instrument", "instrument_id"),
    "title": ("disagreement", "disagreement_id"),
    "label": ("indicator", "indicator"),
}
# Columns whose values are names of the record (state_media), read without their joints.
_NAMED_BY_CODE = frozenset({"kind", "source_kind", "outcome", "detector"})
_TITLE = 60  # characters of a document's title in a table
_CODE = re.compile(r"[_-]")
_DATE = re.compile(r"\d{4}-\d{2}(-\d{2})?")


def rows_of(frame: pd.DataFrame, columns: Mapping[str, str]) -> list[list[Cell]]:
    """Return the rows of a frame as cells, in the order of `columns`."""
    return [[cell(row, column) for column in columns] for row in frame.to_dict("records")]


def cell(row: Mapping[str, Any], column: str) -> Cell:
    """Return one cell; it links where the row carries the identifier that belongs to the column."""
    text = plain(row.get(column))
    if column in _NAMED_BY_CODE:
        text = _CODE.sub(" ", text)
    if column == "title" and "disagreement_id" not in row and len(text) > _TITLE:
        text = text[: _TITLE - 1].rstrip() + "…"  # a source is cited in full in its own entry
    kind, key = LINKS.get(column, ("", ""))
    name = row.get(key)
    return {"text": text, kind: name} if isinstance(name, str) and name and text else text


def text_of(cell: Cell) -> str:
    """Return what a reader sees of a cell."""
    return cell if isinstance(cell, str) else cell["text"]


def plain(value: Any) -> str:
    """Return a value as the book writes it: dates in words, thousands separated, nothing for what is unknown."""
    if isinstance(value, tuple | list):
        return "; ".join(map(plain, value))
    if value is None or value is pd.NaT or pd.isna(value):
        return ""
    if isinstance(value, str):
        return date_words(value) if _DATE.fullmatch(value) else value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if hasattr(value, "year"):
        return day_words(value)
    number = float(value)
    if math.isinf(number):
        return "no bound"
    digits = f"{number:,.0f}" if number.is_integer() or abs(number) >= 1000 else f"{number:,.4g}"
    return digits.replace("-", "\N{MINUS SIGN}")


def numeric(frame: pd.DataFrame, column: str) -> bool:
    """Return whether a column holds numbers, which a table aligns to the right."""
    return column in frame and pd.api.types.is_numeric_dtype(frame[column]) and frame[column].dtype != bool
