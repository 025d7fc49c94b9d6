"""Counts that run from January to a day: the growth printed with them, and what each stretch of the year adds."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import pairwise

import pandas as pd

from cci.audit.formulas import derived
from cci.audit.relations import Outcome, computed, judge
from cci.errors import IntervalError
from cci.record.dataset import Dataset
from cci.record.intervals import Interval, growth


def printed_growth(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the growth rates printed with figures as figures of their own, one for each series and day, oldest first.

    `rows`: observations. `value`, `low` and `high` are the rate in percent as printed, `measure` is "rate"; figures
    without a rate have no row, and the other columns are those of the figure.
    """
    rated = rows[rows["growth_percent"].notna()].drop_duplicates(["indicator", "scope", "end"])
    rated = rated.sort_values("end", kind="stable")
    ends = dict.fromkeys(("value", "low", "high"), rated["growth_percent"])
    blank = {"words": "", "as_stated": "", "qualifier": "exact"}
    return rated.assign(**blank, **ends, unit="percent", measure="rate", label="Growth of the year so far")


def stretch_growth(record: Dataset, later: str, earlier: str | None = None) -> Outcome:
    """Return the growth, in percent, of what running counts of one year add from `earlier` (else January) to `later`.

    It is counted over the same days of the year before, which the printed growth of each count implies. It cannot tell
    where a count had not been published or prints no rate, or where the stretch of the year before may be nothing
    within its rounding. Raises UnknownName.
    """
    ends = [later] if earlier is None else [earlier, later]
    held = record.find(ends)
    if len(held) == len(ends) and held["growth_percent"].isna().any():
        return _untold(ends, "No growth rate is printed with one of the figures.")
    before = [judge(record, "the year before", "growth", (end, "?")) for end in ends]
    found = derived(record, [*ends, *before], unit="percent", formula=_growth_of_stretch)
    return replace(found, message=f"Growth of the stretch: {found.words}.") if found.computed else found


def a_day(record: Dataset, later: str, earlier: str | None = None) -> Outcome:
    """Return what a running count adds a day from `earlier` (else its first day) to `later`, in the unit of the count.

    It cannot tell where a count had not been published, has no date or no first day. Raises UnknownName.
    """
    ends = [later] if earlier is None else [earlier, later]
    held = record.find(ends)
    days = (held["end"] - held["start"]).dt.days + 1
    if days.isna().any():
        return _untold(ends, "The period has no first or no last day.")
    before = 0 if earlier is None else days.iloc[:1].sum()
    added = partial(_added_a_day, days=int(days.iloc[-1:].sum() - before))
    found = derived(record, ends, unit=next(iter(held["unit"]), ""), formula=added)
    words = found.words[:1].upper() + found.words[1:]
    return replace(found, message=f"{words} a day.") if found.computed else found


def stretches(record: Dataset, counts: pd.DataFrame, *, least: int = 12) -> pd.DataFrame:
    """Return the growth of a running count from each of `counts` to the next, in percent, the first from January.

    `counts`: figures of one series in one year, oldest first, each with a printed growth; one that follows the figure
    before it in fewer than `least` days is passed over, since rounding would swallow the stretch. Columns: those of
    observations, with `value` blank, `low`, `high` and `words` of the growth, and `until`, the last day in words;
    stretches whose growth cannot be told have no row.
    """
    marks = counts.loc[~(counts["end"].diff().dt.days < least), "obs_id"]
    told = computed({later: stretch_growth(record, later, earlier) for earlier, later in pairwise([None, *marks])})
    rows = record.find(told["name"])
    grown = {column: told[column].array for column in ("value", "low", "high", "unit", "words")}
    until = rows["end"].dt.strftime("to %-d %B")
    return rows.assign(**grown, measure="rate", label="Growth since the count before", until=until)


def quotients(record: Dataset, above: str, below: str, *, scope: str) -> pd.DataFrame:
    """Return indicator `above` over indicator `below` for every period for which both are stated, oldest first.

    Columns: those of the series of `above`, with `low`, `high`, `unit` and `words` of the quotient, `value` the middle
    of what rounding allows, `measure` "rate", and `obs_id_below`, the figure it is divided by. Raises UnknownName.
    """
    period = ["period_start", "period_end"]
    divisors = record.series(below, scope=scope)[[*period, "obs_id"]]
    rows = record.series(above, scope=scope)
    attrs = rows.attrs  # the day of the record, which an empty chart names
    rows = rows.merge(divisors, on=period, suffixes=("", "_below"))
    pairs = zip(rows["obs_id"], rows["obs_id_below"], strict=True)
    told = computed({one: judge(record, one, "ratio", (one, other, "?")) for one, other in pairs})
    rows = rows[rows["obs_id"].isin(told["name"])].reset_index(drop=True)
    rows.attrs = attrs
    plain = {"value": (told["low"] + told["high"]) / 2, "qualifier": "exact", "as_stated": "", "measure": "rate"}
    return rows.assign(**told[["low", "high", "unit", "words"]], **plain)


def exceeds(record: Dataset, one: str | Outcome, other: str | Outcome) -> Outcome:
    """Return whether `one` is more than `other`, each an observation or an outcome, with the difference as computed.

    It holds where the wording of both leaves no doubt, breaks where `one` cannot be more, and else cannot tell. Raises
    UnknownName.
    """
    unit = one.unit if isinstance(one, Outcome) else next(iter(record.find([one])["unit"]), "")
    gap = derived(record, [one, other], unit=unit, formula=lambda more, less: more - less)
    if gap.computed is None:
        return gap
    low, high = gap.computed.low, gap.computed.high
    certain = low > 0 or (low == 0 and gap.computed.low_open)
    return replace(gap, outcome="holds" if certain else "breaks" if high <= 0 else "cannot_tell")


def _growth_of_stretch(*terms: Interval) -> Interval:
    counts, before = terms[: len(terms) // 2], terms[len(terms) // 2 :]
    base = _added(before)
    if base.low <= 0:
        raise IntervalError("The stretch is too short for its rounding.")
    return growth(_added(counts), base)


def _added_a_day(*counts: Interval, days: int) -> Interval:
    return _added(counts) / days


def _added(counts: tuple[Interval, ...]) -> Interval:
    return counts[0] if len(counts) == 1 else counts[-1] - counts[0]


def _untold(obs_ids: list[str], why: str) -> Outcome:
    return Outcome("derived", "derived", "cannot_tell", tuple(obs_ids), why)
