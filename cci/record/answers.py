"""The answers of one dataset as digests: quick where an answer is made of observations, else by asking.

Hashing each observation once is enough for nearly all questions: the rows that a question selects, in their order,
say all that its answer can say. `series` also looks at which of its rows settled disagreements prefer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

from cci.errors import UnknownName
from cci.record import reads
from cci.record.dataset import Dataset
from cci.record.reads import Digest


class Answers:
    """The digests of what a dataset answers."""

    def __init__(self, dataset: Dataset):
        self.dataset = dataset

    def digest(self, question: Sequence[Any]) -> Digest:
        """Return the digest of the answer to a question, as `cci.record.reads.asked` returns them."""
        with reads.answering():
            found = self._of_observations(*question)
        return reads.digest(reads.answer(self.dataset, question)) if found is None else found

    def _of_observations(self, name: str, args: list[Any], named: dict[str, Any]) -> Digest | None:
        """The digest of an answer that is made of observations; None where it is not, or is a refusal."""
        rows, extra = self._rows, ""
        match name, args, named:
            case (("observation" | "interval"), [str() as obs_id], {**rest}) if not rest:
                ids: Iterable[str] = [obs_id]
            case "find", [list() as obs_ids], {**rest} if not rest:
                # Those that are not yet published are left out, those that are unknown refused.
                ids = [obs_id for obs_id in obs_ids if obs_id in rows or obs_id not in self._hidden]
            case "where", [], {**equal} if equal:
                try:
                    ids = self.dataset.where(**equal)["obs_id"]
                except UnknownName:
                    return None
            case "series", [str() as indicator], {"scope": str() as scope}:
                ids = list(self.dataset.where(indicator=indicator, scope=scope)["obs_id"])
                extra = repr([obs_id in self._preferred for obs_id in ids])
                if not ids:
                    return None
            case _:
                return None
        chosen = list(ids)
        if not all(obs_id in rows for obs_id in chosen):
            return None
        return reads.of_rows(f"{name} {self._form} {extra}", ((obs_id, rows[obs_id]) for obs_id in chosen))

    @cached_property
    def _rows(self) -> dict[str, str]:
        table = self.dataset.observations
        return dict(zip(table["obs_id"], reads.row_digests(table), strict=True))

    @cached_property
    def _form(self) -> str:
        return reads.form(self.dataset.observations)

    @cached_property
    def _hidden(self) -> frozenset[str]:
        return self.dataset.all_observation_ids - self._rows.keys()

    @cached_property
    def _preferred(self) -> frozenset[str]:
        return frozenset(self.dataset.disagreements["preferred_obs_id"].dropna())
