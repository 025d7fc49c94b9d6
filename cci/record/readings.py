"""Read the numbers that a passage prints, in digits or words, English or Chinese."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator

_SMALL = {
    word: float(number)
    for number, words in enumerate(
        (
            "zero", "one first once 首", "two second twice double doubled", "three third thrice triple tripled",
            "four fourth", "five fifth", "six sixth", "seven seventh", "eight eighth", "nine ninth", "ten tenth",
            "eleven eleventh", "twelve twelfth dozen", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen",
            "eighteen", "nineteen",
        )
    )
    for word in words.split()
}  # fmt: skip
_TENS = {
    word: 10.0 * number
    for number, word in enumerate(("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"), 2)
}
_WORDS = {**_SMALL, **_TENS}
_SCALES = {
    "hundred": 1e2, "thousand": 1e3, "million": 1e6, "mln": 1e6, "billion": 1e9, "bn": 1e9, "trillion": 1e12,
    "tn": 1e12,
}  # fmt: skip
# A letter after digits may be a scale or a unit (5m): it is read both ways.
_LETTERS = {"k": 1e3, "m": 1e6, "b": 1e9}
_PARTS = {"third": 3.0, "quarter": 4.0}

_DIGITS = {"〇": 0, "零": 0, "一": 1, "二": 2, "两": 2, "兩": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8,
           "九": 9}  # fmt: skip
_UNITS = {"十": 1e1, "百": 1e2, "千": 1e3, "万": 1e4, "萬": 1e4, "亿": 1e8, "億": 1e8, "兆": 1e12}
_MORE = "多余餘來来几幾"  # "and more", between a number and its scale: 10多万
_LITERAL = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_CHINESE = re.compile(
    rf"(?:{_LITERAL}|[{''.join(_DIGITS)}{''.join(_UNITS)}{_MORE}]|(?<=\d)\s+(?=[{''.join(_UNITS)}]))+"
)
# A range prints its scale once: 17.0 to 18.5 million, 20至30万.
_RANGE = re.compile(
    rf"({_LITERAL})(\s*(?:to|and|or|-|–|—|~|至|到)\s*)((?:{_LITERAL})[\s-]*)"
    rf"((?:{'|'.join(_SCALES)})\b|[{''.join(_UNITS)}]+)"
)
_TOKEN = re.compile(rf"{_LITERAL}|[a-z]+|首|\S")

# Other units in which a quantity is printed, and how many of the record's unit one of them is.
_CONVERSIONS: dict[str, tuple[tuple[str, float], ...]] = {
    "days": (("week|周|星期", 7), ("month|个月|個月", 30), ("hour|小时|小時", 1 / 24)),
    "months": (("year|年", 12),),
    "flights_per_week": (("a day|per day|daily|每天|每日", 7),),
    "trains_per_week": (("a day|per day|daily|每天|每日", 7),),
    "tonnes": (("kg|kilo|公斤|千克", 1e-3),),
    "square_metres": (
        ("km|kilomet|平方公里", 1e6), ("hectare|公顷|公頃", 1e4), ("亩|畝|mu", 2000 / 3), ("acre", 4046.856),
        ("feet|foot|ft", 0.09290304),
    ),
    "percent": (("成", 10), ("half|third|quarter|fold|times|倍", 100)),
    "Gbps": (("tbps|tb", 1000), ("mbps|mb|兆", 1e-3)),
    "milliseconds": (("second|秒", 1000),),
}  # fmt: skip
_OF_ONE = frozenset(("days", "months", "flights_per_week", "trains_per_week"))  # "in a week", "daily"
_CONVERTED = 2e-3  # how far a conversion may be rounded, as a share of the value


def readings(text: str) -> frozenset[float]:
    """Return every number that the text prints, its scale applied: "21.7 billion", "sevenfold", 近百, 3458.8万.

    A number before a scale is read with it only. Full-width digits are digits.
    """
    plain = _RANGE.sub(r"\1 \4\2\3\4", unicodedata.normalize("NFKC", text).casefold())
    rest = _CHINESE.sub(lambda run: " " if _UNITS.keys() & set(run[0]) else run[0], plain)
    return frozenset((*_english(rest), *_chinese(plain)))


def reads(value: float, unit: str, text: str) -> bool:
    """Return whether the text prints the value, in `unit` or in another unit that converts to it.

    A fall is printed as its size, so the sign does not count. Percentages may be printed as fractions or multiples,
    days as weeks, areas in hectares or mu; "a week" and "daily" stand for one.
    """
    wanted, found = abs(value), readings(text)
    if any(math.isclose(number, wanted, rel_tol=1e-9) for number in found):
        return True
    plain = unicodedata.normalize("NFKC", text).casefold()
    for word, factor in _CONVERSIONS.get(unit, ()):
        if re.search(word, plain):
            numbers = {*found, *_fractions(plain), *([1.0] if unit in _OF_ONE else [])}
            if any(math.isclose(number * factor, wanted, rel_tol=_CONVERTED) for number in numbers):
                return True
    return False


def _fractions(text: str) -> Iterator[float]:
    if "half" in text:
        yield 0.5
    for top, bottom in re.findall(r"(one|two|three|a)[\s-](third|quarter)s?", text):
        yield _WORDS.get(top, 1.0) / _PARTS[bottom]


def _english(text: str) -> Iterator[float]:
    """The numbers in digits and English words; each ends where a token does not continue it."""
    total, current, literal = 0.0, None, False
    for token in (*_TOKEN.findall(text), ""):
        word = token.removesuffix("fold") or token
        word = word[:-1] if word[:-1] in _SCALES else word  # hundreds, millions
        if literal and current is not None and word in _LETTERS:
            yield current
            yield current * _LETTERS[word]
            total, current, literal = 0.0, None, False
        elif current is not None and word in _SCALES:
            if word == "hundred":
                current *= 100
            else:
                total, current = total + current * _SCALES[word], 0.0
        elif current is not None and word in ("and", "-"):
            continue
        elif current is not None and not literal and word in _WORDS and _continues(current, _WORDS[word]):
            current += _WORDS[word]
        else:
            if current is not None:
                yield total + current
            literal = token[:1].isdigit()
            number = float(token.replace(",", "")) if literal else _WORDS.get(word, 1.0 if word in _SCALES else None)
            total, current = 0.0, number
            if word in _SCALES and not literal:  # "hundreds of": a bare scale is one of it
                total, current = 0.0, _SCALES[word]


def _continues(current: float, more: float) -> bool:
    """Whether a number word goes on with a number: twenty four, three hundred five; not: five six."""
    return current % 100 == 0 or (current % 100 >= 20 and current % 10 == 0 and more < 10)


def _chinese(text: str) -> Iterator[float]:
    for run in _CHINESE.findall(text):
        parts = re.findall(rf"{_LITERAL}|\S", run)
        if any(part in _UNITS for part in parts):
            yield _composed(parts)
        elif all(part in _DIGITS for part in parts):
            yield float("".join(str(_DIGITS[part]) for part in parts))


def _composed(parts: list[str]) -> float:
    """The value of digits and scales: 3458.8万, 五千四百, 5亿3000万, 百余."""
    total, section, number = 0.0, 0.0, None
    for part in parts:
        if part in _UNITS:
            scale = _UNITS[part]
            if scale < 1e4:
                section += (1.0 if number is None else number) * scale
            else:
                below = section + (number or 0.0)
                # 万亿 multiplies what came before; 5亿3000万 adds to it.
                if total and not below:
                    total *= scale
                else:
                    total += (below or 1.0) * scale
                section = 0.0
            number = None
        elif part in _DIGITS:
            number = float(_DIGITS[part])
        elif part not in _MORE:
            number = float(part.replace(",", ""))
    return total + section + (number or 0.0)
