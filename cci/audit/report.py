"""Everything the audit finds, as one table: relations listed and implied, what the detectors flag, and slips."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import pandas as pd

from cci.audit.detectors import detect
from cci.audit.implied import implied, unlisted
from cci.audit.registers import register_slips
from cci.audit.relations import evaluate
from cci.audit.slips import slips
from cci.errors import Problem, RecordError
from cci.record.dataset import Dataset
from cci.record.intervals import DEFAULT_RULE

COLUMNS = (
    "relation_id", "kind", "outcome", "low", "high", "stated_low", "stated_high", "obs_ids", "message", "recorded",
)  # fmt: skip

UNEXPECTED = "not_as_expected"


def report(record: Dataset, relations: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return one row per relation and per candidate, with the columns of COLUMNS.

    `relations` are listed ones to use instead of the record's. outcome is holds, breaks, solves, cannot_tell, or
    candidate for what a detector flags (kind is then the detector, and obs_ids may hold the name of a source, an event
    or another row that is no figure). `recorded`: a disagreement of the record explains the figures.
    """
    tested = pd.concat([evaluate(record, relations), implied(record)], ignore_index=True)
    found = [detect(record), slips(record), register_slips(record)]
    if record.as_of is None and record.rule == DEFAULT_RULE:  # which is what the table speaks of
        found.append(_unexpected(tested))
    flagged = pd.concat(found, ignore_index=True)
    candidates = pd.DataFrame(
        {
            "relation_id": flagged["detector"] + ":" + flagged["obs_ids"].str[-1],
            "kind": flagged["detector"],
            "outcome": "candidate",
            **dict.fromkeys(("low", "high", "stated_low", "stated_high"), math.nan),
            "obs_ids": flagged["obs_ids"],
            "message": flagged["reason"],
        }
    )
    table = pd.concat([tested, candidates], ignore_index=True)
    return table.assign(recorded=~unlisted(record, table))[list(COLUMNS)]


def _unexpected(tested: pd.DataFrame) -> pd.DataFrame:
    """Listed relations with another outcome than the whole record is expected to give, as candidates."""
    other = tested[tested["expected"].notna() & tested["expected"].ne(tested["outcome"])]
    rows = [
        (UNEXPECTED, (row.relation_id,), f"{row.outcome}, not {row.expected}: {row.message}")
        for row in other.itertuples()
    ]
    return pd.DataFrame(rows, columns=["detector", "obs_ids", "reason"])


def unexplained(found: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that break while no disagreement of the record explains them."""
    return found[found["outcome"].eq("breaks") & ~found["recorded"]]


def relations_from(path: Path) -> pd.DataFrame:
    """Return relations from a CSV file with the columns relation_id, kind and obs_ids (separated by `;`).

    A relation that names an unknown row, has the wrong number of terms or units that do not fit is kept: the audit says
    of it that it cannot be told, and why. Raises RecordError for a file that cannot be read as such a table.
    """
    needed = ("relation_id", "kind", "obs_ids")
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file, strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise RecordError(
            [Problem(str(path), None, None, None, f"cannot be read as a UTF-8 CSV file ({error})")]
        ) from None
    missing = [column for column in needed if not rows or rows[0].get(column) is None]
    if missing:
        advice = f"has no rows with the columns {', '.join(needed)}; write a header and one relation a line"
        raise RecordError([Problem(str(path), 1, missing[0], None, advice)])
    return pd.DataFrame(
        {
            "relation_id": [row["relation_id"] for row in rows],
            "kind": [row["kind"] for row in rows],
            "obs_ids": [tuple((row["obs_ids"] or "").split(";")) for row in rows],
        }
    )
