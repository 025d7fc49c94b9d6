"""Read one CSV file into columns of text, with every fault of its form: encoding, header, rows, hidden characters."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cci.errors import Problem
from cci.record.nearest import suggestion
from cci.record.schema import Table

# Characters that change what a reader sees without being seen: C0 and C1 controls (a line break inside quotes
# is allowed), soft hyphen, zero-width and filler letters, marks that turn the direction of text, the replacement
# character that a failed conversion leaves behind, half a character pair, and the invisible "tag" letters.
HIDDEN = re.compile(
    "[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u180b-\u180e\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\uffff\ud800-\udfff\U000e0000-\U000e0fff]"
)
# Characters known to be none of those: most files hold no other, and this is four times quicker to see.
_COMMON = re.compile("[ -~\n\r\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u3000-\u3130\u3200-\u9fff\uff00-\uff9f]*")
_BAD_BYTES = re.compile("[\udc80-\udcff]")


@dataclass(frozen=True)
class Sheet:
    """A table as text: `columns` in the order of the schema (absent ones left out), one string a cell.

    `lines` gives the line of the file on which each row starts, None where row n starts on line n + 2;
    `ragged` are rows with too few or too many cells, which keep their keys but are not judged further.
    """

    table: Table
    file: str
    columns: dict[str, Sequence[str]]
    lines: Sequence[int] | None
    ragged: frozenset[int]

    def line(self, row: int) -> int:
        """Return the line of the file on which row number `row` (from 0) starts."""
        return row + 2 if self.lines is None else self.lines[row + 1]

    def problem(self, row: int, column: str, value: str, advice: str) -> Problem:
        """Return a problem at one cell, its value shortened to what fits on a line."""
        return Problem(
            self.file, self.line(row), column, value if len(value) <= 80 else value[:77] + "...", advice
        )


def sheet(path: Path, *, table: Table, file: str) -> tuple[Sheet | None, list[Problem]]:
    """Return the file as columns and all faults of its form; no sheet where nothing can be read from it."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        near = suggestion(path.name, sorted(p.name for p in path.parent.glob("*.csv")))
        return None, [
            Problem(file, None, None, None, f"is missing; put the table {table.name!r} there{near}")
        ]
    except OSError as error:
        return None, [
            Problem(
                file, None, None, None, f"cannot be read ({error.strerror}); check the file and its rights"
            )
        ]
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")) or raw.count(0, 0, 200) > 20:
        return None, [Problem(file, 1, None, None, "is UTF-16; save the file as UTF-8")]
    text, problems = _text(raw, file)
    rows, lines, faults = _rows(text)
    problems += [Problem(file, line, None, None, advice) for line, advice in faults]
    if not rows:
        return None, problems or [
            Problem(
                file, None, None, None, f"is empty; the first line names the columns: {','.join(table.names)}"
            )
        ]
    header, start = rows[0], 1 if lines is None else lines[0]
    found = _header(header, table)
    problems += [Problem(file, start, column, None, advice) for column, advice in found]
    if not set(header) & set(table.names):
        return None, problems
    del rows[0]
    if not rows:
        problems.append(
            Problem(file, None, None, None, "has no rows; a table of the record needs at least one")
        )
        return None, problems
    ragged = _even(rows, len(header))
    at = (lambda row: row + 2) if lines is None else (lambda row: lines[row + 1])
    problems += [
        Problem(file, at(row), None, None, _ragged_advice(width, len(header)))
        for row, width in ragged.items()
    ]
    read = dict(
        zip(reversed(header), reversed(list(zip(*rows, strict=True))), strict=True)
    )  # a repeated name: the first
    columns = {name: read[name] for name in table.names if name in read}
    result = Sheet(table, file, columns, lines, frozenset(ragged))
    if not _COMMON.fullmatch(text) and HIDDEN.search(text):
        problems += _hidden(result)
    return result, problems


