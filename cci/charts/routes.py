"""Places and the legs between them on a map: what was printed as a solid line, what was computed as a dashed one.

The land is Natural Earth's at 1:50 million (public domain), as the npm package world-atlas 2.0.2 ships it in
land-50m.json (ISC licence), cut to longitudes 60 to 160 and latitudes -14 to 46, simplified by Douglas and Peucker
with a tolerance of 0.1 degree, islands below 0.06 square degrees left out, rounded to 0.01 degree: `outline.json`.
It has coasts and no borders. Python packages that ship a coast bring geospatial libraries or a copyleft licence along.
"""

from __future__ import annotations

import functools
import importlib.resources
import itertools
import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import altair as alt
import pandas as pd

from cci.charts import alt_text, sheet
from cci.charts.figures import listed
from cci.errors import CCIError

_OUTLINE = (60.0, -14.0, 160.0, 46.0)  # what outline.json covers: west, south, east, north
_PHONE = 322  # pixels across the picture on a narrow phone; labels are placed for it
_WIDEST = 740  # pixels across the picture at most: land is drawn as far as that shows
_LOWEST, _HIGHEST = 240, 470  # pixels of height
_BEYOND = 4  # degrees of latitude
_MARGIN = 0.09  # of the extent, left free on each side for names
_WIDTH_OF_LETTER, _LINE = 6, 14
_DOT = 6
_NEAR = 14  # pixels: a label closer to the line of another leg could be taken for its
_BLOCKED = 1000.0  # what a place for a label costs that cannot be
_DASHES = {"sea": [6, 3], "air": [2, 3]}
_HINTS = {"leg": "Leg", "mode": "Mode", "words": "Distance", "known": "How it is known"}
_COLUMNS = _HINTS | {"placed": "Places after"}
_TOOLTIP = [alt.Tooltip(f"{column}:N", title=heading) for column, heading in _HINTS.items()]
_Align = Literal["left", "center", "right"]


@dataclass(frozen=True)
class _View:
    """The part of the world that is shown, in the coordinates of the Mercator projection (radians)."""

    longitude: float
    latitude: float
    width: float
    height: float

    @property
    def pixels_high(self) -> int:
        return round(min(max(self.height / self.width * _PHONE, _LOWEST), _HIGHEST))

    def scale(self, wide: float) -> float:
        """Pixels to a radian where the picture is `wide` pixels across."""
        return min(wide / self.width, self.pixels_high / self.height)

    def at(self, point: Sequence[float]) -> tuple[float, float]:
        """Pixels of a point of longitude and latitude on a phone, from the upper left."""
        scale = self.scale(_PHONE)
        x, y = _mercator(point)
        middle_x, middle_y = _mercator((self.longitude, self.latitude))
        return _PHONE / 2 + (x - middle_x) * scale, self.pixels_high / 2 - (y - middle_y) * scale


def routes(legs: pd.DataFrame, *, title: str) -> alt.LayerChart:
    """Return a map of legs: solid and straight where a distance was printed, dashed along the path that was computed.

    `legs`: rows of `models.route.table`, whose paths are longitudes and latitudes in degrees. Places are named; a leg
    is named by mode and distance where there is room at phone width, and always in tooltip and table. The map is a
    Mercator projection of the region of the initiative. Raises CCIError for a place outside it.
    """
    if legs.empty:
        return sheet.nothing(legs, kind="routes", title=title, columns=_COLUMNS)
    view = _view(legs)
    made = [
        f"dashes are computed paths ({listed(dict.fromkeys(legs.loc[legs['computed'], 'mode']))}), not observed ones"
        if legs["computed"].any()
        else "",
        "solid lines stand for a printed distance, not for the course of the way" if not legs["computed"].all() else "",
    ]
    told = "; ".join(filter(None, made))
    credited = legs.assign(publisher=legs["publisher"].str.split("; ")).explode("publisher")
    chart = sheet.finish(
        [_land(view), *_lines(legs), *_dots(legs), *_labels(legs, view)],
        credited,
        kind="routes",
        title=title,
        subtitle=f"{told[:1].upper()}{told[1:]}. Coast: Natural Earth.",
        description=_told(legs),
        columns=_COLUMNS,
        height=view.pixels_high,
        table=legs,
    )
    fit = f"min(width / {view.width:.6f}, height / {view.height:.6f})"
    drawn = chart.project(
        type="mercator",
        center=[round(view.longitude, 4), round(view.latitude, 4)],
        scale=alt.expr(fit),
        translate=alt.expr("[width / 2, height / 2]"),
    )
    assert isinstance(drawn, alt.LayerChart)
    return drawn


def _told(legs: pd.DataFrame) -> str:
    ways = "; ".join(f"{row.leg} by {row.mode}, {row.words}, {row.known}" for row in legs.itertuples(index=False))
    places = listed(dict.fromkeys([*legs["origin"], *legs["destination"]]))
    return f"Map of {places} with {alt_text.counting(len(legs), 'leg')}: {ways}."


