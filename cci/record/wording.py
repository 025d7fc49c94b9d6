"""A figure, an interval or a date as words in the one style of the book: over US$26 billion, 24 flights a week."""

from __future__ import annotations

import math
from calendar import month_name, monthrange

from cci.record.intervals import Interval, step

_QUALIFIER = {
    "exact": "", "over": "over ", "at_least": "at least ", "nearly": "nearly ", "about": "about ", "under": "under ",
    "up_to": "up to ",
}  # fmt: skip
_MONEY = {"USD": "US${}", "SGD": "S${}", "EUR": "€{}", "CNY": "{} yuan"}
# Units whose plain name is not how one says it; any other unit is its own plural noun with spaces.
_PHRASE = {
    "percent": "{}%", "percentage_points": "{} percentage points", "persons": "{} people", "times": "{} times",
    "flights_per_week": "{} flights a week", "trains_per_week": "{} trains a week", "items": "{} items",
    "index_points": "{} points", "square_metres": "{} square metres", "TEU": "{} TEU", "Gbps": "{} Gbps",
    "MOUs": "{} memoranda",
}  # fmt: skip
_SINGULAR = {
    "percent": "{}%", "TEU": "{} TEU", "Gbps": "{} Gbps",
    "persons": "{} person", "flights_per_week": "{} flight a week", "trains_per_week": "{} train a week",
    "times": "{} time", "percentage_points": "{} percentage point", "square_metres": "{} square metre",
    "index_points": "{} point", "MOUs": "{} memorandum", "countries": "{} country", "cities": "{} city",
    "categories": "{} category", "industries": "{} industry", "batches": "{} batch", "central_banks": "{} central bank",
    "data_centres": "{} data centre", "customs_districts": "{} customs district", "days": "{} day",
}  # fmt: skip
_LARGE = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))
_ORDINAL = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")


def figure_words(
    value: float,
    unit: str,
    *,
    qualifier: str = "exact",
    value_high: float | None = None,
    words: str | None = None,
) -> str:
    """Return one printed figure as words, with no more significant digits than the source prints.

    `value` in `unit`, any scale applied; `words` as the source prints them, from which the precision is read.
    """
    prefix = _QUALIFIER[qualifier]
    if unit == "year":
        return f"{prefix}{value:.0f}"
    if unit == "rank":
        rank = _ORDINAL[int(value) - 1] if value <= len(_ORDINAL) else f"number {value:.0f}"
        return f"top {value:.0f}" if qualifier == "up_to" else f"{prefix}{rank}"
    if value < 0 and unit in {"percent", "percentage_points", "days"}:
        return f"{prefix}{_with_unit(_number(-value, step(value, words), words), unit, -value)} less"
    sign = "−" if value < 0 else ""
    number = sign + _number(value, step(value, words), words)
    if value_high is not None and not math.isnan(value_high):
        number = _span(number, _number(value_high, step(value_high, words), words))
        return prefix + _with_unit(number, unit, value_high)
    return prefix + _with_unit(number, unit, value)


def number_words(value: float, unit: str, *, qualifier: str = "exact", words: str | None = None) -> str:
    """Return the figure without its unit or currency: over 26 billion."""
    if unit in {"year", "rank"}:
        return f"{value:.0f}"
    return _QUALIFIER[qualifier] + _number(value, step(value, words), words)


def interval_words(interval: Interval, unit: str) -> str:
    """Return an interval as words, its ends rounded to a tenth of the leading digit of its width."""
    low, high = interval.low, interval.high
    if math.isinf(low) and math.isinf(high):
        return "any number"
    if math.isinf(high):
        return f"{'over' if interval.low_open else 'at least'} {_plain(_computed(low), unit)}"
    if math.isinf(low):
        return f"{'under' if interval.high_open else 'at most'} {_plain(_computed(high), unit)}"
    if low == high:
        return _plain(_computed(low), unit)
    grain = 10.0 ** (math.floor(math.log10(high - low)) - 1)
    low, high = round(low / grain) * grain, round(high / grain) * grain
    money = unit.partition("_per_")[0]
    first = _plain(low, money) if money in _MONEY and money != "CNY" else _plain_number(low)
    return f"between {first} and {_plain(high, unit)}"


