"""Quote a result computed in a chapter in its prose: `glue("share", outcome)` there, {glue:text}`share` in the text."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Any

import pandas as pd

from cci.audit.relations import Outcome
from cci.charts.sheet import identifiers
from cci.charts.table import MIME

DIGITS = 12  # significant; beyond them floats differ between machines


def glue(name: str, value: Outcome | str | int | float, of: pd.DataFrame | Iterable[str] = ()) -> None:
    """Give a result a name by which the prose of the same chapter quotes it; nothing shows where it is computed.

    `value` is the outcome of a relation or formula, which brings its interval, its arithmetic in words and the
    observations behind it; or words; or a number (a float is rounded to 12 significant digits). `of` names the
    observations behind words or a number: rows of the record, or identifiers. The page then opens the result to
    them. The output is what myst-nb's glue roles read, so a page shows it without a kernel, and nbval compares it.
    Raises ValueError for a name that a role cannot quote and for a value that is nothing to quote.
    """
    from myst_nb.ext.glue import glue as put

    if not re.fullmatch(r"[a-z][a-z0-9_-]*", name):
        raise ValueError(f"{name!r} cannot be quoted; name a result with small letters, digits, _ and -")
    put(name, _Result(value, of), display=False)


class _Result:
    """A value as the notebook stores it: the text that a role reads, and what stands behind it."""

    def __init__(self, value: Any, of: pd.DataFrame | Iterable[str]):
        obs_ids = identifiers(of, "obs_id") if isinstance(of, pd.DataFrame) else list(dict.fromkeys(of))
        outcome = value if isinstance(value, Outcome) else None
        named = [*outcome.obs_ids, *obs_ids] if outcome else obs_ids
        self.text, self.how = quotable(value), outcome.message if outcome else ""
        self.obs_ids = [obs_id for obs_id in dict.fromkeys(named) if obs_id != "?"]
        self.interval = outcome.computed if outcome else None
        self.arithmetic = outcome.kind if outcome else ""

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        text = {"text/plain": repr(self.text)}
        if not (self.how or self.obs_ids):
            return text
        ends = (self.interval.low, self.interval.high) if self.interval else ()
        # JSON knows no infinity: an end without a bound is null.
        interval = [end if math.isfinite(end) else None for end in map(_rounded, ends)]
        behind = {"arithmetic": self.arithmetic, "how": self.how, "interval": interval, "obs_ids": self.obs_ids}
        return text | {MIME: {"kind": "result", **behind}}


def quotable(value: Any) -> str | int | float:
    """Return a value as it is stored: text, a whole number or a rounded float, never a numpy scalar."""
    if isinstance(value, Outcome):
        value = value.words
    if hasattr(value, "item"):  # numpy would be printed with the name of its type, which no format reads
        value = value.item()
    if isinstance(value, str) and value.strip():
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return _rounded(value)
    raise ValueError(f"{value!r} is nothing to quote; give words or a finite number")


def _rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")
