"""Distances on the sphere and along lanes of ships: against printed ones, an ellipsoid, and what any distance obeys."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cci.errors import ParameterError, UnknownName
from cci.models import inputs, route

CHONGQING = route.airport("CKG")
SINGAPORE = route.airport("SIN")
POINT = st.tuples(st.floats(-180, 180), st.floats(-90, 90))


def vincenty_km(a, b):
    """The inverse formula of Vincenty 1975 on the WGS 84 ellipsoid, written out here as a second opinion."""
    major, flat = 6378.137, 1 / 298.257223563
    minor = major * (1 - flat)
    span = math.radians(b[0] - a[0])
    u1, u2 = (math.atan((1 - flat) * math.tan(math.radians(point[1]))) for point in (a, b))
    lam, before = span, math.inf
    while abs(lam - before) > 1e-12:
        cross = math.cos(u2) * math.sin(lam)
        along = math.cos(u1) * math.sin(u2) - math.sin(u1) * math.cos(u2) * math.cos(lam)
        sin_s = math.hypot(cross, along)
        cos_s = math.sin(u1) * math.sin(u2) + math.cos(u1) * math.cos(u2) * math.cos(lam)
        sigma = math.atan2(sin_s, cos_s)
        sin_a = math.cos(u1) * math.cos(u2) * math.sin(lam) / sin_s
        cos2 = 1 - sin_a**2
        cos_m = cos_s - 2 * math.sin(u1) * math.sin(u2) / cos2 if cos2 else 0.0
        c = flat / 16 * cos2 * (4 + flat * (4 - 3 * cos2))
        turn = sigma + c * sin_s * (cos_m + c * cos_s * (2 * cos_m**2 - 1))
        before, lam = lam, span + (1 - c) * flat * sin_a * turn
    squared = cos2 * (major**2 - minor**2) / minor**2
    big_a = 1 + squared / 16384 * (4096 + squared * (squared * (320 - 175 * squared) - 768))
    big_b = squared / 1024 * (256 + squared * (squared * (74 - 47 * squared) - 128))
    last = big_b / 6 * cos_m * (4 * sin_s**2 - 3) * (4 * cos_m**2 - 3)
    bent = big_b * sin_s * (cos_m + big_b / 4 * (cos_s * (2 * cos_m**2 - 1) - last))
    return minor * big_a * (sigma - bent)


def test_a_quarter_of_a_meridian_is_a_quarter_of_a_circle():
    assert route.great_circle_km(0, 0, 0, 90) == pytest.approx(math.pi / 2 * 6371.0088)
    assert route.great_circle_km(0, 0, 180, 0) == pytest.approx(math.pi * 6371.0088)


def test_the_sphere_agrees_with_the_ellipsoid_within_six_thousandths():
    km = route.great_circle_km(*CHONGQING.point, *SINGAPORE.point)
    assert km == pytest.approx(vincenty_km(CHONGQING.point, SINGAPORE.point), rel=0.006)


@given(POINT, POINT)
def test_the_haversine_agrees_with_the_angle_between_two_vectors(a, b):
    """Along a way that shares no formula with the haversine: the chord through the sphere."""

    def vector(point):
        longitude, latitude = map(math.radians, point)
        across = math.cos(latitude)
        return np.array([across * math.cos(longitude), across * math.sin(longitude), math.sin(latitude)])

    chord = float(np.linalg.norm(vector(a) - vector(b)))
    expected = 2 * math.asin(min(chord / 2, 1.0)) * 6371.0088
    assert route.great_circle_km(*a, *b) == pytest.approx(expected, abs=0.5)


@given(POINT, POINT, POINT)
def test_a_great_circle_is_a_distance(a, b, c):
    ab, bc, ac = (route.great_circle_km(*x, *y) for x, y in ((a, b), (b, c), (a, c)))
    assert route.great_circle_km(*a, *a) == 0
    assert ab == pytest.approx(route.great_circle_km(*b, *a))
    assert ac <= ab + bc + 1e-3
    assert 0 <= ab <= math.pi * 6371.0088 + 1e-6


def test_an_array_gives_an_array():
    found = route.great_circle_km(np.array([0.0, 90.0]), 0.0, 0.0, 0.0)
    assert found == pytest.approx([0, math.pi / 2 * 6371.0088])


# A port distance as printed, in nautical miles, and by whom.
PRINTED = [
    ("CNSHA", "NLRTM", 10_600),  # Port Economics, Management and Policy, "Routing Options between Shanghai, Rotterdam…"
    ("USNYC", "LKCMB", 8_604),  # Pub. 151, "Distances Between Ports" (2001), as quoted by an encyclopaedia
    ("DEHAM", "SGSIN", 8_377),  # a page on the Suez Canal, studyboard0.blogspot.com, March 2021
]


@pytest.mark.parametrize(("origin", "destination", "miles"), PRINTED)
def test_a_way_by_sea_is_within_four_percent_of_a_printed_one(origin, destination, miles):
    leg = route.sea(route.port(origin), route.port(destination))
    assert leg.km / 1.852 == pytest.approx(miles, rel=0.04)


def test_the_sea_leg_of_the_corridor_is_what_its_printed_length_leaves_to_the_sea():
    """4,080 km by rail and sea less about 1,450 km by rail, both printed in 2017 (data/factors.csv)."""
    leg = route.sea(route.port("CNQZH"), route.port("SGSIN"))
    assert leg.km == pytest.approx(4080 - 1450, rel=0.05)


@pytest.mark.parametrize(("a", "b"), [("CNQZH", "SGSIN"), ("CNSHA", "SGSIN"), ("SGSIN", "IDTPP")])
def test_a_way_by_sea_is_the_same_back_and_never_shorter_than_the_great_circle(a, b):
    there, back = route.sea(route.port(a), route.port(b)), route.sea(route.port(b), route.port(a))
    assert there.km == pytest.approx(back.km)
    assert there.km >= route.great_circle_km(*route.port(a).point, *route.port(b).point)
    assert there.path[0] == route.port(a).point
    assert there.km == pytest.approx(route.length_km(there.path))


def test_a_way_by_sea_is_nought_to_itself_and_no_longer_than_over_a_third_port():
    a, b, c = (route.port(code) for code in ("CNQZH", "SGSIN", "IDJKT"))
    assert route.sea(a, a).km == 0
    assert route.sea(a, c).km <= route.sea(a, b).km + route.sea(b, c).km


def test_an_air_leg_follows_the_great_circle_in_short_steps_across_the_date_line_too():
    tokyo, seattle = route.Place("Tokyo", 140.39, 35.76, "test"), route.Place("Seattle", -122.31, 47.45, "test")
    for leg in (route.air(CHONGQING, SINGAPORE), route.air(tokyo, seattle, every_km=100)):
        assert route.length_km(leg.path) == pytest.approx(leg.km)
        assert all(abs(longitude) <= 180 for longitude, _ in leg.path)
    assert len(leg.path) == math.ceil(leg.km / 100) + 1
    assert max(latitude for _, latitude in leg.path) > 47.45 + 3  # north of both ends


def test_no_way_at_all_is_a_way():
    leg = route.air(CHONGQING, CHONGQING)
    assert leg.km == route.great_circle_km(*CHONGQING.point, *CHONGQING.point) == 0
    assert leg.path == (CHONGQING.point, CHONGQING.point)


def printed(value, *, unit="km", high=None):
    return inputs.assumed("km", value, value, high or value, unit=unit, words="The way by rail", why="a test")


def test_a_printed_way_keeps_its_range_and_its_ground():
    leg = route.land(route.port("CNCKG"), route.port("CNQZH"), mode="rail", distance=printed(1200, high=1450))
    row = route.table(leg).iloc[0]
    assert (row["leg"], row["words"], row["computed"]) == ("Chongqing to Qinzhou", "between 1,200 and 1,450 km", False)
    assert row["known"] == "assumption of this book: a test"
    both = route.total(leg, route.sea(route.port("CNQZH"), route.port("SGSIN")))
    assert both.high - both.low == pytest.approx(250)


def test_a_printed_way_shorter_than_the_great_circle_is_refused():
    with pytest.raises(ParameterError, match="700 km, is shorter than the great circle from Chongqing to Qinzhou"):
        route.land(route.port("CNCKG"), route.port("CNQZH"), mode="rail", distance=printed(700))


def test_a_printed_way_is_in_kilometres():
    with pytest.raises(ParameterError, match="is in days; give a distance in km"):
        route.land(route.port("CNCKG"), route.port("CNQZH"), mode="rail", distance=printed(7, unit="days"))


def test_a_ship_does_not_leave_from_the_hills():
    with pytest.raises(ParameterError, match=r"Chongqing lies .* km from the nearest lane of ships"):
        route.sea(route.port("CNCKG"), route.port("SGSIN"))


def test_opposite_points_have_no_one_great_circle():
    with pytest.raises(ParameterError, match="lie opposite"):
        route.air(route.Place("North Pole", 0, 90, "test"), route.Place("South Pole", 0, -90, "test"))


def test_a_place_is_on_earth_and_a_code_is_listed():
    with pytest.raises(ParameterError, match="not on Earth"):
        route.Place("Nowhere", 190, 0, "test")
    with pytest.raises(UnknownName, match="CNQZX"):
        route.port("CNQZX")
    with pytest.raises(UnknownName, match="CKX9"):
        route.airport("CKX9")


def test_a_place_says_who_puts_it_there():
    assert route.port("CNQZH").known == "CNQZH (searoute)"
    assert (route.airport("CKG").name, route.airport("CKG").known) == ("Chongqing", "CKG (airportsdata)")
