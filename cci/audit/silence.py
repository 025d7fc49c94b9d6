"""What is known of a series for which year, how long nothing has been said, and which statement would end that."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence

import pandas as pd

from cci.record.dataset import DATED_MEASURES, FLAGS, Dataset
from cci.record.wording import date_words

COLUMNS = (
    "indicator", "scope", "label", "scope_label", "pillar", "measure", "known", "partly", "missing", "last", "words",
    "obs_id", "publisher", "silent_days", "longest_pause", "would_fill",
)  # fmt: skip
# Hoped for, or in doubt: such a figure fills no gap.
_SAID = frozenset(FLAGS[: FLAGS.index("forecast")])


def cut_off(record: Dataset) -> pd.Timestamp:
    """Return the day up to which the record can know anything: its `as_of`, else that of its latest dated figures.

    NaT where no page of the record that states a figure shows its date.
    """
    return record.published_until if record.as_of is None else pd.Timestamp(record.as_of)


def silences(record: Dataset) -> pd.DataFrame:
    """Return one row per series of the record: the years it is known for, its last figure, and its gaps.

    `known` are the years with a figure: of the whole year for amounts of periods, of any day in it for totals, levels,
    events and the rest. `partly` are years of which only a part is told, `missing` those between the first and the
    last year due with neither; a whole-year amount is due once the year is over. Years are tuples of whole numbers.
    `last` is the last day a figure reaches, `words`, `obs_id` and `publisher` are of that figure. `silent_days` runs
    from `last` to the record's cut-off, `longest_pause` is the longest time between two neighbouring days with figures
    (0 where there is one day). `would_fill` says which statement would fill the gaps. Forecasts, targets and doubted
    figures fill nothing; a series of nothing else has no row. Columns are COLUMNS; longest silence first.
    """
    day = cut_off(record)
    rows = [
        row
        for pair in record.series_list[["indicator", "scope"]].itertuples(index=False)
        if (row := _silence(record.series(pair.indicator, scope=pair.scope), day)) is not None
    ]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    table = table.sort_values(["silent_days", "indicator", "scope"], ascending=[False, True, True], kind="stable")
    table.attrs = record.observations.attrs
    return table.reset_index(drop=True)


def _silence(series: pd.DataFrame, day: pd.Timestamp) -> tuple[object, ...] | None:
    said = series[series["flag"].fillna("").isin(_SAID) & series["end"].notna()]
    said = said[said["end"] <= day]  # dated after its page without a word of forecast: it tells of no year yet
    if said.empty:
        return None
    last = said.iloc[-1]
    within = said["end"].dt.year
    spans = said["measure"].eq("flow") & said["start"].notna() & said["start"].ne(said["end"])
    amounts = bool(spans.any())  # else the figures are of events and days, even where they count what happened then
    whole = ~spans | _of_a_year(said)
    known = sorted(set(within[whole]))
    partly = sorted(set(within[~whole]) - set(known))
    due = day.year if not amounts or day == pd.Timestamp(day.year, 12, 31) else day.year - 1
    missing = sorted(set(range(int(within.min()), due + 1)) - {*known, *partly})
    ends = said["end"].drop_duplicates()
    return (
        last["indicator"],
        last["scope"],
        last["label"],
        last["scope_label"],
        last["pillar"],
        last["measure"],
        tuple(map(int, known)),
        tuple(map(int, partly)),
        tuple(missing),
        last["end"],
        last["words"],
        last["obs_id"],
        last["publisher"],
        int((day - last["end"]).days),
        int(ends.diff().dt.days.max()) if len(ends) > 1 else 0,
        _would_fill(
            "of periods" if amounts else str(last["measure"]),
            missing,
            [year for year in partly if year <= due],
            last["end"],
        ),
    )


def _of_a_year(rows: pd.DataFrame) -> pd.Series:
    """Whether a period is a whole calendar year."""
    start, end = rows["start"], rows["end"]
    opens = (start.dt.month == 1) & (start.dt.day == 1) & (start.dt.year == end.dt.year)
    return opens & (end.dt.month == 12) & (end.dt.day == 31)


def _would_fill(measure: str, missing: Sequence[int], partly: Sequence[int], last: pd.Timestamp) -> str:
    after = f"a figure for a day after {date_words(f'{last:%Y-%m-%d}')}"
    if measure == "of periods":
        wanted = f"the amount of {years_words([*missing, *partly])}" if missing or partly else "the next year's amount"
    elif measure in DATED_MEASURES:
        kind = "total since launch" if measure == "cumulative" else "level"
        wanted = f"a {kind} dated in {years_words(missing)}; {after}" if missing else after
    else:
        wanted = f"a figure for {years_words(missing)}; {after}" if missing else after
    return wanted[:1].upper() + wanted[1:] + "."


def years_words(years: Iterable[int]) -> str:
    """Return years as words, neighbours joined: 2016, 2018 to 2021 and 2024."""
    ordered = sorted(set(years))
    runs: list[str] = []
    for _, group in itertools.groupby(enumerate(ordered), key=lambda item: item[1] - item[0]):
        run = [str(year) for _, year in group]
        runs += [f"{run[0]} to {run[-1]}"] if len(run) > 2 else run
    return runs[0] if len(runs) == 1 else f"{', '.join(runs[:-1])} and {runs[-1]}" if runs else ""
