"""Which kinds of source a reader listens to, and what is left of the record then."""

from __future__ import annotations

import pandas as pd

from cci.audit.relations import Outcome
from cci.errors import ParameterError
from cci.record.dataset import Dataset
from cci.record.origins import COPYING_KINDS

_PRESS = frozenset({"state_media", "independent_media", "academic"})
# `first-hand` leaves out copying hosts and collectors; `official` keeps public bodies, operators and associations.
LEFT_OUT: dict[str, frozenset[str]] = {
    "all": frozenset(),
    "first-hand": COPYING_KINDS,
    "official": COPYING_KINDS | _PRESS,
}


def admitted(record: Dataset, sources: str) -> pd.DataFrame:
    """Return the observations from admitted sources: `all`, `first-hand` or `official`. Raises ParameterError."""
    if sources not in LEFT_OUT:
        raise ParameterError(f"No admission {sources!r} of sources. Use one of: {', '.join(LEFT_OUT)}.")
    rows = record.observations
    return rows[~rows["source_kind"].isin(LEFT_OUT[sources])].reset_index(drop=True)


def resting_on(observations: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Return the disagreements or relations of which every named figure is among these observations."""
    held = frozenset(observations["obs_id"]) | {"?"}
    kept = pd.Series([held.issuperset(ids) for ids in table["obs_ids"]], index=table.index, dtype="bool")
    return table[kept].reset_index(drop=True)


def if_admitted(observations: pd.DataFrame, outcome: Outcome) -> Outcome:
    """Return the outcome of a relation, which cannot be told where one of its figures is not among these."""
    if frozenset(observations["obs_id"]).issuperset(outcome.obs_ids):
        return outcome
    return Outcome(outcome.relation_id, outcome.kind, "cannot_tell", outcome.obs_ids, "A source of it is not admitted.")
