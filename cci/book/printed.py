"""Frames and facts as a terminal, a spreadsheet or a program reads them.

Text of the record is data: control characters and markup are shown, not obeyed, and a spreadsheet never takes it for a
formula.
"""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from cci.book.messages import plain
from cci.errors import ParameterError

if TYPE_CHECKING:
    from cci.book.foreseen import Foreseen
    from cci.record.additions import Additions
    from cci.record.dataset import Dataset

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet evaluates a text cell that begins with one of these
WIDTH = 1000  # columns where the output is no terminal: a file or a pipe gets whole lines


def series(record: Dataset, indicator: str, scope: str | None) -> pd.DataFrame:
    """Return the series of an indicator in one scope, or in every scope one after the other. Raises UnknownName."""
    if scope is not None:
        return record.series(indicator, scope=scope)
    rows = record.observations
    scopes = rows.loc[rows["indicator"] == indicator, "scope"].drop_duplicates()
    if scopes.empty:  # an unknown name, or nothing published by then: the record says which
        return record.series(indicator, scope=record.scopes["scope"].iloc[0])
    return pd.concat([record.series(indicator, scope=name) for name in scopes], ignore_index=True)


def view(record: Dataset, indicator: str, scope: str | None, name: str) -> pd.DataFrame:
    """Return the series of an indicator, or its vintages or revisions, which need one scope. Raises UnknownName."""
    if name == "series":
        return series(record, indicator, scope)
    if scope is None:
        held = series(record, indicator, None)["scope"].drop_duplicates()
        raise ParameterError(f"The {name} are those of one scope. Add --scope with one of: {', '.join(held)}.")
    if name == "vintages":
        return record.vintages(indicator, scope=scope).reset_index()
    return record.revisions(indicator, scope=scope)


def as_rows(frame: pd.DataFrame) -> RenderableType:
    """Return any frame as a terminal table."""
    table = Table()
    for name in frame.columns:
        table.add_column(Text(plain(name)), overflow="fold")
    for row in frame.itertuples(index=False):
        table.add_row(*(Text(plain("" if _blank(cell) else _cell(cell))) for cell in row))
    return table if len(frame) else Text("nothing to show")


def as_table(frame: pd.DataFrame) -> RenderableType:
    """Return rows of series as one terminal table per indicator and scope."""
    tables: list[RenderableType] = []
    for (indicator, scope), rows in frame.groupby(["indicator", "scope"], sort=False):
        label, scope_label = rows[["label", "scope_label"]].iloc[0]
        table = Table(title=Text(plain(f"{label}: {scope_label} ({indicator}, {scope})")), title_justify="left")
        for heading in ("period", "figure", "flag", "origins", "rivals", "source", "observation"):
            table.add_column(heading, justify="right" if heading in ("origins", "rivals") else "left", overflow="fold")
        for _, row in rows.iterrows():
            cells = (_period(row), row["words"], row["flag"], row["n_origins"], len(row["rival_ids"]))
            table.add_row(*(Text(plain("" if _blank(c) else c)) for c in (*cells, row["source_id"], row["obs_id"])))
        tables.append(table)
    return Group(*tables) if tables else Text("no figure")


def as_audit(found: pd.DataFrame) -> RenderableType:
    """Return what an audit found wrong or could not tell as a terminal table, and a count of every outcome."""
    table = Table(title_justify="left")
    for heading in ("outcome", "kind", "what", "figures"):
        table.add_column(heading, overflow="fold")
    worth = found[~found["outcome"].isin(["holds", "solves"])]
    for row in worth.itertuples():
        outcome = f"{row.outcome}{'' if row.recorded or row.outcome != 'breaks' else ', not recorded'}"
        table.add_row(*(Text(plain(cell)) for cell in (outcome, row.kind, row.message, ", ".join(row.obs_ids))))
    counts = found["outcome"].value_counts()
    return Group(table, Text(", ".join(f"{number} {outcome}" for outcome, number in counts.items())))


