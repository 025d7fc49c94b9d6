"""How many independent voices stand behind a set of statements: many links, one origin; many offices, one body."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

# A copying host or a collector of other people's pages is never a second voice beside a first-hand one.
COPYING_KINDS = frozenset({"mirror", "aggregator"})


def spoken(sources: pd.DataFrame, origins: pd.DataFrame) -> dict[str, pd.Series]:
    """Return who speaks in each source, as columns aligned to it, by the table of origins.

    speaker: the name of the origin whose release is repeated, else the publisher; speaker_kind: its kind, blank for a
    publisher that has no row; voice: the name of the topmost body that the speaker is part of, else the speaker.
    """
    known = origins.set_index("origin")
    publishers = dict(zip(origins["name"], origins["origin"], strict=True))
    key = sources["origin"].where(sources["origin"] != "own", sources["publisher"].map(publishers))
    return {
        "speaker": key.map(known["name"]).fillna(sources["publisher"]),
        "speaker_kind": key.map(known["kind"]).astype("str"),
        "voice": key.map(topmost(origins)).map(known["name"]).fillna(sources["publisher"]),
    }


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
