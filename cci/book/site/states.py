"""All states of a chart with controls, as rows: read back from the specification, which holds every one it can show.

The table on the page shows the default state alone; what a reader downloads must hold what the controls can reach.
"""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

_DEFAULT = re.compile(r" \(default[^()]*\)$")

Table = tuple[list[str], list[list[Any]]]


def all_states(spec: Mapping[str, Any]) -> Table | None:
    """Return headings and rows of every computed state, each row led by the values of the controls.

    None for a chart without controls, and for one whose drawing does not hold the columns of its table.
    """
    controls = [_values(param) for param in spec.get("params", ()) if "bind" in param]
    if not controls:
        return None
    headings = [column["label"] for column in spec["usermeta"]["cci"]["table"]["columns"]]
    by_state: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for data in spec.get("datasets", {}).values():
        for row in data:
            if "state" in row:
                by_state[row["state"]].append(row)
    rows = []
    for state, point in enumerate(itertools.product(*(values for _, values in controls))):
        marks = by_state[state]
        drawn = _curves(marks) if any("series" in mark for mark in marks) else _bars(marks, len(headings))
        rows += [[*point, *row] for row in drawn]
    if any(len(row) != len(controls) + len(headings) for row in rows):
        return None
    return [*(name for name, _ in controls), *headings], rows


def _values(param: Mapping[str, Any]) -> tuple[str, list[Any]]:
    """The name of a control and its values, in the order in which states count them."""
    bind = param["bind"]
    if bind["input"] == "range":
        steps = round((bind["max"] - bind["min"]) / bind["step"])
        values: list[Any] = [float(f"{bind['min'] + step * bind['step']:.12g}") for step in range(steps + 1)]
    else:
        values = [_DEFAULT.sub("", label) for label in bind["labels"]]
    return _DEFAULT.sub("", bind["name"]), values


def _curves(marks: Sequence[Mapping[str, Any]]) -> list[list[Any]]:
    """The points of curves: the name of the curve where it has one, value, place, and the ends of the band."""
    points = [mark for mark in marks if "series" in mark]
    named = any(point["series"] for point in points)
    return [
        [
            *([point["series"]] if named else []),
            point["value"],
            point["x"],
            *([point["low"], point["high"]] if "low" in point else []),
        ]
        for point in points
    ]


def _bars(marks: Sequence[Mapping[str, Any]], columns: int) -> list[list[Any]]:
    """One row per bar: its name (the only words on several lines), its value and, where there is a range, both ends."""
    heads = sorted((mark for mark in marks if isinstance(mark.get("words"), list)), key=lambda mark: mark["y"])
    rows = []
    for head, below in itertools.zip_longest(heads, heads[1:]):
        own = [mark for mark in marks if head["y"] < mark["y"] < (below["y"] if below else float("inf"))]
        value = next((mark["value"] for mark in own if "mark" in mark), None)
        span = next((mark for mark in own if "low" in mark), {"low": value, "high": value})  # no bar for a range of one
        name = " ".join(head["words"]).replace("\N{NO-BREAK SPACE}", " ")
        rows.append([name, value, span["low"], span["high"]][:columns])
    return rows
