"""How far it is between places: on a great circle, along the lanes of ships, or as somebody printed it.

Coordinates are longitude and latitude in degrees (WGS 84), distances kilometres. Ports stand where searoute's list puts
them (by UN/LOCODE), airports where airportsdata does (by IATA code); no coordinate is typed here. A computed path is
the shortest on its network and not what a ship or an aircraft covered.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from cci.errors import ParameterError, UnknownName
from cci.models.inputs import Input
from cci.record.intervals import Interval
from cci.record.wording import interval_words

# The mean radius (2a + b) / 3 of the Geodetic Reference System 1980 (Moritz 2000, Journal of Geodesy 74, table 2). On a
# sphere of it a distance differs from that on the ellipsoid by at most 0.6 %.
EARTH_RADIUS_KM = 6371.0088
_LANDING_KM = 100.0  # no quay of a sea port lies farther from the lanes; Chongqing lies hundreds of km away
_SAID = ("leg", "origin", "destination", "placed", "mode", "km", "low", "high", "words", "known")
COLUMNS = (*_SAID, "computed", "path", "publisher", "source_ids")
Point = tuple[float, float]


@dataclass(frozen=True)
class Place:
    """A place on the map: its name, its coordinates in degrees, and who puts it there."""

    name: str
    longitude: float
    latitude: float
    known: str

    def __post_init__(self) -> None:
        if not (abs(self.longitude) <= 180 and abs(self.latitude) <= 90):
            raise ParameterError(
                f"{self.name} at longitude {self.longitude:g}, latitude {self.latitude:g} is not on Earth."
            )

    @property
    def point(self) -> Point:
        """Longitude and latitude in degrees."""
        return self.longitude, self.latitude


@dataclass(frozen=True)
class Leg:
    """A way from one place to another: its mode, its length between `low` and `high` km, its line, and its ground."""

    origin: Place
    destination: Place
    mode: str
    km: float
    low: float
    high: float
    path: tuple[Point, ...]
    known: str
    computed: bool
    publishers: tuple[str, ...]
    source_ids: tuple[str, ...] = ()


def port(code: str) -> Place:
    """Return a sea or river port by its UN/LOCODE (`CNQZH`), as searoute's list has it. Raises UnknownName."""
    listed = _ports()
    if code not in listed:
        raise UnknownName("port", code, listed)
    name, longitude, latitude = listed[code]
    return Place(name, longitude, latitude, f"{code} (searoute)")


def airport(code: str) -> Place:
    """Return an airport under the name of its city by its IATA code (`CKG`), as airportsdata has it.

    Raises UnknownName.
    """
    listed = _airports()
    if code not in listed:
        raise UnknownName("airport", code, listed)
    row = listed[code]
    return Place(row["city"], row["lon"], row["lat"], f"{code} (airportsdata)")


def great_circle_km(longitude: Any, latitude: Any, to_longitude: Any, to_latitude: Any) -> Any:
    """Return the distance on a sphere in km, by the haversine formula (Sinnott 1984, Sky and Telescope 68, page 159).

    Degrees; an array in any place gives an array. Nought for one point, the same in both directions.
    """
    a, b, c, d = (
        np.radians(np.asarray(angle, dtype="float64")) for angle in (longitude, latitude, to_longitude, to_latitude)
    )
    half = np.sin((d - b) / 2) ** 2 + np.cos(b) * np.cos(d) * np.sin((c - a) / 2) ** 2
    # Rounding may lift the haversine of antipodes above one.
    km = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(half, 1.0)))
    return float(km) if np.ndim(km) == 0 else km


def length_km(path: Sequence[Point]) -> float:
    """Return the length in km of a line through points of longitude and latitude, great circles between them."""
    line = np.asarray(path, dtype="float64")
    return float(np.sum(great_circle_km(line[:-1, 0], line[:-1, 1], line[1:, 0], line[1:, 1])))


def air(origin: Place, destination: Place, *, every_km: float = 250.0) -> Leg:
    """Return the great circle between two places, the floor under every flight; with points at most `every_km` apart.

    The points divide the arc evenly (spherical linear interpolation, Shoemake 1985); longitudes stay in -180..180.
    """
    km = great_circle_km(*origin.point, *destination.point)
    if every_km <= 0:
        raise ParameterError(f"Points {every_km:g} km apart draw no line; give a distance above zero.")
    angle = km / EARTH_RADIUS_KM
    if np.pi - angle < 1e-9:
        raise ParameterError(f"{origin.name} and {destination.name} lie opposite: no great circle is the shortest.")
    parts = max(int(np.ceil(km / every_km)), 1)
    share = np.linspace(0.0, 1.0, parts + 1)[:, None]
    start, stop = _vector(origin.point), _vector(destination.point)
    line = (np.sin((1 - share) * angle) * start + np.sin(share * angle) * stop) / (np.sin(angle) or 1.0)
    longitudes = np.degrees(np.arctan2(line[1:-1, 1], line[1:-1, 0]))
    latitudes = np.degrees(np.arcsin(line[1:-1, 2].clip(-1, 1)))
    path = (origin.point, *zip(longitudes.tolist(), latitudes.tolist(), strict=True), destination.point)
    return _computed(origin, destination, "air", path, by="great circle", credit="great circles between listed places")


