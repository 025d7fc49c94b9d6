"""What figures imply together by a formula that is no kind of relation, and such results as bars of a chart."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial

import pandas as pd

from cci.audit.relations import Outcome, computed, judge
from cci.errors import IntervalError
from cci.record.dataset import Dataset
from cci.record.intervals import Interval, allowed, growth
from cci.record.wording import interval_words


def derived(
    record: Dataset,
    terms: Sequence[str | Outcome],
    *,
    unit: str,
    formula: Callable[..., Interval],
    stated: str | None = None,
) -> Outcome:
    """Return what `formula` makes of the intervals of `terms`, in `unit`, and whether the figure `stated` agrees.

    A term is the identifier of an observation, or an outcome, of which the computed interval is taken. The outcome
    solves, or with `stated` (in the same unit) holds or breaks; where a term had not been published, or the formula
    divides by what may be zero, it cannot tell and says why. Raises UnknownName.
    """
    known = [_known(record, term) for term in terms]
    claim = [] if stated is None else [_known(record, stated)]
    named = tuple(dict.fromkeys(obs_id for outcome in (*known, *claim) for obs_id in outcome.obs_ids))
    untold = [outcome.message for outcome in (*known, *claim) if outcome.computed is None]
    if untold:
        return _untold(named, untold[0])
    try:
        result = formula(*(outcome.computed for outcome in known))
    except IntervalError as error:
        return _untold(named, str(error))
    words = interval_words(result, unit)
    said = claim[0].computed if claim else None
    if said is None:
        return Outcome("derived", "derived", "solves", named, f"Implies {words}.", unit, result)
    holds = result.overlaps(said)
    message = f"Computed {words}; this {'agrees with' if holds else 'is not'} the stated {claim[0].words}."
    return Outcome("derived", "derived", "holds" if holds else "breaks", named, message, unit, result, said)


def growth_of_ratio(record: Dataset, above: str, below: str) -> Outcome:
    """Return how the ratio of two figures grew, in percent, from the growth rates printed with both.

    (1 + rate of `above`) / (1 + rate of `below`) - 1: narrower than what the levels tell, since "over" leaves a level
    open and not its rate. It cannot tell where a figure had not been published or prints no rate. Raises UnknownName.
    """
    untold = [outcome.message for outcome in map(partial(_known, record), (above, below)) if outcome.computed is None]
    rates = record.find([above, below])["growth_percent"].dropna()
    if untold or len(rates) < 2:
        return _untold((above, below), untold[0] if untold else "No growth rate is printed with one of the figures.")
    one, other = (allowed(rate, unit="percent", rule=record.rule) + 100.0 for rate in rates)
    result = growth(one, other)
    message = f"From the printed growth of both: {interval_words(result, 'percent')}."
    return Outcome("derived", "derived", "solves", (above, below), message, "percent", result)


def round_trips(record: Dataset, movements: str) -> Outcome:
    """Return the round trips a week behind the aircraft movements of a period, in flights_per_week.

    Movements over the weeks of the period (its days, both ends included, by seven), halved, since a round trip is a
    landing and a take-off. It cannot tell where the figure had not been published or names no first day. Raises
    UnknownName.
    """
    period = record.find([movements])
    weeks = ((period["end"] - period["start"]).dt.days + 1) / 7
    if weeks.isna().any():
        return _untold((movements,), "The period has no first day.")
    return derived(record, [movements], unit="flights_per_week", formula=lambda flown: flown / (2 * weeks.iloc[0]))


def spans(
    record: Dataset, outcomes: Mapping[str, Outcome], *, category: str, beside: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return what named outcomes compute as bars from zero, one row each, their names in the column `category`.

    The columns of `relations.computed` with `value` the least that the interval allows, `words` without the unit (the
    axis has it, and a name needs the room: 11,500 to 11,650), and who published the figures behind: publisher,
    published and known_by of the latest, source_ids, and source_id where there is one. Outcomes that could not be told
    have no row. `beside`: observations in the same unit, with a column `category`, that follow.
    """
    told = computed(outcomes).rename(columns={"name": category})
    behind = [record.find(ids) for ids in told["obs_ids"]]
    sources = [tuple(said["source_id"].unique()) for said in behind]
    rows = told.assign(
        value=told["low"],
        words=pd.Series([_short(o.computed) for o in outcomes.values() if o.computed is not None], dtype="str"),
        publisher=pd.Series([" and ".join(said["publisher"].unique()) for said in behind], dtype="str"),
        published=pd.Series([said["published"].max() for said in behind], dtype="str"),
        known_by=pd.Series([said["known_by"].max() for said in behind], dtype="datetime64[ns]"),
        source_id=pd.Series([ids[0] if len(ids) == 1 else None for ids in sources], dtype="str"),
        source_ids=pd.Series(sources, dtype="object"),
    )
    if beside is not None:
        ids = {f"{key}s": pd.Series(zip(beside[key]), beside.index, dtype="object") for key in ("obs_id", "source_id")}
        rows = pd.concat([rows, beside.assign(**ids)] if len(rows) else [beside], ignore_index=True)
    if record.as_of is not None:
        rows.attrs["as_of"] = record.as_of.isoformat()  # an empty chart says of which day it speaks
    return rows


def _short(interval: Interval) -> str:
    """An interval as words without a unit; a scale word that both ends share is said once."""
    words = interval_words(interval, "").strip()
    return re.sub(r"^between (\S+)((?: \S+illion)?) and (\S+)\2$", r"\1 to \3\2", words)


def _known(record: Dataset, term: str | Outcome) -> Outcome:
    """A term as an outcome: an observation is what its own wording allows."""
    if isinstance(term, Outcome):
        return term
    record.find([term])  # an unknown name is a mistake, not a figure that is not yet published
    return judge(record, term, "sum", (term, "?"))


def _untold(obs_ids: tuple[str, ...], why: str) -> Outcome:
    return Outcome("derived", "derived", "cannot_tell", obs_ids, why)
