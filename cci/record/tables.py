"""Read the CSV tables under data/ as datapackage.json describes them: all of them typed, or every problem at once."""

from __future__ import annotations

from collections.abc import Sequence
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

_TEXT = pd.StringDtype(na_value=np.nan)  # what pandas calls "str"


def read(data: Path = DEFAULT) -> dict[str, pd.DataFrame]:
    """Return every table of the record by name, typed, its columns and rows in the order of the file.

    Text is `str` with NaN where a cell is blank, numbers are float64, integers Int64, booleans bool; reduced
    dates stay text; a column that lists names holds tuples. Raises RecordError with every problem of every table.
    """
    sheets, typed, found = _judged(Path(data))
    if found:
        raise RecordError(found)
    return {name: _frame(sheets[name], typed[name]) for name in sheets}


def problems(data: Path = DEFAULT) -> list[Problem]:
    """Return every problem of the record in file and line order; an empty list where it is sound."""
    return _judged(Path(data))[2]


def fingerprint(data: Path = DEFAULT) -> str:
    """Return 16 hexadecimal digits over the names and bytes of the schema and the tables; RecordError if one is missing."""
    data = Path(data)
    schema, raw, found = _schema(data)
    if schema is None:
        raise RecordError(found)
    digest = sha256()
    for name in sorted([FILE_NAME, *(table.path for table in schema.tables)]):
        try:
            content = raw if name == FILE_NAME else (data / name).read_bytes()
        except OSError as error:
            raise RecordError(
                [Problem(_shown(data, name), None, None, None, f"cannot be read ({error.strerror})")]
            ) from None
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:16]


def _shown(data: Path, name: str) -> str:
    # The folder as the user gave it; the record's own folder as seen from here.
    if data == DEFAULT and data.is_relative_to(Path.cwd()):
        data = data.relative_to(Path.cwd())
    return str(data / name)


def _schema(data: Path) -> tuple[Schema | None, bytes, list[Problem]]:
    file = _shown(data, FILE_NAME)
    if not data.is_dir():
        return (
            None,
            b"",
            [Problem(str(data), None, None, None, "is not a folder; give the folder that holds the record")],
        )
    try:
        raw = (data / FILE_NAME).read_bytes()
    except FileNotFoundError:
        advice = "is missing; it describes the tables: copy it from the data folder of the repository"
        return None, b"", [Problem(file, None, None, None, advice)]
    except OSError as error:
        return (
            None,
            b"",
            [
                Problem(
                    file,
                    None,
                    None,
                    None,
                    f"cannot be read ({error.strerror}); check the file and its rights",
                )
            ],
        )
    schema, found = parse(raw, file=file)
    return schema, raw, found


def _judged(data: Path) -> tuple[dict[str, Sheet], dict[str, Typed], list[Problem]]:
    """Return the sheets that could be read, their typed values, and all problems in file and line order."""
    schema, _, found = _schema(data)
    if schema is None:
        return {}, {}, found
    sheets: dict[str, Sheet] = {}
    typed: dict[str, Typed] = {}
    for table in schema.tables:
        read, faults = sheet(data / table.path, table=table, file=_shown(data, table.path))
        found += faults
        if read is not None:
            sheets[table.name] = read
            typed[table.name], faults = cells(read)
            found += faults
    for name, one in sheets.items():
        found += key_problems(one)
        found += row_problems(one, typed[name], schema)
        found += reference_problems(one, typed[name], sheets)
    return sheets, typed, _ordered(found, schema, data) if found else found


def _ordered(found: Sequence[Problem], schema: Schema, data: Path) -> list[Problem]:
    # One problem a value: a cell with a hidden character is not also called ill-formed.
    first = {(p.file, p.line, p.column, p.value) if p.column else (p,): p for p in reversed(found)}
    order = {
        _shown(data, table.path): (n, {name: i for i, name in enumerate(table.names)})
        for n, table in enumerate(schema.tables)
    }

    def place(problem: Problem) -> tuple[int, int, int]:
        number, columns = order[problem.file]
        return number, problem.line or 0, columns.get(problem.column or "", -1)

    return sorted(reversed(first.values()), key=place)


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
            columns[field.name] = pd.array(np.array(filled, dtype="object"), dtype=_TEXT)
    return pd.DataFrame(columns, copy=False)
