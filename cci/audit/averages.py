"""What one counted item is worth, in a running total and among those added to it."""

from __future__ import annotations

import pandas as pd

from cci.audit.quotes import usable
from cci.audit.relations import Outcome, as_frame, judge
from cci.errors import IntervalError
from cci.record.dataset import Dataset
from cci.record.wording import date_words, interval_words

ADDED = "those added in between"


def averages(record: Dataset, quantity: str, *, scope: str) -> pd.DataFrame:
    """Return value for each item wherever both totals are stated for one day, oldest first, then for those added.

    The totals are the indicators `quantity`_count and `quantity`_value; days that repeat a pair of figures are left
    out. The last row, whose note is ADDED, divides growth in value by growth in count from the first day to the last;
    it is missing where there is one day. Columns are those of `relations.evaluate`, `note` saying which items, and
    `words`, the quotient. Raises UnknownName.
    """
    count, value = f"{quantity}_count", f"{quantity}_value"
    rows = usable(record, [(count, scope), (value, scope)]).drop_duplicates(["indicator", "end"])
    pairs = rows[rows["indicator"].eq(value)].merge(
        rows[rows["indicator"].eq(count)], on="end", suffixes=("", "_of_count"), validate="one_to_one"
    )
    pairs = pairs.drop_duplicates(["value", "value_of_count"])
    outcomes = {
        f"all signed by {date_words(row.period_end)}": judge(
            record, "all", "ratio", (row.obs_id, row.obs_id_of_count, "?")
        )
        for row in pairs.itertuples()
    }
    if len(pairs) > 1:
        outcomes[ADDED] = _among_the_added(record, pairs.iloc[0], pairs.iloc[-1])
    words = [outcome.words for outcome in outcomes.values()]
    table = as_frame(outcomes.values()).assign(note=list(outcomes), words=words)
    table.attrs = rows.attrs  # the day of the record, which an empty chart names
    return table


def _among_the_added(record: Dataset, first: pd.Series, last: pd.Series) -> Outcome:
    value, count = (
        judge(record, "growth", "difference", (last[ids], first[ids], "?")) for ids in ("obs_id", "obs_id_of_count")
    )
    named = (*value.obs_ids, *count.obs_ids)
    try:
        each = value.computed / count.computed  # type: ignore[operator]  # a difference of two known terms is computed
    except IntervalError as error:
        return Outcome("added", "ratio", "cannot_tell", named, str(error))
    unit = f"{value.unit}_per_{count.unit}"
    return Outcome("added", "ratio", "solves", named, f"Implies {interval_words(each, unit)}.", unit, each)
