"""Totals and levels printed unchanged for several dates."""

import pandas as pd
import pytest

import cci
from cci import audit


def told(*days, measure="stock", value=120.0):
    names = [f"on {day}" for day in days]
    days = pd.to_datetime(list(days))
    return pd.DataFrame(
        {
            "obs_id": names,
            "indicator": "ports", "label": "Ports", "scope": "all", "scope_label": "All", "value": value,
            "words": f"{value:.0f} ports", "measure": measure, "end": days, "known_by": days, "source_id": "page",
        }
    )  # fmt: skip


def test_a_value_stated_for_several_dates_is_one_row():
    rows = audit.repeats(told("2025-10-11", "2025-12-15", "2025-11-10"))
    assert rows[["obs_id", "dates", "pages"]].to_numpy().tolist() == [["on 2025-10-11", 3, 1]]
    assert rows.loc[0, ["first", "last"]].tolist() == [pd.Timestamp("2025-10-11"), pd.Timestamp("2025-12-15")]


@pytest.mark.parametrize(
    "rows",
    [
        told("2025-10-11", "2025-10-11", "2025-12-15"),  # two dates
        told("2025-10-11", "2025-11-10", "2025-12-15", measure="flow"),
        told("2025-10-11", "2025-11-10", None),
    ],
)
def test_fewer_dates_amounts_of_a_period_and_undated_statements_are_no_repeats(rows):
    assert audit.repeats(rows).empty


def test_the_headline_of_the_anniversary_is_repeated():
    rows = audit.repeats(cci.load().observations).set_index("indicator")
    assert rows.loc["gov_commercial_projects_count", ["words", "dates", "pages"]].tolist() == ["347 projects", 4, 7]


def test_nothing_published_has_no_repeats():
    nothing = cci.load("2010-12-31").observations
    assert audit.repeats(nothing).empty
    assert audit.repeats(nothing).attrs["as_of"] == "2010-12-31"
