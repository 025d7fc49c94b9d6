"""Hold a folder of further rows against the record: what is new, what it has already, and everything that is wrong.

The folder holds any of the record's tables under their names. Its rows are judged as the record's own are, may refer
to rows of the record or of the folder, and never alter a row that is there.
"""

from __future__ import annotations

import csv
import io
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from cci.errors import ParameterError, Problem, RecordError, suggestion
from cci.record.cells import Typed, cells
from cci.record.csvfile import NO_ROWS, Sheet, sheet
from cci.record.dataset import Dataset, load
from cci.record.links import key_problems, reference_problems, row_problems, unused_problems
from cci.record.schema import FILE_NAME, Schema, Table
from cci.record.tables import DEFAULT, judged

Row = tuple[str, ...]


@dataclass(frozen=True)
class Additions:
    """The rows of a folder that the record lacks and those that it has, by table, in the order of the schema.

    `identical` gives the lines of the folder's files on which rows stand that the record has; `before` the bytes of
    each table that was read, so that nobody's change since then is overwritten.
    """

    data: Path
    schema: Schema
    rows: Mapping[str, Sequence[Row]]
    identical: Mapping[str, Sequence[int]]
    before: Mapping[str, bytes]

    @property
    def count(self) -> int:
        """How many rows are new, over all tables."""
        return sum(map(len, self.rows.values()))

    def after(self) -> dict[str, bytes]:
        """Return the bytes of each changed file, with every byte of now kept; tables referred to come first."""
        return {
            table.path: _appended(self.before[table.path], self.rows[table.name])
            for table in _referred_first(self.schema.tables)
            if self.rows.get(table.name)
        }


def additions(folder: Path, *, data: Path = DEFAULT) -> Additions:
    """Return what a folder of tables adds to the record in `data`.

    Raises ParameterError where the folder is none or holds no table, RecordError with every problem of the record, or
    else with every problem of the folder in file and line order: form, cells, keys, references, and rows that would
    alter one of the record.
    """
    schema, held = judged(data)
    before = {table.path: (data / table.path).read_bytes() for table in schema.tables}
    given, problems = _sheets(Path(folder), schema)
    typed: dict[str, Typed] = {}
    for name, one in given.items():
        typed[name], faults = cells(one)
        problems += faults
    together = {name: _together(held[name], given.get(name)) for name in held}
    rows: dict[str, list[Row]] = {}
    identical: dict[str, list[int]] = {}
    for name, one in given.items():
        problems += key_problems(one)
        problems += reference_problems(one, typed[name], together)
        problems += row_problems(one, typed[name], schema)
        rows[name], identical[name], faults = _sorted_out(one, held[name])
        problems += faults
    if not problems:
        problems += [problem for one in given.values() for problem in unused_problems(one, together)]
    if problems:
        raise RecordError(_ordered(problems, folder, schema))
    return Additions(data, schema, rows, identical, before)


def lay_out(added: Additions, folder: Path) -> None:
    """Write the whole record as it would be into an empty folder."""
    shutil.copyfile(added.data / FILE_NAME, folder / FILE_NAME)
    for name, content in {**added.before, **added.after()}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def resulting(added: Additions) -> Dataset:
    """Return the record as it would be; reading it anew also proves it sound. Raises RecordError where it is not."""
    with TemporaryDirectory(prefix="cci-add-") as folder:
        lay_out(added, Path(folder))
        return load(data=folder)


def _sheets(folder: Path, schema: Schema) -> tuple[dict[str, Sheet], list[Problem]]:
    """The tables of the folder that have rows, and the faults of their form and of files that are no table."""
    if not folder.is_dir():
        raise ParameterError(f"{folder} is not a folder; write one with cci add --template {folder}")
    paths = {table.path: table for table in schema.tables}
    there = [path for path in paths if os.path.lexists(folder / path)]  # a link to nothing is told, not passed over
    names = [file.name for file in sorted(folder.iterdir())]
    problems = [
        Problem(str(folder / name), None, None, None, f"is not a table of the record{suggestion(name, list(paths))}")
        for name in names
        if name.lower().endswith(".csv") and name not in paths
    ]
    if not there and not problems:
        raise ParameterError(f"{folder} holds no table of the record; the tables are {', '.join(paths)}")
    given: dict[str, Sheet] = {}
    for table in schema.tables:
        if table.path in there:
            one, faults = sheet(folder / table.path, table=table, file=str(folder / table.path))
            problems += [fault for fault in faults if fault.advice != NO_ROWS]  # a template left as it was
            if one is not None:
                given[table.name] = one
    return given, problems


