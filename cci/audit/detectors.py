"""Patterns that a careless reader misses: candidates with a reason, never a correction.

stale_repeat         a value of one date printed again for a date at least STALE_DAYS later, while the quantity moves
frozen_headline      one value for the latest dates of a running total over at least STALE_DAYS days
falling_cumulative   a running total, or a count that never falls, below an earlier one
unit_slip            two statements on one period that differ by a power of ten, a ten-thousand, or only in currency
level_conflict       two statements on one period that cannot both be true
definition_break     a series ends and one of a like name, scope and unit begins within BREAK_MONTHS months
decoupled            a count grows by more than DECOUPLED percent while its value stands still
one_origin           many documents, one voice
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from itertools import combinations, groupby, pairwise, permutations
from typing import Any

import pandas as pd

from cci.audit.implied import unlisted
from cci.record.dataset import Dataset
from cci.record.dates import DATED_MEASURES
from cci.record.origins import independent

STALE_DAYS = 60
DECOUPLED = 25.0  # percent by which a count outgrows its value
BREAK_MONTHS = 24  # within which a new series takes the place of an old one
LIKE = 0.5  # of the words of two names, from which they look alike
MANY = 4  # documents that look like many
_POWERS = {10.0**n: f"a factor of {10**n:,}" for n in (1, 2, 3, 4, 6, 8)}
COLUMNS = ("detector", "obs_ids", "reason")
_USED = (
    "obs_id", "indicator", "scope", "unit", "measure", "monotone", "start", "end", "value", "low", "high", "words",
    "source_id", "release_id", "source_kind", "voice",
)  # fmt: skip
Candidate = tuple[str, tuple[str, ...], str]


def detect(record: Dataset) -> pd.DataFrame:
    """Return one row per candidate: detector, obs_ids, reason, known (a disagreement of the record explains it)."""
    rows = record.observations.dropna(subset=["end"]).sort_values(["indicator", "scope", "end", "known_by", "obs_id"])
    rows = rows[~rows["flag"].isin({"forecast", "target"})]
    rows = rows[list(_USED)]  # a narrow frame: rows are walked one by one
    found = [candidate for detector in _DETECTORS.values() for candidate in detector(rows)]
    table = pd.DataFrame(found, columns=list(COLUMNS))
    return table.assign(known=~unlisted(record, table))


def precision(record: Dataset) -> pd.DataFrame:
    """Return per detector: candidates, known (explained by a recorded disagreement), beyond, and their share known."""
    found = detect(record)
    table = found.groupby("detector")["known"].agg(candidates="size", known="sum").reindex(list(NAMES), fill_value=0)
    table["beyond"] = table["candidates"] - table["known"]
    table["share_known"] = (table["known"] / table["candidates"].where(table["candidates"] > 0)).round(3)
    return table.rename_axis("detector").reset_index()


def recall(record: Dataset) -> pd.DataFrame:
    """Return per kind of recorded disagreement how many are found: kind, recorded, found."""
    found = [frozenset(ids) for ids in detect(record)["obs_ids"]]
    recorded = record.disagreements
    hit = [any(len(ids_found & set(ids)) >= min(2, len(ids)) for ids_found in found) for ids in recorded["obs_ids"]]
    table = recorded.assign(hit=hit).groupby("kind")["hit"].agg(recorded="size", found="sum")
    return table.reset_index()


def _series(rows: pd.DataFrame) -> Iterator[list[Any]]:
    """The rows of each indicator and scope, in the order of time: they stand together. A frame of each costs more."""
    for _, group in groupby(rows.itertuples(index=False), key=lambda row: (row.indicator, row.scope)):
        yield list(group)


def _stale_repeats(rows: pd.DataFrame) -> Iterator[Candidate]:
    dated = rows[rows["measure"].isin(DATED_MEASURES)]
    for levels in _series(dated.drop_duplicates(["indicator", "scope", "end", "value"])):
        repeats: dict[float, list[Any]] = {}
        for row in levels:
            repeats.setdefault(row.value, []).append(row)
        for value, same in sorted(repeats.items()):
            first, last = same[0], same[-1]
            moved = any(first.end < row.end < last.end and row.value != value for row in levels)
            if moved and (last.end - first.end).days >= STALE_DAYS:
                dates = f"{first.end:%Y-%m-%d} and again {last.end:%Y-%m-%d}"
                ids = tuple(row.obs_id for row in same)
                yield "stale_repeat", ids, f"{last.words} on {dates}, with other figures between."


def _frozen_headlines(rows: pd.DataFrame) -> Iterator[Candidate]:
    for series in _series(rows[rows["measure"].eq("cumulative")]):
        latest = [row for row in series if row.value == series[-1].value]
        days = (latest[-1].end - latest[0].end).days
        if days >= STALE_DAYS and len(latest) > 1:
            ids = tuple(row.obs_id for row in latest)
            reason = f"{latest[0].words} unchanged for {days} days in {len(ids)} statements."
            yield "frozen_headline", ids, reason


def _falling(rows: pd.DataFrame) -> Iterator[Candidate]:
    for series in _series(rows[rows["measure"].eq("cumulative") | rows["monotone"].eq("up")]):
        highest = None
        for row in series:
            if highest is not None and row.high < highest.low:
                yield "falling_cumulative", (highest.obs_id, row.obs_id), f"{row.words} after {highest.words}."
            elif highest is None or row.low > highest.low:
                highest = row


def _same_period(rows: pd.DataFrame) -> Iterator[list[Any]]:
    """The statements on one indicator, scope and period, where there are several."""
    start = rows["start"].where(~rows["measure"].isin(DATED_MEASURES)).fillna(pd.Timestamp.min)
    rows = rows.assign(start=start)
    groups: dict[tuple[Any, ...], list[Any]] = {}
    for row in rows[rows.duplicated(["indicator", "scope", "start", "end"], keep=False)].itertuples():
        groups.setdefault((row.indicator, row.scope, row.start, row.end), []).append(row)
    yield from groups.values()


def _level_conflicts(rows: pd.DataFrame) -> Iterator[Candidate]:
    for group in _same_period(rows):
        distinct = {row.value: row for row in reversed(group)}.values()
        for one, other in combinations(sorted(distinct, key=lambda row: row.value), 2):
            if not (one.low <= other.high and other.low <= one.high) and _slip(one.value, other.value) is None:
                yield "level_conflict", (one.obs_id, other.obs_id), f"{one.words} against {other.words}."


def _unit_slips(rows: pd.DataFrame) -> Iterator[Candidate]:
    for near in _series(rows[rows["value"] > 0].drop_duplicates(["indicator", "scope", "end", "value"])):
        for at, one in enumerate(near):
            for other in near[at + 1 :]:
                if (other.end - one.end).days > STALE_DAYS:
                    break  # the rows are in order of time
                slip = _slip(one.value, other.value)
                if slip:
                    yield "unit_slip", (one.obs_id, other.obs_id), f"{one.words} against {other.words}: {slip}."


def _slip(one: float, other: float) -> str | None:
    """The power of ten between two values that are the same but for it, as words."""
    low, high = sorted((abs(one), abs(other)))
    if low == 0:
        return None
    for power, words in _POWERS.items():
        if math.isclose(high / low, power, rel_tol=1e-3):
            return words
    return None


def _definition_breaks(rows: pd.DataFrame) -> Iterator[Candidate]:
    ends = rows.groupby(["scope", "unit", "measure", "indicator"])["end"].agg(first="min", last="max").reset_index()
    of = {(series[0].indicator, series[0].scope): (series[0], series[-1]) for series in _series(rows)}
    for _, alike in groupby(ends.itertuples(index=False), key=lambda one: (one.scope, one.unit, one.measure)):
        for old, new in permutations(alike, 2):
            follows = old.last < new.first <= old.last + pd.DateOffset(months=BREAK_MONTHS)
            if follows and _likeness(old.indicator, new.indicator) >= LIKE:
                last, first = of[old.indicator, old.scope][1], of[new.indicator, new.scope][0]
                reason = f"{last.words} on {last.end:%Y-%m-%d}, then {first.words} under another definition."
                yield "definition_break", (last.obs_id, first.obs_id), reason


def _likeness(one: str, other: str) -> float:
    """The share of words that two names have in common (Jaccard)."""
    words, others = set(one.split("_")), set(other.split("_"))
    return len(words & others) / len(words | others)


def _decoupled(rows: pd.DataFrame) -> Iterator[Candidate]:
    counts = rows[rows["measure"].eq("cumulative") & rows["indicator"].str.endswith("_count")]
    values = rows[rows["indicator"].str.endswith("_value")]
    of = {(series[0].indicator, series[0].scope): _by_day(series) for series in _series(values)}
    for series in _series(counts):
        value_of = of.get((series[0].indicator.removesuffix("_count") + "_value", series[0].scope), {})
        pairs = [(row, value_of[end]) for end, row in _by_day(series).items() if end in value_of]
        for (one, one_value), (other, other_value) in pairwise(pairs):
            count, value = _percent(one.value, other.value), _percent(one_value.value, other_value.value)
            if count - value > DECOUPLED:
                ids = (one.obs_id, other.obs_id, one_value.obs_id, other_value.obs_id)
                yield "decoupled", ids, f"The count grows by {count:.0f} percent, its value by {value:.0f} percent."


def _by_day(series: list[Any]) -> dict[pd.Timestamp, Any]:
    """The first statement on each day."""
    found: dict[pd.Timestamp, Any] = {}
    for row in series:
        found.setdefault(row.end, row)
    return found


def _percent(before: float, now: float) -> float:
    return (now / before - 1) * 100 if before else 0.0


def _one_origin(rows: pd.DataFrame) -> Iterator[Candidate]:
    for group in _same_period(rows):
        documents = len({row.source_id for row in group})
        origins = independent(*zip(*((row.voice, row.release_id, row.source_kind) for row in group), strict=True))
        if documents >= MANY and origins == 1:
            yield "one_origin", tuple(row.obs_id for row in group), f"{documents} documents, one origin."


_DETECTORS: dict[str, Callable[[pd.DataFrame], Iterator[Candidate]]] = {
    "stale_repeat": _stale_repeats,
    "frozen_headline": _frozen_headlines,
    "falling_cumulative": _falling,
    "definition_break": _definition_breaks,
    "unit_slip": _unit_slips,
    "level_conflict": _level_conflicts,
    "decoupled": _decoupled,
    "one_origin": _one_origin,
}
NAMES = tuple(_DETECTORS)
