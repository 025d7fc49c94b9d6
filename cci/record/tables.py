"""Read the tables under data/ as datapackage.json describes them: all of them, or every problem at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np
import pandas as pd

from cci.errors import Problem, RecordError
from cci.record.cells import Typed, cells
from cci.record.csvfile import Sheet, sheet
from cci.record.links import key_problems, reference_problems, row_problems
from cci.record.schema import FILE_NAME, Schema, parse

_INSIDE = Path(__file__).parents[1] / "data"  # where a wheel puts the record
DEFAULT: Path = _INSIDE if _INSIDE.is_dir() else Path(__file__).parents[2] / "data"

_TEXT = pd.StringDtype("python", na_value=np.nan)  # what pandas calls "str"


def read(data: Path = DEFAULT) -> dict[str, pd.DataFrame]:
    """Return every table of the record by name, typed, its columns and rows in the order of the file.

    Text is `str` with NaN where a cell is blank, numbers are float64, integers Int64, booleans bool; reduced
    dates stay text; a column that lists names holds tuples. Raises RecordError with every problem of every
    table.
    """
    sheets, typed, found = _judged(Path(data))
    if found:
        raise RecordError(found)
    return {name: _frame(sheets[name], typed[name]) for name in sheets}


def problems(data: Path = DEFAULT) -> list[Problem]:
    """Return every problem of the record in file and line order; an empty list where it is sound."""
    try:
        return _judged(Path(data))[2]
    except RecordError as error:
        return list(error.problems)


def judged(data: Path = DEFAULT) -> tuple[Schema, dict[str, Sheet]]:
    """Return the schema and every table as text, to hold further rows against. Raises RecordError as `read` does."""
    data = Path(data)
    sheets, _, found = _judged(data)
    if found:
        raise RecordError(found)
    return parse(_bytes(data, FILE_NAME), file=_shown(data, FILE_NAME)), sheets


def fingerprint(data: Path = DEFAULT) -> str:
    """Return 16 hexadecimal digits over the names and bytes of the schema and the tables.

    Raises RecordError where one of them cannot be read; whether the tables are sound is not asked.
    """
    data = Path(data)
    raw = _bytes(data, FILE_NAME)
    content = {table.path: _bytes(data, table.path) for table in parse(raw, file=_shown(data, FILE_NAME)).tables}
    digest = sha256()
    for name, part in sorted({FILE_NAME: raw, **content}.items()):
        digest.update(f"{name}\0{len(part)}\0".encode() + part)
    return digest.hexdigest()[:16]


def _shown(data: Path, name: str) -> str:
    # The folder as the user gave it; the record's own folder as seen from here.
    if data == DEFAULT and data.is_relative_to(Path.cwd()):
        data = data.relative_to(Path.cwd())
    return str(data / name)


def _bytes(data: Path, name: str) -> bytes:
    try:
        return (data / name).read_bytes()
    except OSError as error:
        if not data.is_dir():
            found = Problem(str(data), None, None, None, "is not a folder; give the folder that holds the record")
        else:
            advice = f"cannot be read ({error.strerror}); copy it from the data folder of the repository"
            found = Problem(_shown(data, name), None, None, None, advice)
        raise RecordError([found]) from None


def _judged(data: Path) -> tuple[dict[str, Sheet], dict[str, Typed], list[Problem]]:
    """Return the sheets that could be read, their typed values, and all problems in file and line order."""
    schema = parse(_bytes(data, FILE_NAME), file=_shown(data, FILE_NAME))
    files = {table.name: _shown(data, table.path) for table in schema.tables}
    sheets: dict[str, Sheet] = {}
    typed: dict[str, Typed] = {}
    found: list[Problem] = []
    for table in schema.tables:
        read, faults = sheet(data / table.path, table=table, file=files[table.name])
        found += faults
        if read is not None:
            sheets[table.name] = read
            typed[table.name], faults = cells(read)
            found += faults
    for name, one in sheets.items():
        found += key_problems(one)
        found += reference_problems(one, typed[name], sheets)
        found += row_problems(one, typed[name], schema)
    places = {files[table.name]: (n, table.names) for n, table in enumerate(schema.tables)}
    return sheets, typed, _ordered(found, places)


def _ordered(found: Sequence[Problem], places: Mapping[str, tuple[int, tuple[str, ...]]]) -> list[Problem]:
    # One problem a value: a cell with a hidden character is not also called ill-formed.
    first: dict[object, Problem] = {}
    for problem in found:
        cell = (problem.file, problem.line, problem.column, problem.value)
        first.setdefault(cell if problem.column else problem, problem)

    def place(problem: Problem) -> tuple[int, int, int]:
        number, names = places[problem.file]
        return number, problem.line or 0, names.index(problem.column) if problem.column in names else -1

    return sorted(first.values(), key=place)


def _frame(sheet: Sheet, typed: Typed) -> pd.DataFrame:
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
            filled = texts if field.required else [text or np.nan for text in texts]
            columns[field.name] = pd.arrays.StringArray(np.array(filled, dtype="object"), dtype=_TEXT)
    return pd.DataFrame(columns, copy=False)
