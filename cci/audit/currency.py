"""Amounts in another currency, at the average rate of the year for which they are stated."""

from __future__ import annotations

import pandas as pd

from cci.errors import CCIError
from cci.record.dataset import Dataset
from cci.record.wording import figure_words

DIGITS = 4  # significant, in words; an average rate says no more


def converted(record: Dataset, amounts: pd.DataFrame, currency: str) -> pd.DataFrame:
    """Return amounts in US dollars as amounts in `currency`: value, low, high, unit and words change, no other column.

    The rate is the average of the year in which the period of the figure ends. It shows an order of size: what was
    signed over many years is not worth the rate of the last. A figure whose year has no rate in the record is left
    out. US dollars come back as they are. Raises CCIError for rows in another unit and for a currency without rates.
    """
    foreign = sorted(set(amounts["unit"]) - {"USD"})
    if foreign:
        raise CCIError(f"Only amounts in USD are converted, but there are rows in {', '.join(foreign)}.")
    if currency == "USD":
        return amounts
    factors = record.factors
    rates = factors[factors["unit"] == f"{currency}_per_USD"].set_index("year")["value"]
    if rates.empty:
        raise CCIError(f"The record holds no rates of {currency} for US dollars.")
    rate = amounts["end"].dt.year.map(rates)
    table = amounts.assign(unit=currency, **{end: amounts[end] * rate for end in ("value", "low", "high")})
    table = table[rate.notna()]
    words = [figure_words(float(f"{value:.{DIGITS}g}"), currency, qualifier="about") for value in table["value"]]
    return table.assign(words=pd.Series(words, index=table.index, dtype="str"))
