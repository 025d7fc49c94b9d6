"""Names beside the last points of lines, where they cover neither each other nor, if it can be helped, a point."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import altair as alt

from cci.charts.figures import rounded
from cci.charts.sheet import inline

WIDTH = 15  # characters of a line
LINE = 13  # pixels of a line
_LETTER = 6.6  # pixels of a bold letter
_PLOT = 225  # pixels of a picture on a phone, beside its axis and its names
_DX, _DY = 9, 8
# Where a name may stand beside a point inside the picture, in the order of preference: (align, baseline).
_Align = Literal["left", "right"]
_Baseline = Literal["top", "middle", "bottom"]
_SPOTS: tuple[tuple[_Align, _Baseline], ...] = (
    ("left", "middle"),
    ("right", "bottom"),
    ("left", "top"),
    ("left", "bottom"),
    ("right", "top"),
)
_Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class EndLabel:
    """A name to write beside a point: where it is drawn, where that is along the axis (a number), its value."""

    place: str | float
    along: float
    value: float
    name: str

    @property
    def lines(self) -> list[str]:
        return textwrap.wrap(self.name, WIDTH)


@dataclass(frozen=True)
class Plot:
    """The ends of both axes as numbers, and the height in pixels."""

    first: float
    last: float
    low: float
    high: float
    height: int

    def pixels(self, along: float, value: float) -> tuple[float, float]:
        """Return where a point is on a phone, from the top left."""
        across = (along - self.first) / ((self.last - self.first) or 1) * _PLOT
        return across, (self.high - value) / (self.high - self.low) * self.height


def fit(labels: Sequence[EndLabel], *, height: int) -> bool:
    """Return whether names are short and few enough to stand beside their lines."""
    return all(len(label.lines) <= 3 for label in labels) and sum(len(label.lines) for label in labels) * LINE < height


def end_labels(
    labels: Sequence[EndLabel], x: alt.X, y: alt.Y, *, plot: Plot, points: Sequence[tuple[float, float]] = ()
) -> Iterator[alt.Chart]:
    """Yield the layers of the names: in the margin for lines that reach it, else where they cover the fewest points."""
    inside = [label for label in labels if plot.last - label.along > 0.12 * (plot.last - plot.first)]
    margin = sorted((label for label in labels if label not in inside), key=lambda label: (-label.value, label.name))
    rows: list[tuple[_Align, _Baseline, dict[str, object]]] = [
        ("left", "middle", _row(label, plot.high - middle / plot.height * (plot.high - plot.low)))
        for label, middle in zip(margin, _spread(margin, plot), strict=True)
    ]
    taken = [plot.pixels(along, value) for along, value in points]
    boxes: list[_Box] = []
    for label in inside:
        align, baseline, box = _free(label, plot, taken, boxes)
        boxes.append(box)
        rows.append((align, baseline, _row(label, label.value)))
    beside = x.copy()
    beside["shorthand"] = f"when:{'T' if any(isinstance(label.place, str) for label in labels) else 'Q'}"
    for align, baseline in dict.fromkeys((align, baseline) for align, baseline, _ in rows):
        own = [row for *spot, row in rows if spot == [align, baseline]]
        yield (
            alt.Chart(inline(f"labels {align} {baseline}", own))
            .mark_text(
                style="strong",
                align=align,
                baseline=baseline,
                dx=_DX if align == "left" else -_DX,
                dy={"middle": 0, "top": _DY, "bottom": -_DY}[baseline],
                lineHeight=LINE,
            )
            .encode(x=beside, y=y, text=alt.Text("words:N"))
        )


def _row(label: EndLabel, value: float) -> dict[str, object]:
    return {"when": label.place, "value": rounded(value), "words": label.lines}


def _spread(wanted: Sequence[EndLabel], plot: Plot) -> list[float]:
    """The middle of each name in the margin, in pixels from the top: down past the last, then up from the bottom."""
    halves = [len(label.lines) * LINE / 2 for label in wanted]
    middles = [plot.pixels(label.along, label.value)[1] for label in wanted]
    for index in range(1, len(wanted)):
        middles[index] = max(middles[index], middles[index - 1] + halves[index - 1] + halves[index])
    for index in reversed(range(len(wanted))):
        below = middles[index + 1] - halves[index + 1] if index + 1 < len(wanted) else float(plot.height)
        middles[index] = min(middles[index], below - halves[index])
    return middles


def _free(
    label: EndLabel, plot: Plot, taken: Sequence[tuple[float, float]], boxes: Sequence[_Box]
) -> tuple[_Align, _Baseline, _Box]:
    """The spot beside a point whose box covers the fewest points and names and stays in the picture."""
    across, down = plot.pixels(label.along, label.value)
    width, height = max(map(len, label.lines)) * _LETTER, len(label.lines) * LINE
    best: tuple[int, _Align, _Baseline, _Box] | None = None
    for align, baseline in _SPOTS:
        left = across + _DX if align == "left" else across - _DX - width
        top = {"middle": down - height / 2, "top": down + _DY, "bottom": down - _DY - height}[baseline]
        box = (left, left + width, top, top + height)
        covered = sum(box[0] - 4 < px < box[1] + 4 and box[2] - 4 < py < box[3] + 4 for px, py in taken)
        covered += 5 * sum(box[0] < b[1] and b[0] < box[1] and box[2] < b[3] and b[2] < box[3] for b in boxes)
        covered += 5 * (left < 0 or top < 0 or box[3] > plot.height)
        if best is None or covered < best[0]:
            best = (covered, align, baseline, box)
    assert best is not None  # there is at least one spot
    return best[1:]