def _text(raw: bytes, file: str) -> tuple[str, list[Problem]]:
    problems = []
    if raw.startswith(b"\xef\xbb\xbf"):
        raw = raw[3:]
        problems.append(
            Problem(file, 1, None, None, "starts with a byte-order mark; save the file as UTF-8 without one")
        )
    try:
        return raw.decode("utf-8"), problems
    except UnicodeDecodeError:
        # Undecodable bytes become lone surrogates, so that the rest of the file is still judged.
        text = raw.decode("utf-8", "surrogateescape")
    last = 0
    for match in _BAD_BYTES.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        if line != last:
            byte = ord(match[0]) - 0xDC00
            problems.append(
                Problem(file, line, None, None, f"is not UTF-8 (byte 0x{byte:02X}); save the file as UTF-8")
            )
        last = line
    return text, problems


def _rows(text: str) -> tuple[list[list[str]], list[int] | None, list[tuple[int, str]]]:
    """Return rows, the line each starts on (None: one line a row), and quoting faults by line."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        rows = list(reader)
    except csv.Error:
        pass
    else:
        if reader.line_num == len(rows):
            return rows, None, []
    return _rows_by_line(list(io.StringIO(text, newline="")))


def _rows_by_line(source: list[str]) -> tuple[list[list[str]], list[int], list[tuple[int, str]]]:
    # The slow way, for files with line breaks inside cells or with broken quotes. After a broken row, reading
    # goes on at the next line of the file, so that one lost quote does not hide the faults after it.
    rows, lines, faults = [], [], []
    done = 0
    while done < len(source):
        reader = csv.reader((source[n] for n in range(done, len(source))), strict=True)
        start = done
        try:
            for row in reader:
                rows.append(row)
                lines.append(start + 1)
                start = done + reader.line_num
            break
        except csv.Error as error:
            faults.append((start + 1, _quote_advice(str(error), done + reader.line_num)))
            done = start + 1
    return rows, lines, faults


def _quote_advice(error: str, line: int) -> str:
    if "end of data" in error or "field limit" in error:
        return "opens a quote that is never closed; close it, or double a quote that belongs to the text"
    return f"has a quote out of place (met on line {line}): put the whole cell in quotes and double those inside it"


def _header(header: list[str], table: Table) -> list[tuple[str | None, str]]:
    names = table.names
    if not set(header) & set(names):
        for mark, word in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
            if len(header) == 1 and mark in header[0]:
                return [(None, f"separates the columns by {word}; save the file with commas")]
        return [(None, f"does not name the columns; the first line must be {','.join(names)}")]
    faults: list[tuple[str | None, str]] = []
    missing = [name for name in names if name not in header]
    for position, name in enumerate(header):
        if name in header[:position]:
            faults.append((name, "is named twice; keep one of the two columns"))
        elif name not in names:
            near = suggestion(name, missing or names)
            faults.append((name, f"is not a column of {table.name}; rename or delete it{near}"))
    faults += [(name, "is missing; add the column") for name in missing]
    if not faults and tuple(header) != names:
        faults.append((None, f"has the columns in another order; the order is {','.join(names)}"))
    return faults


def _even(rows: list[list[str]], width: int) -> dict[int, int]:
    """Cut or fill rows of another width in place; return their numbers and the widths they had."""
    if set(map(len, rows)) == {width}:
        return {}
    ragged = {number: len(row) for number, row in enumerate(rows) if len(row) != width}
    for number in ragged:
        rows[number] = (rows[number] + [""] * width)[:width]
    return ragged


def _ragged_advice(width: int, wanted: int) -> str:
    if width == 0:
        return "is empty; delete the line"
    cause = (
        "put a cell that holds a comma in quotes" if width > wanted else "add the commas of the empty cells"
    )
    return f"has {width} cells where the header has {wanted}; {cause}"


def _hidden(sheet: Sheet) -> list[Problem]:
    problems = []
    for name, column in sheet.columns.items():
        for row, value in enumerate(column):
            match = HIDDEN.search(value)
            if match and not _BAD_BYTES.match(match[0]):
                advice = f"holds the hidden character U+{ord(match[0]):04X}; delete it or type the cell again"
                problems.append(sheet.problem(row, name, value, advice))
    return problems
