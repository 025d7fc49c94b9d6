"""Read datapackage.json: which tables the record has, and what each column may hold."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Any

from cci.errors import Problem, RecordError, suggestion

FILE_NAME = "datapackage.json"
TYPES = ("string", "number", "integer", "boolean")
_KINDS = {"list": "a list", "dict": "an object", "str": "a text"}
_RESTORE = "correct it, or take the file from the repository again"
# What each rule of a column must be given as: a rule of another type would fail, or pass what it should refuse.
_CONSTRAINTS = {
    "required": "true or false", "unique": "true or false", "enum": "a list of texts", "pattern": "a text",
    "minimum": "a number", "maximum": "a number", "maxLength": "a whole number above 0",
}  # fmt: skip
_READ_BY_PEOPLE = ("cci:unit", "cci:unitOf", "cci:meanings")
_FIELD_RULES = frozenset(
    ("cci:reducedDate", "cci:alsoAllowed", "cci:listOf", "cci:maxWords", "cci:unitIn", *_READ_BY_PEOPLE)
)
_TABLE_RULES = frozenset(("cci:notAfter", "cci:notAbove", "cci:needs", "cci:memberOf", "cci:usedIn"))


@dataclass(frozen=True)
class Field:
    """One column. `kind` is text, date, list, number, integer or boolean; a rule that is not set is None."""

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
    used_in: tuple[tuple[str, str, str], ...]  # column here, table and column where its values stand

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns, in order."""
        return tuple(field.name for field in self.fields)


@dataclass(frozen=True)
class Schema:
    """All tables, and the least value that a figure in each unit can have."""

    tables: tuple[Table, ...]
    least: Mapping[str, float]


_FITS: Mapping[str, Callable[[Any], bool]] = {
    "true or false": lambda value: isinstance(value, bool),
    "a text": lambda value: isinstance(value, str),
    "a list of texts": lambda value: isinstance(value, list) and bool(value) and all(isinstance(v, str) for v in value),
    "a number": lambda value: type(value) in (int, float) and math.isfinite(value),
    "a whole number above 0": lambda value: type(value) is int and value > 0,
}


class _Unfit(Exception):
    """A part of the package that cannot be used: where it stands, and what to do."""


def parse(raw: bytes, *, file: str) -> Schema:
    """Return the schema in the bytes of a datapackage.json; RecordError says why there is none."""
    line, where = None, None
    try:
        return _schema(raw)
    except UnicodeDecodeError as error:
        line, advice = raw.count(b"\n", 0, error.start) + 1, "is not UTF-8; save the file as UTF-8"
    except json.JSONDecodeError as error:
        line, advice = error.lineno, f"is not JSON: {error.msg} (character {error.colno}); {_RESTORE}"
    except _Unfit as error:
        where, advice = error.args
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError) as error:
        advice = f"does not have the shape of a data package ({error}); {_RESTORE}"
    raise RecordError([Problem(file, line, where, None, advice)])


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
    least = {unit: rules["minimum"] for unit, rules in package.get("cci:units", {}).items() if "minimum" in rules}
    for unit, minimum in least.items():
        _fits(minimum, "a number", f"cci:units.{unit}.minimum")
    return Schema(tables, {unit: float(minimum) for unit, minimum in least.items()})


def _part(parent: Any, name: str, kind: type, where: str) -> Any:
    if not isinstance(parent, dict) or not isinstance(parent.get(name), kind):
        raise _Unfit(f"{where}.{name}", f"is missing or is not {_KINDS[kind.__name__]}; {_RESTORE}")
    return parent[name]


def _known(described: Mapping[str, Any], known: Collection[str], where: str, prefix: str = "") -> None:
    # A misspelt rule would silently not be held.
    for name in described:
        if name.startswith(prefix) and name not in known:
            raise _Unfit(where, f"has a rule {name!r} that is not known{suggestion(name, known)}")


def _fits(value: Any, form: str, where: str) -> None:
    if not _FITS[form](value):
        raise _Unfit(where, f"is {value!r}; write {form}")


