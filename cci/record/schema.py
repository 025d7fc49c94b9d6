"""Read datapackage.json: which tables the record has, and what each column may hold."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Any

from cci.errors import Problem

FILE_NAME = "datapackage.json"
TYPES = ("string", "number", "integer", "boolean")
_KINDS = {"list": "a list", "dict": "an object", "str": "a text"}


@dataclass(frozen=True)
class Field:
    """One column. `kind` is text, date, list, number, integer or boolean; a bound or rule that is not set is None."""

    name: str
    kind: str
    required: bool = False
    unique: bool = False
    values: tuple[str, ...] | None = None
    pattern: re.Pattern[str] | None = None
    longest: int | None = None
    most_words: int | None = None
    minimum: float | None = None
    maximum: float | None = None
    also: frozenset[str] = frozenset()
    separator: str = ";"
    members: tuple[str, str] | None = None
    unit_in: str | None = None


@dataclass(frozen=True)
class Reference:
    """A foreign key: the values of `fields` must stand in `targets` of the table `table`."""

    fields: tuple[str, ...]
    table: str
    targets: tuple[str, ...]
    acyclic: bool = False


@dataclass(frozen=True)
class Table:
    """One resource: its file, its columns in order, its keys and the rules between its columns."""

    name: str
    path: str
    fields: tuple[Field, ...]
    keys: tuple[tuple[str, ...], ...]
    references: tuple[Reference, ...]
    not_after: tuple[tuple[str, str], ...]
    not_above: tuple[tuple[str, str], ...]
    needs: tuple[tuple[str, str], ...]
    member_of: tuple[tuple[str, str], ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns, in order."""
        return tuple(field.name for field in self.fields)


@dataclass(frozen=True)
class Schema:
    """All tables, and the least value that a figure in each unit can have."""

    tables: tuple[Table, ...]
    least: Mapping[str, float]


class _Unfit(Exception):
    """A part of the package that cannot be used: where it stands, and what to do."""


def parse(raw: bytes, *, file: str) -> tuple[Schema | None, list[Problem]]:
    """Return the schema in the bytes of a datapackage.json, or None and the reasons why there is none."""
    try:
        return _schema(raw), []
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return None, [Problem(file, line, None, None, "is not UTF-8; save the file as UTF-8")]
    except json.JSONDecodeError as error:
        advice = f"is not JSON: {error.msg} (column {error.colno}); correct it or restore the file from the repository"
        return None, [Problem(file, error.lineno, None, None, advice)]
    except RecursionError:
        return None, [
            Problem(file, None, None, None, "is nested too deeply; restore the file from the repository")
        ]
    except _Unfit as error:
        where, advice = error.args
        return None, [Problem(file, None, where, None, advice)]


@lru_cache(maxsize=4)
def _schema(raw: bytes) -> Schema:
    # A pure function of the bytes: an unchanged file is compiled once in a process.
    package = json.loads(raw.decode("utf-8"))
    resources = _part(package, "resources", list, "the package")
    if not resources:
        raise _Unfit("resources", "is empty; list at least one table")
    tables = tuple(_table(resource, f"resources[{n}]") for n, resource in enumerate(resources))
    for what, names in (("name", [t.name for t in tables]), ("path", [t.path for t in tables])):
        for name in names:
            if names.count(name) > 1:
                raise _Unfit("resources", f"give the {what} {name!r} twice; each table needs its own")
    _hold_references(tables)
    units = package.get("cci:units", {})
    least = {unit: entry["minimum"] for unit, entry in units.items() if "minimum" in entry}
    return Schema(tables, least)


def _part(parent: Any, name: str, kind: type, where: str) -> Any:
    if not isinstance(parent, dict):
        raise _Unfit(where, "must be an object in braces")
    if not isinstance(parent.get(name), kind):
        raise _Unfit(f"{where}.{name}", f"is missing or is not {_KINDS[kind.__name__]}")
    return parent[name]


