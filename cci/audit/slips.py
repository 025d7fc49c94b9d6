"""Slips of the pen: what a row says against its own words, its name, its source and the figures beside it.

value_not_in_words      the numerals of its words cannot mean the value
bound_not_in_words      its words put the figure on the other side: "nearly" for over, "over 300" for exact
sign_not_in_words       a negative value in words of a rise
period_not_in_name      its name holds another period
told_before_its_end     no forecast or target, yet published before its period is over
span_over_a_year        an amount of a period longer than a year
out_of_line             nowhere near the two figures beside it for like periods
fall_not_in_levels      a fall of which no level is known
said_twice              one source says it twice in the same words

All are candidates, for a lost zero, 万 read as a thousand, a year or a day and a month exchanged, an added minus.
A value converted from another unit, or counted from words without a numeral, is among them and rightly stands; so do
a fall from a level that the record does not hold, a budget told ahead, and the flights of a year without travel.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

import pandas as pd

from cci.record.dataset import Dataset
from cci.record.dates import DATED_MEASURES

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
AHEAD = 31  # days: a newspaper of the month tells of a meeting that ends, or of a timetable that begins, in the next
FAR = 9.5  # times: a lost or added digit; eightfold growth between two dates is in the record, and real
_HOPED = frozenset({"forecast", "target"})
_ERRORS = frozenset({"unit_slip", "suspected_error"})  # flags of figures that nothing is measured by
# Words for a bound that stand right before a numeral; others, such as 多, also belong to other words.
_ABOVE = re.compile(
    r"(?:\b(?:over|more than|exceed(?:s|ed|ing)?)\s|超过?|逾)\s*(?:[A-Z]{2,3}\s?)?[$¥]?\s?\d", re.IGNORECASE
)
_BELOW = re.compile(r"(?:\b(?:nearly|almost|close to)\s|接?近)\s*(?:[A-Z]{2,3}\s?)?[$¥]?\s?\d", re.IGNORECASE)
_AGAINST = {
    "exact": (_ABOVE, _BELOW),
    "over": (_BELOW,),
    "at_least": (_BELOW,),
    "nearly": (_ABOVE,),
    "under": (_ABOVE,),
}
_RISE = re.compile(r"\b(?:up|grow\w*|grew|ris(?:es?|en|ing)|rose|increas\w*|surg\w*)\b|增|升|涨", re.IGNORECASE)
_FALL = re.compile(
    r"\b(?:down|f[ae]ll\w*|drop\w*|decreas\w*|cut\w*|reduc\w*|lower\w*|declin\w*)\b|降|减|缩|跌", re.IGNORECASE
)
Slip = tuple[str, tuple[str, ...], str]


def slips(record: Dataset) -> pd.DataFrame:
    """Return one row per candidate: detector, obs_ids, reason. The detectors are those of this module's first lines."""
    rows = record.observations
    found = [slip for detector in _DETECTORS for slip in detector(rows)]
    return pd.DataFrame(found, columns=["detector", "obs_ids", "reason"])


def _words(rows: pd.DataFrame) -> Iterator[Slip]:
    """What the words of a row deny."""
    for row in rows[["obs_id", "value", "qualifier", "as_stated"]].itertuples(index=False):
        words = str(row.as_stated)
        told = set(_told(words))
        if told and not any(_near(row.value, one) for one in told):
            yield "value_not_in_words", (row.obs_id,), f"{row.value:,.15g} is not what its words say: {words}."
        if any(against.search(words) for against in _AGAINST.get(row.qualifier, ())):
            yield "bound_not_in_words", (row.obs_id,), f"Recorded as {row.qualifier}, which its words deny: {words}."
        if row.value < 0 and _RISE.search(words) and not _FALL.search(words):
            yield "sign_not_in_words", (row.obs_id,), f"{row.value:,.15g}, in words of a rise: {words}."


def _periods(rows: pd.DataFrame) -> Iterator[Slip]:
    """Periods that the name, the day of the page or the kind of quantity denies."""
    dated = rows.dropna(subset=["end"])
    for obs_id, period in zip(dated["obs_id"], dated["period_end"], strict=True):
        if not re.search(rf"-{period}(-\d\d)*-\d+$", obs_id):
            yield "period_not_in_name", (obs_id,), f"Of {period}, which its name does not hold."
    ahead = (dated["end"] - dated["known_by"]).dt.days
    for row in dated[(ahead > AHEAD) & ~dated["flag"].isin(_HOPED)].itertuples():
        reason = f"Of {row.period_end}, told on {row.published}, and neither forecast nor target."
        yield "told_before_its_end", (row.obs_id,), reason
    for row in dated[dated["measure"].eq("flow") & ((dated["end"] - dated["start"]).dt.days > 366)].itertuples():
        yield "span_over_a_year", (row.obs_id,), f"An amount of {row.period_start} to {row.period_end}."


def _said_twice(rows: pd.DataFrame) -> Iterator[Slip]:
    same = ["indicator", "scope", "period_start", "period_end", "value", "source_id", "as_stated"]
    twice = rows[rows.duplicated(same, keep=False)]
    for (*_, source_id, words), group in twice.groupby(same, sort=False, dropna=False):
        yield "said_twice", tuple(group["obs_id"]), f"{source_id} says it once: {words}."


def _out_of_line(rows: pd.DataFrame) -> Iterator[Slip]:
    """Figures FAR times above, or below, both of the two beside them in their series for like periods."""
    months = ((rows["end"] - rows["start"]).dt.days / 30.4).round().mask(rows["measure"].isin(DATED_MEASURES), 0)
    plain = (rows["value"] > 0) & rows["end"].notna() & ~rows["flag"].isin(_HOPED | _ERRORS)
    alike = ["indicator", "scope", "months"]
    kept = rows.assign(months=months.fillna(-1))[plain].sort_values([*alike, "end", "obs_id"])
    kept = kept[[*alike, "end", "obs_id", "value", "words"]]  # a narrow frame: rows are walked one by one
    for _, series in groupby(kept.itertuples(index=False), key=lambda row: (row.indicator, row.scope, row.months)):
        days = [list(told) for _, told in groupby(series, key=lambda row: row.end)]
        for n, told in enumerate(days):
            places = (n + 1, n + 2) if n == 0 else (n - 1, n - 2) if n == len(days) - 1 else (n - 1, n + 1)
            beside = [days[place][0] for place in places if 0 <= place < len(days)]
            beside = [one for one in beside if abs((one.end - told[0].end).days) <= LOOK_BACK]
            for row in told:
                ratios = [row.value / one.value for one in beside]
                if ratios and (min(ratios) >= FAR or max(ratios) <= 1 / FAR):
                    others = " and ".join(f"{one.words} of {one.end:%Y-%m-%d}" for one in beside)
                    yield "out_of_line", (row.obs_id,), f"{row.words} of {row.end:%Y-%m-%d}, beside {others}."


def _falls(rows: pd.DataFrame) -> Iterator[Slip]:
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


_DETECTORS = (_falls, _words, _periods, _said_twice, _out_of_line)


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
