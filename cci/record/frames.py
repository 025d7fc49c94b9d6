"""A judged table as a frame: typed columns in the order of the schema, rows in the order of the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from cci.record.cells import Typed
from cci.record.csvfile import Sheet

_TEXT = pd.StringDtype("python", na_value=np.nan)  # what pandas calls "str"


class Frames(Mapping[str, pd.DataFrame]):
    """The tables of a judged record by name; each becomes a frame when it is first asked for, and stays the same one.

    Most chapters ask for half of the tables, and a frame takes as long to make as its cells to judge.
    """

    def __init__(self, sheets: Mapping[str, Sheet], typed: Mapping[str, Typed]) -> None:
        self._names = tuple(sheets)
        self._cells = {name: (sheets[name], typed[name]) for name in sheets}
        self._made: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._made:
            self._made[name] = frame(*self._cells.pop(name))
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def frame(sheet: Sheet, typed: Typed) -> pd.DataFrame:
    """Return the rows of a sheet without faults, typed as `cci.record.tables.read` says."""
    columns: dict[str, object] = {}
    for field in sheet.table.fields:
        texts, values = sheet.columns[field.name], typed[field.name]
        if field.kind == "number":
            columns[field.name] = np.array([values.get(text, np.nan) for text in texts], dtype="float64")
        elif field.kind == "integer":
            columns[field.name] = pd.array([values.get(text) for text in texts], dtype="Int64")
        elif field.kind == "boolean":
            columns[field.name] = np.array([values[text] for text in texts], dtype="bool")
        elif field.kind == "list":
            names = np.empty(len(texts), dtype="object")
            names[:] = [values.get(text, ()) for text in texts]
            columns[field.name] = names
        else:
            filled = [text or np.nan for text in texts] if "" in texts else texts
            columns[field.name] = pd.arrays.StringArray(np.array(filled, dtype="object"), dtype=_TEXT)
    return pd.DataFrame(columns, copy=False)
