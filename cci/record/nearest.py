"""Propose the name that was probably meant."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches

_MANY = 5000  # names compared one by one; a longer list is first cut to those that begin or end alike


def suggestion(name: str, known: Collection[str]) -> str:
    """Return "; did you mean 'x'?" with the nearest known name, or nothing where none is near."""
    if len(name) > 200:
        return ""
    if len(known) > _MANY:
        known = [k for k in known if k[:6] == name[:6] or k[-6:] == name[-6:]][:_MANY]
    near = get_close_matches(name, known, n=1, cutoff=0.6)
    return f"; did you mean {near[0]!r}?" if near else ""
