"""Dollar totals in another currency, at the average rate of their year."""

import pytest

from cci import audit
from cci.audit.currency import against_average, average_rate
from cci.errors import CCIError
from cci.record.intervals import Interval


@pytest.fixture(scope="module")
def signed(record):
    return record.series("gov_commercial_projects_value", scope="cci")


def test_a_total_is_converted_at_the_average_of_its_year(record, signed):
    row = audit.converted(record, signed, "CNY").set_index("period_end").loc["2022-11-14"]
    # US$25.26 billion at 6.729 yuan a dollar.
    assert row["value"] == pytest.approx(25.26e9 * 6.729)
    assert (row["low"], row["high"]) == pytest.approx((25.255e9 * 6.729, 25.265e9 * 6.729))
    assert (row["unit"], row["words"]) == ("CNY", "about 170 billion yuan")


def test_dollars_stay_as_they_are(record, signed):
    assert audit.converted(record, signed, "USD").equals(signed)


def test_a_year_without_a_rate_leaves_its_figure_out(record, signed):
    undated = signed.assign(end=signed["end"].where(signed["end"].dt.year < 2025))
    assert set(audit.converted(record, undated, "SGD")["end"].dt.year) == {2022, 2024}


def test_what_is_no_dollar_amount_and_what_has_no_rate_is_refused(record, signed):
    with pytest.raises(CCIError, match="rows in projects"):
        audit.converted(record, record.series("gov_commercial_projects_count", scope="cci"), "CNY")
    with pytest.raises(CCIError, match="no rates of EUR"):
        audit.converted(record, signed, "EUR")


def test_an_average_rate_between_other_currencies_is_the_quotient_of_their_dollar_rates(record):
    assert average_rate(record, "CNY", "USD", 2016) == 6.64
    assert average_rate(record, "CNY", "SGD", 2016) == pytest.approx(6.64 / 1.38)
    assert average_rate(record, "USD", "USD", 1999) == 1
    assert average_rate(record, "CNY", "USD", 1999) is None


@pytest.mark.parametrize(("implied", "outcome"), [(6.4, "holds"), (6.9, "holds"), (6.2, "breaks"), (7.1, "breaks")])
def test_an_implied_rate_fits_within_five_percent_of_the_average(record, implied, outcome):
    # 6.64 yuan a US dollar in 2016, give or take 0.332.
    found = against_average(record, "x", ["a"], Interval(implied, implied), local="CNY", base="USD", year=2016)
    assert (found.outcome, found.unit, found.obs_ids) == (outcome, "CNY_per_USD", ("a",))
    assert found.message.endswith("5% of the average of 2016, 6.64.")


def test_a_year_without_an_average_says_which_rate_is_missing(record):
    found = against_average(record, "x", ["a"], Interval(6, 7), local="CNY", base="SGD", year=1999)
    assert found.outcome == "cannot_tell"
    assert found.message == "No average rate of CNY per SGD for 1999 in the record."
