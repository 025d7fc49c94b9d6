"""Relations that nobody listed but that the figures imply: growth rates, running totals and printed currency pairs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

import pandas as pd

from cci.audit.currency import against_average
from cci.audit.relations import COLUMNS, Outcome, as_frame, judge
from cci.record.dataset import Dataset

_UNUSABLE = frozenset({"suspected_error", "unit_slip", "do_not_chart", "superseded", "scope_unclear"})
_PERIOD = ["indicator", "scope", "start", "end"]
_CURRENCY = {"USD": "usd", "CNY": "cny", "SGD": "sgd", "EUR": "eur"}


def implied(record: Dataset) -> pd.DataFrame:
    """Return one row per implied relation, with the columns of `relations.evaluate`; `expected` is blank.

    growth: every printed year-on-year rate against the figure of the same scope a year earlier; monotone: every
    cumulative series, and every one whose indicator never falls, row by row; ratio: every pair of one quantity printed
    in two currencies for one day against the average rate of that year, give or take `currency.RATE_MARGIN`.
    """
    return as_frame([*_growth(record), *_order(record), *_currency(record)])[list(COLUMNS)]


def _growth(record: Dataset) -> list[Outcome]:
    rows = record.observations[[*_PERIOD, "obs_id", "unit", "flag", "growth_base", "growth_percent"]]
    usable = rows.loc[~rows["flag"].isin(_UNUSABLE), [*_PERIOD, "obs_id"]]
    rated = rows[(rows["growth_base"] == "yoy") & rows["growth_percent"].notna() & (rows["unit"] != "percent")]
    rated = rated.dropna(subset=["end"])
    year = pd.DateOffset(years=1)
    before = rated[[*_PERIOD, "obs_id"]].assign(start=rated["start"] - year, end=rated["end"] - year)
    pairs = before.merge(usable, on=_PERIOD, suffixes=("", "_before"))  # a blank start finds a blank start
    return [
        judge(record, f"growth:{now}:{other}", "growth", (now, other))
        for now, other in zip(pairs["obs_id"], pairs["obs_id_before"], strict=True)
    ]


def _order(record: Dataset) -> list[Outcome]:
    rows = record.observations
    rising = rows[((rows["measure"] == "cumulative") | (rows["monotone"] == "up")) & ~rows["flag"].isin(_UNUSABLE)]
    rising = rising[~rising["flag"].isin({"forecast", "target"})].dropna(subset=["end"])
    ordered = rising.sort_values(["indicator", "scope", "end", "known_by", "obs_id"])
    rows = ordered[["indicator", "scope", "obs_id"]].itertuples(index=False, name=None)
    return [
        judge(record, f"order:{indicator}:{scope}:{later}", "monotone", (earlier, later))
        for (*series, earlier), (indicator, scope, later) in pairwise(rows)
        if series == [indicator, scope]
    ]


def currency_pairs(record: Dataset, *, year: int | None = None) -> pd.DataFrame:
    """Return every amount printed in two currencies for one day against an average rate, as `implied` does.

    `year` tests all of them against the average of that year in place of their own; `note` names both figures and who
    says so.
    """
    table = as_frame(_currency(record, year))
    pairs = [record.find(ids) for ids in table["obs_ids"]]
    notes = [f"{' and '.join(pair['words'])} ({'; '.join(dict.fromkeys(pair['publisher']))})" for pair in pairs]
    return table.assign(note=pd.Series(notes, index=table.index, dtype="str"))


def _currency(record: Dataset, year: int | None = None) -> list[Outcome]:
    money = record.where(unit=list(_CURRENCY)).dropna(subset=["end"])
    suffix = money["unit"].map(_CURRENCY)
    quantity = [name.removesuffix(f"_{end}") for name, end in zip(money["indicator"], suffix, strict=True)]
    groups: dict[tuple[str, str, pd.Timestamp], list[tuple[str, str]]] = {}
    for name, row in zip(quantity, money[["scope", "end", "unit", "obs_id"]].itertuples(index=False), strict=True):
        groups.setdefault((name, row.scope, row.end), []).append((row.unit, row.obs_id))
    found = []
    for (_, _, end), group in sorted(groups.items()):
        dollars = [obs_id for unit, obs_id in group if unit == "USD"]
        for unit, obs_id in group:
            for dollar in dollars if unit in ("CNY", "SGD") else ():
                ids, rate = (obs_id, dollar), record.interval(obs_id) / record.interval(dollar)
                name, of_year = f"rate:{obs_id}:{dollar}", year or end.year
                found.append(against_average(record, name, ids, rate, local=unit, base="USD", year=of_year))
    return found


def unlisted(record: Dataset, found: pd.DataFrame) -> pd.Series:
    """Return, for each row of `found` (which has `obs_ids`), whether no disagreement of the record explains it.

    A disagreement explains figures when it names statements on at least two of the same quantities and periods, or on
    the only one; which of several documents on a period it names does not matter.
    """
    rows = record.observations.set_index("obs_id")
    day = rows["end"].dt.strftime("%Y-%m-%d").fillna("undated")
    keys = (rows["indicator"] + "/" + rows["scope"] + "/" + day).to_dict()
    naming: dict[str, list[int]] = {}  # a quantity and period -> the disagreements that name a statement on it
    for number, ids in enumerate(record.disagreements["obs_ids"]):
        for key in {keys[i] for i in ids}:
            naming.setdefault(key, []).append(number)

    def explained(ids: Iterable[str]) -> bool:
        these = {keys[i] for i in ids if i in keys}
        named = Counter(number for key in these for number in naming.get(key, ()))
        return max(named.values(), default=0) >= min(2, len(these)) and (bool(these) or len(record.disagreements) > 0)

    return pd.Series([not explained(ids) for ids in found["obs_ids"]], index=found.index, dtype="bool")