def as_csv(frame: pd.DataFrame) -> str:
    """Return a frame as CSV: dates as ISO days, lists with semicolons, text that looks like a formula after a quote."""
    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\n")
    lines.writerow([_cell(str(name)) for name in frame.columns])
    lines.writerows([_cell(value) for value in row] for row in frame.itertuples(index=False, name=None))
    return out.getvalue()


def as_json(frame: pd.DataFrame) -> str:
    """Return a frame as a JSON list of objects; what is unknown or unbounded is null."""
    rows = [{name: _value(value) for name, value in row.items()} for row in frame.to_dict("records")]
    return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"


def additions_as_json(
    added: Additions,
    found: pd.DataFrame,
    chapters: Mapping[str, str],
    then: Sequence[Foreseen],
    files: Iterable[Path],
) -> str:
    """Return what `cci add` tells as one JSON object.

    tables (new: number of rows, skipped: lines of rows that the record has), consequences (rows), chapters (name ->
    stale, fresh or unknown), foreseen (per chapter that was run: flips, differences, failure), written (files).
    """
    tables = {name: {"new": len(rows), "skipped": [*added.identical[name]]} for name, rows in added.rows.items()}
    told = {
        "tables": tables,
        "consequences": json.loads(as_json(found)),
        "chapters": dict(chapters),
        "foreseen": [asdict(one) for one in then],
        "written": [str(file) for file in files],
    }
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def as_facts(facts: Mapping[str, Any]) -> str:
    """Return nested facts as indented lines, without those that are blank."""
    return "\n".join(_lines(facts, ""))


def as_verified(found: pd.DataFrame) -> RenderableType:
    """Return what does not stand in a source's text as a terminal table, and a count of every outcome."""
    if found.empty:
        return Text("no observation of this source in the record")
    table = Table(title_justify="left")
    for heading in ("outcome", "observation", "words in the record", "what stands there, or nearest to it", "why"):
        table.add_column(heading, overflow="fold")
    for row in found[found["outcome"] != "found"].itertuples():
        there = "" if _blank(row.passage) else f"paragraph {row.paragraph}: {row.passage}"
        cells = (row.outcome.replace("_", " "), row.obs_id, row.as_stated, there, row.message)
        table.add_row(*(Text(plain(cell)) for cell in cells))
    counts = ", ".join(f"{number} {name.replace('_', ' ')}" for name, number in found["outcome"].value_counts().items())
    return Group(*([table] if table.row_count else []), Text(counts))


def console() -> Console:
    """Return standard output."""
    found = Console()
    return found if found.is_terminal else Console(width=WIDTH)


def _blank(value: Any) -> bool:
    return value is None or (not isinstance(value, tuple | list | dict) and bool(pd.isna(value)))


def _period(row: pd.Series) -> str:
    start, end = (None if _blank(row[name]) else row[name] for name in ("period_start", "period_end"))
    return f"{start} to {end}" if start and end and start != end else str(end or start or "undated")


def _cell(value: Any) -> Any:
    """A value as a cell of a CSV file."""
    if isinstance(value, tuple | list):
        value = ";".join(map(str, value))
    if _blank(value) or (isinstance(value, float) and math.isinf(value)):
        return ""
    if isinstance(value, date):
        return value.isoformat()[:10]
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def _value(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, tuple | list):
        return list(value)
    if _blank(value) or (isinstance(value, float) and math.isinf(value)):
        return None
    if isinstance(value, date):
        return value.isoformat()[:10]
    return value.item() if hasattr(value, "item") else value


def _lines(value: Any, indent: str) -> Iterator[str]:
    """The lines of nested mappings and lists."""
    pairs: Iterable[tuple[str, Any]] = value.items() if isinstance(value, Mapping) else (("-", item) for item in value)
    for key, item in pairs:
        label = f"{indent}{key}" if key == "-" else f"{indent}{key}:"
        if isinstance(item, Mapping | list | tuple) and item:
            yield label
            yield from _lines(item, f"{indent}  ")
        elif not isinstance(item, Mapping | list | tuple) and not _blank(item):
            yield f"{label} {plain(item)}"
