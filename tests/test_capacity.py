"""Seats of a route: definitions, a published load factor, contradictions that are reported, values that cannot be."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import cci
from cci.errors import ParameterError
from cci.models import capacity

positive = st.floats(1e-3, 1e6)
share = st.floats(0.01, 1)


def test_a_case_worked_by_hand():
    # A daily flight for ten weeks: 7 round trips x 2 ways x 10 weeks = 140 flights; 180 seats each are 25,200 seats.
    flights = capacity.movements(7, weeks=10)
    assert flights == 140
    assert capacity.seats_offered(flights, seats=180) == 25_200
    assert capacity.load_factor(18_900, offered=25_200) == 0.75
    assert capacity.route_load_factor(18_900, flights=140, seats=180) == 75
    assert capacity.least_flights(18_900, seats=180) == 105
    assert capacity.least_flights(18_900, seats=180, load_factor=0.75) == 140
    assert capacity.round_trips(105, weeks=10) == 5.25


def test_the_load_factors_an_airline_group_published_follow_from_its_kilometres():
    # Singapore Airlines and Scoot, February 2024 and 2023, millions of passenger- and seat-kilometres as printed by
    # MENAFN ("Singapore Airlines Group Carries 3M Pax In February"): 86.3 % and, by The Edge, 86.6 %.
    factors = 100 * capacity.load_factor([11_779, 9_782.7], offered=[13_643.5, 11_302.1])
    assert factors.round(1).tolist() == [86.3, 86.6]
    row = cci.load().factors.set_index("factor_id").loc["other-load-factor-sia-group-2024-02"]
    assert factors[0] == pytest.approx(row["value"], abs=0.05)


def test_over_several_sectors_kilometres_and_not_heads_are_right():
    # A full short flight and a half empty long one: by heads 2/3, by kilometres 0.55.
    passengers, seats, distance = np.array([100, 100]), np.array([100, 200]), np.array([1_000, 9_000])
    assert capacity.load_factor(passengers.sum(), offered=seats.sum()) == pytest.approx(2 / 3)
    by_distance = capacity.load_factor((passengers * distance).sum(), offered=(seats * distance).sum())
    assert by_distance == pytest.approx(1_000_000 / 1_900_000)


@given(positive, positive, positive)
def test_on_one_sector_the_distance_cancels_out(passengers, seats, distance):
    by_heads = capacity.load_factor(passengers, offered=seats)
    assert capacity.load_factor(passengers * distance, offered=seats * distance) == pytest.approx(by_heads)


@given(positive, positive)
def test_a_timetable_and_its_flights_translate_both_ways(round_trips, weeks):
    assert capacity.round_trips(capacity.movements(round_trips, weeks=weeks), weeks=weeks) == pytest.approx(round_trips)


@given(positive, positive, share)
def test_the_least_flights_are_filled_to_the_load_factor_they_are_for(passengers, seats, load_factor):
    flights = capacity.least_flights(passengers, seats=seats, load_factor=load_factor)
    assert capacity.route_load_factor(passengers, flights=flights, seats=seats) == pytest.approx(100 * load_factor)
    assert flights >= capacity.least_flights(passengers, seats=seats)


@given(st.integers(1, 10**6), st.integers(1, 10**4), st.integers(1, 900))
def test_what_fits_has_a_load_factor_up_to_one_and_no_other_has(passengers, flights, seats):
    filled = capacity.load_factor(passengers, offered=capacity.seats_offered(flights, seats=seats))
    assert capacity.fits(passengers, flights=flights, seats=seats) == (filled <= 1)


@given(positive, positive, positive, share)
def test_fewer_passenger_flights_are_fuller(passengers, flights, seats, part):
    whole = capacity.route_load_factor(passengers, flights=flights, seats=seats)
    fuller = capacity.route_load_factor(passengers, flights=flights, seats=seats, passenger_share=part)
    assert fuller == pytest.approx(whole / part)


def test_more_passengers_than_seats_are_a_contradiction_and_no_error():
    assert capacity.load_factor(300, offered=200) == 1.5
    assert not capacity.fits(300, flights=1, seats=200)
    assert capacity.fits(200, flights=1, seats=200)


def test_arrays_go_in_and_come_out():
    by_cabin = capacity.route_load_factor([[200], [100]], flights=2, seats=[100, 150, 200])
    assert by_cabin.tolist() == [[100, pytest.approx(200 / 3), 50], [50, pytest.approx(100 / 3), 25]]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda: capacity.seats_offered(10, seats=0), "Seats of a flight must be above 0"),
        (lambda: capacity.seats_offered(-1, seats=180), "Flights must be numbers of at least 0, not -1.0"),
        (lambda: capacity.load_factor(-5, offered=10), "What is carried must be numbers of at least 0"),
        (lambda: capacity.load_factor(5, offered=0), "What is offered must be above 0"),
        (lambda: capacity.load_factor(float("nan"), offered=10), "What is carried must be numbers"),
        (lambda: capacity.load_factor([1, float("inf")], offered=10), "What is carried must be numbers"),
        (lambda: capacity.least_flights(10, seats=100, load_factor=1.2), "A load factor of 1.2 fills more seats"),
        (lambda: capacity.least_flights(10, seats=100, load_factor=0), "Load factor must be above 0"),
        (lambda: capacity.movements(7, weeks=0), "Weeks must be above 0"),
        (lambda: capacity.round_trips(-7, weeks=1), "Flights must be numbers"),
        (lambda: capacity.route_load_factor(1, flights=1, seats=1, passenger_share=2), "cannot carry passengers"),
        (lambda: capacity.route_load_factor(1, flights=0, seats=1), "Flights must be above 0"),
        (lambda: capacity.fits(-1, flights=1, seats=1), "Passengers must be numbers"),
    ],
)
def test_values_that_cannot_be_are_refused(wrong, message):
    with pytest.raises(ParameterError, match=message):
        wrong()