def date_words(date: str | float | None) -> str:
    """Return a reduced ISO date as words: 15 December 2025, March 2025, 2015; blank is `date not stated`."""
    if not isinstance(date, str) or not date:
        return "date not stated"
    year, *rest = date.split("-")
    if not rest:
        return year
    month = f"{month_name[int(rest[0])]} {year}"
    return month if len(rest) == 1 else f"{int(rest[1])} {month}"


def period_words(start: str | float | None, end: str | float | None) -> str:
    """Return a period as words: 2024, March 2024, January to October 2025, 7 November 2015 to 10 November 2025."""
    if not isinstance(end, str) or not isinstance(start, str) or start == end:
        return date_words(end)
    if start in (end[:4], f"{end[:4]}-01-01") and end[4:] in ("", "-12-31"):
        return end[:4]
    if start[:4] == end[:4] and start[7:] == "-01" and _ends_month(end):
        last = date_words(end[:7])
        return last if start[:7] == end[:7] else f"{month_name[int(start[5:7])]} to {last}"
    return f"{date_words(start)} to {date_words(end)}"


def _ends_month(date: str) -> bool:
    return len(date) == 10 and int(date[8:]) == monthrange(int(date[:4]), int(date[5:7]))[1]


def _with_unit(number: str, unit: str, value: float) -> str:
    if "_per_" in unit and unit not in _PHRASE:  # a quotient, such as USD_per_projects
        above, below = unit.split("_per_")
        return f"{_with_unit(number, above, value)} per {_with_unit('', below, 1).strip()}"
    if unit in _MONEY:
        return _MONEY[unit].format(number)
    if value == 1:
        return _SINGULAR.get(unit, "{} " + unit.replace("_", " ").removesuffix("s")).format(number)
    return _PHRASE.get(unit, "{} " + unit.replace("_", " ")).format(number)


def _number(value: float, precision: float, words: str | None = None) -> str:
    """Digits with thousands separators, or with a scale word from a million on where two decimals suffice."""
    magnitude = abs(value)
    for scale, word in _LARGE:
        if magnitude >= scale:
            decimals = max(0, round(math.log10(scale / precision)))
            if decimals <= 3:
                return f"{_digits(magnitude / scale, decimals, words)} {word}"
            break
    return _digits(magnitude, max(0, round(-math.log10(precision))), words)


def _digits(value: float, decimals: int, words: str | None) -> str:
    """Fixed decimals; zeros at the end stay only where the source prints them (3.0 million against three million)."""
    text = f"{value:,.{decimals}f}"
    return text if "." not in text or text in (words or "") else text.rstrip("0").rstrip(".")


def _computed(value: float) -> float:
    """A single end of an interval: whole numbers as they are, others to the few digits that arithmetic can claim."""
    return value if value == int(value) else float(f"{value:.4g}")


def _plain(value: float, unit: str) -> str:
    if value < 0 and unit in _MONEY:
        return "−" + _plain(-value, unit)
    return f"{value:.0f}" if unit in {"rank", "year"} else _with_unit(_plain_number(value), unit, value)


def _plain_number(value: float) -> str:
    sign, magnitude = ("−" if value < 0 else ""), abs(value)
    for scale, word in _LARGE:
        if magnitude >= scale:
            return f"{sign}{_trim(magnitude / scale)} {word}"
    return sign + _trim(magnitude)


def _trim(value: float) -> str:
    return f"{float(f'{value:.9g}'):,.9f}".rstrip("0").rstrip(".")


def _span(low: str, high: str) -> str:
    """`14 to 18`, `1.5 to 2 million`: a scale word both ends share is said once."""
    low_number, _, low_scale = low.partition(" ")
    return f"{low_number} to {high}" if low_scale and high.endswith(low_scale) else f"{low} to {high}"