def _together(held: Sheet, given: Sheet | None) -> Sheet:
    """The rows of the record and of the folder as one table to refer to."""
    if given is None:
        return held
    blank = [""] * len(next(iter(given.columns.values())))
    columns = {name: [*column, *given.columns.get(name, blank)] for name, column in held.columns.items()}
    return replace(held, columns=columns, file=f"{given.file} or {held.file}", whole=given.whole)


def _sorted_out(given: Sheet, held: Sheet) -> tuple[list[Row], list[int], list[Problem]]:
    """The new rows of a table, the lines of those that it has already, and those that would alter a row."""
    table = given.table
    if set(given.columns) != set(table.names):
        return [], [], []  # a column is missing, which was said
    keys = dict.fromkeys([*table.keys, *((field.name,) for field in table.fields if field.unique)])
    known: dict[tuple[str, ...], dict[Row, int]] = {key: _places(held, key) for key in keys}
    whole = _places(held, table.names)
    new: list[Row] = []
    problems: list[Problem] = []
    identical: list[int] = []
    for number, row in enumerate(zip(*(given.columns[name] for name in table.names), strict=True)):
        if number in given.refused:
            continue
        if row in whole:
            identical.append(given.line(number))
            continue
        clashes = [
            _altering(given, number, row, key, held, there)
            for key, places in known.items()
            if (there := places.get(tuple(given.columns[name][number] for name in key))) is not None
        ]
        problems += clashes[:1]
        if not clashes:
            new.append(row)
    return new, identical, problems


def _places(held: Sheet, names: Sequence[str]) -> dict[Row, int]:
    return {row: number for number, row in enumerate(zip(*(held.columns[name] for name in names), strict=True))}


def _altering(given: Sheet, number: int, row: Row, key: Sequence[str], held: Sheet, there: int) -> Problem:
    pairs = zip(given.table.names, row, strict=True)
    differing = [
        f"{name} {_short(held.columns[name][there])} there, {_short(cell)} here"
        for name, cell in pairs
        if held.columns[name][there] != cell
    ]
    advice = (
        f"stands in {held.file}, line {held.line(there)} with other content ({'; '.join(differing)}); "
        "rows are added, not altered: give it another name, or leave it out"
    )
    return given.problem(number, ", ".join(key), ", ".join(given.columns[name][number] for name in key), advice)


def _short(cell: str) -> str:
    return repr(cell if len(cell) <= 40 else cell[:37] + "...")


def _ordered(problems: Sequence[Problem], folder: Path, schema: Schema) -> list[Problem]:
    # One problem a cell, as in the record's own check: a cell with a hidden character is not also called ill-formed.
    first: dict[object, Problem] = {}
    for one in problems:
        first.setdefault((one.file, one.line, one.column, one.value) if one.column else one, one)
    files = {str(folder / table.path): (n, table.names) for n, table in enumerate(schema.tables)}

    def place(problem: Problem) -> tuple[int, int, int]:
        number, names = files.get(problem.file, (-1, ()))
        return number, problem.line or 0, names.index(problem.column) if problem.column in names else -1

    return sorted(first.values(), key=place)


def _appended(before: bytes, rows: Sequence[Row]) -> bytes:
    """The file with further rows, written as its header is: the same line ends, quotes everywhere or where needed."""
    header = before.partition(b"\n")[0]
    ending = "\r\n" if header.endswith(b"\r") else "\n"
    out = io.StringIO(newline="")
    everywhere = header.startswith(b'"')
    csv.writer(out, lineterminator=ending, quoting=csv.QUOTE_ALL if everywhere else csv.QUOTE_MINIMAL).writerows(rows)
    return before + out.getvalue().encode()


def _referred_first(tables: Sequence[Table]) -> Iterator[Table]:
    """The tables in an order in which each follows those that it refers to.

    Written in this order, the record is sound after every single file: a row never waits for one that it names.
    """
    left = {table.name: table for table in tables}
    while left:
        ready = [name for name, table in left.items() if not (_wanted(table) - {name}) & left.keys()]
        for name in ready or list(left):  # tables that refer to each other cannot be told apart
            yield left.pop(name)


def _wanted(table: Table) -> set[str]:
    return {r.table for r in table.references} | {f.members[0] for f in table.fields if f.members}