def _mercator(point: Sequence[float]) -> tuple[float, float]:
    """Longitude and latitude in degrees on the plane of the Mercator projection (Snyder 1987, equations 7-1, 7-2)."""
    longitude, latitude = math.radians(point[0]), math.radians(point[1])
    return longitude, math.log(math.tan(math.pi / 4 + latitude / 2))


def _view(legs: pd.DataFrame) -> _View:
    west, south, east, north = _OUTLINE
    points = [point for path in legs["path"] for point in path]
    for row in legs.to_dict("records"):
        if any(not (west <= x <= east and south <= y <= north) for x, y in row["path"]):
            raise CCIError(
                f"{row['leg']} leaves the map, which reaches from {west:g} to {east:g} degrees of longitude and from "
                f"{south:g} to {north:g} of latitude. Leave it out, or give it a table."
            )
    flat = [_mercator(point) for point in points]
    left, right = min(x for x, _ in flat), max(x for x, _ in flat)
    low, high = min(y for _, y in flat), max(y for _, y in flat)
    across = max(right - left, high - low, 0.05)  # a single place is still a place with some country around it
    margin = across * _MARGIN
    width, height = max(right - left, across * 0.72) + 2 * margin, max(high - low, across * 0.5) + 2 * margin
    return _View(math.degrees((left + right) / 2), _latitude((low + high) / 2), width, height)


def _latitude(y: float) -> float:
    """The latitude in degrees of a height on the plane (Snyder 1987, equation 7-4)."""
    return math.degrees(2 * math.atan(math.exp(y)) - math.pi / 2)


@functools.cache
def _outline() -> list[list[list[list[float]]]]:
    text = importlib.resources.files("cci.charts").joinpath("outline.json").read_text(encoding="utf-8")
    polygons: list[list[list[list[float]]]] = json.loads(text)["coordinates"]
    return polygons


def _land(view: _View) -> alt.Chart:
    """The land as far as the widest picture shows it."""
    x, y = _mercator((view.longitude, view.latitude))
    wide, high = _WIDEST / view.scale(_WIDEST) / 2, view.pixels_high / view.scale(_PHONE) / 2
    south, north = (_latitude(edge) for edge in (y - high, y + high))
    west, east = math.degrees(x - wide), math.degrees(x + wide)
    # Vega draws the cut edge as a great circle, which leaves its parallel: the cut lies outside the picture.
    box = (west - 1, south - _BEYOND, east + 1, north + _BEYOND)
    shown = [cut for polygon in _outline() if (cut := _cut(polygon, box))]
    # As a text it is one line of a notebook, not one a number.
    text = json.dumps([{"type": "MultiPolygon", "coordinates": shown}], separators=(",", ":"))
    land = alt.InlineData(values=text, name="land", format=alt.JsonDataFormat(type="json"))
    return alt.Chart(land).mark_geoshape(style="land", clip=True)


def _cut(polygon: list[list[list[float]]], box: tuple[float, float, float, float]) -> list[list[list[float]]]:
    """The rings of a polygon inside a box of degrees (Sutherland and Hodgman 1974), to 0.01 degree."""
    kept = []
    for ring in polygon:
        points = ring[:-1]
        for axis, edge, sign in ((0, box[0], 1), (1, box[1], 1), (0, box[2], -1), (1, box[3], -1)):
            points = list(_cut_at(points, axis, edge, sign))
        if points:
            kept.append([[round(x, 2) + 0.0, round(y, 2) + 0.0] for x, y in [*points, points[0]]])
    return kept


def _cut_at(points: list[list[float]], axis: int, edge: float, sign: int) -> Iterator[list[float]]:
    for before, point in zip(points[-1:] + points[:-1], points, strict=True):
        inside, was_inside = (sign * (p[axis] - edge) >= 0 for p in (point, before))
        if inside != was_inside:
            share = (edge - before[axis]) / (point[axis] - before[axis])
            yield [before[i] + share * (point[i] - before[i]) for i in (0, 1)]
        if inside:
            yield point


def _lines(legs: pd.DataFrame) -> Iterator[alt.Chart]:
    styles = [(False, "figure", [1, 0])] + [(True, "scenario", dash) for dash in _DASHES.values()]
    modes = [None, *_DASHES]
    for (computed, style, dash), mode in zip(styles, modes, strict=True):
        rows = [
            {
                "type": "LineString",
                "coordinates": [[round(x, 2), round(y, 2)] for x, y in row["path"]],
                **{column: row[column] for column in _HINTS},
            }
            for row in legs.to_dict("records")
            if row["computed"] == computed and (mode is None or row["mode"] == mode)
        ]
        if rows:
            name = f"legs {mode or 'printed'}"
            base = alt.Chart(sheet.inline(name, rows)).encode(tooltip=_TOOLTIP)
            # The page colours a style by `color`, which a shape takes for its inside: the outline is asked for here.
            yield base.mark_geoshape(style=style, filled=False, strokeWidth=2.2, strokeDash=dash)


def _places(legs: pd.DataFrame) -> dict[str, Sequence[float]]:
    ends = [(row["origin"], row["path"][0]) for row in legs.to_dict("records")]
    ends += [(row["destination"], row["path"][-1]) for row in legs.to_dict("records")]
    return dict(reversed(ends))


