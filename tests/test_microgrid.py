"""The microgrid: optima worked by hand, the same optimum found by trying, and what more storage or company can do."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cci.errors import Infeasible, ParameterError
from cci.models.microgrid import Park, Tariff, compared, dispatch, shifts, solar_day, tiers

kilowatts = st.floats(0, 100).map(lambda power: round(power, 1))
prices = st.floats(0.05, 2).map(lambda price: round(price, 2))
efficiencies = st.floats(0.5, 1).map(lambda share: round(share, 2))


def hours(values, days=2):
    return st.lists(st.lists(values, min_size=4, max_size=4), min_size=days, max_size=days)


@st.composite
def parks(draw, name="park"):
    return Park(
        name,
        draw(hours(kilowatts)),
        draw(hours(kilowatts)),
        draw(kilowatts),
        draw(kilowatts),
        draw(efficiencies),
        draw(efficiencies),
    )


tariffs = st.builds(Tariff, st.lists(prices, min_size=4, max_size=4), st.floats(0, 50), st.just(0.5))


def test_the_hand_worked_case_of_prices():
    # 5 kW are charged at 0.2 in the first hour, of which 0.9 x 0.9 come back at 1.0 in the second.
    park = Park("park", [10, 10], energy=100, power=5, charge_efficiency=0.9, discharge_efficiency=0.9)
    found = dispatch(park, Tariff([0.2, 1.0]))
    assert found.charge == pytest.approx(np.array([[5, 0]]), abs=1e-5)
    assert found.discharge == pytest.approx(np.array([[0, 4.05]]), abs=1e-5)
    assert found.cost == pytest.approx(15 * 0.2 + 5.95 * 1.0)


def test_the_hand_worked_case_of_a_demand_charge():
    # Two hours charge for the second. All of the first hour's 2 kW; then c more in the third until both imports are the
    # peak: 6 - 0.8 (2 + c) = 4 + c, so c = 2/9, the peak 38/9 and the bill 12 + 0.2 (20/9) + 10 (38/9) = 164/3.
    park = Park("park", [2, 6, 4], energy=4, power=2, charge_efficiency=0.8)
    found = dispatch(park, Tariff(1.0, demand_charge=10))
    assert found.peak == pytest.approx(38 / 9)
    assert found.cost == pytest.approx(164 / 3)
    assert found.imported_power == pytest.approx(np.array([[4, 38 / 9, 38 / 9]]), abs=1e-5)


def test_the_hand_worked_case_of_the_sun():
    # 9 kW of sun on 4 kW of load: 5 are stored at 0.8 and serve the next hour's 4; the rest of the load is bought.
    park = Park("park", [4, 6, 3], solar=[9, 0, 0], energy=10, power=10, charge_efficiency=0.8)
    found = dispatch(park, Tariff(0.5, carbon=0.6), days=30)
    assert found.imported == pytest.approx(30 * 5)
    assert found.cost == pytest.approx(75)
    assert found.carbon == pytest.approx(90)
    assert found.curtailed == pytest.approx(0, abs=1e-4)


def test_what_is_sold_pays_and_what_may_not_be_sold_is_lost():
    park = Park("park", [4], solar=[9])
    kept = dispatch(park, Tariff(0.5))
    sold = dispatch(park, Tariff(0.5, export_price=0.3))
    assert (kept.cost, kept.curtailed) == pytest.approx((0, 5))
    assert (sold.cost, sold.curtailed) == pytest.approx((-1.5, 0), abs=1e-6)


def test_without_sun_and_storage_the_bill_is_arithmetic():
    load, price, days = np.array([[3.0, 5.0], [4.0, 1.0]]), np.array([0.4, 0.9]), np.array([20, 10])
    found = dispatch(Park("park", load), Tariff(price, demand_charge=38), days=days)
    assert found.energy_cost == pytest.approx(20 * (3 * 0.4 + 5 * 0.9) + 10 * (4 * 0.4 + 1 * 0.9))
    assert found.demand_cost == pytest.approx(38 * 5)


@pytest.mark.parametrize("demand_charge", [0.0, 3.0])
@pytest.mark.parametrize("solar", [[0, 0, 0], [5, 1, 0]])
def test_no_plan_tried_by_hand_is_cheaper_and_the_best_of_them_is_near(solar, demand_charge):
    # Every plan in steps of 0.1 kW: charge above zero, discharge below; the level ends as it begins or higher.
    load, price, way = np.array([2.0, 5.0, 3.0]), np.array([0.3, 1.1, 0.7]), 0.9
    best = np.inf
    steps = np.round(np.arange(-20, 21) * 0.1, 1)
    for plan in itertools.product(steps, repeat=3):
        flow = np.array(plan)
        level = np.cumsum(np.where(flow > 0, way * flow, flow / way))
        start = -min(0.0, level.min())
        if level[-1] < 0 or start + level.max() > 3:
            continue
        bought = np.maximum(load + flow - solar, 0)
        best = min(best, float(price @ bought + demand_charge * bought.max()))
    park = Park("park", load, solar, energy=3, power=2, charge_efficiency=way, discharge_efficiency=way)
    found = dispatch(park, Tariff(price, demand_charge)).cost
    assert found <= best + 1e-6
    assert found == pytest.approx(best, abs=0.25)  # a step of 0.1 kW on each hour and on the peak


@settings(max_examples=40, deadline=None)
@given(parks(), tariffs)
def test_energy_is_neither_made_nor_lost(park, tariff):
    found = dispatch(park, tariff)
    supplied = found.imported_power + found.used + found.discharge
    assert supplied == pytest.approx(found.load + found.charge + found.exported_power, abs=1e-4)
    stored = found.charge * park.charge_efficiency - found.discharge / park.discharge_efficiency
    assert found.level - np.roll(found.level, 1, axis=1) == pytest.approx(stored, abs=1e-4)
    assert (found.level <= park.energy + 1e-4).all()
    assert (found.used <= park.solar + 1e-4).all()
    assert found.peak == pytest.approx(found.imported_power.max(), abs=1e-6)


@settings(max_examples=40, deadline=None)
@given(parks(), tariffs)
def test_no_storage_charges_and_discharges_in_one_hour(park, tariff):
    found = dispatch(park, tariff)
    assert np.minimum(found.charge, found.discharge).max() < 1e-4


@settings(max_examples=30, deadline=None)
@given(parks(), tariffs, kilowatts)
def test_more_storage_or_sun_never_costs_more(park, tariff, more):
    before = dispatch(park, tariff).cost
    for solar, energy in ((park.solar + more, park.energy), (park.solar, park.energy + more)):
        larger = Park("larger", park.load, solar, energy, park.power, park.charge_efficiency, park.discharge_efficiency)
        assert dispatch(larger, tariff).cost <= before + 1e-4 * max(1, before)


@settings(max_examples=30, deadline=None)
@given(parks("one"), parks("other"), tariffs)
def test_together_is_never_dearer_than_apart(one, other, tariff):
    table = compared([one, other], tariff).set_index("supply")
    assert table.loc["pooled", "cost"] <= table.loc["added", "cost"] * (1 + 1e-6) + 1e-4
    assert table.loc["added", "peak"] == pytest.approx(table.loc["one", "peak"] + table.loc["other", "peak"])


def test_parks_whose_loads_are_mirror_images_share_one_peak():
    table = compared([Park("day", [10, 0]), Park("night", [0, 10])], Tariff(1.0, demand_charge=5)).set_index("supply")
    assert table.loc["added", ["cost", "peak"]].tolist() == pytest.approx([120, 20])
    assert table.loc["pooled", ["cost", "peak"]].tolist() == pytest.approx([70, 10])


def test_unmet_load_is_told_with_its_hour():
    park = Park("park", [[2, 9]], energy=2, power=1)
    with pytest.raises(Infeasible, match=r"3 kWh of load cannot be met.*hour 1 of typical day 1 \(3 kW\).*raise"):
        dispatch(park, Tariff(1.0, limit=5))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda: Park("park", [1, -1]), "load of park"),
        (lambda: Park("park", [1], energy=-1), r"energy \(kWh\) -1"),
        (lambda: Park("park", [1], charge_efficiency=1.2), "efficiency of charging"),
        (lambda: Tariff(-0.1), "price of the grid"),
        (lambda: Tariff(0.5, export_price=0.6), "price of export"),
        (lambda: dispatch([], Tariff(1.0)), "No park"),
        (lambda: dispatch([Park("a", [1]), Park("b", [1, 2])], Tariff(1.0)), "b has days by hours"),
        (lambda: dispatch(Park("a", [1, 2]), Tariff([1, 2, 3])), "The tariff has the shape"),
        (lambda: dispatch(Park("a", [1]), Tariff(1.0), days=0), "typical day"),
        (lambda: tiers(0.3, 0.8, peak_hours=[1], valley_hours=[2]), "below zero"),
        (lambda: tiers(0.6, 0.8, peak_hours=[1], valley_hours=[1]), "both peak and valley"),
        (lambda: solar_day(12), "exceed the rated power"),
        (lambda: solar_day(3, sunrise=19), "rises at 19"),
    ],
)
def test_what_cannot_be_is_refused(wrong, words):
    with pytest.raises(ParameterError, match=words):
        wrong()


def test_the_shapes_of_a_day():
    price = tiers(0.6, 0.8, peak_hours=[9, 19], valley_hours=[2])
    assert (price[0], price[9], price[19], price[2]) == pytest.approx((0.6, 1.0, 1.0, 0.2))
    sun = solar_day(3.0, sunrise=6, sunset=18)
    assert sun.sum() == pytest.approx(3.0)
    assert sun[:6].sum() == sun[18:].sum() == 0
    assert sun[11] == pytest.approx(sun[12]) == sun.max()
    assert shifts(5, 1, start=22, stop=2)[[21, 22, 1, 2]].tolist() == [1, 5, 5, 1]
