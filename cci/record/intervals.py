"""What the wording of a figure allows, and arithmetic on it.

A printed figure is a rounded, often one-sided statement. `allowed` turns value, unit, qualifier and words into
the interval of true values under which the statement would still be right; `Interval` carries it through arithmetic.
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass

from cci.errors import IntervalError

RULES = {
    "next-round": "Exact is half the last digit printed either way; over X reaches to the next equally round number.",
    "next-step": "As next-round, but over X reaches only to the next step of two digits: over 30 is 30 to 31.",
    "one-sided": "Over and at least have no upper bound, under and up to no lower bound but zero.",
    "as-printed": "Every figure is taken at its printed value, whatever its wording.",
}
DEFAULT_RULE = "next-round"
QUALIFIERS = ("exact", "over", "at_least", "nearly", "about", "under", "up_to")

# Ordinals and calendar years cannot be rounded.
_ORDINAL = frozenset({"rank", "year"})
# Measured, not counted: half of the last digit printed applies however small the number is. Every other unit counts
# things (projects, trains, TEU), and a count below `_EXACT_BELOW` stands as printed.
_MEASURED = frozenset(
    {"percent", "percentage_points", "times", "days", "months", "hours", "milliseconds", "Gbps", "index_points",
     "square_metres", "tonnes", "USD", "CNY", "SGD", "EUR"}
)  # fmt: skip
_EXACT_BELOW = 1_000  # counts below this are taken as counted one by one

_SCALES = {
    "hundred": 1e2, "thousand": 1e3, "million": 1e6, "mln": 1e6, "m": 1e6, "billion": 1e9, "bn": 1e9, "b": 1e9,
    "trillion": 1e12, "tn": 1e12, "百": 1e2, "千": 1e3, "万": 1e4, "萬": 1e4, "十万": 1e5, "百万": 1e6,
    "千万": 1e7, "亿": 1e8, "億": 1e8, "百亿": 1e10, "千亿": 1e11, "万亿": 1e12, "萬億": 1e12, "兆": 1e12,
}  # fmt: skip
_NUMBER = re.compile(
    r"(?<![\d.,])(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?[\s-]*"
    r"(万亿|萬億|千亿|百亿|千万|百万|十万|亿|億|万|萬|千|百|兆"
    r"|(?:hundred|thousand|million|mln|billion|bn|trillion|tn|m|b)(?![A-Za-z]))?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Interval:
    """All numbers from `low` to `high`; an open end is not itself included. Infinite ends are allowed."""

    low: float
    high: float
    low_open: bool = False
    high_open: bool = False

    def __post_init__(self) -> None:
        if math.isnan(self.low) or math.isnan(self.high):
            raise IntervalError("An interval needs two numbers; one end is not a number.")
        if self.low > self.high or (self.low == self.high and (self.low_open or self.high_open)):
            raise IntervalError(f"No number lies between {self.low:g} and {self.high:g}: swap the ends or close them.")

    @classmethod
    def point(cls, value: float) -> Interval:
        """The interval that holds one number."""
        return cls(value, value)

    @property
    def width(self) -> float:
        return self.high - self.low

    def __contains__(self, value: float) -> bool:
        above = value > self.low or (value == self.low and not self.low_open)
        below = value < self.high or (value == self.high and not self.high_open)
        return above and below

    def overlaps(self, other: Interval) -> bool:
        """True when some number lies in both."""
        low, high = max(self.low, other.low), min(self.high, other.high)
        return low < high or (low == high and low in self and low in other)

    def compare(self, other: Interval) -> str:
        """Return `less` or `greater` when that is certain of every pair of numbers, else `overlaps`."""
        if self.overlaps(other):
            return "overlaps"
        return "less" if self.low < other.low or self.high < other.high else "greater"

    def __neg__(self) -> Interval:
        return Interval(-self.high, -self.low, self.high_open, self.low_open)

    def __add__(self, other: Interval | float) -> Interval:
        o = _interval(other)
        low_open, high_open = self.low_open or o.low_open, self.high_open or o.high_open
        return Interval(self.low + o.low, self.high + o.high, low_open, high_open)

    def __sub__(self, other: Interval | float) -> Interval:
        return self + -_interval(other)

    def __mul__(self, other: Interval | float) -> Interval:
        o = _interval(other)
        ends = [
            (_times(a, b), _product_open(a, a_open, b, b_open))
            for a, a_open in ((self.low, self.low_open), (self.high, self.high_open))
            for b, b_open in ((o.low, o.low_open), (o.high, o.high_open))
        ]
        low, low_open = min(ends)  # of equal products the closed one (False) comes first
        high, high_open = max(ends, key=lambda end: (end[0], not end[1]))
        return Interval(low, high, low_open, high_open)

    def __truediv__(self, other: Interval | float) -> Interval:
        return self * _interval(other).reciprocal()

    __radd__ = __add__
    __rmul__ = __mul__

    def __rsub__(self, other: float) -> Interval:
        return _interval(other) - self

    def __rtruediv__(self, other: float) -> Interval:
        return _interval(other) / self

    def reciprocal(self) -> Interval:
        """Return 1/x for every x inside. Raises IntervalError when zero lies inside."""
        if 0.0 in self or self.low < 0 < self.high:
            raise IntervalError(f"Cannot divide by {self}: it contains zero.")
        low = -math.inf if self.high == 0 else 1 / self.high
        high = math.inf if self.low == 0 else 1 / self.low
        return Interval(low, high, self.high_open, self.low_open)

    def __str__(self) -> str:
        left, right = "(" if self.low_open else "[", ")" if self.high_open else "]"
        return f"{left}{self.low:,.12g}, {self.high:,.12g}{right}"


def growth(now: Interval, before: Interval) -> Interval:
    """Growth of `now` over `before`, in percent: (now / before - 1) x 100."""
    return (now / before - 1.0) * 100.0


def grown(before: Interval, percent: Interval) -> Interval:
    """The level after `before` grew by `percent`: the inverse of `growth` for the later level."""
    return before * (percent / 100.0 + 1.0)


def shrunk(now: Interval, percent: Interval) -> Interval:
    """The level before growth by `percent` led to `now`: the inverse of `growth` for the earlier level."""
    return now / (percent / 100.0 + 1.0)


def share(part: Interval, whole: Interval) -> Interval:
    """`part` in percent of `whole`."""
    return part / whole * 100.0


def multiple(times: Interval, *, increase_by: bool = False) -> Interval:
    """A stated multiple as a ratio to the base: `7 times` is 7, an increase by 7 times (增长了7倍) is 8."""
    return times + 1.0 if increase_by else times


def is_count(unit: str) -> bool:
    """True where the unit counts things one by one, so that small numbers are exact and unlike counts can be added."""
    return unit not in _MEASURED and unit not in _ORDINAL


def is_ordinal(unit: str) -> bool:
    """True where a number of the unit is a place in an order, a rank or a year, and no amount."""
    return unit in _ORDINAL


def step(value: float, words: str | None = None) -> float:
    """Return the unit of the last digit printed for `value`.

    Decimals, and the digits before a scale word (million, 亿 …), are read from `words` where the figure stands in
    them; elsewhere trailing zeros count as rounding, but never coarser than two significant digits.
    """
    magnitude = abs(value)
    printed = _printed(magnitude, words)
    if printed is not None:
        return printed
    if magnitude != int(magnitude):
        return 10.0 ** -len(f"{magnitude:.10f}".rstrip("0").partition(".")[2])
    return _coarse(magnitude)


def allowed(
    value: float,
    *,
    unit: str,
    qualifier: str = "exact",
    words: str | None = None,
    value_high: float | None = None,
    rule: str = DEFAULT_RULE,
) -> Interval:
    """Return the interval of true values that the statement allows.

    `value` in `unit` with any scale applied; `words` as the source prints them; `value_high` the upper end of a
    printed range; `rule` one of RULES. Raises IntervalError for a qualifier or rule that is not defined, and for a
    value that is no finite number.
    """
    if rule not in RULES:
        raise IntervalError(f"No rule {rule!r} for intervals. Use one of: {', '.join(RULES)}.")
    if qualifier not in QUALIFIERS:
        known = ", ".join(QUALIFIERS)
        raise IntervalError(f"No interval is defined for the qualifier {qualifier!r}. Use one of: {known}.")
    if not math.isfinite(value) or (value_high is not None and math.isinf(value_high)):
        raise IntervalError(
            f"No interval is defined for {value:g}{'' if value_high is None else f' to {value_high:g}'}."
        )
    if value < 0:  # a fall of over 20 percent is stored as -20: the words speak of its size
        high = None if value_high is None or math.isnan(value_high) else -value_high
        return -allowed(-value, unit=unit, qualifier=qualifier, words=words, value_high=high, rule=rule)
    top = value if value_high is None or math.isnan(value_high) else value_high
    if rule == "as-printed" or unit in _ORDINAL:
        return Interval(0.0, value) if unit == "rank" and qualifier == "up_to" else Interval(value, top)
    return _REACH[qualifier](value, top, unit, words, rule)


def _exact(value: float, top: float, unit: str, words: str | None, rule: str) -> Interval:
    if (is_count(unit) and top < _EXACT_BELOW and value == int(value)) or value == top == 0:
        return Interval(value, top)
    return Interval(value - step(value, words) / 2, top + step(top, words) / 2, high_open=True)


def _over(value: float, top: float, unit: str, words: str | None, rule: str) -> Interval:
    if rule == "one-sided":
        return Interval(value, math.inf, high_open=True)
    return Interval(value, top + _reach(top, words, rule), high_open=True)


def _under(value: float, top: float, unit: str, words: str | None, rule: str) -> Interval:
    low = 0.0 if rule == "one-sided" else max(0.0, value - _reach(value, words, rule))
    return Interval(low, top, low_open=low > 0)


def _nearly(value: float, top: float, unit: str, words: str | None, rule: str) -> Interval:
    reach = min(_reach(value, words, rule), value / 10)
    return Interval(value - reach, top, low_open=reach > 0)


def _about(value: float, top: float, unit: str, words: str | None, rule: str) -> Interval:
    return Interval(value - min(_reach(value, words, rule), value / 10), top + min(_reach(top, words, rule), top / 10))


_REACH = {
    "exact": _exact, "over": _over, "at_least": _over, "under": _under, "up_to": _under, "nearly": _nearly,
    "about": _about,
}  # fmt: skip


def _reach(value: float, words: str | None, rule: str) -> float:
    """How far one-sided words go: one unit of the last digit that is not zero, or under `next-step` one step."""
    return step(value, words) if rule == "next-step" else max(_roundness(value), step(value, words))


def _printed(magnitude: float, words: str | None) -> float | None:
    """The unit of the last digit where the figure stands in the words with decimals or a scale word, else None."""
    if not isinstance(words, str):
        return None
    for whole, decimals, scale in _NUMBER.findall(unicodedata.normalize("NFKC", words)):
        factor = _SCALES[scale.lower()] if scale else 1.0
        if math.isclose(float(whole.replace(",", "") + decimals) * factor, magnitude, rel_tol=1e-9):
            if decimals:
                return factor * 10.0 ** (1 - len(decimals))
            if scale:
                return factor * _coarse(float(whole.replace(",", "")))
    return None


def _coarse(whole: float) -> float:
    """Trailing zeros of a whole number as its rounding, never coarser than two significant digits."""
    return min(_roundness(whole), 10.0 ** max(0, len(str(int(whole))) - 2))


def _roundness(magnitude: float) -> float:
    """The largest power of ten that divides a whole number: 230,000 -> 10,000."""
    if magnitude == 0 or magnitude != int(magnitude):
        return 1.0 if magnitude == 0 else step(magnitude)
    digits = str(int(magnitude))
    return 10.0 ** (len(digits) - len(digits.rstrip("0")))


def _interval(value: Interval | float) -> Interval:
    return value if isinstance(value, Interval) else Interval.point(float(value))


def _times(a: float, b: float) -> float:
    return 0.0 if a == 0 or b == 0 else a * b  # an end at zero stays zero even against an unbounded one


def _product_open(a: float, a_open: bool, b: float, b_open: bool) -> bool:
    if (a == 0 and not a_open) or (b == 0 and not b_open):
        return False
    return a_open or b_open or math.isinf(a) or math.isinf(b)
