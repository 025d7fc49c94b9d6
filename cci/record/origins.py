"""How many independent voices stand behind a set of statements: many links, one origin; many offices, one body."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

# A copying host or a collector of other people's pages is never a second voice beside a first-hand one.
COPYING_KINDS = frozenset({"mirror", "aggregator"})


def spoken(sources: pd.DataFrame, origins: pd.DataFrame) -> pd.DataFrame:
    """Return who speaks in each source, in rows and index as there, by the table of origins.

    speaker: the name of the origin whose release is repeated, else the publisher; speaker_kind: its kind, blank for a
    publisher that has no row; voice: the name of the topmost body that the speaker is part of, else the speaker.
    """
    top, names = topmost(origins), dict(zip(origins["origin"], origins["name"], strict=True))
    known = {
        origin: (name, kind, names[top[origin]])
        for origin, name, kind in zip(origins["origin"], origins["name"], origins["kind"], strict=True)
    }
    publishers = {name: known[origin] for origin, name in names.items()}
    said = [
        publishers.get(publisher, (publisher, None, publisher)) if origin == "own" else known[origin]
        for origin, publisher in zip(sources["origin"], sources["publisher"], strict=True)
    ]
    return pd.DataFrame(said, columns=["speaker", "speaker_kind", "voice"], index=sources.index, dtype="str")


def topmost(origins: pd.DataFrame) -> dict[str, str]:
    """Return for each origin the last one on its way up through `part_of`: itself where it is part of none."""
    upwards = dict(zip(origins["origin"], origins["part_of"], strict=True))

    def top(origin: str) -> str:
        while isinstance(upwards[origin], str):
            origin = upwards[origin]
        return origin

    return {origin: top(origin) for origin in upwards}


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
