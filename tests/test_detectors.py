"""Candidates with a reason, on the record's own known cases; never a correction."""

import pytest

import cci
from cci.audit.detectors import NAMES, detect, precision, recall


@pytest.fixture(scope="module")
def found(record):
    return detect(record)


def _reasons(found, detector):
    return found.loc[found["detector"] == detector, "reason"].tolist()


def test_every_candidate_names_its_figures_and_a_reason(record, found):
    held = set(record.observations["obs_id"])
    assert set(found["detector"]) == set(NAMES)
    assert all(set(ids) <= held and len(ids) > 1 for ids in found["obs_ids"])
    assert found["reason"].str.len().gt(10).all()


def test_the_tenfold_slip_of_the_financing_total_is_found(found):
    assert any("US$217 billion" in reason for reason in _reasons(found, "unit_slip"))


def test_the_headline_of_the_anniversary_is_found_frozen(found):
    assert "347 projects unchanged for 65 days in 7 statements." in _reasons(found, "frozen_headline")


def test_the_fall_of_the_port_count_is_found(found):
    assert any(reason.startswith("579 ports after") for reason in _reasons(found, "falling_cumulative"))


def test_the_headlines_that_changed_their_definition_are_found(found):
    reasons = _reasons(found, "definition_break")
    assert "162 projects on 2021-12-31, then 218 projects under another definition." in reasons
    assert any("230 projects" in reason and "118 projects" in reason for reason in reasons)


def test_a_record_of_nothing_gives_no_candidate():
    early = cci.load("2010-01-01")
    assert detect(early).empty
    assert precision(early)["candidates"].sum() == 0


def test_a_count_that_leaves_its_value_behind_is_found(found):
    assert _reasons(found, "decoupled")


def test_precision_and_recall_add_up(record, found):
    table = precision(record)
    assert table["candidates"].sum() == len(found)
    assert (table["known"] + table["beyond"] == table["candidates"]).all()
    per_kind = recall(record)
    assert per_kind["recorded"].sum() == len(record.disagreements)
    assert (per_kind["found"] <= per_kind["recorded"]).all()
