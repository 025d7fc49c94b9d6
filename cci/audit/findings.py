"""Findings: sentences of a chapter that code checks, shown with their verdict and the figures behind them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import pandas as pd

from cci.audit.relations import Outcome

MIME = "application/vnd.cci+json"
_VERDICTS = {True: "holds", False: "fails", None: "cannot be told"}


@dataclass(frozen=True)
class Finding:
    """One checked sentence. `why` says what the check computed, or what is missing to tell."""

    statement: str
    verdict: str
    obs_ids: tuple[str, ...]
    why: str | None = None


@dataclass(frozen=True)
class Findings:
    """The findings of a chapter, in order; displays itself in a notebook and on the page."""

    items: tuple[Finding, ...]

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        items = [
            {"statement": f.statement, "verdict": f.verdict, "why": f.why, "obs_ids": list(f.obs_ids)}
            for f in self.items
        ]
        lines = [f"{f.verdict}: {f.statement}" + (f" {f.why}" if f.why else "") for f in self.items]
        return {
            MIME: {"kind": "findings", "items": items},
            "text/markdown": "\n".join(f"- **{line}".replace(": ", ":** ", 1) for line in lines),
            "text/plain": "\n".join(lines),
        }


def finding(
    statement: str,
    *,
    holds: bool | None = None,
    because: pd.DataFrame | Collection[str] = (),
    why: str | None = None,
    by: Outcome | None = None,
) -> Finding:
    """Return a checked sentence.

    `holds` is the result of the check: True, False, or None where the record cannot tell; `because` the observations
    it rests on, as identifiers or as a frame with `obs_id`; `why` what the check computed. `by` gives what is left out
    of these from the outcome of a relation, for a sentence that says no more than that the relation holds.
    """
    if by is not None:
        holds = by.holds if holds is None else holds
        because = by.obs_ids if len(because) == 0 else because
        why = why or by.message
    ids = because["obs_id"] if isinstance(because, pd.DataFrame) else because
    verdict = _VERDICTS[None if holds is None else bool(holds)]
    return Finding(statement, verdict, tuple(dict.fromkeys(ids)), why)


def findings(*items: Finding) -> Findings:
    """Return the findings as one displayable list."""
    return Findings(items)
