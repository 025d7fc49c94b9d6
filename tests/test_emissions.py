"""Emission factors on one basis at a time."""

import pytest

import cci
from cci import audit
from cci.audit.emissions import BASES
from cci.errors import ParameterError


def test_every_factor_of_the_record_has_a_basis_and_a_mode():
    factors = audit.emission_factors(cci.load())
    assert len(factors) == (cci.load().factors["kind"] == "emission").sum()
    assert factors[["basis", "mode"]].notna().all(axis=None)


@pytest.mark.parametrize("basis", sorted(set(BASES.values())))
def test_a_basis_holds_one_unit_so_that_it_can_share_an_axis(basis):
    assert audit.emission_factors(cci.load(), basis)["unit"].nunique() == 1


def test_a_printed_range_has_no_value_but_both_ends():
    river = audit.emission_factors(cci.load(), "tank_to_wheel_co2").set_index("factor_id")
    row = river.loc["emission-inland-waterway-general-range"]
    assert row[["low", "high", "words"]].tolist() == [25, 40, "25 to 40 g"]
    assert row.isna()["value"]


def test_modes_are_paired_within_one_source_and_one_basis():
    paired = audit.paired_modes(audit.emission_factors(cci.load()), "rail", ["water"]).set_index("source_id")
    # One page puts its rail and its river factor on different bases: no pair.
    assert paired["outcome"].to_dict() == {"etrr-2019-table9": "less", "hindawi-2022-tab3": "greater"}


def test_factors_of_sources_not_yet_published_are_hidden():
    assert set(audit.emission_factors(cci.load("2018-12-31"))["source_id"]) == {
        "hansard-2007-06-04-freight",
        "defra-2012-annex7",
    }


def test_an_unknown_basis_is_refused():
    with pytest.raises(ParameterError, match="Use one of"):
        audit.emission_factors(cci.load(), "wheel")
