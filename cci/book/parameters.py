"""Read what a chapter's parameters cell declares, and check given values against it before a kernel starts.

One assignment a line; its comment says type, range and help. The cell is parsed, never executed:

    as_of = None  # date or None: only what a source had published by that day
    since = 2014  # int 2010..2030: first year shown
    spread = 0.5  # float 0..5: percentage points
    definition = "all"  # one of all | commercial: which project count leads
    flag = True  # bool: whether forecasts are drawn
"""

from __future__ import annotations

import ast
import datetime
import io
import math
import re
import tokenize
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from nbformat import NotebookNode

from cci.book.normalise import code_cells, tags
from cci.errors import ParameterError, suggestion

Value: TypeAlias = str | int | float | bool | None
TAG = "parameters"
GRAMMAR = "write it as: name = default  # date | int 1..9 | float 0..1 | bool | one of a | b  [or None]: help"

_TYPE = re.compile(r"(?P<kind>date|int|float|bool)(?:\s+(?P<low>\S*?)\.\.(?P<high>\S*))?$")
_INT = re.compile(r"[+-]?[0-9]{1,18}$")  # int() would also take "1_000" and full-width digits
_FLOAT = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?$")
# What Python raises for text that is none of its own, for one that is nested too deep, and for {[]}.
_UNREADABLE = (SyntaxError, tokenize.TokenError, ValueError, TypeError, RecursionError, MemoryError)
_LARGEST = 10**18  # for a whole number, however it is given
_SHOWN = 80  # characters of a given value that a message shows
_TRUTH = {"true": True, "yes": True, "false": False, "no": False}


@dataclass(frozen=True)
class Parameter:
    """One declared parameter. Dates are ISO text; `choices` is empty unless `kind` is "choice"."""

    name: str
    kind: str
    default: Value
    low: Value = None
    high: Value = None
    choices: tuple[Value, ...] = ()
    optional: bool = False
    help: str = ""

    @property
    def allowed(self) -> str:
        """What a value may be, in words: "int, 2010 to 2030"."""
        words = {
            "date": "date as YYYY-MM-DD",
            "choice": "one of " + ", ".join(map(str, self.choices)),
            "bool": "true or false",
        }.get(self.kind, self.kind)
        if self.low is not None and self.high is not None:
            words += f", {self.low} to {self.high}"
        elif self.low is not None:
            words += f", {self.low} or more"
        elif self.high is not None:
            words += f", {self.high} or less"
        return f"{words}, or none" if self.optional else words

    def value(self, given: object) -> Value:
        """Return a given value, text or typed, as the chapter takes it. Raises ValueError with the reason."""
        if given is None or (isinstance(given, str) and given.strip().lower() == "none" and given not in self.choices):
            if self.optional:
                return None
            raise ValueError(f"{self.name} cannot be none")
        value = _typed(self.kind, given, self.choices)
        if value is None:
            raise ValueError(f"{self.name}={_short(given)} is not {self._kind_in_words}")
        if not within(value, self.low, self.high):
            raise ValueError(f"{self.name}={_short(given)} is out of range")
        return value

    @property
    def _kind_in_words(self) -> str:
        return {
            "date": "a date of the calendar",
            "int": "a whole number",
            "float": "a number",
            "bool": "true or false",
            "choice": "one of the choices",
        }[self.kind]


def declared(notebook: NotebookNode, *, where: str = "the chapter") -> tuple[Parameter, ...]:
    """Return what the notebook's one cell tagged `parameters` declares, in its order.

    Raises ParameterError with every line that breaks the grammar; `where` names the notebook in it.
    """
    cells = [(number, cell) for number, cell in enumerate(code_cells(notebook), 1) if TAG in tags(cell)]
    if len(cells) != 1:
        raise ParameterError(f"{where}: {len(cells) or 'no'} code cells are tagged {TAG!r}; tag exactly one")
    number, cell = cells[0]
    where = f"{where}, code cell {number}"
    try:
        statements = ast.parse(cell.source).body
        comments = _comments(cell.source)
    except _UNREADABLE as reason:
        line = getattr(reason, "lineno", None) or 1
        raise ParameterError(f"{where}, line {line}: this is not Python; {GRAMMAR}") from reason
    found: dict[str, Parameter] = {}
    problems = []
    for statement in statements:
        try:
            parameter = _declaration(statement, comments.get(statement.end_lineno or 0, ""))
            if parameter.name in found:
                raise ValueError(f"{parameter.name} is declared twice; keep one")
            found[parameter.name] = parameter
        except ValueError as reason:
            problems.append(f"{where}, line {statement.lineno}: {reason}")
    if "as_of" not in found and not problems:
        problems.append(f"{where}: every chapter declares as_of = None  # date or None: …")
    if problems:
        raise ParameterError("\n".join(problems))
    return tuple(found.values())


def check(parameters: Iterable[Parameter], given: Mapping[str, object], *, where: str = "") -> dict[str, Value]:
    """Return every declared parameter with its value: the given one, converted and in range, or the default.

    Raises ParameterError with all problems at once, each saying what would be right.
    """
    known = {parameter.name: parameter for parameter in parameters}
    values = {name: parameter.default for name, parameter in known.items()}
    prefix = f"{where}: " if where else ""
    problems = []
    for name, value in given.items():
        if name not in known:
            hint = suggestion(name, known, likeness=0.5, opening=" Did")
            takes = "; ".join(f"{p.name} ({p.allowed})" for p in known.values())
            problems.append(f"{prefix}No parameter {_short(name)!r}.{hint} It takes {takes}")
            continue
        try:
            values[name] = known[name].value(value)
        except ValueError as reason:
            problems.append(f"{prefix}{reason}; {name} is {known[name].allowed} ({known[name].help})")
    if problems:
        raise ParameterError("\n".join(problems))
    return values


