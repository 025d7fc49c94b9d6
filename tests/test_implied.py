"""Relations that nobody listed: printed growth, running totals, and amounts printed in two currencies."""

import pytest

from cci.audit.currency import RATE_MARGIN
from cci.audit.implied import implied, unlisted


@pytest.fixture(scope="module")
def found(record):
    return implied(record).set_index("relation_id")


def test_every_kind_of_implied_relation_is_tried(found):
    kinds = found.index.str.partition(":").get_level_values(0)
    assert set(kinds) == {"growth", "order", "rate"}
    assert found["expected"].isna().all()


def test_a_printed_rate_is_tested_against_the_year_before(found):
    name = "growth:goods_trade_value-chongqing-asean-2020-12-31-1:goods_trade_value-chongqing-asean-2019-12-31-1"
    row = found.loc[name]
    assert row["outcome"] == "breaks"
    assert (row["stated_low"], row["stated_high"]) == pytest.approx((3.35, 3.45))


def test_a_running_total_is_tested_step_by_step(found):
    falls = found[found.index.str.startswith("order:destination_ports:") & found["outcome"].eq("breaks")]
    assert any("579" in message for message in falls["message"])


def test_an_amount_in_two_currencies_is_tested_against_the_average_of_its_year(found):
    rates = found[found.index.str.startswith("rate:")]
    assert set(rates["outcome"]) <= {"holds", "breaks", "cannot_tell"}
    judged = rates.dropna(subset=["stated_low"])
    middle = (judged["stated_low"] + judged["stated_high"]) / 2
    assert ((judged["stated_high"] - middle) / middle).round(6).eq(RATE_MARGIN).all()


def test_doubted_figures_are_never_the_base(record, found):
    doubted = set(record.observations.loc[record.observations["flag"].isin(["unit_slip", "suspected_error"]), "obs_id"])
    bases = {ids[1] for name, ids in found["obs_ids"].items() if name.startswith("growth:")}
    assert not bases & doubted


def test_a_break_that_a_disagreement_explains_is_listed(record, found):
    broken = found[found["outcome"].eq("breaks")].reset_index()
    assert (~unlisted(record, broken)).sum() > 5
