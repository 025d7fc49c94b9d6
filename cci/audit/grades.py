"""How well a figure is attested: a grade from A to D, computed, never typed.

The grade of an observation looks at all statements on the same indicator, scope and period that agree with it,
that is, whose intervals share a number with its own.

    D   the figure carries a grave flag (superseded, scope_unclear, suspected_error, unit_slip, do_not_chart), or a
        settled disagreement prefers another figure to it, or it has no date at all
    C   an unsettled disagreement between figures names it, and no settled one prefers it; or it is a forecast or
        target, or its date or value was inferred; or only the press (or a copy of it) says so, without naming the
        body whose figure it is, and nobody else agrees
    A   two or more independent origins agree and one of them is a public body or the operator itself
    B   everything else: one public body or operator, or two independent press origins, with nothing against it

Two statements of one body, or of its parts, count once (`cci.record.origins`); the reason then names them.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from cci.record.clashes import CLASHES
from cci.record.dataset import Dataset
from cci.record.dates import DATED_MEASURES
from cci.record.origins import COPYING_KINDS, independent

GRADES = ("A", "B", "C", "D")
_GRAVE = frozenset({"superseded", "scope_unclear", "suspected_error", "unit_slip", "do_not_chart"})
_INFERRED = frozenset({"forecast", "target", "date_inferred", "derived_by_source"})
# Kinds of origin that report their own count. The press is an origin too, but reports somebody else's.
_COUNTING = frozenset({"public_body", "operator", "researcher"})
_BODY_KINDS = frozenset({"government", "statistics_office", "company", "industry_body"})


def graded(record: Dataset, rows: pd.DataFrame) -> pd.DataFrame:
    """Return observations with the columns of `grades` (obs_id, indicator and scope are needed), in their order."""
    return rows.merge(grades(record, rows), on="obs_id", validate="many_to_one")


def grades(record: Dataset, among: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return one row per observation: obs_id, grade, reason, n_origins (independent origins that agree), both_sides.

    `both_sides` is true where a Chinese-side and a Singapore-side publisher agree on the figure. `among` asks only for
    the series of these observations, so that whoever shows them does not depend on the rest of the record.
    """
    if among is None:
        rows, disagreements = record.observations, record.disagreements
    else:
        rows = record.where(**{column: sorted(set(among[column])) for column in ("indicator", "scope")})
        disagreements = record.disputes(rows["obs_id"])
    rows["body"] = _speaks_for_itself(rows)
    rows["period"] = _period(rows)
    # A figure is contested whichever page prints it, not only in the document that a disagreement names.
    rows["figure"] = rows["indicator"] + "/" + rows["scope"] + "/" + rows["period"] + "/" + rows["value"].astype("str")
    figure_of = rows.set_index("obs_id")["figure"]
    preferred = {figure_of[i] for i in disagreements["preferred_obs_id"].dropna() if i in figure_of}
    open_figures = {figure_of[i] for i in _contested(disagreements) if i in figure_of} - preferred
    found: dict[str, tuple[str, str, int, bool]] = {}
    statements: dict[tuple[str, str, str], list[Any]] = {}
    for row in rows.itertuples(index=False):
        statements.setdefault((row.indicator, row.scope, row.period), []).append(row)
    for group in statements.values():
        for row in group:
            agreeing = [
                other for other in group if other.low <= row.high and other.high >= row.low and other.flag not in _GRAVE
            ]
            found[row.obs_id] = _grade(row, agreeing, row.figure in open_figures)
    table = pd.DataFrame.from_dict(found, orient="index", columns=["grade", "reason", "n_origins", "both_sides"])
    types = {"obs_id": "str", "grade": "str", "reason": "str", "n_origins": "int64", "both_sides": "bool"}
    return table.rename_axis("obs_id").reset_index().astype(types)  # said for a day on which there is none


def _grade(row: Any, agreeing: list[Any], contested: bool) -> tuple[str, str, int, bool]:
    behind = agreeing or [row]
    origins = independent(
        [other.voice for other in behind],
        [other.release_id for other in behind],
        [other.source_kind for other in behind],
    )
    once = _counted_once(behind)
    both = {"chinese", "singaporean"} <= {other.side for other in agreeing}
    official = any(other.body for other in behind)
    says = "one public body or operator says so" if official else "two independent press origins agree"
    grade, reason = "B", says + once
    if row.flag in _GRAVE:
        grade, reason = "D", f"flagged {row.flag.replace('_', ' ')}"
    elif row.set_aside:
        grade, reason = "D", "a settled disagreement prefers another figure"
    elif pd.isna(row.end):
        grade, reason = "D", "no date is stated"
    elif contested:
        grade, reason = "C", "named in a disagreement that is not settled"
    elif row.flag in _INFERRED:
        grade, reason = "C", f"flagged {row.flag.replace('_', ' ')}"
    elif origins >= 2 and official:
        grade, reason = "A", f"{origins} independent origins agree, a public body or the operator among them{once}"
    elif not official and origins < 2:
        grade, reason = "C", f"one press origin that names no body behind the figure{once}"
    return grade, reason, origins, both


def _counted_once(rows: list[Any]) -> str:
    """Name, for the end of a reason, the speakers who are parts of one body; nothing where each is its own."""
    parts: dict[str, dict[str, None]] = {}
    for row in rows:
        if row.source_kind not in COPYING_KINDS:
            parts.setdefault(row.voice, {})[row.speaker] = None
    joined = (sorted(speakers) for speakers in parts.values() if len(speakers) > 1)
    return "".join(f"; {', '.join(first)} and {last} are one body and count once" for *first, last in joined)


def _speaks_for_itself(rows: pd.DataFrame) -> pd.Series:
    """True where a public body or the operator is the origin, or publishes the page itself."""
    return rows["speaker_kind"].isin(_COUNTING) | rows["source_kind"].isin(_BODY_KINDS)


def _period(rows: pd.DataFrame) -> pd.Series:
    start = rows["start"].dt.strftime("%Y-%m-%d").fillna("").where(~rows["measure"].isin(DATED_MEASURES), "")
    return start + "/" + rows["end"].dt.strftime("%Y-%m-%d").fillna("undated")


def _contested(disagreements: pd.DataFrame) -> frozenset[str]:
    """The observations named in clashes that nobody has settled."""
    clashes = disagreements[disagreements["kind"].isin(CLASHES) & disagreements["preferred_obs_id"].isna()]
    return frozenset(obs_id for ids in clashes["obs_ids"] for obs_id in ids)
