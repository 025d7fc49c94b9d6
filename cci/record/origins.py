"""How many independent voices stand behind a set of statements: many links, one origin."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

# A copying host or a collector of other people's pages is never a second voice beside a first-hand one.
COPYING_KINDS = frozenset({"mirror", "aggregator"})


def voices(origin: pd.Series, publisher: pd.Series) -> pd.Series:
    """Return who speaks in each source: the body whose release is repeated, else the publisher itself."""
    return origin.where(origin != "own", "own:" + publisher)


def independent(voice: Iterable[str], release: Iterable[str | float], kind: Iterable[str]) -> int:
    """Return the number of independent origins among statements given column by column.

    Statements by one voice, or that repeat one release, are one origin. Mirrors and aggregators count only when
    nothing else speaks, and then as one.
    """
    group: dict[str, str] = {}

    def root(name: str) -> str:
        while group.setdefault(name, name) != name:
            name = group[name]
        return name

    first_hand = False
    for who, which, what in zip(voice, release, kind, strict=True):
        if what in COPYING_KINDS:
            continue
        first_hand = True
        head = root(f"voice {who}")
        if isinstance(which, str):
            group[root(f"release {which}")] = head
    return len({root(name) for name in group}) if first_hand else 1
