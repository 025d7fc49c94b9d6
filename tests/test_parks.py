"""The three invented parks: what they add up to, what pooling and storage can and cannot do for them."""

import numpy as np
import pytest
from hypothesis import given as over
from hypothesis import settings
from hypothesis import strategies as st

import cci
from cci.errors import ParameterError
from cci.models import inputs, parks

GIVEN = {
    "park_mw": 20.0, "storage_hours": 2.0, "neighbour_mw": 10.0, "base_share": 0.3, "solar_share": 0.5,
    "storage_share": 0.2, "round_trip": 81.0, "full_load_hours": 730.0, "sunny_interval": 4.0, "dull_share": 0.2,
    "power_usd": 0.1, "yuan_per_usd": 7.0, "gap": 0.8, "demand_charge": 40.0, "carbon": 0.5,
}  # fmt: skip


def test_the_parks_are_what_their_parameters_say():
    made, tariff, days = parks.month(**GIVEN)
    factory, cold, centre = made
    assert days.tolist() == pytest.approx([7.5, 22.5])
    assert (factory.load.max(), factory.load.min()) == (20_000, 6_000)
    assert (cold.load[0, 2], cold.load[0, 12]) == (10_000, 3_000)
    assert (centre.load == 10_000).all()
    assert (factory.power, factory.energy) == (4_000, 8_000)
    assert factory.charge_efficiency * factory.discharge_efficiency == pytest.approx(0.81)
    # 730 hours a year are 2 a day: 60 a month on 10 MW of panels.
    assert float(days @ factory.solar.sum(axis=1)) == pytest.approx(60 * 10_000)
    price = np.asarray(tariff.price)
    assert (price[9], price[13], price[2]) == pytest.approx((1.1, 0.7, 0.3))


def test_without_sun_and_storage_the_bill_is_worked_by_hand():
    # The data centre: 10 MW for 30 days of 8 hours each at 1.1, 0.7 and 0.3, and 40 yuan for each kW.
    bare = GIVEN | {"solar_share": 0.0, "storage_hours": 0.0}
    centre = parks.bills(**bare).set_index("supply").loc["Data centre, always"]
    assert centre["cost"] == pytest.approx(10_000 * (30 * 8 * (1.1 + 0.7 + 0.3) + 40))
    assert centre["carbon"] == pytest.approx(10_000 * 720 * 0.5)
    alone = parks.relative(**bare).set_index(["measure", "supply"])["percent"]
    assert alone.xs("alone", level="supply").tolist() == pytest.approx([100, 100, 100])


@settings(max_examples=15, deadline=None)
@over(st.floats(1, 200), st.sampled_from([0.0, 1.0, 4.0]), st.floats(0, 60))
def test_pooling_never_costs_more_and_never_raises_the_billed_peak_without_storage(size, hours, charge):
    given_here = GIVEN | {"park_mw": size, "storage_hours": hours, "demand_charge": charge}
    assert parks.pooling_saves(**given_here) >= -1e-5
    bare = parks.relative(**(given_here | {"storage_hours": 0.0})).set_index(["measure", "supply"])["percent"]
    assert bare["peak", "pooled"] <= bare["peak", "alone"] + 1e-5


def test_storage_buys_more_energy_where_no_sun_would_be_lost():
    assert parks.results(storage_price=1.0, **GIVEN)["storage_adds_carbon"] > 0
    lossless = parks.results(storage_price=1.0, **(GIVEN | {"round_trip": 100.0}))
    assert lossless["storage_adds_carbon"] == pytest.approx(0, abs=1e-4)


def test_storage_never_pays_where_every_hour_costs_the_same():
    flat = GIVEN | {"gap": 0.0, "demand_charge": 0.0}
    assert parks.results(storage_price=1700.0, **flat)["payback_years"] == np.inf
    assert np.isnan(parks.results(storage_price=1700.0, **(GIVEN | {"storage_hours": 0.0}))["payback_years"])
    once, twice = (parks.results(storage_price=price, **GIVEN)["payback_years"] for price in (1000.0, 2000.0))
    assert twice == pytest.approx(2 * once)


def test_the_payback_is_the_price_over_what_twelve_months_save():
    cost = [
        parks.bills(**(GIVEN | {"storage_hours": hours})).set_index("supply").loc["pooled", "cost"] for hours in (0, 2)
    ]
    stored = 2 * 0.2 * (20_000 + 10_000 + 10_000)
    found = parks.results(storage_price=1000.0, **GIVEN)
    assert found["payback_years"] == pytest.approx(1000 * stored / (12 * (cost[0] - cost[1])), rel=1e-5)
    assert found["pooling_saves"] == pytest.approx(parks.pooling_saves(**GIVEN))


def test_every_parameter_has_a_ground_and_no_corner_of_the_ranges_is_impossible():
    given = parks.given(cci.load())
    assert {one.name for one in given} | {"park_mw", "storage_hours"} == set(GIVEN) | {"storage_price"}
    assert all(one.source_ids or one.basis.startswith(inputs.ASSUMED) for one in given)
    dearest = {one.name: one.high for one in given} | {"dull_share": 0.25, "sunny_interval": 4.0, "base_share": 0.2}
    found = parks.results(park_mw=20.0, storage_hours=4.0, **dearest)
    assert found["pooling_saves"] > 0


def test_every_state_that_a_reader_may_choose_is_computed():
    months = parks.states(**(GIVEN | {"park_mw": 7.0, "storage_hours": 3.0}))
    assert set(months["park_mw"]) == {*parks.SIZES, 7.0}
    assert set(months["storage_hours"]) == {*parks.LENGTHS, 3.0}
    assert len(months) == 6 * 5 * 5
    one = months.query("park_mw == 20.0 and storage_hours == 2.0").reset_index(drop=True)
    assert one["percent"].tolist() == pytest.approx(parks.relative(**GIVEN)["percent"].tolist())


def test_the_flows_of_a_day_balance():
    day = parks.day(**GIVEN).pivot(index=["typical_day", "hour"], columns="flow", values="megawatts")
    assert (day["Sun"] + day["Storage"] + day["Grid"]).to_numpy() == pytest.approx(day["Load"].to_numpy(), abs=1e-6)
    assert len(day) == 48


@pytest.mark.parametrize(
    "wrong",
    [{"park_mw": 0.0}, {"neighbour_mw": -1.0}, {"round_trip": 120.0}, {"sunny_interval": 1.0}, {"dull_share": 2.0}],
)
def test_what_cannot_be_is_refused(wrong):
    with pytest.raises(ParameterError):
        parks.month(**(GIVEN | wrong))
