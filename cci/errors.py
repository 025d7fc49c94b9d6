"""What can go wrong, as a tree; every message says where, what, and what to do next.

CCIError
├── RecordError        the tables under data/ break their schema; holds every problem found
├── UnknownName        no indicator, scope, observation, source, chapter … of that name; proposes the nearest
│   └── NotPublished   the record holds it, but no source had published it by the day asked for
├── ParameterError     a parameter or an argument is unknown, of the wrong type or out of range
├── IntervalError      a qualifier, unit or rule that the interval rules do not define
├── Infeasible         a programme that no dispatch can satisfy; says what is missing and where
├── RelationError      a relation of the wrong arity, or whose units do not fit
├── ChapterFailed      a cell raised while a chapter was executed; the run is kept
├── NotAcceptable      a run that may not enter chapters/: other parameters, another source, or a failure
├── Busy               another command is at work in the same folder, and did not end in time
└── SiteIncomplete     the built site lacks a page, a chart or an anchor that it should have
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

_FEW = 12  # names that are listed where none is alike
_MANY = 300  # names compared one by one; of a longer list only those that begin or end alike


def suggestion(name: str, known: Collection[str], *, likeness: float = 0.6, opening: str = "; did") -> str:
    """Return "; did you mean 'x'?" with the nearest known name, or nothing where none is alike enough (0 to 1)."""
    if len(name) > 200:
        return ""
    if len(known) > _MANY:
        known = [other for other in known if other[:4] == name[:4] or other[-6:] == name[-6:]][:_MANY]
    near = get_close_matches(name, known, n=1, cutoff=likeness)
    return f"{opening} you mean {near[0]!r}?" if near else ""


class CCIError(Exception):
    """Anything this package refuses to do, with a reason a reader can act on."""


@dataclass(frozen=True)
class Problem:
    """One fault of the record: where it is, what stands there, and what to do."""

    file: str
    line: int | None
    column: str | None
    value: str | None
    advice: str

    def __str__(self) -> str:
        where = self.file if self.line is None else f"{self.file}, line {self.line}"
        what = " ".join(part for part in (self.column, None if self.value is None else repr(self.value)) if part)
        return f"{where}: {what} {self.advice}" if what else f"{where}: {self.advice}"


class RecordError(CCIError):
    """The record breaks its schema. `problems` lists every fault found, in file and line order."""

    def __init__(self, problems: Sequence[Problem]):
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class UnknownName(CCIError, KeyError):
    """A name that the record does not hold; the message proposes the nearest that it does."""

    def __init__(self, kind: str, name: str, known: Iterable[str], *, where: str = ""):
        names = [str(other) for other in known]
        near = suggestion(str(name), names, likeness=0.5, opening=" Did")
        few = f" Use one of: {', '.join(sorted(names))}." if not where and 0 < len(names) <= _FEW else ""
        super().__init__(f"No {kind} {name!r}{where}.{near or few}")

    def __str__(self) -> str:
        return str(self.args[0])  # KeyError would print the repr


class NotPublished(UnknownName):
    """An observation that no source had published by the day that `as_of` asks for."""

    def __init__(self, name: str, day: object):
        CCIError.__init__(self, f"{name} had not been published by {day}.")


class ParameterError(CCIError, ValueError):
    """A parameter that the chapter does not declare, or a value outside its declared type or range."""


class IntervalError(CCIError, ValueError):
    """A qualifier, unit or rule for which no interval is defined, or an operation without a result."""


class Infeasible(CCIError, ValueError):
    """A linear programme without a solution: how much load stays unmet, when, and what would help."""


class RelationError(CCIError, ValueError):
    """A relation with the wrong number of terms, a missing row, or units that do not fit together."""


class ChapterFailed(CCIError):
    """A cell of a chapter raised; names the chapter, the cell, the error and the kept run."""


class NotAcceptable(CCIError):
    """A run whose outputs may not enter chapters/, and why."""


class Busy(CCIError):
    """A folder that another command writes into; says which, and what to do."""


class SiteIncomplete(CCIError):
    """The built site is short of something it should hold."""