def sea(origin: Place, destination: Place) -> Leg:
    """Return the shortest way along the lanes of ships that searoute knows, with straight ends from and to the ports.

    The lanes are a network made for maps, coarse near coasts; on long ways the result is within some per cent of
    printed distances (tests/test_route.py). Raises ParameterError for a place far from every lane: searoute itself
    would begin at the nearest sea.
    """
    import searoute  # 0.1 s: only for who sails

    lane: list[Point] = []
    if origin.point != destination.point:
        found = searoute.searoute(list(origin.point), list(destination.point), units="km")
        lane = [(float(longitude), float(latitude)) for longitude, latitude in found.geometry["coordinates"]]
        for place, reached in ((origin, lane[0]), (destination, lane[-1])):
            away = great_circle_km(*place.point, *reached)
            if away > _LANDING_KM:
                raise ParameterError(
                    f"{place.name} lies {away:,.0f} km from the nearest lane of ships. Give a port on the sea."
                )
    path = (origin.point, *lane, destination.point)
    return _computed(origin, destination, "sea", path, by="searoute", credit="searoute (sea lanes)")


def land(origin: Place, destination: Place, *, mode: str, distance: Input) -> Leg:
    """Return a way whose length others printed (`distance`, in km), drawn as a straight line for want of its course.

    `mode` is a word for the reader (rail, road, river). Raises ParameterError for a distance in another unit, and for
    one of which even the upper end is shorter than the great circle.
    """
    if distance.unit != "km":
        raise ParameterError(f"{distance.words} is in {distance.unit}; give a distance in km.")
    floor = great_circle_km(*origin.point, *destination.point)
    if distance.high < floor:
        raise ParameterError(
            f"{distance.words}, {distance.high:,.0f} km, is shorter than the great circle from {origin.name} to "
            f"{destination.name}, {floor:,.0f} km. Check which places the figure is about."
        )
    known = f"printed by {'; '.join(distance.publishers)}" if distance.publishers else distance.basis
    ends = (origin.point, destination.point)
    numbers = (distance.value, distance.low, distance.high)
    return Leg(origin, destination, mode, *numbers, ends, known, False, distance.publishers, distance.source_ids)


def total(*legs: Leg) -> Interval:
    """Return the length in km of legs one after another, between the sums of their ends."""
    return Interval(sum(leg.low for leg in legs), sum(leg.high for leg in legs))


def table(*legs: Leg) -> pd.DataFrame:
    """Return one row per leg for `charts.routes` and `charts.table`: COLUMNS.

    `leg` and `words` are for reading, `placed` says after whom its ends stand where they do, `known` how the length is
    known; `path` is a tuple of points.
    """
    rows = [
        (
            f"{leg.origin.name} to {leg.destination.name}",
            leg.origin.name,
            leg.destination.name,
            f"{leg.origin.known}; {leg.destination.known}",
            leg.mode,
            leg.km,
            leg.low,
            leg.high,
            length_words(Interval(leg.low, leg.high)),
            leg.known,
            leg.computed,
            leg.path,
            "; ".join(leg.publishers),
            leg.source_ids,
        )
        for leg in legs
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def length_words(km: Interval) -> str:
    """Return a length in words, to the kilometre: `2,508 km`, or `between 1,200 and 1,450 km`."""
    return interval_words(Interval(float(round(km.low)), float(round(km.high))), "km")


def _computed(origin: Place, destination: Place, mode: str, path: tuple[Point, ...], *, by: str, credit: str) -> Leg:
    km = length_km(path)
    return Leg(origin, destination, mode, km, km, km, path, f"computed: {by}", True, (credit,))


def _vector(point: Point) -> np.ndarray:
    """Return the unit vector of a point on the sphere."""
    longitude, latitude = np.radians(point)
    return np.array([np.cos(latitude) * np.cos(longitude), np.cos(latitude) * np.sin(longitude), np.sin(latitude)])


@functools.cache
def _ports() -> dict[str, tuple[str, float, float]]:
    import searoute

    return {row["port"]: (row["name"], row["x"], row["y"]) for _, row in searoute.setup_P().nodes(data=True)}


@functools.cache
def _airports() -> dict[str, Any]:
    import airportsdata

    return airportsdata.load("IATA")
