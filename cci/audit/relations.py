"""Arithmetic that the figures must satisfy: does it hold within what the wording allows?

A relation names observations in the order its kind needs and may leave one term open (`?`), which is then solved.

    growth      now; before; [row that carries the rate]     now = before x (1 + rate)
    ratio       a; b; c                                      a / b = c
    sum         parts ...; total                             the parts add up to the total
    difference  later; earlier; flow                         later - earlier = flow
    product     a; b; c                                      a x b = c
    monotone    rows in time order                           none falls below an earlier one
    equal       statements of one quantity                   all can be true at once

What has no meaning is refused and so cannot be told: a rate that is no rate, growth from nothing or from below it, a
figure beside itself, a ranking or a year in a calculation, a share between unlike units, a part below nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import pandas as pd

from cci.errors import CCIError, NotPublished, RelationError, UnknownName
from cci.record.dataset import Dataset
from cci.record.intervals import Interval, allowed, grown, growth, is_count, is_ordinal, share, shrunk
from cci.record.wording import interval_words

OUTCOMES = ("holds", "breaks", "solves", "cannot_tell")
COLUMNS = (
    "relation_id", "kind", "outcome", "low", "high", "stated_low", "stated_high", "unit", "obs_ids", "message",
    "expected", "note",
)  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """What one relation came to: `computed` follows from the other terms, `stated` is what the last term allows."""

    relation_id: str
    kind: str
    outcome: str
    obs_ids: tuple[str, ...]
    message: str
    unit: str = ""
    computed: Interval | None = None
    stated: Interval | None = None

    @property
    def holds(self) -> bool | None:
        """True or False where the relation can be judged, else None."""
        return {"holds": True, "breaks": False}.get(self.outcome)

    @property
    def words(self) -> str:
        """The computed interval as words."""
        return interval_words(self.computed, self.unit) if self.computed else "cannot be told"


@dataclass(frozen=True)
class _Term:
    """One term of a relation: an interval with its unit, and the growth rate printed beside the figure."""

    interval: Interval
    unit: str
    rate: Interval | None = None


_Result = tuple[Interval, Interval | None, str]  # computed, stated, unit
_BARE = ("times", "percent")  # multiples and shares: what they are multiplied with keeps its unit


def relation(record: Dataset, relation_id: str) -> Outcome:
    """Return the outcome of one relation; `cannot_tell` where `as_of` hides one of its rows. Raises UnknownName."""
    rows = record.relations
    if relation_id not in set(rows["relation_id"]):
        if relation_id in record.all_relation_ids:
            return Outcome(relation_id, "", "cannot_tell", (), _hidden(record))
        raise UnknownName("relation", relation_id, record.all_relation_ids)
    row = rows.loc[rows["relation_id"] == relation_id].iloc[0]
    return judge(record, relation_id, row["kind"], row["obs_ids"])


def _hidden(record: Dataset) -> str:
    return f"Not all of its figures had been published by {record.as_of}."


def evaluate(record: Dataset, relations: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return one row per relation with the columns of COLUMNS; `relations` defaults to those of the record.

    low, high: the computed interval; stated_low, stated_high: what the last term allows; both NaN where there is none.
    """
    table = record.relations if relations is None else relations
    outcomes = as_frame([judge(record, row.relation_id, row.kind, row.obs_ids) for row in table.itertuples()])
    told = outcomes.assign(**{name: table[name].to_numpy() for name in ("expected", "note") if name in table})
    told.attrs.update(table.attrs)  # the day the record speaks of, for a chart of nothing
    return told


def computed(outcomes: Mapping[str, Outcome]) -> pd.DataFrame:
    """Return what named outcomes compute, as rows for a chart: name, value (blank), low, high, unit, words, obs_ids.

    Outcomes that could not be told have no row.
    """
    rows = [
        (name, math.nan, o.computed.low, o.computed.high, o.unit, o.words, o.obs_ids)
        for name, o in outcomes.items()
        if o.computed is not None
    ]
    return pd.DataFrame(rows, columns=["name", "value", "low", "high", "unit", "words", "obs_ids"])


