"""A network of stages that wait for one another: its order, its duration, and which stages decide it.

The critical path method: Kelley and Walker 1959, "Critical-path planning and scheduling". All times are in days; where
durations are arrays, so are results.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from graphlib import CycleError, TopologicalSorter
from typing import Any

import numpy as np

from cci.errors import ParameterError, UnknownName

_TOUCHING = 1e-9  # days; a stage with less slack than rounding leaves is critical


@dataclass(frozen=True)
class Stage:
    """One stage: its name, those that must end before it starts, and whether it is done once for all who follow."""

    name: str
    after: tuple[str, ...] = ()
    once: bool = False


def ordered(stages: Iterable[Stage]) -> tuple[Stage, ...]:
    """Return the stages so that each comes after all it waits for.

    Raises ParameterError for a name that is used twice and for a cycle, UnknownName for a stage that waits for one
    that is not there.
    """
    by_name: dict[str, Stage] = {}
    for stage in stages:
        if stage.name in by_name:
            raise ParameterError(f"Two stages are called {stage.name!r}; give each a name of its own.")
        by_name[stage.name] = stage
    for stage in by_name.values():
        for name in stage.after:
            if name not in by_name:
                raise UnknownName("stage", name, by_name, where=f" for {stage.name!r} to wait for")
    try:
        names = list(TopologicalSorter({name: stage.after for name, stage in by_name.items()}).static_order())
    except CycleError as error:
        circle = " waits for ".join(map(repr, reversed(error.args[1])))
        raise ParameterError(f"These stages wait for each other: {circle}. Remove one of the links.") from None
    return tuple(by_name[name] for name in names)


def in_sequence(stages: Iterable[Stage]) -> tuple[Stage, ...]:
    """Return the stages one after another, in an order that their network permits."""
    chain = ordered(stages)
    before: list[tuple[str, ...]] = [(), *((stage.name,) for stage in chain[:-1])]
    return tuple(replace(stage, after=after) for stage, after in zip(chain, before, strict=False))


def without(stages: Iterable[Stage], gone: Collection[str]) -> tuple[Stage, ...]:
    """Return the network without some stages; who waited for one of them waits for what it had waited for."""
    waits: dict[str, tuple[str, ...]] = {}
    left = []
    for stage in ordered(stages):
        inherited = [waits[name] if name in gone else (name,) for name in stage.after]
        waits[stage.name] = tuple(dict.fromkeys(name for names in inherited for name in names))
        if stage.name not in gone:
            left.append(replace(stage, after=waits[stage.name]))
    return tuple(left)


def earliest_ends(stages: Iterable[Stage], durations: Mapping[str, Any]) -> dict[str, Any]:
    """Return the earliest end of each stage, in days from the start. Raises UnknownName where a duration is missing."""
    ends: dict[str, Any] = {}
    for stage in ordered(stages):
        if stage.name not in durations:
            raise UnknownName("duration of a stage", stage.name, durations)
        start = 0.0
        for name in stage.after:
            start = np.maximum(start, ends[name])
        ends[stage.name] = start + durations[stage.name]
    return ends


def duration(stages: Iterable[Stage], durations: Mapping[str, Any]) -> Any:
    """Return the days from the start to the end of the last stage, in the shape of the durations; 0 for no stages."""
    ends = list(earliest_ends(stages, durations).values())
    return np.max(np.broadcast_arrays(*ends), axis=0) if ends else 0.0


def critical(stages: Iterable[Stage], durations: Mapping[str, Any]) -> dict[str, Any]:
    """Return for each stage whether a day more of it would delay the end: no slack between its latest and earliest end.

    The share of draws in which that holds is the criticality index (Van Slyke 1963, "Monte Carlo methods and the PERT
    problem", Operations Research 11(5), 839-860).
    """
    chain = ordered(stages)
    ends = earliest_ends(chain, durations)
    latest = dict.fromkeys(ends, duration(chain, durations))
    for stage in reversed(chain):
        for name in stage.after:
            latest[name] = np.minimum(latest[name], latest[stage.name] - durations[stage.name])
    return {name: latest[name] - ends[name] <= _TOUCHING for name in ends}
