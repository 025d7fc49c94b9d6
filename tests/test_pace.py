"""How fast a running total grew between its dates."""

import pytest

import cci
from cci.audit.pace import pace

IDS = ["cross_border_financing_value-cci-2025-11-10-1", "cross_border_financing_value-cci-2024-05-31-1"]


def test_growth_is_divided_by_the_time_between():
    record = cci.load()
    row = pace(record, record.find(IDS)).iloc[0]
    # 20.65 to 20.75 billion on 31 May 2024, 21.65 to 21.75 billion on 10 November 2025, 528 days later.
    assert (row["low"], row["high"]) == pytest.approx((0.9e9 * 365.25 / 528, 1.1e9 * 365.25 / 528))
    assert row["name"] == "May 2024 to November 2025"
    assert row["obs_ids"] == (IDS[1], IDS[0])


def test_a_single_total_has_no_pace():
    record = cci.load()
    assert pace(record, record.find(IDS[:1])).empty