def _table(resource: Any, where: str) -> Table:
    name, path = _part(resource, "name", str, where), _part(resource, "path", str, where)
    if PurePosixPath(path).is_absolute() or ".." in PurePosixPath(path).parts or "\\" in path or ":" in path:
        raise _Unfit(f"{where}.path", f"{path!r} leaves the folder of the record; name a file inside it")
    schema = _part(resource, "schema", dict, where)
    inside = f"{where}.schema"
    fields = tuple(
        _field(f, f"{inside}.fields[{n}]") for n, f in enumerate(_part(schema, "fields", list, inside))
    )
    if not fields:
        raise _Unfit(f"{inside}.fields", "is empty; describe every column")
    names = [field.name for field in fields]

    def columns(value: Any, what: str, size: int | None = None) -> tuple[str, ...]:
        listed = [value] if isinstance(value, str) else value
        if not isinstance(listed, list) or not all(isinstance(name, str) for name in listed):
            raise _Unfit(f"{inside}.{what}", "must be a list of column names")
        if size is not None and len(listed) != size:
            raise _Unfit(f"{inside}.{what}", f"must name {size} columns")
        for name in listed:
            if name not in names:
                raise _Unfit(f"{inside}.{what}", f"names the column {name!r}, which {where} does not have")
        return tuple(listed)

    def pairs(what: str) -> tuple[tuple[str, str], ...]:
        return tuple((first, second) for first, second in (columns(p, what, 2) for p in schema.get(what, [])))

    keys = [columns(schema["primaryKey"], "primaryKey")] if "primaryKey" in schema else []
    keys += [columns(key, "uniqueKeys") for key in schema.get("uniqueKeys", [])]
    references = []
    for key in schema.get("foreignKeys", []):
        target = _part(key, "reference", dict, f"{inside}.foreignKeys")
        targets = target.get("fields", [])
        references.append(
            Reference(
                columns(key.get("fields"), "foreignKeys"),
                target.get("resource") or name,  # an empty name means the table itself
                (targets,) if isinstance(targets, str) else tuple(targets),
                bool(key.get("cci:acyclic")),
            )
        )
    return Table(
        name,
        path,
        fields,
        tuple(dict.fromkeys(keys)),
        tuple(references),
        pairs("cci:notAfter"),
        pairs("cci:notAbove"),
        pairs("cci:needs"),
        pairs("cci:memberOf"),
    )


def _field(described: Any, where: str) -> Field:
    name = _part(described, "name", str, where)
    kind = described.get("type", "string")
    if kind not in TYPES:
        raise _Unfit(f"{where}.type", f"is {kind!r}; use one of {', '.join(TYPES)}")
    rules = described.get("constraints", {})
    members = described.get("cci:listOf")
    if kind == "string":
        kind = "list" if members else "date" if described.get("cci:reducedDate") else "text"
    try:
        pattern = re.compile(rules["pattern"]) if "pattern" in rules else None
    except re.error as error:
        raise _Unfit(f"{where}.constraints.pattern", f"is not a regular expression: {error}") from None
    return Field(
        name,
        kind,
        bool(rules.get("required")),
        bool(rules.get("unique")),
        tuple(rules["enum"]) if "enum" in rules else None,
        pattern,
        rules.get("maxLength"),
        described.get("cci:maxWords"),
        rules.get("minimum"),
        rules.get("maximum"),
        frozenset(members.get("alsoAllowed", ()) if members else described.get("cci:alsoAllowed", ())),
        (members or {}).get("separator", ";"),
        (_part(members, "resource", str, where), _part(members, "field", str, where)) if members else None,
        described.get("cci:unitIn"),
    )


def _hold_references(tables: Sequence[Table]) -> None:
    columns = {table.name: table.names for table in tables}
    for table in tables:
        wanted = [(key.table, key.targets) for key in table.references]
        wanted += [(f.members[0], (f.members[1],)) for f in table.fields if f.members]
        for name, targets in wanted:
            if name not in columns:
                raise _Unfit(table.name, f"refers to the table {name!r}, which the package does not describe")
            for target in targets:
                if target not in columns[name]:
                    raise _Unfit(
                        table.name, f"refers to {name}.{target}, which the package does not describe"
                    )
        for field in table.fields:
            if field.unit_in is not None and field.unit_in not in table.names:
                raise _Unfit(
                    f"{table.name}.{field.name}", f"takes its unit from {field.unit_in!r}, which is no column"
                )
