"""What changed in the record: observations, the rows of the other tables, and what follows from both in the audit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from cci.audit.consequences import consequences
from cci.book.review.changes import Change
from cci.book.review.revision import State
from cci.book.site.shelf import Row, Shelf
from cci.record.csvfile import Sheet
from cci.record.tables import judged

OBSERVATIONS = "observations"
_LONG = 400  # characters of a cell; the rest is in the table


def evidence(base: State, head: State, before: Shelf, after: Shelf) -> Iterator[Change]:
    """Yield every change of the record between two states, and what it does to relations and contradictions."""
    old, new = (dict(judged(state.data)[1]) for state in (base, head))
    for name in dict.fromkeys([*old, *new]):
        if name not in old or name not in new:
            yield Change("table-shape", name, where=name, after="a new table" if name in new else "the table is gone")
            continue
        shape = _shape(old[name], new[name])
        if shape:
            yield Change("table-shape", name, where=name, facts=tuple(shape))
        rows = _rows(old[name], new[name])
        yield from _observations(rows, before, after) if name == OBSERVATIONS else _others(rows, name)
    yield from audited(before, after)


def _shape(old: Sheet, new: Sheet) -> list[str]:
    gone = [f"column {name} is gone" for name in old.columns if name not in new.columns]
    return [*gone, *(f"column {name} is new" for name in new.columns if name not in old.columns)]


_Rows = Iterable[tuple[str, Mapping[str, str] | None, Mapping[str, str] | None]]


def _rows(old: Sheet, new: Sheet) -> _Rows:
    """The rows of a table that are not the same in both, with their key in words."""
    sides = []
    for one in (old, new):
        names = list(one.columns)
        rows = (dict(zip(names, cells, strict=True)) for cells in zip(*one.columns.values(), strict=True))
        sides.append({tuple(row.get(part, "") for part in new.table.keys[0]): row for row in rows})
    was, now = sides
    for key in dict.fromkeys([*was, *now]):
        if was.get(key) != now.get(key):
            yield ", ".join(key), was.get(key), now.get(key)


def _differing(was: Mapping[str, str], now: Mapping[str, str]) -> dict[str, str]:
    """Column -> what changed in it, in words; columns that one side lacks are told as the shape of the table."""
    return {
        name: f"{name}: {_short(was[name])} → {_short(now[name])}"
        for name in now
        if name in was and was[name] != now[name]
    }


def _short(cell: str) -> str:
    return f"{cell[:_LONG]} …" if len(cell) > _LONG else cell or "blank"


def _observations(rows: _Rows, before: Shelf, after: Shelf) -> Iterator[Change]:
    old, new = before.observations, after.observations
    touched = set()
    for name, was, now in rows:
        touched.add(name)
        if was is None or now is None:
            side, rule = (new, "observation-added") if was is None else (old, "observation-removed")
            said = f"{side[name]['words']} ({side[name]['period'] or 'undated'})"
            one, two = (None, said) if was is None else (said, None)
            yield Change(rule, name, one, two, _series(side[name]), facts=tuple(_attested(side[name])))
            continue
        differing = _differing(was, now)
        if not differing:
            continue
        one, two = (side[name]["words"] for side in (old, new))
        facts = (*differing.values(), *_regraded(old[name], new[name]), *_attested(new[name]))
        if "flag" in differing:
            flag, other = (side["flag"] or "no flag" for side in (was, now))
            told = (f"Words: {two}", *facts)
            yield Change("observation-flagged", name, flag, other, _series(new[name]), facts=told)
        if differing.keys() - {"flag"}:
            same = one == two  # where only another column says something else, its words tell nothing
            yield Change("observation-changed", name, None if same else one, two, _series(new[name]), facts=facts)
    for name in new:
        if name in old and name not in touched and old[name]["grade"] != new[name]["grade"]:
            one, two = (f"grade {side[name]['grade']}" for side in (old, new))
            facts = (f"Words: {new[name]['words']}", str(new[name]["grade_reason"]))
            yield Change("observation-regraded", name, one, two, _series(new[name]), facts=facts)


def _series(row: Row) -> str:
    return f"{row['indicator']}/{row['scope']}"


def _attested(row: Row) -> Iterator[str]:
    """Who says so in which words, and how well that is attested."""
    quoted = f"“{row['as_stated']}”, " if row["as_stated"] else ""
    day = f", {row['published']}" if row["published"] else ""
    yield f"Source: {quoted}{row['publisher']}{day} ({row['source_id']})"
    yield f"Grade {row['grade']}: {row['grade_reason']}"
    if row["flag"]:
        yield f"Flag: {row['flag']}"
    if row["note"]:
        yield f"Note: {row['note']}"


def _regraded(was: Row, now: Row) -> Iterator[str]:
    if was["grade"] != now["grade"]:
        yield f"grade: {was['grade']} → {now['grade']}"


def _others(rows: _Rows, table: str) -> Iterator[Change]:
    for name, was, now in rows:
        if was is None or now is None:
            rule, side = ("row-added", now) if was is None else ("row-removed", was)
            facts = tuple(f"{column}: {_short(cell)}" for column, cell in (side or {}).items() if cell)
            yield Change(rule, name, where=table, facts=facts)
        elif differing := _differing(was, now):
            yield Change("row-changed", name, where=table, facts=tuple(differing.values()))


def audited(before: Shelf, after: Shelf) -> Iterator[Change]:
    """Yield what the audit makes of the changes; that a series gains rows is told by these themselves."""
    for row in consequences(before.record, after.record).itertuples():
        if row.kind == "series":
            continue
        was, now = (None if state is None or state != state else str(state) for state in (row.before, row.after))
        facts = (str(row.message), *([f"Rows: {', '.join(row.obs_ids)}"] if row.obs_ids else []))
        yield Change(_rule(row, was, now), str(row.what), was, now, str(row.kind), facts=facts)


def _rule(row: Any, was: str | None, now: str | None) -> str:
    if row.kind == "figure":
        return "preference-moved"
    if row.kind == "repeat":
        return "candidate-new"
    if row.kind == "candidate":
        return "candidate-gone" if now is None else "candidate-new"
    if row.kind == "disagreement":
        return "contradiction-new" if was is None else "contradiction-touched"
    if now == "breaks":
        return "relation-broken"
    if now is not None and now.startswith("breaks"):
        return "relation-broken-recorded"
    return "relation-undecided" if now == "cannot_tell" or "The table expects" in row.message else "relation-settled"
