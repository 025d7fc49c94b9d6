"""Results quoted in prose, and charts that unchanged data never changes."""

from __future__ import annotations

import math

import altair as alt
import numpy as np
import pandas as pd
import pytest

import cci
from cci import audit
from cci.audit.relations import Outcome
from cci.book.results import glue, quotable
from cci.charts.renderer import MIME, render, stable
from cci.charts.table import MIME as BOXES
from cci.record.intervals import Interval


def test_a_quoted_result_is_words_or_a_number_that_every_machine_prints_alike():
    assert quotable("over US$26 billion") == "over US$26 billion"
    assert repr(quotable(np.float64(0.1) + 0.2)) == "0.3"
    assert repr(quotable(np.int64(347))) == "347"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "", None, True, [1]])
def test_what_is_nothing_to_quote_is_refused(value):
    with pytest.raises(ValueError, match="nothing to quote"):
        quotable(value)


def test_a_name_that_a_role_cannot_quote_is_refused():
    with pytest.raises(ValueError, match="cannot be quoted"):
        glue("Share of all", "a third")


@pytest.fixture
def stored(monkeypatch):
    """What `glue` hands to the notebook: the stored text and, where there is any, what stands behind it."""
    kept = {}
    monkeypatch.setattr("myst_nb.ext.glue.glue", lambda name, value, display: kept.update({name: value}))
    return lambda name, *value, **more: (glue(name, *value, **more), kept[name]._repr_mimebundle_())[1]


def test_an_outcome_brings_its_words_its_arithmetic_and_its_inputs(stored):
    record = cci.load()
    outcome = audit.relation(record, "r-value-per-project")
    bundle = stored("average", outcome)
    assert bundle["text/plain"] == repr(outcome.words)
    behind = bundle[BOXES]
    assert (behind["arithmetic"], behind["how"]) == ("ratio", outcome.message)
    assert behind["obs_ids"] == [obs_id for obs_id in outcome.obs_ids if obs_id != "?"]
    assert behind["interval"] == pytest.approx([outcome.computed.low, outcome.computed.high])


def test_an_end_without_a_bound_is_null_in_what_is_stored(stored):
    open_end = Outcome("x", "sum", "solves", ("a", "?"), "Implies.", "projects", Interval(5, math.inf))
    assert stored("open", open_end)[BOXES]["interval"] == [5, None]


def test_words_may_name_the_figures_behind_them_and_need_not(stored):
    rows = pd.DataFrame({"obs_id": ["a", "b", "a"]})
    assert stored("two", "both", of=rows)[BOXES]["obs_ids"] == ["a", "b"]
    assert stored("one", 1.5, of=["c"])[BOXES] == {
        "kind": "result", "arithmetic": "", "how": "", "interval": [], "obs_ids": ["c"],
    }  # fmt: skip
    assert stored("none", "nothing") == {"text/plain": "'nothing'"}


def chart(**columns: list[float]) -> dict:
    points = alt.Chart(pd.DataFrame(columns)).mark_point().encode(x="x:Q", y="y:Q")
    return alt.layer(points.interactive(), points.mark_line()).properties(title="Signed projects").to_dict()


def test_a_chart_is_emitted_as_its_specification_and_its_title():
    bundle, metadata = render(chart(x=[1.0, 2.0], y=[3.0, 4.0]))
    assert set(bundle) == {MIME, "text/plain"}
    assert bundle["text/plain"] == "[chart] Signed projects"
    assert metadata == {}


def test_names_that_altair_makes_up_are_numbered_in_order_of_appearance():
    (parameter,) = stable(chart(x=[1.0], y=[2.0]))["params"]
    assert (parameter["name"], parameter["views"]) == ("param_1", ["view_1"])


def test_the_last_digits_of_floats_change_nothing_but_a_figure_does():
    one, other = (stable(chart(x=[value], y=[1.0])) for value in (0.3, 0.1 + 0.2))
    assert one == other
    assert stable(chart(x=[0.31], y=[1.0]))["data"]["name"] != one["data"]["name"]
    assert set(one["datasets"]) == {one["data"]["name"]}