def as_frame(outcomes: Iterable[Outcome]) -> pd.DataFrame:
    """Return outcomes as rows with the columns of COLUMNS, `expected` and `note` blank."""
    rows = [
        (
            o.relation_id,
            o.kind,
            o.outcome,
            *_ends(o.computed),
            *_ends(o.stated),
            o.unit,
            o.obs_ids,
            o.message,
            None,
            None,
        )
        for o in outcomes
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _ends(interval: Interval | None) -> tuple[float, float]:
    return (math.nan, math.nan) if interval is None else (interval.low, interval.high)


def judge(record: Dataset, relation_id: str, kind: str, obs_ids: Sequence[str]) -> Outcome:
    """Return the outcome of a relation given by kind and terms; what cannot be computed says why."""
    named = tuple(obs_id for obs_id in obs_ids if obs_id != "?")
    try:
        if kind not in KINDS:
            raise RelationError(f"{relation_id}: no kind of relation {kind!r}. Use one of: {', '.join(KINDS)}.")
        terms = [None if obs_id == "?" else _term(record, obs_id) for obs_id in obs_ids]
        _distinct(relation_id, named)
        if kind in _ORDERED:
            true, message, one, other, unit = _ORDERED[kind](relation_id, terms)
            return Outcome(relation_id, kind, "holds" if true else "breaks", named, message, unit, one, other)
        _calculable(relation_id, terms)
        computed, stated, unit = _SOLVABLE[kind](relation_id, terms)
    except NotPublished:
        return Outcome(relation_id, kind, "cannot_tell", named, _hidden(record))
    except CCIError as error:
        return Outcome(relation_id, kind, "cannot_tell", named, str(error))
    if stated is None:
        return Outcome(relation_id, kind, "solves", named, f"Implies {interval_words(computed, unit)}.", unit, computed)
    holds = computed.overlaps(stated)
    verb = "agrees with" if holds else "is not"
    message = f"Computed {interval_words(computed, unit)}; this {verb} the stated {interval_words(stated, unit)}."
    return Outcome(relation_id, kind, "holds" if holds else "breaks", named, message, unit, computed, stated)


def _term(record: Dataset, obs_id: str) -> _Term:
    row = record.observation(obs_id)
    rate = row["growth_percent"]
    return _Term(
        record.interval(obs_id),
        row["unit"],
        None if pd.isna(rate) else allowed(rate, unit="percent", rule=record.rule),
    )


def _growth(relation_id: str, terms: Sequence[_Term | None]) -> _Result:
    _arity(relation_id, terms, 2, 3)
    now, before, rate_row = (*terms, None)[:3]
    known = now or before
    if known is None or sum(term is None for term in terms) > 1:
        raise RelationError(f"{relation_id}: at most one term may be open.")
    rate = _rate(relation_id, rate_row) if rate_row is not None else (now.rate if now else None)
    if now and before:
        _same_unit(relation_id, [now, before])
        if before.interval.low < 0:
            raise RelationError(f"{relation_id}: growth is counted from a base above zero, not from {before.interval}.")
        computed = growth(now.interval, before.interval)
        if len(terms) == 3 and rate_row is None:
            return computed, None, "percent"
        if rate is None:
            raise RelationError(
                f"{relation_id}: no growth rate is printed with the later figure; name the row that has it."
            )
        return computed, rate, "percent"
    if rate is None:
        raise RelationError(f"{relation_id}: no growth rate to solve with.")
    if rate.high < -100 or (now and rate.low < -100):
        raise RelationError(f"{relation_id}: a fall by {-rate} percent goes below nothing; no level follows from it.")
    return (shrunk(now.interval, rate) if now else grown(known.interval, rate)), None, known.unit


def _rate(relation_id: str, term: _Term) -> Interval:
    if term.unit not in _BARE:
        raise RelationError(f"{relation_id}: a growth rate is in percent or times, not in {term.unit}.")
    return (term.interval - 1.0) * 100.0 if term.unit == "times" else term.interval


def _bare(term: _Term) -> Interval:
    """A multiple or share as the number that it multiplies with; an amount as it is."""
    return term.interval / 100.0 if term.unit == "percent" else term.interval


def _ratio(relation_id: str, terms: Sequence[_Term | None]) -> _Result:
    a, b, c = _three(relation_id, terms)
    if a is None:
        part, each = _known(b), _known(c)  # so much for each of b, or so many times b
        if each.unit not in _BARE:
            _unlike(relation_id, part, each)
        return part.interval * _bare(each), None, part.unit if each.unit in _BARE else each.unit
    if b is None:
        if _known(c).unit not in _BARE:
            raise RelationError(
                f"{relation_id}: what is divided by has no unit unless the quotient is a multiple or share."
            )
        return a.interval / _bare(_known(c)), None, a.unit
    alike, each_unit = a.unit == b.unit, f"{a.unit}_per_{b.unit}"
    fitting = _BARE if alike else (a.unit, each_unit)
    if c is not None and c.unit not in fitting:
        raise RelationError(f"{relation_id}: {a.unit} over {b.unit} is not in {c.unit}; use {' or '.join(fitting)}.")
    computed = a.interval / b.interval
    if alike and (c.unit == "percent" if c else computed.high < 1):
        return share(a.interval, b.interval), c.interval if c else None, "percent"
    return computed, c.interval if c else None, c.unit if c else "times" if alike else each_unit


def _product(relation_id: str, terms: Sequence[_Term | None]) -> _Result:
    a, b, c = _three(relation_id, terms)
    if a is not None and b is not None:
        # A multiple or share of something, or an amount for each of a number of things, which only the product names.
        factor, other = (a, b) if a.unit in _BARE else (b, a)
        if factor.unit in _BARE:
            unit = other.unit if c is None else _same_unit(relation_id, [other, c])
            return _bare(factor) * other.interval, c.interval if c else None, unit
        _unlike(relation_id, a, b)
        if c is None or c.unit not in (a.unit, b.unit):
            raise RelationError(
                f"{relation_id}: {a.unit} times {b.unit} has no unit unless the product names one of them."
            )
        return a.interval * b.interval, c.interval, c.unit
    factor, total = _known(a or b), _known(c)
    if factor.unit == total.unit:
        return total.interval / factor.interval, None, "times"
    if factor.unit in _BARE:
        return total.interval / _bare(factor), None, total.unit
    raise RelationError(f"{relation_id}: {total.unit} over {factor.unit} is neither a multiple nor a share.")


def _sum(relation_id: str, terms: Sequence[_Term | None]) -> _Result:
    _arity(relation_id, terms, 2, 99)
    known = [term for term in terms if term is not None]
    if len(known) < len(terms) - 1:
        raise RelationError(f"{relation_id}: at most one term may be open.")
    *parts, total = terms
    # Unlike counts add up, as projects and deals do to what a source calls projects; unlike measures never do.
    counts = all(is_count(term.unit) for term in known)
    unit = (total or known[0]).unit if counts else _same_unit(relation_id, known)
    added = _add([part.interval for part in parts if part is not None])
    if total is None:
        return added, None, unit
    if len(known) < len(terms):
        rest = total.interval - added
        if rest.high < 0 and all(term.interval.low >= 0 for term in known):
            raise RelationError(
                f"{relation_id}: the parts that are known exceed the total, by at least {-rest.high:g}."
            )
        return rest, None, unit
    return added, total.interval, unit


def _difference(relation_id: str, terms: Sequence[_Term | None]) -> _Result:
    later, earlier, flow = _three(relation_id, terms)
    unit = _same_unit(relation_id, [term for term in terms if term is not None])
    if later is not None and earlier is not None:
        return later.interval - earlier.interval, flow.interval if flow else None, unit
    if later is not None:
        return later.interval - _known(flow).interval, None, unit
    return _known(earlier).interval + _known(flow).interval, None, unit


_Ordered = tuple[bool, str, Interval, Interval, str]


def _monotone(relation_id: str, terms: Sequence[_Term | None]) -> _Ordered:
    rows, unit = _all_known(relation_id, terms)
    highest = rows[0].interval
    for row in rows[1:]:
        if row.interval.compare(highest) == "less":
            fell, before = interval_words(row.interval, unit), interval_words(highest, unit)
            return False, f"Falls to {fell} after {before}.", row.interval, highest, unit
        highest = max(highest, row.interval, key=lambda interval: interval.low)
    return True, "Never falls.", rows[-1].interval, rows[0].interval, unit


def _equal(relation_id: str, terms: Sequence[_Term | None]) -> _Ordered:
    rows, unit = _all_known(relation_id, terms)
    for one, other in combinations([row.interval for row in rows], 2):
        if not one.overlaps(other):
            message = f"{interval_words(one, unit)} and {interval_words(other, unit)} cannot both be true."
            return False, message[0].upper() + message[1:], one, other, unit
    return True, "All statements can be true at once.", rows[0].interval, rows[-1].interval, unit


_SOLVABLE: dict[str, Callable[[str, Sequence[_Term | None]], _Result]] = {
    "growth": _growth, "ratio": _ratio, "sum": _sum, "difference": _difference, "product": _product,
}  # fmt: skip
_ORDERED: dict[str, Callable[[str, Sequence[_Term | None]], _Ordered]] = {"monotone": _monotone, "equal": _equal}
KINDS = (*_SOLVABLE, *_ORDERED)


def _three(relation_id: str, terms: Sequence[_Term | None]) -> tuple[_Term | None, _Term | None, _Term | None]:
    _arity(relation_id, terms, 3, 3)
    if sum(term is None for term in terms) > 1:
        raise RelationError(f"{relation_id}: at most one term may be open.")
    first, second, third = terms
    return first, second, third


def _known(term: _Term | None) -> _Term:
    if term is None:  # _three lets one term be open, so the others are here
        raise RelationError("More than one term is open.")
    return term


def _all_known(relation_id: str, terms: Sequence[_Term | None]) -> tuple[list[_Term], str]:
    _arity(relation_id, terms, 2, 999)
    rows = [term for term in terms if term is not None]
    if len(rows) < len(terms):
        raise RelationError(f"{relation_id}: this kind leaves no term open.")
    return rows, _same_unit(relation_id, rows)


def _distinct(relation_id: str, named: Sequence[str]) -> None:
    """A figure agrees with itself, and counts once in a sum."""
    twice = sorted({obs_id for obs_id in named if named.count(obs_id) > 1})
    if twice:
        raise RelationError(f"{relation_id}: names {', '.join(twice)} more than once; name every figure once.")


def _calculable(relation_id: str, terms: Sequence[_Term | None]) -> None:
    """Places in a ranking and years come before and after each other; nothing else can be done with several of them."""
    known = [term for term in terms if term is not None]
    if len(known) > 1 and any(is_ordinal(term.unit) for term in known):
        raise RelationError(f"{relation_id}: a rank or a year is no amount; only monotone and equal fit it.")


def _unlike(relation_id: str, one: _Term, other: _Term) -> None:
    if one.unit == other.unit:
        raise RelationError(
            f"{relation_id}: {one.unit} cannot be multiplied with {other.unit}; one is a multiple or share."
        )


def _arity(relation_id: str, terms: Sequence[object], least: int, most: int) -> None:
    if not least <= len(terms) <= most:
        wanted = str(least) if least == most else f"{least} to {most}" if most < 99 else f"at least {least}"
        raise RelationError(
            f"{relation_id}: {len(terms)} {'term' if len(terms) == 1 else 'terms'} given, {wanted} needed."
        )


def _same_unit(relation_id: str, terms: Sequence[_Term]) -> str:
    units = sorted({term.unit for term in terms})
    if len(units) > 1:
        raise RelationError(f"{relation_id}: the terms are in different units ({', '.join(units)}).")
    return units[0]


def _add(intervals: Sequence[Interval]) -> Interval:
    total = Interval.point(0.0)
    for interval in intervals:
        total = total + interval
    return total
