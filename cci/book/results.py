"""Quote a result computed in a chapter in its prose: `glue("share", words)` there, {glue:text}`share` in the text."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cci.audit.relations import Outcome

DIGITS = 12  # significant; beyond them floats differ between machines
GLUED: dict[str, dict[str, Any]] = {}  # what this process has glued: value, and low, high and unit where known


def glue(name: str, value: str | int | float | Outcome) -> None:
    """Give a result a name by which the prose of the same chapter quotes it; nothing shows where it is computed.

    `value` is words, as from `Interval` and `cci.record.wording`, or a number (a float is rounded to 12 significant
    digits), or the outcome of a relation, which is quoted by its words and whose interval the results of the run keep.
    The output is what myst-nb's glue roles read, so a page shows it without a kernel, and nbval compares it.
    Raises ValueError for a name that a role cannot quote and for a number that is none.
    """
    from myst_nb.ext.glue import glue as put

    if not re.fullmatch(r"[a-z][a-z0-9_-]*", name):
        raise ValueError(f"{name!r} cannot be quoted; name a result with small letters, digits, _ and -")
    interval = getattr(value, "computed", None)
    said = quotable(getattr(value, "words", value))
    GLUED[name] = {"value": said}
    if interval is not None:
        ends = (end if math.isfinite(end) else None for end in (interval.low, interval.high))
        GLUED[name] |= dict(zip(("low", "high"), ends, strict=True), unit=getattr(value, "unit", ""))
    put(name, said, display=False)


def quotable(value: Any) -> str | int | float:
    """Return a value as it is stored: text, a whole number or a rounded float, never a numpy scalar."""
    if hasattr(value, "item"):  # numpy would be printed with the name of its type, which no format reads
        value = value.item()
    if isinstance(value, str) and value.strip():
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return float(f"{value:.{DIGITS}g}")
    raise ValueError(f"{value!r} is nothing to quote; give words or a finite number")
