"""What is known of a series for which year, how long nothing has been said, and which statement would end that."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence

import pandas as pd

from cci.record.dataset import FLAGS, Dataset
from cci.record.dates import DATED_MEASURES
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
    columns = (series[name].tolist() for name in ("flag", "measure", "start", "end"))
    # A figure dated after its page without a word of forecast tells of no year yet.
    said = [
        (place, measure == "flow" and not pd.isna(start) and start != end, start, end)
        for place, (flag, measure, start, end) in enumerate(zip(*columns, strict=True))
        if (pd.isna(flag) or flag in _SAID) and end <= day
    ]
    if not said:
        return None
    last = series.iloc[said[-1][0]]
    amounts = any(spans for _, spans, _, _ in said)  # else of events and days, even where they count what happened then
    known = {end.year for _, spans, start, end in said if not spans or _is_year(start, end)}
    partly = {end.year for _, _, _, end in said} - known
    due = day.year if not amounts or day == pd.Timestamp(day.year, 12, 31) else day.year - 1
    missing = sorted(set(range(min(known | partly), due + 1)) - known - partly)
    ends = list(dict.fromkeys(end for _, _, _, end in said))
    return (
        last["indicator"],
        last["scope"],
        last["label"],
        last["scope_label"],
        last["pillar"],
        last["measure"],
        tuple(sorted(known)),
        tuple(sorted(partly)),
        tuple(missing),
        last["end"],
        last["words"],
        last["obs_id"],
        last["publisher"],
        int((day - last["end"]).days),
        max(((after - before).days for before, after in itertools.pairwise(ends)), default=0),
        _would_fill(
            "of periods" if amounts else str(last["measure"]),
            missing,
            [year for year in sorted(partly) if year <= due],
            last["end"],
        ),
    )


def _is_year(start: pd.Timestamp, end: pd.Timestamp) -> bool:
    """Whether a period is a whole calendar year."""
    return start.year == end.year and start.is_year_start and end.is_year_end


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
