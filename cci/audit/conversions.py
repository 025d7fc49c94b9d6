"""Amounts that a source prints in two currencies in one breath, against the average rate of a year."""

from __future__ import annotations

from typing import Any

import pandas as pd

from cci.audit.currency import against_average
from cci.audit.relations import Outcome, as_frame
from cci.record.dataset import Dataset
from cci.record.intervals import allowed

# An amount with a dollar sign in the words of a figure: US$16 billion, S$4.6 billion, $5.78b.
_DOLLARS = r"(?P<sign>US|S|)\$(?P<amount>\d[\d,]*(?:\.\d+)?)\s?(?P<scale>billion|million|bn|b|m)\b"
_SCALES = {"b": 1e9, "m": 1e6}
# A bare dollar sign beside US dollars is the Singapore dollar, beside yuan the US dollar.
_BARE = {"USD": "SGD", "CNY": "USD"}


def conversions(record: Dataset, *, year: int | None = None) -> pd.DataFrame:
    """Return one row per figure whose words also give it in another currency, with the columns of `currency_pairs`.

    `low` and `high` bound the rate that both amounts imply, `stated_low` and `stated_high` the average rate of the
    year of the figure (or of `year`), give or take `currency.RATE_MARGIN`. Undated figures are left out; a year
    without a rate tells nothing.
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
    implied = other / own if row["unit"] == "USD" else own / other
    name = f"conversion:{row['obs_id']}"
    return against_average(record, name, [row["obs_id"]], implied, local=local, base=base, year=year)
