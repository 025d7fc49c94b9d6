"""The way to market as a network of stages: how long it takes in each mode, which stages decide, what a follower saves.

Three-point estimates as in PERT: Malcolm, Roseboom, Clark and Fazar 1959, "Application of a technique for research and
development program evaluation", Operations Research 7(5), 646-669. All times are in days.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from cci.errors import ParameterError
from cci.models.inputs import Input
from cci.models.stage_network import Stage, critical, duration, earliest_ends, in_sequence, ordered, without

MODES = ("sequence", "parallel", "pre-approved")
_SHOWN = (0.1, 0.5, 0.9)  # of the draws: eight of ten lie between the first and the last


@dataclass(frozen=True)
class Expected:
    """PERT: the expected days along the longest path of expected times, their variance, and that path."""

    days: float
    variance: float
    path: tuple[str, ...]


def by_mode(stages: Sequence[Stage]) -> dict[str, tuple[Stage, ...]]:
    """Return the network under each of MODES: a chain, as given, and as given without what is done once for all."""
    followers = without(stages, {stage.name for stage in stages if stage.once})
    return dict(zip(MODES, (in_sequence(stages), ordered(stages), followers), strict=True))


def mean(low: Any, likely: Any, high: Any) -> Any:
    """Return the expected days of a three-point estimate, (low + 4 likely + high) / 6 (Malcolm et al. 1959)."""
    return (low + 4 * likely + high) / 6


def variance(low: Any, high: Any) -> Any:
    """Return the variance of a three-point estimate in days squared, ((high - low) / 6)² (Malcolm et al. 1959)."""
    return ((high - low) / 6) ** 2


def pert(stages: Sequence[Stage], estimates: Mapping[str, Input]) -> Expected:
    """Return the PERT estimate of a network.

    Where paths merge it is too low, since it looks at one of them only (MacCrimmon and Ryavec 1964, "An analytical
    study of the PERT assumptions", Operations Research 12(1), 16-37); `draw` and `duration` have no such bias.
    """
    expected = {name: mean(given.low, given.value, given.high) for name, given in estimates.items()}
    ends = earliest_ends(stages, expected)
    path: list[str] = []
    candidates: Collection[str] = ends
    waits = {stage.name: stage.after for stage in stages}
    while candidates:
        path.insert(0, max(candidates, key=lambda name: float(ends[name])))
        candidates = waits[path[0]]
    spread = sum(variance(estimates[name].low, estimates[name].high) for name in path)
    return Expected(float(duration(stages, expected)), float(spread), tuple(path))


def draw(estimates: Mapping[str, Input], draws: int, *, seed: int) -> dict[str, np.ndarray]:
    """Return `draws` independent durations of each stage in days, by name.

    A beta distribution over the range whose mode is the likely value and whose mean is that of PERT (Clark 1962, "The
    PERT model for the distribution of an activity time", Operations Research 10(3), 405-406), with the weight of four
    that formula gives the mode. A stage keeps its draws when others are added behind it. Raises ParameterError.
    """
    if draws < 1:
        raise ParameterError(f"{draws} draws are none; ask for at least one.")
    durations = {}
    for (name, given), stream in zip(
        estimates.items(), np.random.SeedSequence(seed).spawn(len(estimates)), strict=True
    ):
        if given.low < 0:
            raise ParameterError(f"{given.words} could take {given.low:g} {given.unit}; a duration is not negative.")
        width = given.high - given.low
        share = (given.value - given.low) / width if width else 0.0
        drawn = np.random.default_rng(stream).beta(1 + 4 * share, 5 - 4 * share, draws)
        durations[name] = given.low + width * drawn
    return durations


def widened(estimates: Mapping[str, Input], spread: float) -> dict[str, Input]:
    """Return estimates for others than the one observed: from its least days over `spread` to its most times it.

    The likely value stays. Raises ParameterError for a spread below 1, which would make others more alike than the
    dates of one can tell.
    """
    if spread < 1:
        raise ParameterError(f"A spread of {spread:g} would narrow the range; give 1 or more.")
    more = f"; for others a spread of {spread:g}, assumed" if spread > 1 else ""
    return {
        name: replace(given, low=given.low / spread, high=given.high * spread, basis=f"{given.basis}{more}")
        for name, given in estimates.items()
    }


def times(
    networks: Mapping[str, Sequence[Stage]], cases: Mapping[Any, Mapping[str, Input]], *, draws: int, seed: int
) -> pd.DataFrame:
    """Return the days to market of every network under every case of estimates and every mode.

    One row per pathway (the name of the network), case and mode, in whole days: days (the median of the draws), low and
    high (their tenth and ninetieth percentile), average; expected and deviation by PERT; least and most, where every
    stage takes its shortest or its longest, which no dependence between stages can pass.
    """
    rows = []
    for pathway, case, durations, modes in _runs(networks, cases, draws, seed):
        for mode, stages in modes.items():
            days, planned = duration(stages, durations), pert(stages, cases[case])
            low, middle, high = np.quantile(days, _SHOWN)
            least, most = (
                float(duration(stages, {name: getattr(given, end) for name, given in cases[case].items()}))
                for end in ("low", "high")
            )
            drawn = (middle, low, high, float(np.mean(days)))
            rows.append((pathway, case, mode, *drawn, planned.days, planned.variance**0.5, least, most))
    columns = ["days", "low", "high", "average", "expected", "deviation", "least", "most"]
    return pd.DataFrame(rows, columns=["pathway", "case", "mode", *columns]).round(dict.fromkeys(columns, 0))


def criticality(
    networks: Mapping[str, Sequence[Stage]], cases: Mapping[Any, Mapping[str, Input]], *, draws: int, seed: int
) -> pd.DataFrame:
    """Return how often each stage is critical, in whole percent of the draws: pathway, case, mode, stage, percent.

    A stage that falls away in a mode is there with 0 percent.
    """
    rows = [
        (pathway, case, mode, stage.name, float(np.mean(hits.get(stage.name, False))) * 100)
        for pathway, case, durations, modes in _runs(networks, cases, draws, seed)
        for mode, left in modes.items()
        for hits in [critical(left, durations)]
        for stage in modes["parallel"]
    ]
    return pd.DataFrame(rows, columns=["pathway", "case", "mode", "stage", "percent"]).round({"percent": 0})


def savings(
    networks: Mapping[str, Sequence[Stage]],
    cases: Mapping[Any, Mapping[str, Input]],
    own: Mapping[str, str],
    days: Sequence[float],
    *,
    draws: int,
    seed: int,
) -> pd.DataFrame:
    """Return what a follower saves where all that is done once falls away, by the days that its own work takes.

    `own` names the stage of each pathway that is the follower's own, `days` what it takes. One row per pathway, case
    and value, with the columns own (that value), saved (the median of the draws), low and high (their tenth and
    ninetieth percentile), in whole days.
    """
    rows = []
    for pathway, case, durations, modes in _runs(networks, cases, draws, seed):
        for value in days:
            at = {**durations, own[pathway]: value}
            saved = duration(modes["parallel"], at) - duration(modes["pre-approved"], at)
            low, middle, high = np.quantile(saved, _SHOWN)
            rows.append((pathway, case, float(value), middle, low, high))
    frame = pd.DataFrame(rows, columns=["pathway", "case", "own", "saved", "low", "high"])
    return frame.round({"saved": 0, "low": 0, "high": 0})


def _runs(
    networks: Mapping[str, Sequence[Stage]], cases: Mapping[Any, Mapping[str, Input]], draws: int, seed: int
) -> Iterable[tuple[str, Any, dict[str, np.ndarray], dict[str, tuple[Stage, ...]]]]:
    for case, estimates in cases.items():
        durations = draw(estimates, draws, seed=seed)
        for pathway, stages in networks.items():
            yield pathway, case, durations, by_mode(stages)
