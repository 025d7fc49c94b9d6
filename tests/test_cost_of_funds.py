"""What a cheaper loan saves: hand-worked cases, and what must hold at any numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq

from cci.errors import ParameterError
from cci.models.cost_of_funds import REPAYMENTS, annual_saving, annuity_factor, lifetime_saving, present_saving

AT_END, LEVEL = REPAYMENTS
principals = st.floats(1, 1e11)
spreads = st.floats(0.01, 10)
tenors = st.integers(2, 30)
rates = st.floats(0.1, 15)


def test_simple_interest_by_hand():
    # 22 billion at 0.7 points less is 154 million a year, and 616 million in four years.
    assert annual_saving(22e9, 0.7) == pytest.approx(154e6)
    assert lifetime_saving(22e9, 0.7, 4) == pytest.approx(616e6)


def test_an_annuity_by_hand():
    # 1/1.05 + 1/1.05^2 + 1/1.05^3 = 0.952381 + 0.907029 + 0.863838 = 2.723248.
    assert annuity_factor(5, 3) == pytest.approx(2.723248, abs=1e-6)
    assert annuity_factor(0, 3) == 3


def test_the_subsidised_loan_of_the_textbook():
    # 100,000 for ten years at 3 percent, 10 percent being fair: the payments are worth 56,988, the loan 43,012 more.
    assert present_saving(100_000, 7, 10, 3) == pytest.approx(43_012, abs=0.5)
    # The same from the other end: ten coupons of 3,000 and the principal, each discounted by itself.
    repaid = sum(3_000 / 1.1**year for year in range(1, 11)) + 100_000 / 1.1**10
    assert present_saving(100_000, 7, 10, 3) == pytest.approx(100_000 - repaid)


def test_an_amortising_loan_by_hand():
    # 1,000 in two level payments: 1,000 / 1.859410 = 537.8049 at 5 percent, 1,000 / 1.833393 = 545.4369 at 6.
    assert lifetime_saving(1_000, 1, 2, 5, repayment=LEVEL) == pytest.approx(2 * (545.4369 - 537.8049), abs=1e-3)
    assert present_saving(1_000, 1, 2, 5, repayment=LEVEL) == pytest.approx(7.6320 * 1.833393, abs=1e-3)


def test_a_level_payment_repays_the_loan_to_the_last_cent():
    def left(payment):
        owed = 1_000.0
        for _ in range(4):
            owed = owed * 1.045 - payment
        return owed

    paid = brentq(left, 0, 1_000)
    assert 1_000 / annuity_factor(4.5, 4) == pytest.approx(paid)


def test_numbers_give_a_number_and_arrays_broadcast():
    for repayment in REPAYMENTS:
        assert isinstance(lifetime_saving(1, 1, 3, 4, repayment=repayment), float)
        assert isinstance(present_saving(1, 1, 3, 4, repayment=repayment), float)
    table = lifetime_saving(1e6, np.array([[0.5], [1.0]]), np.array([1, 3, 5]))
    assert table.tolist() == [[5_000, 15_000, 25_000], [10_000, 30_000, 50_000]]
    assert present_saving(1e6, np.array([0.5, 1.0]), 3, 4.5, repayment=LEVEL).shape == (2,)


@given(principals, tenors, rates, st.sampled_from(REPAYMENTS))
def test_without_a_spread_nothing_is_saved(principal, tenor, rate, repayment):
    assert lifetime_saving(principal, 0, tenor, rate, repayment=repayment) == 0
    assert present_saving(principal, 0, tenor, rate, repayment=repayment) == 0


@given(principals, spreads, tenors, rates, st.sampled_from(REPAYMENTS))
def test_more_spread_tenor_or_principal_saves_more(principal, spread, tenor, rate, repayment):
    saved = lifetime_saving(principal, spread, tenor, rate, repayment=repayment)
    assert lifetime_saving(principal * 1.1, spread, tenor, rate, repayment=repayment) > saved
    assert lifetime_saving(principal, spread * 1.1, tenor, rate, repayment=repayment) > saved
    assert lifetime_saving(principal, spread, tenor + 1, rate, repayment=repayment) > saved


@given(principals, spreads, tenors, rates, st.sampled_from(REPAYMENTS))
def test_discounting_never_increases_and_a_loan_repaid_in_parts_saves_less(principal, spread, tenor, rate, repayment):
    present = present_saving(principal, spread, tenor, rate, repayment=repayment)
    assert 0 < present < lifetime_saving(principal, spread, tenor, rate, repayment=repayment)
    for saving in (lifetime_saving, present_saving):
        level = saving(principal, spread, tenor, rate, repayment=LEVEL)
        assert level < saving(principal, spread, tenor, rate, repayment=AT_END)


@given(principals, spreads, rates)
def test_in_a_single_year_both_repayments_are_one(principal, spread, rate):
    level = lifetime_saving(principal, spread, 1, rate, repayment=LEVEL)
    assert level == pytest.approx(annual_saving(principal, spread), rel=1e-6)


def test_a_channel_dearer_than_home_loses():
    assert annual_saving(1e6, -0.5) == -5_000
    assert present_saving(1e6, -0.5, 3, 4.5) < 0


@pytest.mark.parametrize(
    ("named", "arguments"),
    [
        ("principal", (-1, 1, 3, 4)),
        ("spread", (1, float("nan"), 3, 4)),
        ("tenor", (1, 1, 0.5, 4)),
        ("tenor", (1, 1, [3, 0], 4)),
        ("rate", (1, 1, 3, -1)),
        ("rate", (1, -5, 3, 4)),
    ],
)
def test_impossible_values_are_refused(named, arguments):
    with pytest.raises(ParameterError, match=f"The {named} .* is impossible; give a finite number"):
        present_saving(*arguments)


def test_an_unknown_repayment_is_refused():
    with pytest.raises(ParameterError, match=r"No repayment 'never'\. Use one of: at_end, level"):
        lifetime_saving(1, 1, 3, 4, repayment="never")
