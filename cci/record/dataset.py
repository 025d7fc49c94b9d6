"""The record as one frozen object: every table, the series in it, and the way from a figure back to who said it."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from cci.errors import NotPublished, ParameterError, UnknownName
from cci.record.dates import DATED_MEASURES, as_date, first_day, last_day
from cci.record.intervals import DEFAULT_RULE, RULES, Interval
from cci.record.origins import independent
from cci.record.publication import known_by, published_by
from cci.record.reads import Origin, answering, loaded, question
from cci.record.statements import statements
from cci.record.tables import DEFAULT, fingerprint, read
from cci.record.vintages import revisions, vintages
from cci.record.wording import interval_words

# From the most to the least usable; the position is the rank in the preference rule.
FLAGS = (
    "", "date_inferred", "derived_by_source", "forecast", "target", "superseded", "scope_unclear", "suspected_error",
    "unit_slip", "do_not_chart",
)  # fmt: skip
KINDS = (
    "statistics_office", "government", "company", "industry_body", "state_media", "independent_media", "academic",
    "aggregator", "mirror",
)  # fmt: skip


def load(as_of: str | dt.date | None = None, *, data: Path | str = DEFAULT, rule: str = DEFAULT_RULE) -> Dataset:
    """Read, check and return the record.

    `as_of` (YYYY-MM-DD) keeps only what a source had published by that day: a month or a year of publication counts
    from its last day, a page without a date from the day it was read. Indicators, scopes, organisations and the
    coefficients in `factors` are no statements of a source on the initiative and stay. `rule` is the convention by
    which wording becomes an interval (see `cci.record.intervals.RULES`).

    Raises RecordError with every fault of the tables, ParameterError for an impossible date, UnknownName for a rule.
    """
    as_date(as_of)  # an impossible day and an unknown rule are refused now, not at the first figure
    if rule not in RULES:
        raise UnknownName("rule", rule, RULES)
    with answering():
        tables, content = read(Path(data)), fingerprint(Path(data))
    place = None if Path(data) == DEFAULT else str(Path(data).absolute())
    return Dataset(None, content, rule, tables, place).on(as_of)


class _Spoken(NamedTuple):
    """A statement as a series weighs it: statements are in the order of their preference."""

    rank: tuple[Any, ...]
    obs_id: str
    source_id: str
    origin: tuple[str, str | float, str]  # voice, release and kind of source, as `independent` takes them
    dated: bool
    start: int  # nanoseconds, as `end`
    end: int


_UNDATED = np.iinfo("int64").max  # comes after every day


@dataclass(frozen=True, repr=False, eq=False)
class Dataset:
    """What was public on a day. Frames are handed out as copies: changing one changes nothing here.

    Every public member that looks into the tables is a question (see `cci.record.reads`): it is the only way to them.
    """

    as_of: dt.date | None
    _fingerprint: str
    rule: str
    _tables: Mapping[str, pd.DataFrame]
    _data: str | None = None  # the folder, where it is not the book's own

    def on(self, day: str | dt.date | None) -> Dataset:
        """Return what of this record was public on a day, as `load` does. Raises ParameterError for no date."""
        as_of = as_date(day)
        found = self if as_of is None else replace(self, as_of=as_of, _tables=published_by(self._tables, as_of))
        loaded(found.read_from)
        return found

    @question
    def __repr__(self) -> str:
        day = self.as_of.isoformat() if self.as_of else "everything published"
        return f"<Dataset as of {day}: {len(self._tables['observations'])} observations>"

    @cached_property
    def _observations(self) -> pd.DataFrame:
        return statements(self._tables, self.rule)

    @cached_property
    def _places(self) -> dict[str, int]:
        return {obs_id: place for place, obs_id in enumerate(self._observations["obs_id"])}

    @cached_property
    def _positions(self) -> dict[tuple[str, str], list[int]]:
        """(indicator, scope) -> where its observations stand: no question needs to look through all of them."""
        found: dict[tuple[str, str], list[int]] = {}
        series = (self._observations[name].tolist() for name in ("indicator", "scope"))
        for place, name in enumerate(zip(*series, strict=True)):
            found.setdefault(name, []).append(place)
        return found

    def _told(self, indicator: str, scope: str) -> pd.DataFrame:
        """The observations of one series, in the order of the table. Raises UnknownName where there can be none."""
        return self._observations.take(self._standing(indicator, scope))

    def _scopes_of(self, indicator: str) -> list[str]:
        return [scope for name, scope in self._positions if name == indicator]

    def _standing(self, indicator: str, scope: str) -> list[int]:
        """Where the observations of one series stand. Raises UnknownName where there can be none."""
        self._require("indicator", indicator, self._indicator_names)
        if scope not in self._scope_names:
            raise UnknownName("scope", scope, self._scopes_of(indicator) or self._scope_names)
        if (indicator, scope) not in self._positions and self.as_of is None:
            held = self._scopes_of(indicator)
            raise UnknownName("observation", indicator, held, where=f" in scope {scope!r}; it has {', '.join(held)}")
        return self._positions.get((indicator, scope), [])

    @property
    @question
    def fingerprint(self) -> str:
        """16 hexadecimal digits over every byte of the tables and their schema."""
        return self._fingerprint

    @property
    def read_from(self) -> Origin:
        """What this was loaded from; for noting questions, not for chapters."""
        return Origin(self._data, self.as_of.isoformat() if self.as_of else None, self.rule, self._fingerprint)

    @property
    @question
    def observations(self) -> pd.DataFrame:
        """One row per figure in one source: the table, its indicator, scope and source, its interval and its words."""
        return self._handed(self._observations)

    @property
    @question
    def published_until(self) -> pd.Timestamp:
        """The last day on which a dated page published a figure; NaT where none did."""
        figures = self._observations
        return figures.loc[figures["published"].notna(), "known_by"].max()

    @question
    def where(self, **equal: str | Iterable[str]) -> pd.DataFrame:
        """Return the rows of `observations` whose columns hold the value given, or one of those given.

        `where(scope="idc")`, `where(indicator=["launch_year", "launch_month"], scope="cci")`. A chapter that asks for
        the rows it needs is run again only when these change. Raises UnknownName for a column that there is not.
        """
        rows = self._observations
        match equal:
            case {"indicator": str() as indicator, "scope": str() as scope, **rest} if not rest:
                rows, equal = rows.take(self._positions.get((indicator, scope), [])), {}
        for column, values in equal.items():
            self._require("column", column, rows.columns)
            rows = rows[rows[column].isin([values] if isinstance(values, str) else list(values))]
        return self._handed(rows.reset_index(drop=True))

    @property
    @question
    def sources(self) -> pd.DataFrame:
        """One row per document, with `known_by`, the last day of its date of publication."""
        return self._handed(self._sources)

    @cached_property
    def _sources(self) -> pd.DataFrame:
        table = self._tables["sources"]
        return table.assign(known_by=known_by(table))

    @question
    def documents(self, source_ids: Iterable[str]) -> pd.DataFrame:
        """Return the rows of `sources` with these identifiers, in the order of the table.

        `body` is the name of their origin.
        """
        rows = self._sources[self._sources["source_id"].isin(set(source_ids))].reset_index(drop=True)
        names = self._tables["origins"].set_index("origin")["name"]
        return self._handed(rows.assign(body=rows["origin"].map(names)))

    @property
    @question
    def origins(self) -> pd.DataFrame:
        return self._handed(self._tables["origins"])

    @property
    @question
    def indicators(self) -> pd.DataFrame:
        return self._handed(self._tables["indicators"])

    @property
    @question
    def scopes(self) -> pd.DataFrame:
        return self._handed(self._tables["scopes"])

    @property
    @question
    def events(self) -> pd.DataFrame:
        """One row per event, with `start` and `stop`, its first and last day, and who published it when."""
        table = self._sourced("events")
        table = table.assign(start=first_day(table["date"]), stop=last_day(table["end_date"].fillna(table["date"])))
        return self._handed(table)

    @property
    @question
    def organisations(self) -> pd.DataFrame:
        return self._handed(self._tables["organisations"])

    @property
    @question
    def participations(self) -> pd.DataFrame:
        return self._handed(self._tables["participations"])

    @property
    @question
    def milestones(self) -> pd.DataFrame:
        """One row per dated step, with who published it when.

        `from_day` to `to_day` spans what a reduced date or a stated period leaves open.
        """
        table = self._sourced("milestones")
        end = table["end"].fillna(table["start"])
        return self._handed(table.assign(from_day=first_day(table["start"].fillna(end)), to_day=last_day(end)))

    @property
    @question
    def instruments(self) -> pd.DataFrame:
        return self._handed(self._tables["instruments"])

    @property
    @question
    def disagreements(self) -> pd.DataFrame:
        return self._handed(self._tables["disagreements"])

    @question
    def disputes(self, obs_ids: Iterable[str]) -> pd.DataFrame:
        """Return the disagreements that name one of these observations, or prefer one."""
        table, named = self._tables["disagreements"], set(obs_ids)
        touched = pd.Series([not named.isdisjoint(ids) for ids in table["obs_ids"]], index=table.index, dtype="bool")
        return self._handed(table[touched | table["preferred_obs_id"].isin(named)].reset_index(drop=True))

    @property
    @question
    def relations(self) -> pd.DataFrame:
        return self._handed(self._tables["relations"])

    @property
    @question
    def factors(self) -> pd.DataFrame:
        return self._handed(self._tables["factors"])

    @property
    def predictions(self) -> pd.DataFrame:
        """One row per prediction issued, as it was issued; see `cci.models.predictions`."""
        return self._handed(self._tables["predictions"])

    def at(self, day: str | dt.date) -> Dataset:
        """Return what was public on an earlier day, as `load(as_of=day)` does; a later one is a ParameterError."""
        then = as_date(day)
        if then is None or (self.as_of is not None and then > self.as_of):
            raise ParameterError(f"as_of: {day} lies after {self.as_of}; load the record as of that day.")
        return Dataset(then, self._fingerprint, self.rule, published_by(self._tables, then))

    @cached_property
    def _series_list(self) -> pd.DataFrame:
        dated = self._observations.dropna(subset=["end"])
        counted = (
            dated.groupby(["indicator", "scope"])
            .agg(
                first=("period_end", "min"),
                last=("period_end", "max"),
                n_dates=("period_end", "nunique"),
                n_sources=("source_id", "nunique"),
            )
            .reset_index()
        )
        judged = self._tables["series"][["series_id", "indicator", "scope", "title", "chartable", "why_not"]]
        return judged.merge(counted, on=["indicator", "scope"], how="inner", validate="one_to_one")

    @property
    @question
    def series_list(self) -> pd.DataFrame:
        """One row per series judged for charting; the counts are taken anew from what this dataset holds."""
        return self._handed(self._series_list)

    @question
    def observation(self, obs_id: str) -> pd.Series:
        """Return one row of `observations`. Raises UnknownName, or NotPublished where only `as_of` hides it."""
        place = self._place(obs_id)
        cells = [column[place] for column in self._columns]
        return pd.Series(cells, index=self._observations.columns, name=obs_id, dtype="object")

    @cached_property
    def _columns(self) -> list[Any]:
        # A row is its cells: pandas takes three times as long to find them, and the audit asks for a row a term.
        return [self._observations[name].array for name in self._observations]

    def _place(self, obs_id: str) -> int:
        """Where an observation stands in the table."""
        if obs_id not in self._places and self.as_of and obs_id in self._all_ids:
            raise NotPublished(obs_id, self.as_of)
        self._require("observation", obs_id, self._places)
        return self._places[obs_id]

    @question
    def find(self, obs_ids: Iterable[str]) -> pd.DataFrame:
        """Return the rows of these observations in the order given; those not yet published by `as_of` are left out."""
        wanted = list(obs_ids)
        for obs_id in wanted:
            self._require("observation", obs_id, self._all_ids)
        held = [self._places[obs_id] for obs_id in wanted if obs_id in self._places]
        return self._handed(self._observations.take(held).reset_index(drop=True))

    @property
    @question
    def all_relation_ids(self) -> frozenset[str]:
        """Every relation of the record, also those whose figures `as_of` hides."""
        return frozenset(self._tables.get("all_relations", self._tables["relations"])["relation_id"])

    @property
    @question
    def all_observation_ids(self) -> frozenset[str]:
        """Every observation of the record, also those that `as_of` hides."""
        return frozenset(self._all_ids)

    @cached_property
    def _all_ids(self) -> dict[str, None]:
        return dict.fromkeys(self._tables.get("all_observations", self._tables["observations"])["obs_id"])

    @question
    def series(self, indicator: str, *, scope: str) -> pd.DataFrame:
        """Return one row per period, the preferred observation of each, oldest first; undated rows come last.

        Columns are those of `observations` plus `n_sources` and `n_origins` (who stands behind the period) and
        `rival_ids` (the other observations of it). Among several statements on one period the first is preferred by:
        named in a settled disagreement; the lighter flag; exact before one-sided; more digits; the kind of source
        (statistics office first, mirror last); the later publication; the identifier. Raises UnknownName.
        """
        told = self._periods(indicator, scope)
        rows = self._observations.take([self._places[behind[0].obs_id] for behind in told]).reset_index(drop=True)
        origins = [independent(*zip(*(one.origin for one in behind), strict=True)) for behind in told]
        rivals = [tuple(one.obs_id for one in behind[1:]) for behind in told]
        return self._handed(
            rows.assign(
                n_sources=np.array([len({one.source_id for one in behind}) for behind in told], dtype="int64"),
                n_origins=np.array(origins, dtype="int64"),
                rival_ids=pd.Series(rivals, dtype="object"),
            )
        )

    @question
    def statements(self, series: Iterable[tuple[str, str]]) -> pd.DataFrame:
        """Return every statement on some series, each an indicator and a scope, in the order given.

        Within a series the oldest period comes first, undated ones last, and within a period the preferred statement
        (by the rule of `series`). Columns are those of `observations`. Raises UnknownName.
        """
        told = [self._periods(indicator, scope) for indicator, scope in series]
        places = [self._places[one.obs_id] for periods in told for behind in periods for one in behind]
        return self._handed(self._observations.take(places).reset_index(drop=True))

    def _periods(self, indicator: str, scope: str) -> list[list[_Spoken]]:
        """The statements on each period of a series, the preferred one first; periods as `series` has them."""
        said = self._spoken(self._standing(indicator, scope))
        dated = all(one.dated for one in said)
        periods: dict[object, list[_Spoken]] = {}
        for one in sorted(said):
            periods.setdefault(one.end if dated else (one.start, one.end), []).append(one)
        return sorted(periods.values(), key=lambda behind: (behind[0].end, behind[0].start, behind[0].obs_id))

    @question
    def vintages(self, indicator: str, *, scope: str) -> pd.DataFrame:
        """Return the figure of each period (rows) on each day of publication (columns), as words; see `revisions`."""
        return vintages(self._told(indicator, scope))

    @question
    def revisions(self, indicator: str, *, scope: str) -> pd.DataFrame:
        """Return each change of a period's figure, with both statements and whether rounding may explain it."""
        return revisions(self._told(indicator, scope))

    @question
    def interval(self, obs_id: str) -> Interval:
        """Return what the wording of one observation allows."""
        return Interval(*(column[self._place(obs_id)] for column in self._bounds))

    @cached_property
    def _bounds(self) -> list[list[Any]]:
        return [self._observations[name].tolist() for name in ("low", "high", "low_open", "high_open")]

    @question
    def trace(self, obs_id: str) -> dict[str, Any]:
        """Return everything behind one figure as plain values.

        Keys: `observation`, `indicator`, `scope`, `source` (the rows), `words`, `interval` (low, high, words),
        `same_release` (observations that repeat it), `rivals` (other statements on the period), `disagreements`,
        `relations` (identifiers with their text). Raises UnknownName.
        """
        row = self.observation(obs_id)
        others = self._told(row["indicator"], row["scope"])
        others = others[others["obs_id"] != obs_id]
        same_period = others["end"].eq(row["end"]) | (others["end"].isna() & pd.isna(row["end"]))
        same_value = others["value"].eq(row["value"])
        same_origin = others["release_id"].eq(row["release_id"]) | (
            others["origin"].eq(row["origin"]) & (row["origin"] != "own")
        )
        interval = self.interval(obs_id)
        return {
            "observation": _plain(self._tables["observations"], "obs_id", obs_id),
            "indicator": _plain(self._tables["indicators"], "indicator", row["indicator"]),
            "scope": _plain(self._tables["scopes"], "scope", row["scope"]),
            "source": _plain(self._tables["sources"], "source_id", row["source_id"]),
            "words": row["words"],
            "interval": {
                "low": None if math.isinf(interval.low) else interval.low,
                "high": None if math.isinf(interval.high) else interval.high,
                "words": interval_words(interval, row["unit"]),
            },
            "same_release": others.loc[same_value & same_origin, "obs_id"].tolist(),
            "rivals": others.loc[same_period & ~same_value, "obs_id"].tolist(),
            "disagreements": _naming(
                self._tables["disagreements"], obs_id, ["disagreement_id", "title", "explanation"]
            ),
            "relations": _naming(self._tables["relations"], obs_id, ["relation_id", "kind", "note"]),
        }

    def cite(self, *frames: pd.DataFrame) -> pd.DataFrame:
        """Return the sources of frames that carry `source_id`: one row each, with `n_figures` drawn from it.

        Columns: source_id, publisher, title, published, url, kind, origin, side, n_figures; oldest first. `origin` is
        the name of the body whose release is repeated.
        """
        used = pd.concat([frame["source_id"] for frame in frames])
        counts = used.astype("str").value_counts().rename("n_figures").rename_axis("source_id").reset_index()
        columns = ["source_id", "publisher", "title", "published", "url", "kind", "origin", "side"]
        return self._handed(
            self.documents(sorted(counts["source_id"]))
            .assign(origin=lambda sources: sources["body"])[columns]
            .merge(counts, on="source_id", how="inner", validate="one_to_one")
            .sort_values(["published", "source_id"], na_position="last", kind="stable")
            .reset_index(drop=True)
        )

    def _handed(self, frame: pd.DataFrame) -> pd.DataFrame:
        """A copy to give away; it knows the day it speaks of, so that an empty chart can say so."""
        copy = frame.copy()
        if self.as_of is not None:
            copy.attrs["as_of"] = self.as_of.isoformat()
        return copy

    def _sourced(self, name: str) -> pd.DataFrame:
        """A table with the publisher, the date and `known_by` of each row's source."""
        said = self.sources[["source_id", "publisher", "published", "known_by"]]
        return self._tables[name].merge(said, on="source_id", how="left", validate="many_to_one")

    def _spoken(self, places: list[int]) -> list[_Spoken]:
        """What a series weighs of the observations in these places."""
        columns = (column[places].tolist() for column in self._weights)
        return [
            _Spoken(one[:6], one[6], one[7], one[8:11], one[11], one[12], one[13]) for one in zip(*columns, strict=True)
        ]

    @cached_property
    def _weights(self) -> list[np.ndarray]:
        """The columns of `_Spoken`, its rank and origin in parts, of all observations."""
        rows = self._observations
        flags = {flag: rank for rank, flag in enumerate(FLAGS)}
        kinds = {kind: rank for rank, kind in enumerate(KINDS)}
        columns = [
            ~rows["obs_id"].isin(self._settled),
            rows["flag"].fillna("").map(flags).fillna(len(flags)),
            rows["qualifier"] != "exact",
            (rows["high"] - rows["low"]).fillna(math.inf),
            rows["source_kind"].map(kinds).fillna(len(kinds)),
            -rows["known_by"].astype("int64"),
            *(rows[name] for name in ("obs_id", "source_id", "voice", "release_id", "source_kind")),
            rows["measure"].isin(DATED_MEASURES),
            *(rows[name].astype("int64").where(rows[name].notna(), _UNDATED) for name in ("start", "end")),
        ]
        return [column.to_numpy() for column in columns]

    @cached_property
    def _indicator_names(self) -> dict[str, None]:
        return dict.fromkeys(self._tables["indicators"]["indicator"])

    @cached_property
    def _scope_names(self) -> dict[str, None]:
        return dict.fromkeys(self._tables["scopes"]["scope"])

    @cached_property
    def _settled(self) -> frozenset[str]:
        return frozenset(self._tables["disagreements"]["preferred_obs_id"].dropna())

    @staticmethod
    def _require(kind: str, name: str, known: Collection[str]) -> None:
        if name not in known:
            raise UnknownName(kind, name, list(known))


def _plain(table: pd.DataFrame, key: str, name: str) -> dict[str, Any]:
    """One row as plain values, blanks as None."""
    row = table.loc[table[key] == name].iloc[0]
    return {column: _value(row[column]) for column in table.columns}


def _value(cell: Any) -> Any:
    if isinstance(cell, tuple):
        return list(cell)
    if pd.isna(cell):
        return None
    return cell.item() if hasattr(cell, "item") else cell


def _naming(table: pd.DataFrame, obs_id: str, columns: list[str]) -> list[dict[str, Any]]:
    rows = table[[obs_id in ids for ids in table["obs_ids"]]]
    return [{column: _value(row[column]) for column in columns} for _, row in rows.iterrows()]
