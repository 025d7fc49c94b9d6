"""Every branch of the grade, on the real record and on invented statements."""

import pytest

from cci import audit


@pytest.fixture(scope="module")
def graded(record):
    return audit.grades(record).set_index("obs_id")


def test_every_observation_has_one_grade_with_a_reason(record, graded):
    assert graded.index.is_unique
    assert set(graded.index) == set(record.observations["obs_id"])
    assert set(graded["grade"]) == {"A", "B", "C", "D"}
    assert graded["reason"].notna().all()


def test_a_grave_flag_is_grade_d(record, graded):
    flagged = record.observations.set_index("obs_id")["flag"]
    assert (graded.loc[flagged == "unit_slip", "grade"] == "D").all()
    assert (graded.loc[flagged == "do_not_chart", "grade"] == "D").all()


def test_a_figure_that_a_settled_disagreement_sets_aside_is_grade_d(graded):
    rows = graded[graded["reason"] == "a settled disagreement prefers another figure"]
    assert len(rows)
    assert (rows["grade"] == "D").all()


def test_a_figure_without_a_date_is_grade_d(record, graded):
    undated = record.observations.set_index("obs_id")["end"].isna()
    assert (graded.loc[undated, "grade"] == "D").all()


def test_an_unsettled_clash_caps_the_grade_at_c(record, graded):
    rows = graded[graded["reason"].str.startswith("named in a disagreement")]
    assert len(rows)
    assert (rows["grade"] == "C").all()


def test_forecasts_are_grade_c_at_best(record, graded):
    forecast = record.observations.set_index("obs_id")["flag"].isin(["forecast", "target"])
    assert (graded.loc[forecast, "grade"] >= "C").all()


def test_grade_a_needs_two_independent_origins_and_a_body(graded):
    best = graded[graded["grade"] == "A"]
    assert len(best)
    assert (best["n_origins"] >= 2).all()


def test_many_links_of_one_release_are_not_grade_a(graded):
    headline = graded.loc["gov_commercial_projects_count-cci-2025-11-10-1"]
    assert headline["n_origins"] == 1
    assert headline["grade"] == "B"


def test_a_lone_press_figure_is_grade_c(graded):
    rows = graded[graded["reason"].str.startswith("one press origin")]
    assert len(rows)
    assert (rows["grade"] == "C").all()


def test_agreement_of_both_sides_is_noted(record, graded):
    rows = graded[graded["both_sides"]]
    assert len(rows)
    sides = record.observations.set_index("obs_id").loc[rows.index, "side"]
    assert {"chinese", "singaporean"} <= set(sides)


def test_a_contested_figure_is_contested_on_every_page_that_prints_it(graded):
    # The disagreement on 86,000 names the row of one page; another page prints the same figure for the same year.
    pages = [f"overnight_visitors-singapore-to-chongqing-2024-12-31-{number}" for number in (1, 2)]
    assert graded.loc[pages, "grade"].tolist() == ["C", "C"]
