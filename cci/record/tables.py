"""Read the tables under data/ as datapackage.json describes them: all of them, or every problem at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cci.errors import Problem, RecordError
from cci.record.cells import Typed, cells
from cci.record.csvfile import Sheet, sheet
from cci.record.files import DEFAULT, content, fingerprint, shown
from cci.record.links import key_problems, reference_problems, row_problems, unused_problems
from cci.record.schema import FILE_NAME, Schema, parse

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["DEFAULT", "checked", "fingerprint", "judged", "problems", "read"]


def read(data: Path = DEFAULT) -> Mapping[str, pd.DataFrame]:
    """Return every table of the record by name, typed, its columns and rows in the order of the file.

    Text is `str` with NaN where a cell is blank, numbers are float64, integers Int64, booleans bool; reduced
    dates stay text; a column that lists names holds tuples. Raises RecordError with every problem of every
    table.
    """
    sheets, typed, found = _judged(Path(data))
    if found:
        raise RecordError(found)
    from cci.record.frames import Frames  # pandas comes with it, and takes longer than to judge the record

    return Frames(sheets, typed)


def problems(data: Path = DEFAULT) -> list[Problem]:
    """Return every problem of the record in file and line order; an empty list where it is sound."""
    return checked(data)[1]


def checked(data: Path = DEFAULT) -> tuple[dict[str, Sheet], list[Problem]]:
    """Return every table that can be read, as text, and every problem: those of `read`, or else rows nothing uses."""
    try:
        sheets, _, found = _judged(Path(data))
    except RecordError as error:
        return {}, list(error.problems)
    return sheets, found or [problem for one in sheets.values() for problem in unused_problems(one, sheets)]


def judged(data: Path = DEFAULT) -> tuple[Schema, dict[str, Sheet]]:
    """Return the schema and every table as text, to hold further rows against. Raises RecordError as `read` does."""
    data = Path(data)
    sheets, _, found = _judged(data)
    if found:
        raise RecordError(found)
    return parse(content(data, FILE_NAME), file=shown(data, FILE_NAME)), sheets


def _judged(data: Path) -> tuple[dict[str, Sheet], dict[str, Typed], list[Problem]]:
    """Return the sheets that could be read, their typed values, and all problems in file and line order."""
    schema = parse(content(data, FILE_NAME), file=shown(data, FILE_NAME))
    files = {table.name: shown(data, table.path) for table in schema.tables}
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
