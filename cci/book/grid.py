"""Which sets of parameters a sweep runs a chapter with: every combination of given values, or draws from ranges.

All of it is checked against what the chapter declares before anything is run, and nothing is laid out in full before
it is needed: a grid of a million sets is known by its size.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from cci.book import chapters as book_chapters
from cci.book import normalise, yamlfile
from cci.book.parameters import Parameter, Value, check, declared, pairs
from cci.errors import ParameterError

Method = Literal["random", "lhs"]
DIGITS = 6  # significant, of a drawn number: enough for any model here, and short enough to read and to type again
MOST_DRAWS = 1_000_000  # drawn at once, in memory


@dataclass(frozen=True)
class Grid:
    """Sets of parameters for one chapter: each combination of `values` with each of `drawn`."""

    chapter: str
    values: Mapping[str, tuple[Value, ...]]
    drawn: tuple[Mapping[str, Value], ...] = ({},)

    def __len__(self) -> int:
        return math.prod(map(len, self.values.values())) * len(self.drawn)

    def __iter__(self) -> Iterator[dict[str, Value]]:
        """Yield the parameters that are given; the others keep their defaults. The last name varies fastest."""
        for combination in itertools.product(*self.values.values()):
            for drawn in self.drawn:
                yield dict(zip(self.values, combination, strict=True)) | dict(drawn)

    @property
    def names(self) -> list[str]:
        """The parameters that it sets."""
        return [*self.values, *self.drawn[0]]


def grid(
    chapter: str,
    values: Mapping[str, Sequence[object]] | None = None,
    *,
    ranges: Mapping[str, tuple[str, str]] | None = None,
    draws: int = 0,
    method: Method = "lhs",
    seed: int = 0,
    book: Path | None = None,
) -> Grid:
    """Return the grid of a chapter, checked: `values` by parameter, and `draws` sets from `ranges` (both ends in).

    `method` is random, each number for itself, or lhs: one draw in each of `draws` equal slices of every range (McKay,
    Beckman and Conover 1979, by scipy). Whole numbers are drawn evenly, others rounded to 6 significant digits.
    Raises UnknownName for the chapter and ParameterError with every problem.
    """
    book = book or book_chapters.root()
    (name,) = book_chapters.chosen([chapter], book)
    path = book_chapters.path(name, book)
    known = {p.name: p for p in declared(normalise.read(path), where=book_chapters.shown(path, book))}
    values, ranges = values or {}, ranges or {}
    problems: list[str] = []
    checked = {key: tuple(_each(key, given, known, name, problems)) for key, given in values.items()}
    ends = {key: tuple(_each(key, given, known, name, problems)) for key, given in ranges.items()}
    problems += [f"{name}: {key} has both values and a range; give one" for key in ranges if key in values]
    problems += [fault for key in ranges if key in known and (fault := _range_fault(known[key], ends[key]))]
    if bool(ranges) != bool(draws) or not 0 <= draws <= MOST_DRAWS:
        problems.append(
            f"draws and ranges go together: --draws 100 --range name=low,high (at most {MOST_DRAWS:,} draws)"
        )
    if not values and not ranges:
        problems.append(f"a sweep needs something to vary: --grid name=value,value; {name} takes {', '.join(known)}")
    if problems:
        raise ParameterError("\n".join(problems))
    return Grid(name, checked, _drawn([known[key] for key in ends], ends, draws, method, seed) if draws else ({},))


def listed(texts: Iterable[str]) -> dict[str, list[str]]:
    """Return `name=value,value` texts of a command line by name. Raises ParameterError."""
    return {name: [value.strip() for value in given.split(",")] for name, given in pairs(texts).items()}


def bounds(texts: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Return `name=low,high` texts of a command line by name. Raises ParameterError."""
    given = listed(texts)
    if wrong := [name for name, ends in given.items() if len(ends) != 2]:
        raise ParameterError(
            "\n".join(f"the range of {name} needs two ends: --range {name}=low,high" for name in wrong)
        )
    return {name: (low, high) for name, (low, high) in given.items()}


def from_file(path: Path) -> dict[str, list[Any]]:
    """Return the values by parameter that a YAML file gives as `name: [value, value]`. Raises ParameterError."""
    read = yamlfile.plain(path)
    if not isinstance(read, dict) or not all(isinstance(values, list) for values in read.values()):
        raise ParameterError(f"{path} holds no grid; write a line for each parameter, as in tenor: [1, 3, 10]")
    return {str(name): values for name, values in read.items()}


def _each(
    name: str, given: Sequence[object], known: Mapping[str, Parameter], where: str, problems: list[str]
) -> Iterator[Value]:
    """Each given value as the chapter takes it, once; what it does not take goes to `problems`."""
    seen: list[Value] = []
    if not given:
        problems.append(f"{where}: {name} is given no value")
    for one in given:
        try:
            value = check(known.values(), {name: one}, where=where)[name]
        except ParameterError as problem:
            problems.append(str(problem))
            if name not in known:
                return  # said once
            continue
        if value not in seen or type(value) is not type(seen[seen.index(value)]):
            seen.append(value)
            yield value


def _range_fault(parameter: Parameter, ends: tuple[Value, ...]) -> str:
    if parameter.kind not in ("int", "float"):
        return f"{parameter.name} is no number and has no range; name its values: --grid {parameter.name}=…"
    if len(ends) == 2 and None not in ends and ends[0] < ends[1]:  # type: ignore[operator]
        return ""
    return f"the range of {parameter.name} needs a low end and a higher one: --range {parameter.name}=low,high"


def _drawn(
    parameters: Sequence[Parameter], ends: Mapping[str, tuple[Value, ...]], draws: int, method: Method, seed: int
) -> tuple[Mapping[str, Value], ...]:
    import numpy as np
    from scipy.stats import qmc

    size = len(parameters)
    unit = (
        qmc.LatinHypercube(d=size, rng=seed).random(draws)
        if method == "lhs"
        else np.random.default_rng(seed).random((draws, size))
    )
    return tuple(
        {p.name: _at(p, float(share), ends[p.name]) for p, share in zip(parameters, row, strict=True)} for row in unit
    )


def _at(parameter: Parameter, share: float, ends: tuple[Value, ...]) -> Value:
    """The value at a share (0 to 1, without 1) of a range."""
    low, high = float(ends[0]), float(ends[1])  # type: ignore[arg-type]
    if parameter.kind == "int":
        return int(low) + math.floor(share * (int(high) - int(low) + 1))
    # Rounding must not lead out of the range.
    return min(max(float(f"{low + share * (high - low):.{DIGITS}g}"), low), high)