def _dots(legs: pd.DataFrame) -> Iterator[alt.Chart]:
    rows = [{"longitude": round(x, 3), "latitude": round(y, 3), "name": name} for name, (x, y) in _places(legs).items()]
    base = alt.Chart(sheet.inline("places", rows)).encode(
        longitude=alt.Longitude("longitude:Q"), latitude=alt.Latitude("latitude:Q")
    )
    yield base.mark_circle(style="preferred", size=46, opacity=1).encode(tooltip=alt.Tooltip("name:N", title="Place"))


def _labels(legs: pd.DataFrame, view: _View) -> Iterator[alt.Chart]:
    """Names of places first, then legs where there is room: each beside its point, on a halo of the page."""
    places = _places(legs)
    taken = [(x - _DOT, x + _DOT, y - _DOT, y + _DOT) for x, y in map(view.at, places.values())]
    lines = [[view.at(point) for point in _dense(path)] for path in legs["path"]]
    wanted: list[tuple[str, Sequence[Sequence[float]], int | None]] = [
        (name, [at], None) for name, at in places.items()
    ]
    wanted += [(_short(row), _waypoints(row["path"]), leg) for leg, row in enumerate(legs.to_dict("records"))]
    placed: dict[tuple[bool, _Align, int, int], list[dict[str, Any]]] = {}
    for words, points, leg in wanted:
        # The first of the cheapest: candidates come in the order of preference.
        cost, point, shift, box = min(
            (
                (_cost(box, taken, lines, leg), point, shift, box)
                for point, shift, box in _candidates(words, points, view)
            ),
            key=lambda found: found[0],
        )
        if cost < _BLOCKED or leg is None:
            taken.append(box)
            row = {"longitude": round(point[0], 3), "latitude": round(point[1], 3), "words": words}
            placed.setdefault((leg is None, *shift), []).append(row)
    for (strong, align, dx, dy), rows in placed.items():
        base = alt.Chart(sheet.inline(f"{'names' if strong else 'lengths'} {align} {dx} {dy}", rows)).encode(
            longitude=alt.Longitude("longitude:Q"), latitude=alt.Latitude("latitude:Q"), text=alt.Text("words:N")
        )
        weight: dict[str, Any] = {} if strong else {"fontWeight": "normal", "fontSize": 11}
        for style in ("halo", "strong" if strong else "label"):
            yield base.mark_text(style=style, align=align, baseline="middle", dx=dx, dy=dy, **weight)


def _candidates(
    words: str, points: Sequence[Sequence[float]], view: _View
) -> Iterator[tuple[Sequence[float], tuple[_Align, int, int], tuple[float, float, float, float]]]:
    shifts: tuple[tuple[_Align, int, int], ...] = (
        ("left", 9, 0),
        ("right", -9, 0),
        ("center", 0, -15),
        ("center", 0, 15),
    )
    for point in points:
        for shift in shifts:
            yield point, shift, _box(words, view.at(point), *shift)


def _box(words: str, at: tuple[float, float], align: _Align, dx: int, dy: int) -> tuple[float, float, float, float]:
    width = len(words) * _WIDTH_OF_LETTER
    left = at[0] + dx - {"left": 0.0, "center": width / 2, "right": width}[align]
    return left, left + width, at[1] + dy - _LINE / 2, at[1] + dy + _LINE / 2


def _cost(
    box: tuple[float, float, float, float],
    taken: Sequence[tuple[float, float, float, float]],
    lines: Sequence[Sequence[tuple[float, float]]],
    leg: int | None,
) -> float:
    """What a place for a label costs: over the edge or on another label it is blocked, on or near a line it is poor."""
    left, right, top, bottom = box
    over = left < 0 or right > _PHONE
    hit = any(left < other[1] and other[0] < right and top < other[3] and other[2] < bottom for other in taken)
    cost = _BLOCKED * (over or hit)
    for number, line in enumerate(lines):
        near = _NEAR if leg not in (None, number) else 0
        cost += sum(left - 2 < x < right + 2 and top - 1 < y < bottom + 1 for x, y in line)
        cost += sum(left - near < x < right + near and top - near < y < bottom + near for x, y in line) / 2
    return cost


def _dense(path: Sequence[Sequence[float]]) -> Iterator[tuple[float, float]]:
    """Points along a line, close enough to see which labels it crosses."""
    for (x1, y1), (x2, y2) in itertools.pairwise(path):
        parts = max(int(math.hypot(x2 - x1, y2 - y1) / 0.4), 1)
        for part in range(parts + 1):
            yield x1 + (x2 - x1) * part / parts, y1 + (y2 - y1) * part / parts


def _waypoints(path: Sequence[Sequence[float]]) -> list[tuple[float, float]]:
    """Points of a line where its label may stand: the middle first, then to both sides of it."""
    line = list(_dense(path))
    return [line[round(share * (len(line) - 1))] for share in (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.9)]


def _short(row: dict[str, Any]) -> str:
    low, high = round(row["low"]), round(row["high"])
    return f"{row['mode']} {low:,} km" if low == high else f"{row['mode']} {low:,}–{high:,} km"
