"""What further evidence changes is told: series, figures, relations, candidates and disagreements, and nothing else."""

from __future__ import annotations

import evidence
import pandas as pd
import pytest
from evidence import FLIGHTS, SOURCE

import cci
from cci.audit.consequences import consequences
from cci.record.additions import additions, resulting

PROJECTS = {
    "indicator": "gov_commercial_projects_count", "scope": "cci", "unit": "projects", "qualifier": "exact",
    "source_id": SOURCE["source_id"],
}  # fmt: skip


@pytest.fixture
def batch(tmp_path):
    made = evidence.batch(tmp_path)
    made.give("sources", SOURCE)
    return made


def changes(batch):
    return consequences(cci.load(data=batch.data), resulting(additions(batch.folder, data=batch.data)))


def of(found, kind):
    return found[found["kind"] == kind]


def test_a_source_alone_changes_nothing(batch):
    assert changes(batch).empty


def test_a_series_is_extended_by_its_new_dates(batch):
    batch.give("observations", FLIGHTS)
    (row,) = of(changes(batch), "series").itertuples()
    assert (row.what, row.before, row.after) == ("weekly_flights/route-ckg-sin", "2025-12-15", "2026-01-01")
    assert row.message == "1 observation: 26 flights a week. New dates: 2026-01-01."
    assert row.obs_ids == (FLIGHTS["obs_id"],)


def test_a_series_without_a_row_so_far_is_called_new(batch):
    batch.give("indicators", {
        "indicator": "pandas", "label": "Pandas", "pillar": "people", "unit": "animals", "measure": "stock",
        "additive": "false", "monotone": "none", "definition": "Pandas.",
    })  # fmt: skip
    batch.give("observations", FLIGHTS | {"obs_id": "pandas-1", "indicator": "pandas", "scope": "chongqing",
                                          "unit": "animals", "as_stated": "26 pandas"})  # fmt: skip
    (row,) = of(changes(batch), "series").itertuples()
    assert (row.what, pd.isna(row.before)) == ("pandas/chongqing", True)
    assert row.message.startswith("A new series. 1 observation: 26 animals.")


def test_a_figure_that_another_observation_now_gives_is_told(batch):
    record = cci.load(data=batch.data)
    held = record.series("weekly_flights", scope="route-ckg-sin").iloc[-1]
    better = FLIGHTS | {"value": "31", "period_end": str(held["period_end"]), "as_stated": "31 weekly flights"}
    batch.give("sources", SOURCE | {"source_id": "office-1", "kind": "statistics_office"})
    batch.give("observations", better | {"source_id": "office-1"})
    (row,) = of(changes(batch), "figure").itertuples()
    assert row.what == f"weekly_flights/route-ckg-sin {held['period_end']}"
    assert row.after == "31 flights a week"
    assert row.obs_ids == (held["obs_id"], FLIGHTS["obs_id"])


def test_a_figure_or_a_page_under_another_name_is_told(batch):
    page = next(row for row in batch.table("sources") if row["url"])
    batch.give("sources", page | {"source_id": "other-name-1"})
    held = next(row for row in batch.table("observations") if not row["period_start"])
    undated = next(row for row in batch.table("observations") if not row["period_end"])
    batch.give("observations", held | {"obs_id": "other-name-2"}, undated | {"obs_id": "other-name-3"})
    found = of(changes(batch), "repeat").set_index("what")
    assert found["before"].to_dict() == {
        "other-name-1": page["source_id"], "other-name-2": held["obs_id"], "other-name-3": undated["obs_id"],
    }  # fmt: skip


def test_a_listed_relation_is_told_with_its_outcome_and_what_the_table_expects(batch):
    batch.give("observations", FLIGHTS, FLIGHTS | {"obs_id": "other-1", "value": "30", "as_stated": "30 flights"})
    pair = f"{FLIGHTS['obs_id']};other-1"
    batch.give(
        "relations",
        {"relation_id": "r-wrong", "kind": "equal", "obs_ids": pair, "expected": "holds"},
        {"relation_id": "r-ratio", "kind": "ratio", "obs_ids": f"{pair};?", "expected": "solves"},
    )
    found = of(changes(batch), "relation").set_index("what")
    assert found["before"].isna().all()
    assert found.loc["r-wrong", "after"] == "breaks"
    assert found.loc["r-wrong", "message"].endswith("The table expects holds.")
    assert found.loc["r-ratio", "after"] == "solves"
    assert "expects" not in found.loc["r-ratio", "message"]


def test_a_total_that_falls_breaks_an_implied_relation_and_is_a_new_candidate(batch):
    fallen = PROJECTS | {
        "obs_id": "projects-1", "value": "300", "period_end": "2026-01-01", "as_stated": "300 projects"
    }  # fmt: skip
    batch.give("observations", fallen)
    found = changes(batch)
    broken = of(found, "relation")
    assert broken["after"].tolist() == ["breaks"]
    assert broken["what"].item().endswith(":projects-1")
    candidates = of(found, "candidate").dropna(subset="after")
    assert "falling_cumulative" in set(candidates["what"])
    assert all("projects-1" in ids for ids in candidates["obs_ids"])


def test_a_disagreement_that_explains_a_break_is_told_and_the_break_is_then_recorded(batch):
    record = cci.load(data=batch.data)
    last = record.series("gov_commercial_projects_count", scope="cci").iloc[-1]["obs_id"]
    fallen = PROJECTS | {
        "obs_id": "projects-1", "value": "300", "period_end": "2026-01-01", "as_stated": "300 projects"
    }  # fmt: skip
    batch.give("observations", fallen)
    batch.give("disagreements", {
        "disagreement_id": "d-fallen", "title": "A total falls", "pillar": "overview", "kind": "cumulative_falls",
        "obs_ids": f"{last};projects-1", "explanation": "It falls.",
    })  # fmt: skip
    found = changes(batch)
    assert of(found, "relation")["after"].tolist() == ["breaks, recorded"]
    assert of(found, "disagreement")[["what", "after"]].to_numpy().tolist() == [["d-fallen", "recorded"]]


def test_a_disagreement_on_a_period_that_gains_a_statement_is_touched(batch):
    record = cci.load(data=batch.data)
    named = next(
        i for ids in record.disagreements["obs_ids"] for i in ids if i.startswith("gov_commercial_projects_count")
    )
    held = record.observation(named)
    batch.give("observations", PROJECTS | {
        "obs_id": "projects-1", "value": str(int(held["value"])), "period_end": str(held["period_end"]),
        "as_stated": "as many projects",
    })  # fmt: skip
    touched = of(changes(batch), "disagreement")
    concerned = [d.disagreement_id for d in record.disagreements.itertuples() if named in d.obs_ids]
    assert set(concerned) <= set(touched["what"])
    assert set(touched["after"]) == {"touched"}
    assert set(touched["obs_ids"]) == {("projects-1",)}
