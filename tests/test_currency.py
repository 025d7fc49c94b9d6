"""Dollar totals in another currency, at the average rate of their year."""

import pytest

import cci
from cci import audit
from cci.errors import CCIError


@pytest.fixture(scope="module")
def record():
    return cci.load()


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
