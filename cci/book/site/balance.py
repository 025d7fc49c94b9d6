"""The two sides of a relation, drawn: what follows from the other figures, and what the last one allows."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cci.record.intervals import Interval
from cci.record.wording import interval_words

if TYPE_CHECKING:
    from cci.book.site.shelf import Row

WIDTH = 320  # of the drawing, in its own units
_LEAST = 3.0  # a point is drawn so wide


@dataclass(frozen=True)
class Side:
    """One interval as a bar: its name, in words, where it lies, and whether an end runs out of the picture."""

    name: str
    words: str
    x: float
    width: float
    runs_left: bool
    runs_right: bool


def sides(row: Row) -> list[Side]:
    """Return the bars of a relation (a row of `Shelf.relations`) on one scale; none where there are no two sides.

    The scale spans all ends that are numbers and an eighth of it beyond; an end without a bound runs to the edge.
    """
    named = [("computed", row["low"], row["high"]), ("stated", row["stated_low"], row["stated_high"])]
    known = [(name, Interval(low, high)) for name, low, high in named if low is not None and high is not None]
    ends = [end for _, span in known for end in (span.low, span.high) if math.isfinite(end)]
    if len(known) < len(named) or not ends:
        return []
    reach = (max(ends) - min(ends)) or abs(max(ends)) or 1.0
    first, last = min(ends) - reach / 8, max(ends) + reach / 8

    def place(end: float) -> float:
        return (min(max(end, first), last) - first) / (last - first) * WIDTH

    return [
        Side(
            name,
            interval_words(span, row["unit"]),
            round(place(span.low), 1),
            round(max(place(span.high) - place(span.low), _LEAST), 1),
            math.isinf(span.low),
            math.isinf(span.high),
        )
        for name, span in known
    ]
