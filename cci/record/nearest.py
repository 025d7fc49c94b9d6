"""Propose the name that was probably meant."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches

_MANY = 300  # names compared one by one; of a longer list only those that begin or end alike


def suggestion(name: str, known: Collection[str], *, likeness: float = 0.6) -> str:
    """Return "; did you mean 'x'?" with the nearest known name, or nothing where none is alike enough (0 to 1)."""
    if len(name) > 200:
        return ""
    if len(known) > _MANY:
        known = [other for other in known if other[:4] == name[:4] or other[-6:] == name[-6:]][:_MANY]
    near = get_close_matches(name, known, n=1, cutoff=likeness)
    return f"; did you mean {near[0]!r}?" if near else ""
