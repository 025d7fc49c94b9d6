"""Which sources are listened to, and what rests on them alone."""

import pandas as pd
import pytest

from cci import audit
from cci.errors import ParameterError


def test_each_admission_is_narrower_than_the_one_before(record):
    every, first_hand, official = (audit.admitted(record, name) for name in ("all", "first-hand", "official"))
    assert every["obs_id"].tolist() == record.observations["obs_id"].tolist()
    assert not set(first_hand["source_kind"]) & {"mirror", "aggregator"}
    assert set(official["source_kind"]) == {"government", "statistics_office", "company", "industry_body"}
    assert set(official["obs_id"]) < set(first_hand["obs_id"]) < set(every["obs_id"])


def test_an_unknown_admission_is_refused(record):
    with pytest.raises(ParameterError, match="all, first-hand, official"):
        audit.admitted(record, "press")


def test_what_rests_on_a_figure_that_is_not_admitted_is_left_out():
    observations = pd.DataFrame({"obs_id": ["a", "b"]})
    relations = pd.DataFrame({"relation_id": ["r-1", "r-2", "r-3"], "obs_ids": [("a", "b"), ("a", "c"), ("b", "?")]})
    assert audit.resting_on(observations, relations)["relation_id"].tolist() == ["r-1", "r-3"]


def test_all_sources_leave_every_disagreement(record):
    kept = audit.resting_on(record.observations, record.disagreements)
    assert kept["disagreement_id"].tolist() == record.disagreements["disagreement_id"].tolist()


def test_a_relation_with_a_figure_that_is_not_admitted_cannot_be_told(record):
    broken = audit.relation(record, "r-equal-transit-2025")
    assert audit.if_admitted(record.observations, broken) == broken
    official = audit.if_admitted(audit.admitted(record, "official"), broken)
    assert (official.holds, official.obs_ids) == (None, broken.obs_ids)
    assert official.message == "A source of it is not admitted."
