"""The record as plain rows, indexed the ways pages ask for them: by identifier, by indicator, by source.

Whatever a page takes from here it asks for: every public member is a question (see `cci.record.reads`), an entry of a
mapping for that entry alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from cci.audit.grades import grades
from cci.audit.quotes import HEADLINES, quotable
from cci.audit.relations import evaluate
from cci.audit.silence import cut_off, silences
from cci.book.site.quoting import Advice, advised
from cci.record.dates import DATED_MEASURES
from cci.record.origins import topmost
from cci.record.reads import Origin, question
from cci.record.wording import date_words, interval_words, number_words, period_words

if TYPE_CHECKING:
    import pandas as pd

    from cci.record.dataset import Dataset

Row = dict[str, Any]
V = TypeVar("V")

# The tables that {count} knows, and the property of the dataset that holds each.
TABLES = {
    "observations": "observations", "sources": "sources", "origins": "origins", "indicators": "indicators",
    "scopes": "scopes", "series": "series_list", "events": "events", "organisations": "organisations",
    "participations": "participations", "milestones": "milestones", "instruments": "instruments",
    "disagreements": "disagreements", "relations": "relations", "factors": "factors",
    "predictions": "predictions",
}  # fmt: skip


def rows(frame: pd.DataFrame) -> list[Row]:
    """Return the rows of a frame as dicts in order, blanks as None."""
    return frame.astype(object).where(frame.notna(), None).to_dict("records")


class Entries(Mapping[str, V]):
    """A mapping on a shelf: who looks up one entry asks for that alone, who goes through it asks for all."""

    def __init__(self, shelf: Shelf, name: str):
        self._shelf, self._name = shelf, name

    def __getitem__(self, key: str) -> V:
        found: V = self._shelf.entry(self._name, key)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def values(self) -> Any:
        return self._all().values()

    def items(self) -> Any:
        return self._all().items()

    def _all(self) -> Mapping[str, V]:
        found: Mapping[str, V] = self._shelf.whole(self._name)
        return found


class fact(Generic[V]):
    """A property of a shelf that is asked for as a whole, made once."""

    def __init__(self, made: Callable[[Any], V]):
        self.made, self.__doc__ = made, made.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, shelf: Shelf, owner: type) -> V:
        found: V = shelf.whole(self.name)
        return found


class entries(fact[Mapping[str, V]]):
    """A property of a shelf that is a mapping, of which single entries can be asked for."""

    def __get__(self, shelf: Shelf, owner: type) -> Mapping[str, V]:
        return Entries(shelf, self.name)


@dataclass(frozen=True, eq=False)
class Shelf:
    """What the pages read from one dataset. Every property is computed once."""

    record: Dataset

    @property
    def read_from(self) -> Origin:
        """What the dataset was loaded from."""
        return self.record.read_from

    @question
    def entry(self, name: str, key: str) -> Any:
        """Return one entry of a mapping. Raises KeyError."""
        return self._made(name)[key]

    @question
    def whole(self, name: str) -> Any:
        """Return a property as a whole."""
        return self._made(name)

    def _made(self, name: str) -> Any:
        kept = vars(self)
        if f"_{name}" not in kept:
            kept[f"_{name}"] = vars(type(self))[name].made(self)
        return kept[f"_{name}"]

    @entries
    def observations(self) -> dict[str, Row]:
        """obs_id -> row, with `grade`, `grade_reason`, and as words `period`, `allows` (the interval), `number`.

        `dated` is true where it belongs to a day, whenever counting began.
        """
        graded = grades(self.record).rename(columns={"reason": "grade_reason"})
        observations = self.record.observations.merge(
            graded[["obs_id", "grade", "grade_reason"]], on="obs_id", how="left"
        )
        found = {row["obs_id"]: row for row in rows(observations)}
        for obs_id, row in found.items():
            row["dated"] = row["measure"] in DATED_MEASURES
            row["period"] = period_words(None if row["dated"] else row["period_start"], row["period_end"])
            row["allows"] = interval_words(self.record.interval(obs_id), row["unit"])
            row["number"] = number_words(
                row["value"], row["unit"], qualifier=row["qualifier"] or "exact", words=row["as_stated"]
            )
        return found

    @entries
    def sources(self) -> dict[str, Row]:
        return {row["source_id"]: row for row in rows(self.record.sources)}

    @entries
    def indicators(self) -> dict[str, Row]:
        """indicator -> row, with `dated` as its observations have it."""
        return {
            row["indicator"]: row | {"dated": row["measure"] in DATED_MEASURES} for row in rows(self.record.indicators)
        }

    @entries
    def scopes(self) -> dict[str, Row]:
        return {row["scope"]: row for row in rows(self.record.scopes)}

    @entries
    def instruments(self) -> dict[str, Row]:
        return {row["instrument_id"]: row for row in rows(self.record.instruments)}

    @entries
    def disagreements(self) -> dict[str, Row]:
        return {row["disagreement_id"]: row for row in rows(self.record.disagreements)}

    @entries
    def relations(self) -> dict[str, Row]:
        """relation_id -> row with its outcome and message as computed now, not as recorded."""
        return {row["relation_id"]: row for row in rows(evaluate(self.record))}

    @entries
    def silences(self) -> dict[str, list[Row]]:
        """pillar -> its series with the years they are known for and what would fill their gaps."""
        return dict(sorted(_grouped(rows(silences(self.record)), "pillar").items()))

    @fact
    def cut_off(self) -> pd.Timestamp:
        """The day up to which the record can know anything."""
        return cut_off(self.record)

    @entries
    def edition(self) -> dict[str, str]:
        """What tells one edition from another: version of the book, days of the record, and its fingerprint."""
        return {
            "version": version("cci"),
            "cut-off": date_words(f"{self.cut_off:%Y-%m-%d}"),
            "read": date_words(self.record.sources["accessed"].max()),
            "record": self.record.fingerprint[:12],
        }

    @entries
    def indicator_of(self) -> dict[str, str]:
        """obs_id -> its indicator."""
        observations = self.record.observations
        return dict(zip(observations["obs_id"], observations["indicator"], strict=True))

    @fact
    def pillars(self) -> list[str]:
        """The pillars of the indicators, in alphabetical order."""
        return sorted({row["pillar"] for row in self.indicators.values()})

    @entries
    def origins(self) -> dict[str, Row]:
        """origin -> row with `voice`, the name of the topmost body that it is part of: its own where of none."""
        found = {row["origin"]: row for row in rows(self.record.origins)}
        for origin, top in topmost(self.record.origins).items():
            found[origin]["voice"] = found[top]["name"]
        return found

    @entries
    def by_indicator(self) -> dict[str, list[Row]]:
        """indicator -> its observations, latest period first, undated ones last."""
        dated = sorted(self.observations.values(), key=lambda row: (row["period_end"] or "", row["published"] or ""))
        return _grouped(reversed(dated), "indicator")

    @entries
    def headlines(self) -> dict[str, Row]:
        """Name of `audit.HEADLINES` -> the statement to quote, where there is one: its row, `headline` and `advice`."""
        return {
            quote.indicator: self.observations[quote.obs_id] | {"headline": quote.headline, "advice": quote.advice}
            for quote in quotable(self.record, HEADLINES).itertuples(index=False)
        }

    @entries
    def advice(self) -> dict[str, dict[str, Advice]]:
        """indicator -> scope -> which figure of the series to quote."""
        return advised(self)

    @entries
    def by_source(self) -> dict[str, list[Row]]:
        """source_id -> the observations drawn from it."""
        return _grouped(self.observations.values(), "source_id")

    @question
    def sources_of_kind(self, kind: str) -> list[Row]:
        """The sources of one kind, latest first, undated ones last."""
        listed = [row for row in self.sources.values() if row["kind"] == kind]
        return sorted(listed, key=lambda row: row["published"] or "", reverse=True)

    @entries
    def by_release(self) -> dict[str, list[Row]]:
        """release_id -> the sources that repeat that release."""
        return _grouped((row for row in self.sources.values() if row["release_id"]), "release_id")

    @entries
    def disputed(self) -> dict[str, list[Row]]:
        """indicator -> the disagreements that name one of its observations."""
        return self._naming(self.disagreements.values())

    @entries
    def related(self) -> dict[str, list[Row]]:
        """indicator -> the relations that name one of its observations."""
        return self._naming(self.relations.values())

    @question
    def count(self, table: str) -> int:
        """Return the number of rows of a table. Raises KeyError for a table the record does not have."""
        return len(getattr(self.record, TABLES[table]))

    @question
    def series(self, indicator: str, *, scope: str) -> pd.DataFrame:
        """Return a series of the record, as `Dataset.series` does."""
        return _series(self.record, indicator, scope)

    def _naming(self, statements: Iterable[Row]) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = defaultdict(list)
        for statement in statements:
            named = {self.observations[i]["indicator"] for i in statement["obs_ids"] if i in self.observations}
            for indicator in named:
                found[indicator].append(statement)
        return found


@lru_cache(maxsize=64)  # a page asks twice for each of its scopes: for the figure to cite, and for the picture
def _series(record: Dataset, indicator: str, scope: str) -> pd.DataFrame:
    return record.series(indicator, scope=scope)


def _grouped(items: Iterable[Row], key: str) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = defaultdict(list)
    for item in items:
        groups[item[key]].append(item)
    return dict(groups)
