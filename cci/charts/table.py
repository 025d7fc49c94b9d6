"""A frame as a table of the book: links to the evidence, dates and numbers in house style, one note."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from cci.charts import sheet
from cci.charts.cells import Cell, numeric, rows_of, text_of
from cci.errors import CCIError

MIME = "application/vnd.cci+json"
_MARKDOWN = re.compile(r"([\\`*_\[\]<>|#~])")


@dataclass(frozen=True)
class Table:
    """A displayable table; `columns` are (key, heading, align), `rows` cells in their order."""

    title: str
    note: str | None
    columns: tuple[tuple[str, str, str], ...]
    rows: tuple[tuple[Cell, ...], ...]
    source_ids: tuple[str, ...]

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return {
            MIME: {
                "kind": "table",
                "title": self.title,
                "note": self.note,
                "columns": [{"key": key, "label": label, "align": align} for key, label, align in self.columns],
                "rows": [list(row) for row in self.rows],
                "source_ids": list(self.source_ids),
            },
            "text/markdown": _markdown(self),
            "text/plain": _aligned(self),
        }


def table(frame: pd.DataFrame, *, title: str, columns: Mapping[str, str], note: str | None = None) -> Table:
    """Return the columns of a frame under their headings, as a table that links to its evidence.

    A cell links where its row carries the identifier: `words` to obs_id, `publisher` to source_id, `name` to
    instrument_id, `title` to disagreement_id, `label` to indicator. Dates and numbers are written as in the book; a
    blank is left blank. An empty frame gives a table that says that nothing was published. Raises CCIError for a
    column that the frame does not have.
    """
    missing = [column for column in columns if column not in frame]
    if missing:
        raise CCIError(f"No column {missing[0]!r} to show. The frame has {', '.join(map(str, frame.columns))}.")
    headings = tuple(
        (column, label, "right" if numeric(frame, column) else "left") for column, label in columns.items()
    )
    rows = tuple(tuple(row) for row in rows_of(frame, columns))
    if not rows:
        day = sheet.as_of(frame)
        empty = sheet.nothing_by(day)
        note = f"{note} {empty}" if note else empty
    return Table(title, note, headings, rows, tuple(sheet.identifiers(frame, "source_id")))


def _markdown(shown: Table) -> str:
    """A pipe table; what the record says is text, never markup."""
    lines = [
        f"**{_escaped(shown.title)}**",
        "",
        "| " + " | ".join(_escaped(label) for _, label, _ in shown.columns) + " |",
        "|" + "|".join(" ---: " if align == "right" else " --- " for *_, align in shown.columns) + "|",
        *("| " + " | ".join(_escaped(text_of(cell)) for cell in row) + " |" for row in shown.rows),
    ]
    return "\n".join(lines + (["", _escaped(shown.note)] if shown.note else []))


def _aligned(shown: Table) -> str:
    heads = [label for _, label, _ in shown.columns]
    body = [[text_of(cell) for cell in row] for row in shown.rows]
    widths = [max(map(_width, column)) for column in zip(heads, *body, strict=True)]
    lines = [
        "  ".join(
            " " * (width - _width(text)) + text if align == "right" else text + " " * (width - _width(text))
            for text, width, (*_, align) in zip(row, widths, shown.columns, strict=True)
        ).rstrip()
        for row in [heads, *body]
    ]
    return "\n".join([shown.title, "", *lines, *(["", shown.note] if shown.note else [])])


def _escaped(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))


def _width(text: str) -> int:
    """Columns of a terminal that the text takes: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
