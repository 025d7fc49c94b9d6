"""Inputs of models: where their values and ranges come from, and what is drawn from them."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cci
from cci import audit
from cci.errors import ParameterError, UnknownName
from cci.models import inputs
from cci.models.inputs import Input, assumed, from_factors, from_observations

finite = st.floats(-1e9, 1e9, allow_nan=False)


def _guess(name="days", value=10.0, low=5.0, high=20.0):
    return assumed(name, value, low, high, unit="days", words="time under way", why="a test")


def test_factors_give_their_least_their_greatest_and_their_median(record):
    rows = record.factors[record.factors["subject"].str.startswith("rail, general range")]
    made = from_factors(record, "rail", list(rows["factor_id"]), words="emission of rail")
    assert (made.value, made.low, made.high) == (17.5, 15.0, 20.0)
    assert made.source_ids == ("shipcalculators-inland",)
    assert made.unit == "gCO2_per_tkm"


def test_a_factor_of_a_page_not_yet_published_names_nobody_by_its_code():
    early = cci.load(as_of="2014-12-31")
    made = from_factors(early, "way", ["distance-chongqing-sea-yangtze-2017"], words="the river")
    assert made.publishers == (inputs.LATER,)
    assert made.value == 2400


def test_factors_of_different_units_and_unknown_ones_are_refused(record):
    one, other = record.factors.drop_duplicates("unit")["factor_id"].head(2)
    with pytest.raises(ParameterError, match="mixes the units"):
        from_factors(record, "x", [one, other], words="a mixture")
    with pytest.raises(UnknownName, match="No factor 'emission-rial'"):
        from_factors(record, "x", ["emission-rial"], words="a slip of the pen")


def test_observations_give_the_range_of_their_wordings(record):
    row = record.observations[record.observations["qualifier"] == "over"].iloc[0]
    made = from_observations(record, "x", [row["obs_id"]], words="a figure")
    assert (made.value, made.low, made.high) == (row["value"], row["low"], row["high"])
    assert made.obs_ids == (row["obs_id"],)


def test_an_input_can_be_told_in_a_larger_unit():
    made = assumed("principal", 3e6, 2e6, 5e6, unit="US$", words="a sum", why="a test").in_unit("US$ m", 1e6)
    assert (made.value, made.low, made.high, made.unit) == (3, 2, 5, "US$ m")


def test_an_observation_printed_as_a_range_counts_with_its_middle(record):
    row = record.observations[record.observations["value_high"].notna()].iloc[0]
    made = from_observations(record, "x", [row["obs_id"]], words="a range")
    assert made.value == (row["value"] + row["value_high"]) / 2
    assert (made.low, made.high) == (row["low"], row["high"])


def test_what_was_not_published_yet_needs_something_else_to_serve(record):
    late = record.observations.sort_values("known_by")["obs_id"].iloc[-1]
    early = cci.load(as_of="2014-12-31")
    with pytest.raises(ParameterError, match="published by 2014-12-31"):
        from_observations(early, "x", [late], words="a figure")
    assert from_observations(early, "x", [late], words="a figure", otherwise=_guess()) == _guess()


def test_an_open_end_cannot_enter_a_model():
    loose = cci.load(rule="one-sided")
    row = loose.observations[loose.observations["high"] == math.inf].iloc[0]
    with pytest.raises(ParameterError, match="no finite"):
        from_observations(loose, "x", [row["obs_id"]], words="a figure")


@given(finite, finite, finite)
def test_an_input_holds_its_value_or_is_refused(value, low, high):
    if low <= value <= high:
        assert _guess(value=value, low=low, high=high).at(None) == _guess(value=value, low=low, high=high)
    else:
        with pytest.raises(ParameterError, match="outside its range"):
            _guess(value=value, low=low, high=high)


@given(finite)
def test_a_chosen_value_widens_the_range_to_hold_it(value):
    chosen = _guess().at(value)
    assert chosen.value == value
    assert chosen.low <= min(value, 5)
    assert chosen.high >= max(value, 20)


@settings(deadline=None)  # scipy is imported by the first
@given(st.integers(1, 60), st.integers(0, 9))
def test_draws_stay_in_their_ranges_and_meet_every_part_of_them(n, seed):
    drawn = inputs.draws([_guess("a", 0.5, 0, 1), _guess("b", 0, -1, 1)], n, seed=seed)
    assert drawn["a"].shape == (n,)
    assert sorted(np.floor(drawn["a"] * n).astype(int)) == list(range(n))
    assert (np.abs(drawn["b"]) <= 1).all()


def test_no_draws_are_refused():
    with pytest.raises(ParameterError, match="0 draws"):
        inputs.draws([_guess()], 0, seed=1)


def test_a_tornado_puts_the_widest_swing_first():
    wide = inputs.tornado(lambda a, b: a * 10 + b, [_guess("b"), _guess("a")])
    assert list(wide["swing"]) == [150.0, 15.0]
    assert list(wide["central"]) == [110.0, 110.0]
    assert list(wide.loc[0, ["at_low", "at_high"]]) == [60.0, 210.0]


def test_a_grid_holds_every_combination_and_the_other_inputs_at_their_values():
    frame = inputs.grid(lambda a, b, mode: a + b if mode == "plus" else a - b, [_guess("a"), _guess("b")],
                        {"a": [1, 2], "mode": ["plus", "minus"]}, result="y")  # fmt: skip
    assert list(frame["y"]) == [11.0, -9.0, 12.0, -8.0]
    assert list(frame.columns) == ["a", "mode", "y"]


def test_the_table_says_who_stands_behind_an_input_and_where_nobody_does(record):
    rows = inputs.table([_guess(), from_factors(record, "d", ["emission-rail-general-range"], words="rail")])
    assert rows.loc[0, "publisher"] == inputs.ASSUMED
    assert rows.loc[0, "basis"] == "a test"
    assert rows.loc[1, "source_id"] == "shipcalculators-inland"
    assert "assumption" not in rows.loc[1, "publisher"]


def test_a_coefficient_whose_page_the_day_hides_says_so():
    early = cci.load(as_of="2014-12-31")
    made = from_factors(early, "d", ["emission-rail-general-range"], words="rail")
    assert made.publishers == (inputs.LATER,)


def test_the_middle_of_results_leaves_the_tails_out():
    assert inputs.span(np.arange(101.0)) == cci.record.intervals.Interval(0, 100)
    middle = inputs.span(np.arange(101.0), 0.9)
    assert (middle.low, middle.high) == pytest.approx((5, 95))
    with pytest.raises(ParameterError, match="no share"):
        inputs.span([1], 0)


def test_a_stage_gives_the_days_that_its_dates_allow(record):
    stages = audit.stages(record, "ev_export")
    made = inputs.from_stages(record, stages)["first batch shipped"]
    assert (made.low, made.value, made.high) == (32, 61, 90)
    assert made.source_ids == ("asiacity-2025-12-soft-connectivity",)
    assert made.publishers


def test_an_input_is_frozen():
    with pytest.raises(AttributeError):
        _guess().value = 3
    assert isinstance(_guess(), Input)
