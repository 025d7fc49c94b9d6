"""Hold what stands in several cells together: row rules, keys, and references from table to table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count
from typing import cast

from cci.errors import Problem, suggestion
from cci.record.cells import Typed
from cci.record.csvfile import Sheet
from cci.record.schema import Reference, Schema

_SUGGESTIONS = 20  # distinct values of a column for which a near name is looked up; each look costs milliseconds


def row_problems(sheet: Sheet, typed: Typed, schema: Schema) -> Iterator[Problem]:
    """Yield the cells that do not go with another cell of their row, by the cci: rules of the table."""
    table = sheet.table
    for first, second in table.not_after:
        for row, start, end in _rows(sheet, first, second):
            if start > end and end in typed[second] and start in typed[first] and _after(start, end):
                yield sheet.problem(row, second, end, f"is before {first} {start!r}; exchange or correct the dates")
    for low, high in table.not_above:
        small, large = _figures(typed, low), _figures(typed, high)
        for row, one, two in _rows(sheet, low, high) if large else ():
            if one in small and two in large and small[one] > large[two]:
                yield sheet.problem(row, high, two, f"is below {low} {one!r}; exchange or correct them")
    for given, needed in table.needs:
        for row, one, two in _rows(sheet, given, needed):
            if one and not two:
                advice = f"is blank although {given} is {one!r}; fill it or empty both"
                yield sheet.problem(row, needed, two, advice)
    for name, whole in table.member_of:
        for row, one, listed in _rows(sheet, name, whole):
            if one and one not in listed.split(_separator(sheet, whole)):
                advice = f"is not among the {whole} of its row; add it there or choose another"
                yield sheet.problem(row, name, one, advice)
    for field in table.fields:
        if field.unit_in is not None:
            figures, least = _figures(typed, field.name), schema.least
            for row, value, unit in _rows(sheet, field.name, field.unit_in) if figures else ():
                if value in figures and unit in least and figures[value] < least[unit]:
                    advice = f"is below {least[unit]:g}, the least that a value in {unit} can be"
                    yield sheet.problem(row, field.name, value, advice)


def _rows(sheet: Sheet, first: str, second: str) -> Iterator[tuple[int, str, str]]:
    """Return row number, first and second text of every row; nothing where a column is absent."""
    if first not in sheet.columns or second not in sheet.columns:
        return iter(())
    pairs = zip(count(), sheet.columns[first], sheet.columns[second], strict=False)
    return pairs if not sheet.refused else (row for row in pairs if row[0] not in sheet.refused)


def _figures(typed: Typed, column: str) -> Mapping[str, float]:
    return cast("Mapping[str, float]", typed.get(column, {}))


def _separator(sheet: Sheet, column: str) -> str:
    return next(field.separator for field in sheet.table.fields if field.name == column)


def _after(start: str, end: str) -> bool:
    # Reduced dates are compared as far as both say something: 2018-01-01 is not after 2018.
    shared = min(len(start), len(end))
    return start[:shared] > end[:shared]


def key_problems(sheet: Sheet) -> Iterator[Problem]:
    """Yield the rows that repeat a key of an earlier row; blank keys are the business of `required`."""
    unique = [(field.name,) for field in sheet.table.fields if field.unique]
    for key in dict.fromkeys([*sheet.table.keys, *unique]):
        if not all(name in sheet.columns for name in key):
            continue
        columns = [sheet.columns[name] for name in key]
        distinct = set(columns[0]) if len(key) == 1 else set(zip(*columns, strict=True))
        if len(distinct) == len(columns[0]):
            continue
        first: dict[tuple[str, ...], int] = {}
        for row, values in enumerate(zip(*columns, strict=True)):
            earlier = first.setdefault(values, row)
            if earlier != row and all(values):
                advice = f"stands on line {sheet.line(earlier)} already; give the row another or delete it"
                yield sheet.problem(row, ", ".join(key), ", ".join(values), advice)


def reference_problems(sheet: Sheet, typed: Typed, sheets: Mapping[str, Sheet]) -> Iterator[Problem]:
    """Yield the cells that name a row which does not exist, here or in another table of `sheets`.

    A table that could not be read is absent from `sheets`; references to it are not judged, nor are those
    to a table of which rows are lost.
    """
    for reference in sheet.table.references:
        target = sheets.get(reference.table)
        if target is None or not target.whole or not set(reference.targets) <= target.columns.keys():
            continue
        if not set(reference.fields) <= sheet.columns.keys():
            continue
        if len(reference.fields) == 1:
            yield from _dangling(sheet, reference, target)
            if reference.acyclic:
                yield from _circles(sheet, reference)
        else:
            yield from _mismatched(sheet, reference, target)
    for field in sheet.table.fields:
        if field.members is not None and field.name in sheet.columns:
            target = sheets.get(field.members[0])
            known = target.columns.get(field.members[1]) if target and target.whole else None
            lists = cast("Mapping[str, tuple[str, ...]]", typed[field.name])
            faults = _list_faults(lists, field.also, known, target.file if target else "")
            yield from _rows_with(sheet, field.name, faults)


def _dangling(sheet: Sheet, reference: Reference, target: Sheet) -> Iterator[Problem]:
    name = reference.fields[0]
    known = target.columns[reference.targets[0]]
    unknown = set(sheet.columns[name]).difference(known)
    unknown.discard("")
    if unknown:
        advice = _unknown(unknown, known, f"is not in {target.file}; add the row there or correct the name")
        yield from _rows_with(sheet, name, {value: [(value, advice[value])] for value in unknown})


def _unknown(values: Iterable[str], known: Sequence[str], advice: str) -> dict[str, str]:
    names = dict.fromkeys(known)
    return {v: advice + (suggestion(v, names) if n < _SUGGESTIONS else "") for n, v in enumerate(sorted(values))}


def _rows_with(sheet: Sheet, column: str, faults: Mapping[str, list[tuple[str, str]]]) -> Iterator[Problem]:
    if faults:
        for row, value in enumerate(sheet.columns[column]):
            if value in faults and row not in sheet.refused:
                for part, advice in faults[value]:
                    yield sheet.problem(row, column, part, advice)


def _circles(sheet: Sheet, reference: Reference) -> Iterator[Problem]:
    name = reference.fields[0]
    names, parents = sheet.columns[reference.targets[0]], sheet.columns[name]
    parent = dict(zip(names, parents, strict=True))
    sound: set[str] = {""}
    for row, start in enumerate(names):
        path, at = {}, start
        while at not in sound and at not in path and at in parent:
            path[at] = True
            at = parent[at]
        if at == start and start in path:
            yield sheet.problem(row, name, parents[row], f"leads from {start!r} back to itself; break the circle")
        elif at not in path:
            sound.update(path)


def _mismatched(sheet: Sheet, reference: Reference, target: Sheet) -> Iterator[Problem]:
    head, last = reference.fields[0], reference.fields[-1]
    here = list(zip(*(sheet.columns[name] for name in reference.fields), strict=True))
    there = set(zip(*(target.columns[name] for name in reference.targets), strict=True))
    wrong = {values for values in set(here) - there if all(values)}
    if not wrong:
        return
    partners: dict[str, list[str]] = {}
    for values in sorted(there):
        partners.setdefault(values[0], []).append(values[-1])
    # A head that is wrong by itself is reported by its own reference, where it has one.
    alone = {other.fields[0] for other in sheet.table.references if len(other.fields) == 1}
    for row, values in enumerate(here):
        if values in wrong and row not in sheet.refused and (values[0] in partners or head not in alone):
            has = ", ".join(map(repr, partners.get(values[0], [])[:3])) or "nothing"
            other = f"{head} {values[0]!r}, for which {target.file} has {has}"
            advice = f"does not go with {other}; correct one of them"
            yield sheet.problem(row, last, values[-1], advice)


def unused_problems(sheet: Sheet, sheets: Mapping[str, Sheet]) -> Iterator[Problem]:
    """Yield the rows that no row of `sheets` names, where the table says by which columns they must be.

    Nothing to refuse a record for, as between two files of an addition a row may stand alone: told where it is checked.
    """
    uses = sheet.table.used_in
    named = [(sheet.columns[column], set(sheets[table].columns[there])) for column, table, there in uses]
    where = ", ".join(f"{table}.{there}" for _, table, there in uses)
    key = uses[0][0] if uses else ""
    for row in range(sheet.rows if uses else 0):
        if not any(names[row] in there for names, there in named):
            advice = f"is named by no row of {where}; delete the row, or add the one that needs it"
            yield sheet.problem(row, key, sheet.columns[key][row], advice)


def _list_faults(
    lists: Mapping[str, tuple[str, ...]], also: frozenset[str], known: Sequence[str] | None, file: str
) -> dict[str, list[tuple[str, str]]]:
    faults: dict[str, list[tuple[str, str]]] = {}
    names = set(known or ()) | also
    unknown: set[str] = set()
    for text, members in lists.items():
        if len(set(members)) < len(members):
            faults.setdefault(text, []).extend(
                (m, "is listed twice; name it once")
                for m in dict.fromkeys(members)
                if m and m not in also and members.count(m) > 1
            )
        for member in members:
            if member.strip() != member or not member:
                faults.setdefault(text, []).append(
                    (member, "is a blank or has blanks in the list; separate names by one ; only")
                )
            elif known is not None and member not in names:
                unknown.add(member)
    if unknown:
        advice = _unknown(unknown, known or (), f"is not in {file}; add the row there or correct the name")
        for text, members in lists.items():
            for member in members:
                if member in unknown:
                    faults.setdefault(text, []).append((member, advice[member]))
    return faults
