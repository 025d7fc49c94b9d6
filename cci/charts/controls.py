"""Controls on the page that choose among states a notebook computed: never a value in between, the default marked."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from cci.charts.cells import plain
from cci.charts.figures import listed
from cci.errors import CCIError

_A_SLIDER_FROM = 5  # so many values, evenly spaced; fewer are quicker to choose from a list


@dataclass(frozen=True)
class Control:
    """One column of a grid that the reader may change: its name in words, its values in order, its default."""

    column: str
    words: str
    values: tuple[Any, ...]
    default: Any

    @property
    def start(self) -> int:
        """The position of the default among the values."""
        return self.values.index(self.default)

    @property
    def step(self) -> float | None:
        """The distance between the values where a slider can serve, else None."""
        if len(self.values) < _A_SLIDER_FROM or not all(isinstance(value, int | float) for value in self.values):
            return None
        step = (self.values[-1] - self.values[0]) / (len(self.values) - 1)
        even = all(abs(value - self.values[0] - k * step) < step / 1000 for k, value in enumerate(self.values))
        return float(f"{step:.9g}") if even else None


def controls_of(frame: pd.DataFrame, defaults: Mapping[str, Any], words: Mapping[str, str]) -> list[Control]:
    """Return the controls over columns of a frame that holds every combination of their values.

    Raises CCIError for a column that is missing, a default that was not computed, and a combination without a row.
    """
    found = []
    for column, default in defaults.items():
        if column not in frame:
            raise CCIError(f"No column {column!r} to control. The frame has {listed(map(str, frame.columns))}.")
        values = [value.item() if hasattr(value, "item") else value for value in frame[column].drop_duplicates()]
        if all(isinstance(value, int | float) for value in values):
            values.sort()
        if default not in values:
            raise CCIError(f"{default!r} of {column!r} was not computed; choose among {listed(map(plain, values))}.")
        found.append(Control(column, words.get(column, column.replace("_", " ")), tuple(values), default))
    for point in itertools.product(*(control.values for control in found)):
        if _at(frame, found, point).empty:
            raise CCIError(f"Nothing was computed for {told(found, point)}; give every combination of the controls.")
    return found


def default_state(frame: pd.DataFrame, controls: Sequence[Control]) -> pd.DataFrame:
    """Return the rows at the defaults, which the static picture, the alt text and the table show."""
    return _at(frame, controls, [control.default for control in controls])


def told(controls: Sequence[Control], point: Sequence[Any]) -> str:
    """Return a state in words: value of time: 20; cargo value: 50,000."""
    return "; ".join(f"{control.words}: {plain(value)}" for control, value in zip(controls, point, strict=True))


def switched(
    frame: pd.DataFrame, controls: Sequence[Control], draw: Callable[[pd.DataFrame], Sequence[alt.Chart]]
) -> tuple[list[alt.Chart], dict[str, list[dict[str, Any]]]]:
    """Return the layers of all states as one set, of which the controls show those of one state, and their data.

    `draw` gives the layers of the rows of a state. Layers of the same data name and place are one; data of the same
    name are one set of rows, that of every state.
    """
    if not controls:
        return list(draw(frame)), {}
    layers: dict[tuple[str, int], alt.Chart] = {}
    data: dict[str, list[dict[str, Any]]] = {}
    for state, point in enumerate(itertools.product(*(control.values for control in controls))):
        times: Counter[str] = Counter()
        for layer in draw(_at(frame, controls, point)):
            name = layer.data.name
            layers.setdefault((name, times[name]), layer)
            if not times[name]:
                data.setdefault(name, []).extend(row | {"state": state} for row in layer.data.values)
            times[name] += 1
    shown = f"datum.state == {_chosen(controls)}"
    return [
        layer.properties(data=alt.NamedData(name)).transform_filter(shown) for (name, _), layer in layers.items()
    ], data


def parameters(controls: Sequence[Control]) -> list[alt.VariableParameter]:
    """Return the parameters that a page shows as sliders and lists below the picture."""
    made = []
    for number, control in enumerate(controls):
        default = plain(control.default)
        if control.step:
            bind = {"input": "range", "min": control.values[0], "max": control.values[-1], "step": control.step}
            made.append(_parameter(number, control.default, bind, f"{control.words} (default {default})"))
        else:
            labels = [plain(value) + (" (default)" if value == control.default else "") for value in control.values]
            bind = {"input": "select", "options": list(range(len(labels))), "labels": labels}
            made.append(_parameter(number, control.start, bind, control.words))
    return made


def _at(frame: pd.DataFrame, controls: Sequence[Control], point: Sequence[Any]) -> pd.DataFrame:
    for control, value in zip(controls, point, strict=True):
        frame = frame[frame[control.column] == value]
    return frame


def _parameter(number: int, value: Any, bind: Mapping[str, Any], name: str) -> alt.VariableParameter:
    words = name[:1].upper() + name[1:]
    return alt.VariableParameter(name=f"control_{number}", value=value, bind={**bind, "name": words})


def _chosen(controls: Sequence[Control]) -> str:
    """The number of the state that is chosen, as an expression; a slider's value is counted in steps from its end."""
    number = "0"
    for position, control in enumerate(controls):
        name = f"control_{position}"
        place = f"round(({name} - {control.values[0]}) / {control.step})" if control.step else name
        number = f"({number} * {len(control.values)} + {place})" if position else place
    return number
