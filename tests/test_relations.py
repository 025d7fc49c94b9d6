"""Relations: the record's own outcomes, every kind on invented figures, and honest silence on bad input."""

import math
import re

import pandas as pd
import pytest

import cci
from cci import audit
from cci.audit import relations
from cci.errors import UnknownName
from cci.record.intervals import Interval


class Figures:
    """A stand-in for the record: named intervals with units, and growth rates printed beside them."""

    rule = "next-round"

    def __init__(self, **figures):
        self.figures = figures

    def observation(self, obs_id):
        if obs_id not in self.figures:
            raise UnknownName("observation", obs_id, self.figures)
        _, unit, *rate = self.figures[obs_id]
        return pd.Series({"unit": unit, "growth_percent": rate[0] if rate else math.nan})

    def interval(self, obs_id):
        return Interval(*self.figures[obs_id][0])


FIGURES = Figures(
    old=((100, 100), "trains"),
    repeat=((100, 100), "trains"),
    new=((120, 120), "trains", 20.0),
    wrong=((150, 150), "trains", 20.0),
    rate=((19.5, 20.5), "percent"),
    part=((25, 35), "trains"),
    flow=((20, 20), "trains"),
    money=((5e9, 6e9), "USD"),
    factor=((1.2, 1.2), "times"),
    zero=((-1, 1), "trains"),
    unrated=((130, 130), "trains"),
    deals=((10, 10), "deals"),
    total=((110, 110), "trains"),
    share=((16, 17), "percent"),
)


def test_the_record_itself_gives_the_outcomes_it_expects(record):
    outcomes = audit.evaluate(record)
    assert outcomes["outcome"].tolist() == outcomes["expected"].tolist()
    assert len(outcomes) == len(record.relations) > 100


@pytest.mark.parametrize(
    ("kind", "terms", "outcome", "computed"),
    [
        ("growth", "new old", "holds", (20, 20)),
        ("growth", "new old rate", "holds", (20, 20)),
        ("growth", "new ?", "solves", (120 / 1.205, 120 / 1.195)),
        ("growth", "? old rate", "solves", (119.5, 120.5)),
        ("growth", "wrong old", "breaks", (50, 50)),
        ("growth", "new old ?", "solves", (20, 20)),
        ("ratio", "new old factor", "holds", (1.2, 1.2)),
        ("ratio", "new ? factor", "solves", (100, 100)),
        ("ratio", "? old factor", "solves", (120, 120)),
        ("ratio", "flow new share", "holds", (100 / 6, 100 / 6)),
        ("ratio", "flow new ?", "solves", (100 / 6, 100 / 6)),
        ("ratio", "new old ?", "solves", (1.2, 1.2)),
        ("ratio", "money deals ?", "solves", (5e8, 6e8)),
        ("sum", "old flow new", "holds", (120, 120)),
        ("sum", "old ? new", "solves", (20, 20)),
        ("sum", "old flow ?", "solves", (120, 120)),
        ("sum", "old deals total", "holds", (110, 110)),
        ("sum", "old part new", "breaks", (125, 135)),
        ("difference", "new old flow", "holds", (20, 20)),
        ("difference", "new ? flow", "solves", (100, 100)),
        ("difference", "? old flow", "solves", (120, 120)),
        ("product", "factor old new", "holds", (120, 120)),
        ("product", "factor ? new", "solves", (100, 100)),
        ("product", "? old new", "solves", (1.2, 1.2)),
        ("monotone", "old new wrong", "holds", (150, 150)),
        ("monotone", "old wrong new", "breaks", (120, 120)),
        ("equal", "part flow", "breaks", (25, 35)),
        ("equal", "old repeat", "holds", (100, 100)),
    ],
)
def test_each_kind_holds_breaks_or_solves(kind, terms, outcome, computed):
    result = relations.judge(FIGURES, "r", kind, terms.split())
    assert result.outcome == outcome, result.message
    assert (result.computed.low, result.computed.high) == pytest.approx(computed)


@pytest.mark.parametrize(
    ("kind", "terms", "message"),
    [
        ("growth", "new", "2 to 3 needed"),
        ("growth", "unrated old", "no growth rate"),
        ("growth", "unrated ?", "no growth rate to solve with"),
        ("growth", "new money", "different units"),
        ("growth", "? ? rate", "at most one term"),
        ("ratio", "new zero factor", "contains zero"),
        ("ratio", "? ? factor", "at most one term"),
        ("sum", "old money new", "different units"),
        ("sum", "? ? new", "at most one term"),
        ("difference", "new old", "3 needed"),
        ("difference", "new money ?", "different units"),
        ("product", "? ? new", "at most one term"),
        ("monotone", "old ?", "leaves no term open"),
        ("monotone", "old", "at least 2 needed|2 to 999 needed"),
        ("equal", "old money", "different units"),
        ("sum", "old nowhere new", "No observation 'nowhere'"),
        ("trend", "old new", "no kind of relation 'trend'"),
    ],
)
def test_bad_input_cannot_be_told_and_says_why(kind, terms, message):
    result = relations.judge(FIGURES, "r", kind, terms.split())
    assert result.outcome == "cannot_tell"
    assert re.search(message, result.message), result.message


def test_a_relation_whose_figures_are_not_yet_published_cannot_be_told():
    result = audit.relation(cci.load("2021-12-31"), "r-share-20")
    assert result.outcome == "cannot_tell"
    assert result.holds is None
    assert "2021-12-31" in result.message


def test_a_figure_that_is_not_yet_published_is_not_called_unknown():
    result = audit.judge(cci.load("2021-12-31"), "r", "equal", ["weekly_flights-route-ckg-sin-2025-11-10-1"] * 2)
    assert result.message == "Not all of its figures had been published by 2021-12-31."


def test_an_unknown_relation_is_refused_with_the_nearest(record):
    with pytest.raises(UnknownName, match="r-share-20"):
        audit.relation(record, "r-share-2")


def test_conclusions_can_be_tested_against_another_rule():
    printed = audit.evaluate(cci.load(rule="as-printed"))
    assert (printed["outcome"] != printed["expected"]).any()


def test_the_multiple_of_the_seeds_implies_a_base_no_yearbook_has(record):
    implied = audit.relation(record, "r-743-base")
    assert implied.words == "between 11,500 and 11,650 people"
    assert audit.relation(record, "r-743-yearbook").holds is False


def test_what_was_computed_can_be_drawn_and_what_was_not_is_left_out():
    outcomes = {
        "Before": relations.judge(FIGURES, "r", "growth", ["new", "?"]),
        "Unknown": relations.judge(FIGURES, "r", "growth", ["unrated", "?"]),
    }
    rows = audit.computed(outcomes)
    assert rows["name"].tolist() == ["Before"]
    assert rows["words"].tolist() == ["between 99.59 and 100.42 trains"]
