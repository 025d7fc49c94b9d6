"""The time between dated steps, as far as reduced dates tell."""

import cci
from cci import audit


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
