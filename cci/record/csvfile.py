"""Read one CSV file into columns of text, with every fault of its form.

Its form: the encoding, the header, quotes, the number of cells in a row, characters nobody can see.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, compress, islice
from pathlib import Path

from cci.errors import Problem, suggestion
from cci.record.files import regular
from cci.record.schema import Table

# Characters that change what a reader sees without being seen: C0 and C1 controls (a line break inside quotes
# is allowed), soft hyphen, zero-width and filler letters, marks that turn the direction of text, the sign
# that a failed conversion leaves, half a character pair, and the invisible "tag" letters.
HIDDEN = re.compile(
    "[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u180b-\u180e\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\uffff\ud800-\udfff\U000e0000-\U000e0fff]"
)
# Characters known to be none of those: most files hold no others, and this is four times quicker to see.
_COMMON = re.compile(
    "[ -~\n\r\u00a1-\u00ac\u00ae-\u02ff\u0e00-\u0e7f\u2010-\u2027\u3000-\u3130\u3200-\u9fff\uac00-\ud7a3\uff00-\uff9f]*"
)
_BAD_BYTE = re.compile("[\udc80-\udcff]")
_BAD_LINES = 20  # lines of another encoding that are named one by one
NO_ROWS = "has no rows; a table of the record needs at least one"
# Rows turned into columns at a time: fewer than the new objects (700) at which Python looks for garbage, and then again
# and again through all cells read so far, which made large files slower than linear.
_BLOCK = 256

# line (None: the whole file), column (None: the whole line), advice
_Fault = tuple[int | None, str | None, str]


@dataclass(frozen=True)
class Sheet:
    """A table as text: `columns` in the order of the schema (absent ones left out), one string a cell.

    `lines` gives the line of the file on which each row starts, None where row n starts on line n + 2;
    `refused` are rows with too few or too many cells or in another encoding: they keep their keys but are not
    judged further;
    `whole` is False where a row is lost to a broken quote, so that a name missing here may stand in it.
    """

    table: Table
    file: str
    columns: dict[str, list[str]]
    lines: Sequence[int] | None
    refused: frozenset[int]
    whole: bool

    @property
    def rows(self) -> int:
        """How many rows the table has."""
        return len(next(iter(self.columns.values())))

    def line(self, row: int) -> int:
        """Return the line of the file on which row number `row` (from 0) starts."""
        return row + 2 if self.lines is None else self.lines[row]

    def problem(self, row: int, column: str, value: str, advice: str) -> Problem:
        """Return a problem at one cell, its value shortened to what fits on a line."""
        return Problem(self.file, self.line(row), column, value if len(value) <= 80 else value[:77] + "...", advice)


def sheet(path: Path, *, table: Table, file: str) -> tuple[Sheet | None, list[Problem]]:
    """Return the file as columns and all faults of its form; no sheet where nothing can be read from it."""
    faults: list[_Fault] = []
    text = _text(path, table, faults)
    hidden = not _COMMON.fullmatch(text) and HIDDEN.search(text) is not None
    # Without hidden characters splitlines finds no other line ends than CSV has, and is the quicker way.
    source = list(io.StringIO(text, newline="")) if hidden else text.splitlines(True)
    result = _read(source, table, file, faults) if source else None
    problems = [Problem(file, line, column, None, advice) for line, column, advice in faults]
    if result is not None and hidden:
        undecoded = {
            row
            for row, cells in enumerate(zip(*result.columns.values(), strict=True))
            if _BAD_BYTE.search("".join(cells))
        }
        result = replace(result, refused=result.refused | undecoded)
        problems += _hidden(result)
    return result, problems


def _text(path: Path, table: Table, faults: list[_Fault]) -> str:
    """Return the text of the file, empty where it has none that can be read."""
    try:
        raw = regular(path)
    except FileNotFoundError:
        faults.append((None, None, f"is missing; put the table {table.name!r} there"))
        return ""
    except OSError as error:
        faults.append((None, None, f"cannot be read ({error.strerror}); check the file and its rights"))
        return ""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")) or raw.count(0, 0, 200) > 20:
        faults.append((1, None, "is UTF-16; save the file as UTF-8"))
        return ""
    if raw.startswith(b"\xef\xbb\xbf"):
        faults.append((1, None, "starts with a byte-order mark; save the file as UTF-8 without one"))
        raw = raw[3:]
    if not raw:
        faults.append((None, None, f"is empty; the first line names the columns: {','.join(table.names)}"))
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        # Undecodable bytes become lone surrogates, so that the rest of the file is still judged.
        text = raw.decode("utf-8", "surrogateescape")
    lines = {n: match for n, line in enumerate(text.split("\n"), 1) if (match := _BAD_BYTE.search(line))}
    for line, match in islice(lines.items(), _BAD_LINES):
        faults.append((line, None, f"is not UTF-8 (byte 0x{ord(match[0]) - 0xDC00:02X}); save the file as UTF-8"))
    if len(lines) > _BAD_LINES:
        faults.append((None, None, f"is not UTF-8 on {len(lines) - _BAD_LINES} more lines; save the file as UTF-8"))
    return text


def _read(source: list[str], table: Table, file: str, faults: list[_Fault]) -> Sheet | None:
    """Return the lines of a file as a sheet; None where they hold no column of the table, or no row."""
    lines: list[int] | None = None
    whole, start = True, 1
    try:
        blocks = _blocks(source)
        first = next(blocks)
        header = first.pop(0)
        columns, ragged = _columns(chain([first], blocks), len(header))
        faults += _line_faults(source)
    except csv.Error:
        parsed, lines, broken = _rows_by_line(source)
        faults += broken
        if not parsed:
            return None
        header, start, whole = parsed.pop(0), lines.pop(0), not broken
        columns, ragged = _columns([parsed], len(header))
    faults += [(start, column, advice) for column, advice in _header(header, table)]
    if not set(header) & set(table.names):
        return None
    if not columns[0]:
        faults.append((None, None, NO_ROWS))
        return None
    found = dict(zip(reversed(header), reversed(columns), strict=True))  # of a repeated name the first
    ordered = {name: found[name] for name in table.names if name in found}
    result = Sheet(table, file, ordered, lines, frozenset(ragged), whole)
    faults += [(result.line(row), None, _ragged_advice(width, len(header))) for row, width in ragged.items()]
    return result


def _blocks(source: list[str]) -> Iterator[list[list[str]]]:
    """The rows of a file in which each is one line, in blocks; csv.Error where a line holds only a part of a row.

    A line without a quote is cut at its commas: what the reader of CSV gives, in half of the time.
    """
    longest = csv.field_size_limit()
    for start in range(0, len(source), _BLOCK):
        block = source[start : start + _BLOCK]
        hard = ['"' in line or not 2 < len(line) <= longest for line in block]
        parsed = list(csv.reader(compress(block, hard), strict=True))
        if len(parsed) != sum(hard):
            raise csv.Error("a row of several lines")
        rest = iter(parsed)
        yield [next(rest) if odd else line.rstrip("\r\n").split(",") for odd, line in zip(hard, block, strict=True)]


def _line_faults(source: list[str]) -> Iterator[_Fault]:
    """Faults of lines that the reader of CSV lets pass: where every row is one line, each ends as the first does."""
    end = "\r\n" if source[0].endswith("\r\n") else source[0][-1]
    for number, line in enumerate(source, 1):
        if not line.endswith(end) or (end == "\n" and line.endswith("\r\n")):
            if line.endswith(("\n", "\r")):
                yield number, None, "ends otherwise than the first line; save the file with one kind of line end"
                return  # one is enough: an editor changes all at once
            yield number, None, "has no line end, as of a file cut short; complete the row and end the line"
        if '"' in line and line.count('"') % 2:
            yield number, None, "has a quote out of place; put the whole cell in quotes and double those inside it"


def _columns(blocks: Iterable[list[list[str]]], width: int) -> tuple[list[list[str]], dict[int, int]]:
    """Return the cells by column, and the width of every row that had another; those are cut or filled."""
    columns: list[list[str]] = [[] for _ in range(width)]
    ragged = {}
    done = 0
    for block in blocks:
        if set(map(len, block)) != {width}:
            for n, row in enumerate(block):
                if len(row) != width:
                    ragged[done + n] = len(row)
                    block[n] = (row + [""] * width)[:width]
        for column, cells in zip(columns, zip(*block, strict=True), strict=False):
            column.extend(cells)
        done += len(block)
    return columns, ragged


def _rows_by_line(source: list[str]) -> tuple[list[list[str]], list[int], list[_Fault]]:
    # The slow way, for files with line breaks inside cells or with broken quotes. After a broken row, reading
    # goes on at the next line of the file, so that one lost quote does not hide the faults after it.
    rows: list[list[str]] = []
    lines: list[int] = []
    faults: list[_Fault] = []
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
            faults.append((start + 1, None, _quote_advice(str(error), start + 1, done + reader.line_num)))
            done = start + 1
    return rows, lines, faults


def _quote_advice(error: str, start: int, met: int) -> str:
    if met > start or "end of data" in error or "field limit" in error:
        return "opens a quote that is never closed; close it, or double a quote that belongs to the text"
    return "has a quote out of place; put the whole cell in quotes and double those inside it"


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


def _ragged_advice(width: int, wanted: int) -> str:
    if width == 0:
        return "is empty; delete the line"
    cause = "put a cell that holds a comma in quotes" if width > wanted else "add the commas of the empty cells"
    return f"has {width} cells where the header has {wanted}; {cause}"


def _hidden(sheet: Sheet) -> list[Problem]:
    problems = []
    for name, column in sheet.columns.items():
        for row, value in enumerate(column):
            match = HIDDEN.search(value)
            if match and row not in sheet.refused:
                advice = f"holds the hidden character U+{ord(match[0]):04X}; delete it or type the cell again"
                problems.append(sheet.problem(row, name, value, advice))
    return problems