def pairs(texts: Iterable[str]) -> dict[str, str]:
    """Return `name=value` texts of a command line as a mapping. Raises ParameterError for all that are none."""
    given: dict[str, str] = {}
    problems = []
    for text in texts:
        name, equals, value = (part.strip() for part in text.partition("="))
        if not equals or not name:
            problems.append(f"{_short(text)!r} is no parameter; write name=value, as in -p as_of=2021-12-31")
        elif name in given:
            problems.append(f"{_short(name)} is given twice; give it once")
        given[name] = value
    if problems:
        raise ParameterError("\n".join(problems))
    return given


def within(value: Value, low: Value, high: Value) -> bool:
    """Return whether a value lies between two bounds of its own type; None is no bound."""
    # ISO dates compare as text.
    return (low is None or not value < low) and (high is None or not value > high)  # type: ignore[operator]


def _comments(source: str) -> dict[int, str]:
    """The comment of each line that has one, without its mark."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {token.start[0]: token.string.lstrip("#").strip() for token in tokens if token.type == tokenize.COMMENT}


def _declaration(statement: ast.stmt, comment: str) -> Parameter:
    """One line of the cell. Raises ValueError with what is wrong."""
    if not (
        isinstance(statement, ast.Assign)
        and len(statement.targets) == 1
        and isinstance(statement.targets[0], ast.Name)
        and statement.lineno == statement.end_lineno
    ):
        raise ValueError(f"not one assignment on one line; {GRAMMAR}")
    name = statement.targets[0].id
    try:
        default = ast.literal_eval(statement.value)
    except _UNREADABLE:
        raise ValueError(f"the default of {name} is not a plain value; {GRAMMAR}") from None
    kind, colon, explanation = (part.strip() for part in comment.partition(": "))
    if not colon or not explanation:
        raise ValueError(f"{name} has no comment with type and help; {GRAMMAR}")
    parameter = _typed_parameter(name, kind, explanation)
    try:
        default = parameter.value(default)
    except ValueError as reason:
        raise ValueError(f"the default breaks its own declaration: {reason}; {name} is {parameter.allowed}") from None
    return replace(parameter, default=default)


def _typed_parameter(name: str, declaration: str, explanation: str) -> Parameter:
    """What the comment declares, as yet without a default."""
    kind = declaration.removesuffix(" or None")
    optional = kind != declaration
    if kind.startswith("one of "):
        texts = [text.strip().strip("\"'") for text in kind.removeprefix("one of ").split("|")]
        if len(texts) < 2 or not all(texts) or len(set(texts)) < len(texts):
            raise ValueError(f"{name} needs at least two different choices, as in: one of a | b")
        choices = tuple(_number(text) for text in texts)
        if any(isinstance(choice, str) for choice in choices):
            choices = tuple(texts)
        return Parameter(name, "choice", None, choices=choices, optional=optional, help=explanation)
    match = _TYPE.match(kind)
    if not match:
        raise ValueError(f"{name} has no type {kind!r}; {GRAMMAR}")
    kind, low, high = match["kind"], match["low"] or None, match["high"] or None
    bounds = [None if text is None else _typed(kind, text, ()) for text in (low, high)]
    unread = [text for text, bound in zip((low, high), bounds, strict=True) if text is not None and bound is None]
    if unread or (kind == "bool" and (low or high)):
        raise ValueError(f"the range {low or ''}..{high or ''} of {name} does not fit its type {kind}")
    if None not in bounds and not within(bounds[0], None, bounds[1]):
        raise ValueError(f"the range {low}..{high} of {name} is empty")
    return Parameter(name, kind, None, bounds[0], bounds[1], optional=optional, help=explanation)


def _short(given: object) -> str:
    text = str(given)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _number(text: str) -> Value:
    return int(text) if _INT.match(text) else float(text) if _FLOAT.match(text) else text


def _typed(kind: str, given: object, choices: tuple[Value, ...]) -> Value:
    """A given value as its kind, or None where it is none of that kind."""
    text = given.strip() if isinstance(given, str) else None
    if kind == "choice" and not isinstance(given, bool):  # Python takes True for 1
        return next((c for c in choices if (text == str(c) if text is not None else given is c or given == c)), None)
    if kind == "date":
        if type(given) is datetime.date:
            return given.isoformat()
        try:
            # fromisoformat alone also takes 20211231 and week dates, which then would not compare as text.
            day = text is not None and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text)
            return datetime.date.fromisoformat(text or "").isoformat() if day else None
        except ValueError:
            return None
    if kind == "bool":
        return given if isinstance(given, bool) else _TRUTH.get((text or "").lower())
    if isinstance(given, bool):
        return None
    if kind == "int":
        if text is not None:
            return int(text) if _INT.match(text) else None
        return given if isinstance(given, int) and abs(given) < _LARGEST else None
    if isinstance(given, int | float):
        return float(given) if abs(given) < _LARGEST or (isinstance(given, float) and math.isfinite(given)) else None
    return float(text) if text and _FLOAT.match(text) and math.isfinite(float(text)) else None