def _table(resource: Any, where: str) -> Table:
    name, path = _part(resource, "name", str, where), _part(resource, "path", str, where)
    parts = PurePosixPath(path).parts
    if not parts or path.startswith("/") or ".." in parts or not path.isprintable() or {"\\", ":"} & set(path):
        raise _Unfit(f"{where}.path", f"{path!r} names no file inside the folder of the record; name one")
    schema, inside = _part(resource, "schema", dict, where), f"{where}.schema"
    _known(schema, _TABLE_RULES, inside, "cci:")
    described = _part(schema, "fields", list, inside)
    fields = tuple(_field(field, f"{inside}.fields[{n}]") for n, field in enumerate(described))
    names = [field.name for field in fields]
    for column in names:
        if names.count(column) > 1:
            raise _Unfit(f"{inside}.fields", f"describe the column {column!r} twice; delete one")

    def columns(value: Any, what: str) -> tuple[str, ...]:
        listed = (value,) if isinstance(value, str) else tuple(value)
        for name in listed:
            if name not in names:
                raise _Unfit(f"{inside}.{what}", f"names {name!r}, which is not a column{suggestion(name, names)}")
        return listed

    def pairs(what: str) -> tuple[tuple[str, str], ...]:
        return tuple((first, second) for first, second in (columns(pair, what) for pair in schema.get(what, [])))

    keys = [columns(schema["primaryKey"], "primaryKey")] if "primaryKey" in schema else []
    keys += [columns(key, "uniqueKeys") for key in schema.get("uniqueKeys", [])]
    references = []
    for key in schema.get("foreignKeys", []):
        target = _part(key, "reference", dict, f"{inside}.foreignKeys")
        targets = target["fields"]
        references.append(
            Reference(
                columns(key["fields"], "foreignKeys"),
                target["resource"] or name,  # an empty name means the table itself
                (targets,) if isinstance(targets, str) else tuple(targets),
                bool(key.get("cci:acyclic")),
            )
        )
    uses = [(column, other, there) for column, other, there in schema.get("cci:usedIn", [])]
    columns([column for column, _, _ in uses], "cci:usedIn")
    return Table(
        name,
        path,
        fields,
        tuple(dict.fromkeys(keys)),
        tuple(references),
        not_after=pairs("cci:notAfter"),
        not_above=pairs("cci:notAbove"),
        needs=pairs("cci:needs"),
        member_of=pairs("cci:memberOf"),
        used_in=tuple(uses),
    )


def _field(described: Any, where: str) -> Field:
    name = _part(described, "name", str, where)
    rules, members = described.get("constraints", {}), described.get("cci:listOf")
    _known(described, _FIELD_RULES, where, "cci:")
    _known(rules, _CONSTRAINTS, f"{where}.constraints")
    for rule, value in rules.items():
        _fits(value, _CONSTRAINTS[rule], f"{where}.constraints.{rule}")
    if "cci:maxWords" in described:
        _fits(described["cci:maxWords"], "a whole number above 0", f"{where}.cci:maxWords")
    if members and not members.get("separator"):
        raise _Unfit(f"{where}.cci:listOf", "has no separator; name the mark between two names, as in ;")
    kind = described.get("type", "string")
    if kind not in TYPES:
        raise _Unfit(f"{where}.type", f"is {kind!r}; use one of {', '.join(TYPES)}")
    if kind == "string":
        kind = "list" if members else "date" if described.get("cci:reducedDate") else "text"
    if kind == "boolean" and not rules.get("required"):
        raise _Unfit(where, "is a boolean that may be blank; make it required, or a text with allowed values")
    if "enum" in rules and kind != "text":
        raise _Unfit(where, f"lists allowed values, which a {kind} cannot have here; make it a text")
    try:
        pattern = re.compile(rules["pattern"]) if "pattern" in rules else None
    except re.error as error:
        raise _Unfit(f"{where}.constraints.pattern", f"is not a regular expression: {error}") from None
    return Field(
        name,
        kind,
        required=bool(rules.get("required")),
        unique=bool(rules.get("unique")),
        values=tuple(rules["enum"]) if "enum" in rules else None,
        pattern=pattern,
        longest=rules.get("maxLength"),
        most_words=described.get("cci:maxWords"),
        minimum=rules.get("minimum"),
        maximum=rules.get("maximum"),
        also=frozenset(members.get("alsoAllowed", ()) if members else described.get("cci:alsoAllowed", ())),
        separator=members["separator"] if members else ";",
        members=(members["resource"], members["field"]) if members else None,
        unit_in=described.get("cci:unitIn"),
    )


def _hold_references(tables: Sequence[Table]) -> None:
    columns = {table.name: table.names for table in tables}
    for table in tables:
        wanted = [(key.fields, key.table, key.targets) for key in table.references]
        wanted += [((f.name,), f.members[0], (f.members[1],)) for f in table.fields if f.members]
        wanted += [((f.name,), table.name, (f.unit_in,)) for f in table.fields if f.unit_in]
        wanted += [((column,), other, (there,)) for column, other, there in table.used_in]
        for fields, name, targets in wanted:
            where = f"{table.name}.{'+'.join(fields)}"
            if name not in columns:
                raise _Unfit(where, f"refers to the table {name!r}, which is not described{suggestion(name, columns)}")
            if len(fields) != len(targets):
                raise _Unfit(where, f"refers to {len(targets)} columns of {name}; name one for each")
            for target in targets:
                if target not in columns[name]:
                    near = suggestion(target, columns[name])
                    raise _Unfit(where, f"refers to {name}.{target}, which is not described{near}")
