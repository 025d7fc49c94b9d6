"""Amounts that a source prints in two currencies in one breath, against the average rate of a year."""

from __future__ import annotations

from typing import Any

import pandas as pd

from cci.audit.implied import RATE_MARGIN
from cci.audit.relations import Outcome, as_frame
from cci.record.dataset import Dataset
from cci.record.intervals import Interval, allowed
from cci.record.wording import interval_words

# An amount with a dollar sign in the words of a figure: US$16 billion, S$4.6 billion, $5.78b.
_DOLLARS = r"(?P<sign>US|S|)\$(?P<amount>\d[\d,]*(?:\.\d+)?)\s?(?P<scale>billion|million|bn|b|m)\b"
_SCALES = {"b": 1e9, "m": 1e6}
# A bare dollar sign beside US dollars is the Singapore dollar, beside yuan the US dollar.
_BARE = {"USD": "SGD", "CNY": "USD"}
_NAMES = {"USD": "a US dollar", "SGD": "a Singapore dollar"}


def conversions(record: Dataset, *, year: int | None = None) -> pd.DataFrame:
    """Return one row per figure whose words also give it in another currency, with the columns of `currency_pairs`.

    `low` and `high` bound the rate that both amounts imply, `stated_low` and `stated_high` the average rate of the
    year of the figure (or of `year`), give or take RATE_MARGIN. A rate between yuan and Singapore dollars is the
    quotient of both averages. Undated figures are left out; a year without a rate tells nothing.
    """
    rows = record.where(unit=["USD", "CNY", "SGD"]).dropna(subset=["end"])
    printed = rows["as_stated"].astype("str").str.extractall(_DOLLARS).reset_index("match", drop=True)
    both = rows.join(printed, how="inner")
    # The figure itself is no second amount.
    both["size"] = both["amount"].str.replace(",", "").astype("float64") * both["scale"].str[0].map(_SCALES)
    both = both[(both["size"] / both["value"] - 1).abs() > 1e-9]
    # "S" or "US" says which dollar; without either, the other currency of the sentence does.
    both["other"] = both["sign"].map({"US": "USD", "S": "SGD"}).fillna(both["unit"].map(_BARE))
    both = both[both["other"].notna() & both["other"].ne(both["unit"])]
    both = both.sort_values(["end", "obs_id"], kind="stable")
    found = [_judged(record, row, year or row["end"].year) for row in both.to_dict("records")]
    notes = [f"{row['as_stated']} ({row['publisher']})" for row in both.to_dict("records")]
    return as_frame(found).assign(note=pd.Series(notes, dtype="str"))


def _judged(record: Dataset, row: dict[str, Any], year: int) -> Outcome:
    other = allowed(row["size"], unit=row["other"], words=row["as_stated"], rule=record.rule)
    own = record.interval(row["obs_id"])
    local, base = (row["other"], row["unit"]) if row["unit"] == "USD" else (row["unit"], row["other"])
    name, unit = f"conversion:{row['obs_id']}", f"{local}_per_{base}"
    computed = other / own if row["unit"] == "USD" else own / other
    local_rate, base_rate = (_average(record, currency, year) for currency in (local, base))
    if local_rate is None or base_rate is None:
        return Outcome(name, "ratio", "cannot_tell", (row["obs_id"],), f"No average rate for {year} in the record.")
    average = local_rate / base_rate
    stated = Interval(average * (1 - RATE_MARGIN), average * (1 + RATE_MARGIN))
    holds = computed.overlaps(stated)
    message = (
        f"Implies {interval_words(computed, local)} {_NAMES[base]}; this {'is within' if holds else 'is outside'} "
        f"{RATE_MARGIN:.0%} of the average of {year}, {average:.4g}."
    )
    return Outcome(name, "ratio", "holds" if holds else "breaks", (row["obs_id"],), message, unit, computed, stated)


def _average(record: Dataset, currency: str, year: int) -> float | None:
    rates = record.factors
    named = (rates["kind"] == "fx") & (rates["unit"] == f"{currency}_per_USD") & (rates["year"] == year)
    return 1.0 if currency == "USD" else float(rates.loc[named, "value"].iloc[0]) if named.any() else None
