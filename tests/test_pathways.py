"""The time between dated steps, as far as reduced dates tell."""

import pytest

import cci
from cci import audit
from cci.errors import UnknownName


def test_a_stage_is_bounded_by_what_the_dates_leave_open():
    stages = audit.stages(cci.load(), "meat_export").set_index("stage")
    # Checked in November 2024, approved in March 2025: at least from the last day of one to the first of the other.
    assert stages.loc["approval", ["low", "high"]].tolist() == [91, 150]
    assert stages.loc["approval", "words"] == "between 91 and 150 days"


def test_context_targets_and_spans_are_no_stages():
    stages = set(audit.stages(cci.load(), "ev_export")["stage"])
    assert stages == {"EU-standard certificate", "first batch shipped"}


def test_a_pathway_nobody_had_told_of_has_no_stages():
    assert audit.stages(cci.load("2016-01-01"), "ev_export").empty


def test_steps_choose_between_which_dates_a_stage_is_measured():
    named = audit.stages(cci.load(), "meat_export", steps=["request opened", "dossier accepted"])
    # Asked for in 2023, accepted in September 2024; the talks in between are no step of the agency.
    assert named[["low", "high"]].to_numpy().tolist() == [[245, 638]]
    assert named["source_ids"].tolist() == [("asiacity-2025-12-soft-connectivity",)]


def test_a_step_that_is_not_there_is_named():
    with pytest.raises(UnknownName, match=r"No dated step 'aproval' in 'meat_export'\. Did you mean 'approval'"):
        audit.stages(cci.load(), "meat_export", steps=["aproval"])


def test_steps_of_one_actor_in_a_row_are_measured_as_one_wait():
    waits = audit.waits(cci.load(), "meat_export").set_index("actor")
    # From the round table of 12 August 2024 to the approval of March 2025, over file, check and approval.
    assert waits.loc["Singapore Food Agency", ["steps", "low", "high"]].tolist() == [3, 201, 231]
    assert waits["steps"].sum() == len(audit.stages(cci.load(), "meat_export"))


def test_waits_of_a_pathway_nobody_had_told_of_are_none():
    assert audit.waits(cci.load("2016-01-01"), "ev_export").empty
