"""The routes from Chongqing to Singapore: inputs on one basis, costs from their legs, shares of the space."""

import pytest

import cci
from cci import audit
from cci.errors import ParameterError
from cci.models import corridor_routes, inputs
from cci.models.corridor_inputs import BASES, given, held
from cci.models.corridor_routes import AIR, NANSHA, QINZHOU, ROUTES, SHANGHAI

MODES = {"rail": "rail", "sea": "sea", "air": "air", "river": "water"}


@pytest.fixture(scope="module")
def assumptions(record):
    return given(record)


def _named(assumptions):
    return {one.name: one for one in assumptions}


def test_every_input_has_a_ground_and_a_name_of_its_own(assumptions):
    assert len(_named(assumptions)) == len(assumptions)
    table = inputs.table(assumptions)
    assert table[["words", "unit", "publisher", "basis"]].map(len).gt(0).all(axis=None)


@pytest.mark.parametrize("basis", ["tank_to_wheel_co2", "tank_to_wheel_co2e"])
def test_the_factors_of_operation_are_on_the_basis_asked_for(record, basis):
    known = _named(given(record, basis))
    factors = audit.emission_factors(record, basis)
    for mode, name in MODES.items():
        of_mode = factors[factors["mode"] == name]
        one = known[f"grams_{mode}"]
        if one.source_ids:
            assert {one.low, one.high} <= {*of_mode["low"], *of_mode["high"]}
        else:  # no page prints it: an assumption, and said to be one
            assert of_mode.empty
            assert one.basis.startswith(inputs.ASSUMED)


def test_fuel_supply_is_added_to_operation_class_by_class(record):
    known = _named(given(record, "well_to_wheel_co2e"))
    assert known["grams_rail"].value == pytest.approx(27.79 + 6.91)
    assert (known["grams_sea"].low, known["grams_sea"].high) == pytest.approx((16.12 + 3.65, 32.5 + 7.37))
    assert known["grams_air"].low == pytest.approx(531.3 + 135.16)


def test_the_deviation_at_sea_spans_what_punctuality_allows(assumptions):
    at_sea = _named(assumptions)["deviation_sea"]
    # Least: 65.2 % on time, all others 4.88 days late; greatest: 51.5 % on time, the rest 5.32 days, exponential.
    assert at_sea.low == pytest.approx(4.88 * (0.348 * 0.652) ** 0.5)
    assert at_sea.high == pytest.approx(5.32 * (2 * 0.485 - 0.485**2) ** 0.5)


def test_the_cost_by_qinzhou_worked_from_its_legs(assumptions):
    v = inputs.values(assumptions)
    freight = v["km_rail_qinzhou"] * v["tonnes"] * v["rail_price"] / v["yuan_per_dollar"] + v["sea_price"]
    day = v["cargo_value"] * v["value_of_time"] / 100
    spread = (v["deviation_rail"] ** 2 + v["deviation_sea"] ** 2) ** 0.5
    grams = v["km_rail_qinzhou"] * v["grams_rail"] + v["km_sea_qinzhou"] * v["grams_sea"]
    cost = freight + day * (v["days_rail_sea"] + spread) + v["carbon_price"] * v["tonnes"] * grams / 1e6
    assert corridor_routes.costs(**v)[QINZHOU] == pytest.approx(cost)
    table = corridor_routes.parts_of_cost(assumptions).set_index("route")
    assert table.loc[QINZHOU, "total"] == pytest.approx(cost)
    assert table.loc[AIR, "freight"] == pytest.approx(v["tonnes"] * 1000 * v["air_price"])


@pytest.mark.parametrize(("one", "other"), [(QINZHOU, SHANGHAI), (NANSHA, SHANGHAI), (AIR, QINZHOU)])
def test_at_the_break_even_both_routes_cost_the_same(assumptions, one, other):
    v = inputs.values(assumptions) | {"river_share": 30}
    percent = corridor_routes.break_even(one, other)(**v)
    cost = corridor_routes.costs(**(v | {"value_of_time": percent}))
    assert cost[one] == pytest.approx(cost[other])
    assert corridor_routes.difference(one, other)(**v) != pytest.approx(0)


def test_what_a_route_emits_is_worked_from_its_legs_and_ranges_with_its_inputs(record, assumptions):
    table = corridor_routes.emissions(assumptions).set_index("route")
    known = _named(assumptions)
    for column, end in {"kilograms": "value", "low": "low", "high": "high"}.items():
        tonnes, length, grams = (getattr(known[name], end) for name in ("tonnes", "km_air", "grams_air"))
        assert table.loc[AIR, column] == pytest.approx(tonnes * length * grams / 1000)
    assert (table["low"] < table["kilograms"]).all()
    assert (table["kilograms"] < table["high"]).all()
    operation = corridor_routes.emissions(given(record, "tank_to_wheel_co2e")).set_index("route")
    assert (operation["kilograms"] < table["kilograms"]).all()


def test_the_shares_of_the_routes_add_up_and_a_route_that_is_dear_and_slow_wins_nothing(assumptions):
    dear = {"days_river_sea": 60, "river_share": 1000}
    space = [held(one, dear[one.name]) if one.name in dear else one for one in assumptions]
    won = corridor_routes.shares_won(space, "value_of_time", [0, 1], draws=200, seed=1)
    assert won.groupby("value_of_time")["share"].sum().tolist() == pytest.approx([100, 100])
    assert won[won["route"] == SHANGHAI]["share"].eq(0).all()


def test_choices_give_every_combination_of_held_values(assumptions):
    choices = {"cargo_value": [10_000, 50_000], "reliability": [0, 1, 2]}
    won = corridor_routes.shares_by_choice(assumptions, "value_of_time", [0, 1], choices, draws=50, seed=1)
    assert len(won) == 2 * 3 * 2 * len(ROUTES)
    assert won.groupby([*choices, "value_of_time"])["share"].sum().tolist() == pytest.approx([100] * 12)


def test_before_anything_was_published_wide_assumptions_serve():
    early, late = _named(given(cci.load(as_of="2014-12-31"))), _named(given(cci.load()))
    for name in ("days_rail_sea", "days_river_sea"):
        assert early[name].basis.startswith(inputs.ASSUMED)
        assert early[name].low < late[name].low <= late[name].high < early[name].high


@pytest.mark.parametrize("basis", ["", "wtw", "upstream_co2e"])
def test_a_basis_that_a_route_cannot_be_computed_on_is_refused(record, basis):
    with pytest.raises(ParameterError, match="Use one of"):
        given(record, basis)
    assert basis not in BASES


def test_unknown_routes_and_inputs_are_refused(assumptions):
    with pytest.raises(ParameterError, match="No route 'road'"):
        corridor_routes.difference(QINZHOU, "road")
    with pytest.raises(ParameterError, match="No route 'road'"):
        corridor_routes.break_even("road", QINZHOU)
    with pytest.raises(ParameterError, match="No input 'speed'"):
        corridor_routes.shares_won(assumptions, "speed", [1], draws=10, seed=1)
    with pytest.raises(ParameterError, match="No input 'speed'"):
        corridor_routes.shares_by_choice(assumptions, "tonnes", [1], {"speed": [1]}, draws=10, seed=1)
