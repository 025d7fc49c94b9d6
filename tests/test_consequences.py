"""What further evidence changes is told: series, figures, relations, candidates and disagreements, and nothing else."""

from __future__ import annotations

import evidence
import pandas as pd
import pytest
from evidence import FLIGHTS, SOURCE

import cci
from cci.audit.consequences import consequences
from cci.record.additions import additions, resulting

PROJECTS = "gov_commercial_projects_count"
FALLEN = {
    "obs_id": "projects-1", "indicator": PROJECTS, "scope": "cci", "value": "300", "unit": "projects",
    "qualifier": "exact", "period_end": "2026-01-01", "as_stated": "300 projects", "source_id": SOURCE["source_id"],
}  # fmt: skip
PANDAS = {
    "indicator": "pandas", "label": "Pandas", "pillar": "people", "unit": "animals", "measure": "stock",
    "additive": "false", "monotone": "none", "definition": "Pandas.",
}  # fmt: skip


def changes(batch):
    return consequences(cci.load(data=batch.data), resulting(additions(batch.folder, data=batch.data)))


@pytest.fixture(scope="module")
def last(record):
    """The latest flights a week of the record."""
    return record.series("weekly_flights", scope="route-ckg-sin").iloc[-1]


@pytest.fixture(scope="module")
def named(record):
    """The number of projects that a disagreement names."""
    ids = (obs_id for ids in record.disagreements["obs_ids"] for obs_id in ids)
    return record.observation(next(obs_id for obs_id in ids if obs_id.startswith(PROJECTS)))


@pytest.fixture(scope="module")
def found(tmp_path_factory, last, named):
    """The consequences of one batch with something of every kind."""
    batch = evidence.batch(tmp_path_factory.mktemp("further"))
    page = next(row for row in batch.table("sources") if row["url"])
    dated = next(row for row in batch.table("observations") if not row["period_start"])
    undated = next(row for row in batch.table("observations") if not row["period_end"])
    batch.give(
        "sources",
        SOURCE,
        SOURCE | {"source_id": "office-1", "kind": "statistics_office", "url": ""},
        page | {"source_id": "page-again"},
    )
    batch.give("indicators", PANDAS)
    batch.give(
        "observations",
        FLIGHTS,
        FLIGHTS | {"obs_id": "other-1", "value": "30", "as_stated": "30 flights"},
        FLIGHTS | {"obs_id": "better-1", "value": "31", "period_end": str(last["period_end"]), "source_id": "office-1"},
        FLIGHTS | {"obs_id": "pandas-1", "indicator": "pandas", "scope": "chongqing", "unit": "animals"},
        FALLEN,
        FALLEN | {"obs_id": "touching-1", "value": f"{named['value']:.0f}", "period_end": str(named["period_end"])},
        dated | {"obs_id": "dated-again"},
        undated | {"obs_id": "undated-again"},
    )
    pair = f"{FLIGHTS['obs_id']};other-1"
    batch.give(
        "relations",
        {"relation_id": "r-wrong", "kind": "equal", "obs_ids": pair, "expected": "holds"},
        {"relation_id": "r-ratio", "kind": "ratio", "obs_ids": f"{pair};?", "expected": "solves"},
    )
    table = changes(batch)
    table.attrs["again"] = {
        "page-again": page["source_id"], "dated-again": dated["obs_id"], "undated-again": undated["obs_id"],
    }  # fmt: skip
    return table


def of(found, kind):
    return found[found["kind"] == kind].set_index("what")


def test_a_series_is_extended_by_its_new_dates(found):
    row = of(found, "series").loc["weekly_flights/route-ckg-sin"]
    assert (row["before"], row["after"]) == ("2025-12-15", "2026-01-01")
    assert row["message"].startswith("3 observations: ")
    assert row["message"].endswith("New dates: 2026-01-01.")
    assert set(row["obs_ids"]) == {FLIGHTS["obs_id"], "other-1", "better-1"}


def test_a_series_without_a_row_so_far_is_called_new(found):
    row = of(found, "series").loc["pandas/chongqing"]
    assert pd.isna(row["before"])
    assert row["message"] == "A new series. 1 observation: 26 animals. New dates: 2026-01-01."


def test_a_figure_that_another_observation_now_gives_is_told(found, last):
    row = of(found, "figure").loc[f"weekly_flights/route-ckg-sin {last['period_end']}"]
    assert row["after"] == "31 flights a week"
    assert row["obs_ids"] == (last["obs_id"], "better-1")


def test_a_figure_or_a_page_under_another_name_is_told(found):
    assert of(found, "repeat")["before"].to_dict() == found.attrs["again"]


def test_a_listed_relation_is_told_with_its_outcome_and_what_the_table_expects(found):
    relations = of(found, "relation")
    assert relations.loc[["r-wrong", "r-ratio"], "before"].isna().all()
    assert relations.loc[["r-wrong", "r-ratio"], "after"].tolist() == ["breaks", "solves"]
    assert relations.loc["r-wrong", "message"].endswith("The table expects holds.")
    assert "expects" not in relations.loc["r-ratio", "message"]


def test_a_total_that_falls_breaks_an_implied_relation_and_is_a_new_candidate(found):
    assert of(found, "relation").loc[f"order:{PROJECTS}:cci:projects-1", "after"] == "breaks"
    falling = of(found, "candidate").loc[["falling_cumulative"]]
    assert any("projects-1" in ids for ids in falling["obs_ids"])


def test_a_disagreement_on_a_period_that_gains_a_statement_is_touched(found, record, named):
    touched = of(found, "disagreement")
    concerned = [d.disagreement_id for d in record.disagreements.itertuples() if named["obs_id"] in d.obs_ids]
    assert set(concerned) <= set(touched.index)
    assert set(touched["after"]) == {"touched"}
    assert all(touched.loc[name, "obs_ids"] == ("touching-1",) for name in concerned)


def test_a_disagreement_that_explains_a_break_is_told_and_the_break_is_then_recorded(tmp_path, record):
    batch = evidence.batch(tmp_path)
    batch.give("sources", SOURCE)
    batch.give("observations", FALLEN)
    batch.give("disagreements", {
        "disagreement_id": "d-fallen", "title": "A total falls", "pillar": "overview", "kind": "cumulative_falls",
        "obs_ids": f"{record.series(PROJECTS, scope='cci').iloc[-1]['obs_id']};projects-1", "explanation": "It falls.",
    })  # fmt: skip
    changed = changes(batch)
    assert of(changed, "relation")["after"].tolist() == ["breaks, recorded"]
    assert of(changed, "disagreement")["after"].to_dict() == {"d-fallen": "recorded"}


def test_a_source_alone_changes_nothing(tmp_path):
    batch = evidence.batch(tmp_path)
    batch.give("sources", SOURCE)
    assert changes(batch).empty
