"""What further evidence changes: series, preferred figures, relations, candidates of the detectors, disagreements."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from cci.audit.report import UNEXPECTED, report
from cci.record.dataset import Dataset
from cci.record.dates import DATED_MEASURES

COLUMNS = ("kind", "what", "before", "after", "obs_ids", "message")
KINDS = ("series", "figure", "repeat", "relation", "candidate", "disagreement")
_Consequence = tuple[str, str, str | None, str | None, tuple[str, ...], str]


def consequences(before: Dataset, after: Dataset) -> pd.DataFrame:
    """Return what differs between two states of the record, as rows with the columns of COLUMNS.

    series: one that gains observations (what: indicator/scope; before, after: its last date); figure: a period that is
    in both and for which another observation is preferred (what: indicator/scope and day; before, after: words);
    repeat: a figure or a page that the record seems to have under another name (what: the new name; before: the old);
    relation: a listed or implied one that is new or has another outcome (before, after: outcome, with "recorded" where
    a disagreement explains a break); candidate: one that a detector flags anew, or no more; disagreement: one that is
    new, or that names a period which gains a statement.
    """
    parts = (_series, _repeats, _relations, _disagreements) if before.fingerprint != after.fingerprint else ()
    rows = [row for part in parts for row in part(before, after)]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    order = table["kind"].map({kind: rank for rank, kind in enumerate(KINDS)})
    return table.loc[order.sort_values(kind="stable").index].reset_index(drop=True)


def _new(before: Dataset, after: Dataset) -> pd.DataFrame:
    rows = after.observations
    return rows[~rows["obs_id"].isin(set(before.observations["obs_id"]))]


def _series(before: Dataset, after: Dataset) -> Iterator[_Consequence]:
    held = before.observations
    for (indicator, scope), rows in _new(before, after).groupby(["indicator", "scope"], sort=True):
        name = f"{indicator}/{scope}"
        earlier = held[(held["indicator"] == indicator) & (held["scope"] == scope)]
        dates = sorted(set(rows["end"].dropna()) - set(earlier["end"].dropna()))
        added = f"{len(rows)} observation{'s' * (len(rows) > 1)}: {'; '.join(rows['words'])}."
        told = f"{added} New dates: {', '.join(f'{day:%Y-%m-%d}' for day in dates) or 'none'}."
        yield (
            "series", name, _last(earlier["end"]), _last(pd.concat([earlier["end"], rows["end"]])),
            tuple(rows["obs_id"]), told if len(earlier) else f"A new series. {told}",
        )  # fmt: skip
        if len(earlier):
            yield from _preferred(before, after, str(indicator), str(scope))


def _last(ends: pd.Series) -> str | None:
    latest = ends.max()
    return None if pd.isna(latest) else f"{latest:%Y-%m-%d}"


def _preferred(before: Dataset, after: Dataset, indicator: str, scope: str) -> Iterator[_Consequence]:
    was, now = (record.series(indicator, scope=scope) for record in (before, after))
    period = ["end"] if was["measure"].isin(DATED_MEASURES).all() else ["start", "end"]
    both = was.merge(now, on=period, suffixes=("_before", "_after"))
    for row in both[both["obs_id_before"] != both["obs_id_after"]].itertuples():
        day = "undated" if pd.isna(row.end) else f"{row.end:%Y-%m-%d}"
        yield (
            "figure", f"{indicator}/{scope} {day}", row.words_before, row.words_after,
            (row.obs_id_before, row.obs_id_after), f"{row.words_after} is preferred to {row.words_before}.",
        )  # fmt: skip


def _repeats(before: Dataset, after: Dataset) -> Iterator[_Consequence]:
    same = ["indicator", "scope", "source_id", "start", "end", "value"]
    again = _new(before, after).merge(before.observations, on=same, suffixes=("", "_before"))
    for row in again.itertuples():
        ids = (row.obs_id_before, row.obs_id)
        yield "repeat", row.obs_id, row.obs_id_before, row.obs_id, ids, "The same figure of the same source."
    held = before.sources
    pages = after.sources.dropna(subset="url")
    pages = pages[~pages["source_id"].isin(set(held["source_id"]))].merge(held, on="url", suffixes=("", "_before"))
    for row in pages.itertuples():
        yield "repeat", row.source_id, row.source_id_before, row.source_id, (), f"The same address: {row.url}"


def _relations(before: Dataset, after: Dataset) -> Iterator[_Consequence]:
    was, now = (found[found["kind"] != UNEXPECTED] for found in (report(before), report(after)))  # the relation says it
    expected = dict(zip(after.relations["relation_id"], after.relations["expected"], strict=True))
    flagged = {(row.kind, row.obs_ids) for row in was.itertuples() if row.outcome == "candidate"}
    still = {(row.kind, row.obs_ids) for row in now.itertuples() if row.outcome == "candidate"}
    outcomes = {row.relation_id: _outcome(row) for row in was.itertuples() if row.outcome != "candidate"}
    kept = set()
    for row in now.itertuples():
        if row.outcome == "candidate":
            if (row.kind, row.obs_ids) not in flagged:
                yield "candidate", row.kind, None, "candidate", row.obs_ids, row.message
            continue
        kept.add(row.relation_id)
        earlier, outcome = outcomes.get(row.relation_id), _outcome(row)
        if earlier != outcome:
            wanted = expected.get(row.relation_id, row.outcome)
            doubt = "" if wanted == row.outcome else f" The table expects {wanted}."
            yield "relation", row.relation_id, earlier, outcome, row.obs_ids, row.message + doubt
    for row in was.itertuples():
        if row.outcome != "candidate" and row.relation_id not in kept:
            yield "relation", row.relation_id, _outcome(row), None, row.obs_ids, "No more implied."
        grown = any(kind == row.kind and set(row.obs_ids) <= set(ids) for kind, ids in still)
        if row.outcome == "candidate" and not grown:
            yield "candidate", row.kind, "candidate", None, row.obs_ids, f"No more flagged: {row.message}"


def _outcome(row: pd.Series) -> str:
    return f"{row.outcome}, recorded" if row.outcome == "breaks" and row.recorded else str(row.outcome)


def _disagreements(before: Dataset, after: Dataset) -> Iterator[_Consequence]:
    known = set(before.disagreements["disagreement_id"])
    rows = after.observations.set_index("obs_id")
    added = _new(before, after)
    added_on = dict(zip(added["obs_id"], _periods(added), strict=True))
    period = dict(zip(rows.index, _periods(rows), strict=True))
    for row in after.disagreements.itertuples():
        if row.disagreement_id not in known:
            yield "disagreement", row.disagreement_id, None, "recorded", row.obs_ids, row.title
            continue
        named = {period[obs_id] for obs_id in row.obs_ids}
        touching = tuple(obs_id for obs_id, where in added_on.items() if where in named)
        if touching:
            said = "; ".join(rows.loc[list(touching), "words"])
            message = f"{row.title}: a further statement on a period it names: {said}."
            yield "disagreement", row.disagreement_id, "recorded", "touched", touching, message


def _periods(rows: pd.DataFrame) -> Iterator[tuple[str, str, str]]:
    days = rows["end"].dt.strftime("%Y-%m-%d").fillna("undated")
    return zip(rows["indicator"], rows["scope"], days, strict=True)
