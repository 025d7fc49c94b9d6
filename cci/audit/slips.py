"""Slips of the pen: a value its words do not hold, a period its name does not hold, a fall that no level shows.

All are candidates, for a lost zero, 万 read as a thousand, a year or a day and a month exchanged, an added minus.
A value converted from another unit, or counted from words without a numeral, is among them and rightly stands; so does
a fall from a level that the record does not hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pandas as pd

from cci.record.dataset import Dataset

# Words that follow a numeral in the languages of the record, longest first, and what they multiply it by.
_SCALES = {
    "万亿": 1e12, "萬億": 1e12, "trillion": 1e12, "兆": 1e12, "billion": 1e9, "bilyon": 1e9, "milliard": 1e9,
    "bln": 1e9, "bn": 1e9, "bi": 1e9, "b": 1e9, "十亿": 1e9, "亿": 1e8, "億": 1e8, "千万": 1e7, "million": 1e6,
    "milioni": 1e6, "mln": 1e6, "ล้าน": 1e6, "juta": 1e6, "百万": 1e6, "m": 1e6, "万": 1e4, "萬": 1e4,
    "hectare": 1e4, "thousand": 1e3, "千": 1e3, "k": 1e3, "week": 7.0, "周": 7.0, "个多星期": 7.0,
    "hour": 1 / 24, "小时": 1 / 24, "小時": 1 / 24, "kg": 1e-3,
}  # fmt: skip
_SCALE = "|".join(f"{re.escape(word)}(?![a-z])" if len(word) < 3 and word.isascii() else word for word in _SCALES)
_NUMERAL = re.compile(rf"(\d[\d.,]*\d|\d)[\s余多-]*({_SCALE})?(?:(\d+)(?!\d|[.,]\d)(万|萬)?)?", re.IGNORECASE)
LOOK_BACK = 3 * 365  # days within which a higher figure bears a fall out
LEAP = 1  # day by which periods of a like length differ
_SERIES = ["indicator", "scope"]
_UNIT_SCALES = {7.0, 1 / 24, 1e-3}  # conversions of a unit, which a value may also not have undergone


def slips(record: Dataset) -> pd.DataFrame:
    """Return one row per candidate: detector, obs_ids, reason.

    Detectors: `value_not_in_words`, `period_not_in_name`, `fall_not_in_levels`.
    """
    found = list(_falls(record.observations))
    for row in record.observations[["obs_id", "value", "period_end", "as_stated"]].itertuples(index=False):
        told = set(_told(str(row.as_stated)))
        if told and not any(_near(row.value, one) for one in told):
            message = f"{row.value:,.15g} is not what its words say: {row.as_stated}."
            found.append(("value_not_in_words", (row.obs_id,), message))
        if isinstance(row.period_end, str) and not re.search(rf"-{row.period_end}(-\d\d)*-\d+$", row.obs_id):
            found.append(("period_not_in_name", (row.obs_id,), f"Of {row.period_end}, which its name does not hold."))
    return pd.DataFrame(found, columns=["detector", "obs_ids", "reason"])


def _falls(rows: pd.DataFrame) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """Falls told of a figure that no higher one for a like period of the years before bears out.

    Rises are not asked the same: nearly every rate in the record is one, so a lost minus is the rarer slip, and the
    growth that the levels imply tests it wherever the year before is known.
    """
    fell = rows[(rows["growth_percent"] < 0) & (rows["unit"] != "percent")]
    levels = rows[[*_SERIES, "start", "end", "high"]].merge(fell[_SERIES].drop_duplicates(), on=_SERIES)
    of = dict(iter(levels.groupby(_SERIES)))  # a fall is held against its own series, not against the whole record
    for row in fell.itertuples():
        series = of[row.indicator, row.scope]
        age = (row.end - series["end"]).dt.days
        span = (series["end"] - series["start"]).dt.days
        alike = (span - (row.end - row.start).days).abs() <= LEAP if pd.notna(row.start) else series["start"].isna()
        if not (series.loc[alike & age.between(1, LOOK_BACK), "high"] > row.low).any():
            told = f"{row.words}, told to be {-row.growth_percent:g} percent less"
            yield (
                "fall_not_in_levels",
                (row.obs_id,),
                f"{told}; no figure of the {LOOK_BACK // 365} years before is higher.",
            )


def _near(value: float, told: float) -> bool:
    return abs(abs(value) - told) <= 5e-4 * max(told, 1e-9)  # a unit converted is kept to some three decimals


def _told(words: str) -> Iterator[float]:
    """Every quantity that the numerals of some words can mean."""
    numerals = _NUMERAL.findall(words.replace("，", ","))
    somewhere = {_SCALES[scale.lower()] for _, scale, *_ in numerals if scale}
    for text, scale, rest, _ in numerals:
        own = _SCALES[scale.lower()] if scale else None
        factors = {own} if own else {1.0} | somewhere
        factors |= {1.0} if own in _UNIT_SCALES else set()
        for number in _readings(text):
            yield from (number * factor for factor in factors if factor)
            if own and rest:  # 21万5800, 392亿9100万
                yield number * own + float(rest) * (1e4 if own >= 1e8 else 1.0)


def _readings(text: str) -> set[float]:
    """A numeral with its marks read as thousands or as a decimal, whichever its digits allow."""
    found = set()
    for thousands, point in ((",", "."), (".", ",")):
        if re.fullmatch(rf"\d{{1,3}}(\{thousands}\d{{3}})+(\{point}\d+)?|\d+(\{point}\d+)?", text):
            found.add(float(text.replace(thousands, "").replace(point, ".")))
    return found
