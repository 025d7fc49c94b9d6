"""A finding shows its verdict and leads to the figures behind it."""

import pandas as pd
import pytest

from cci import audit
from cci.audit.findings import MIME
from cci.audit.relations import Outcome


@pytest.mark.parametrize(("holds", "verdict"), [(True, "holds"), (False, "fails"), (None, "cannot be told")])
def test_a_finding_says_what_its_check_came_to(holds, verdict):
    assert audit.finding("Ports grew.", holds=holds, because=["a"]).verdict == verdict


def test_the_figures_behind_a_finding_come_once_and_in_order():
    frame = pd.DataFrame({"obs_id": ["b", "a", "b"]})
    assert audit.finding("Ports grew.", holds=True, because=frame).obs_ids == ("b", "a")


def test_findings_display_as_data_and_as_text():
    shown = audit.findings(audit.finding("Ports grew.", holds=True, because=["a"], why="From x to y."))
    bundle = shown._repr_mimebundle_()
    assert bundle[MIME]["items"] == [
        {"statement": "Ports grew.", "verdict": "holds", "why": "From x to y.", "obs_ids": ["a"]}
    ]
    assert bundle["text/plain"] == "holds: Ports grew. From x to y."
    assert bundle["text/markdown"] == "- **holds:** Ports grew. From x to y."


def test_a_finding_can_rest_on_a_relation():
    outcome = Outcome("r", "equal", "breaks", ("a", "b"), "They differ.")
    finding = audit.finding("Both agree.", by=outcome)
    assert (finding.verdict, finding.obs_ids, finding.why) == ("fails", ("a", "b"), "They differ.")
