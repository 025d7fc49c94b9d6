"""Exchange rates: the average of a year, amounts turned at it, and what a printed pair implies held against it."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from cci.audit.relations import Outcome
from cci.errors import CCIError
from cci.record.dataset import Dataset
from cci.record.intervals import Interval
from cci.record.wording import figure_words, interval_words

DIGITS = 4  # significant, in words; an average rate says no more
# A spot rate within a year strays from its average; in 2015-2025 the yuan stayed within five percent of it.
RATE_MARGIN = 0.05
_NAMES = {"USD": "a US dollar", "SGD": "a Singapore dollar"}


def average_rate(record: Dataset, local: str, base: str, year: int) -> float | None:
    """Return the units of `local` that one unit of `base` cost on the average of `year`; None where none is recorded.

    The record holds rates for US dollars only; a rate between other currencies is the quotient of both averages.
    """
    rates = record.factors
    rates = rates[(rates["kind"] == "fx") & (rates["year"] == year)].set_index("unit")["value"]
    of_local, of_base = (1.0 if name == "USD" else rates.get(f"{name}_per_USD") for name in (local, base))
    return None if of_local is None or of_base is None else float(of_local / of_base)


def against_average(
    record: Dataset, relation_id: str, obs_ids: Sequence[str], computed: Interval, *, local: str, base: str, year: int
) -> Outcome:
    """Return whether a rate that printed amounts imply, `local` for one `base`, fits the average of `year`.

    `stated` is the average give or take RATE_MARGIN; a year without an average cannot be told.
    """
    average, named = average_rate(record, local, base, year), tuple(obs_ids)
    if average is None:
        message = f"No average rate of {local} per {base} for {year} in the record."
        return Outcome(relation_id, "ratio", "cannot_tell", named, message)
    stated = Interval(average * (1 - RATE_MARGIN), average * (1 + RATE_MARGIN))
    holds = computed.overlaps(stated)
    message = (
        f"Implies {interval_words(computed, local)} {_NAMES[base]}; this {'is within' if holds else 'is outside'} "
        f"{RATE_MARGIN:.0%} of the average of {year}, {average:.{DIGITS}g}."
    )
    outcome, unit = "holds" if holds else "breaks", f"{local}_per_{base}"
    return Outcome(relation_id, "ratio", outcome, named, message, unit, computed, stated)


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
    if f"{currency}_per_USD" not in set(record.factors["unit"]):
        raise CCIError(f"The record holds no rates of {currency} for US dollars.")
    years = amounts["end"].dt.year
    rates = {year: average_rate(record, currency, "USD", year) for year in years.dropna().unique()}
    rate = years.map(rates).astype("float64")
    table = amounts.assign(unit=currency, **{end: amounts[end] * rate for end in ("value", "low", "high")})
    table = table[rate.notna()]
    words = [figure_words(float(f"{value:.{DIGITS}g}"), currency, qualifier="about") for value in table["value"]]
    return table.assign(words=pd.Series(words, index=table.index, dtype="str"))
