"""A review as data: its changes, each of one kind, and the two states that were compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cci.book.review.severity import PARTS, RULES, Severity


@dataclass(frozen=True)
class Charts:
    """A chart before and after, as specifications; a side that lacks it is None."""

    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


@dataclass(frozen=True)
class Change:
    """One change. `rule` is its kind (a key of RULES); `what` names it, blank where `before` and `after`, which
    tell it in words, do so.

    `where` is the chapter, page or table it stands in, `facts` are further lines on it. All of it is plain text, which
    may come from the record or from a chapter and is escaped by whoever shows it.
    """

    rule: str
    what: str
    before: str | None = None
    after: str | None = None
    where: str = ""
    facts: tuple[str, ...] = ()
    charts: Charts | None = None

    @property
    def severity(self) -> Severity:
        return RULES[self.rule].severity

    @property
    def part(self) -> str:
        return RULES[self.rule].part


@dataclass(frozen=True)
class Review:
    """All changes between two states, by part and within it the gravest first; `remarks` say what was not looked at."""

    base: str
    head: str
    changes: tuple[Change, ...]
    remarks: tuple[str, ...] = field(default=())

    @property
    def severity(self) -> Severity | None:
        """That of the gravest change; None where nothing changed."""
        return max((change.severity for change in self.changes), default=None)

    @property
    def counts(self) -> dict[Severity, int]:
        """How many changes of each severity there are, the gravest first."""
        return {one: sum(change.severity is one for change in self.changes) for one in reversed(Severity)}

    def of(self, part: str) -> list[Change]:
        """Return the changes of one part."""
        return [change for change in self.changes if change.part == part]


def ordered(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Return changes in the order of the parts, within a part the gravest first and then as the rules stand."""
    parts, rules = list(PARTS), list(RULES)
    return tuple(sorted(changes, key=lambda one: (parts.index(one.part), -one.severity, rules.index(one.rule))))
