"""Slips in the tables beside the figures: what a row there says against its name, its page and the rows beside it.

published_not_in_name   the name of a source holds another day of publication
event_not_in_name       the name of an event holds another day
year_not_in_name        the name of a factor holds another year
told_before_it          an event, or a step, longer than a month after its page was published
launched_after_pages    an instrument, not a target, that began longer than a month after the last of its pages
step_out_of_order       a step of a pathway that began before the step in front of it did
factor_out_of_line      a factor nowhere near any other of its kind, unit and subject up to the first comma

All are candidates. Some pathways are told in an order of their own, and factors of one mode differ by how it is run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pandas as pd

from cci.audit.slips import AHEAD, Slip
from cci.record.dataset import Dataset
from cci.record.dates import first_day, last_day

APART = 4.5  # times: factors of one mode of transport lie within; a lost or added digit lies outside
_DATE = re.compile(r"(?:19|20)\d\d(?:-[01]\d(?:-[0-3]\d)?)?(?!\d)")


def register_slips(record: Dataset) -> pd.DataFrame:
    """Return one row per candidate: detector, obs_ids, reason. The detectors are those of this module's first lines.

    obs_ids holds the one row of its table that is meant: the name of a source, event, step, instrument or factor.
    """
    found = [slip for detector in _DETECTORS for slip in detector(record)]
    return pd.DataFrame(found, columns=["detector", "obs_ids", "reason"])


def _sources(record: Dataset) -> Iterator[Slip]:
    """A page is named for its day; of names without one, and of pages without a day, nothing is asked."""
    for name, published in record.sources[["source_id", "published"]].dropna().itertuples(index=False):
        named = _DATE.findall(name)
        if named and not any(_same_day(one, published) for one in named):
            yield "published_not_in_name", (name,), f"Published on {published}, which its name does not hold."


def _same_day(one: str, other: str) -> bool:
    """Whether two dates may be one day, or lie within AHEAD days: a page is told from its print, or put right."""
    if one.startswith(other) or other.startswith(one):
        return True
    return abs(last_day(pd.Series([one, other])).diff().iloc[-1].days) <= AHEAD


def _events(record: Dataset) -> Iterator[Slip]:
    events = record.events
    for name, *days in events[["event_id", "date", "end_date"]].itertuples(index=False):
        if _DATE.search(name) and not any(f"-{day}-" in name for day in days if isinstance(day, str)):
            yield "event_not_in_name", (name,), f"Of {days[0]}, which its name does not hold."
    yield from _early(events, "event_id", "start")


def _early(rows: pd.DataFrame, key: str, day: str) -> Iterator[Slip]:
    """Rows whose first possible day lies more than AHEAD days after the publication of their page."""
    ahead = (rows[day] - rows["known_by"]).dt.days
    for name, begun, published in rows.loc[ahead > AHEAD, [key, day, "published"]].itertuples(index=False):
        yield "told_before_it", (name,), f"On {begun:%Y-%m-%d} at the earliest, told on {published}."


def _steps(record: Dataset) -> Iterator[Slip]:
    steps = record.milestones
    yield from _early(steps, "milestone_id", "from_day")
    dated = steps.dropna(subset=["start"]).sort_values(["pathway", "order"])
    before = dated.groupby("pathway")[["start", "from_day"]].shift()
    for row in dated[last_day(dated["start"]) < before["from_day"]].itertuples():
        reason = f"Began {row.start}, before the step in front of it, of {before.at[row.Index, 'start']}."
        yield "step_out_of_order", (row.milestone_id,), reason


def _instruments(record: Dataset) -> Iterator[Slip]:
    known = record.sources.set_index("source_id")["known_by"]
    begun = record.instruments.dropna(subset=["launched"])
    begun = begun[begun["launched"].ne("planned") & begun["kind"].ne("target")]
    for row, day in zip(begun.itertuples(), first_day(begun["launched"]), strict=True):
        told = known.reindex(list(row.source_ids)).max()
        if (day - told).days > AHEAD:
            yield "launched_after_pages", (row.instrument_id,), f"Begun {row.launched}, told by {told:%Y-%m-%d}."


def _factors(record: Dataset) -> Iterator[Slip]:
    factors = record.factors
    for name, year in factors[["factor_id", "year"]].dropna().itertuples(index=False):
        if _DATE.search(name) and f"-{year:.0f}" not in name:
            yield "year_not_in_name", (name,), f"Of {year:.0f}, which its name does not hold."
    plain = factors[factors["value"] > 0].sort_values("value")
    of = plain["subject"].str.split(",").str[0]
    for (_, unit, subject), alike in plain.groupby(["kind", "unit", of]):
        told = list(zip(alike["factor_id"], alike["value"], strict=True))
        for (name, value), (_, nearest) in (told[:2], told[:-3:-1]) if len(told) > 1 else ():  # least and greatest
            if max(value, nearest) >= APART * min(value, nearest):
                reason = f"{value:,.15g} {unit}, nowhere near any other of {subject}; nearest is {nearest:,.15g}."
                yield "factor_out_of_line", (name,), reason


_DETECTORS = (_sources, _events, _steps, _instruments, _factors)
