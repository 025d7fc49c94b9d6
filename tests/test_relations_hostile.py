"""Relations by a stranger who means no good: what has no meaning is refused with its reason, never a silent number."""

import itertools
import math
import re

import pytest

from cci.audit import relations
from cci.errors import IntervalError, UnknownName
from cci.record.intervals import Interval, allowed

FIGURES = {
    # name: (low, high, unit) or (low, high, unit, growth rate printed beside it)
    "a": (100, 100, "trains"),
    "b": (120, 120, "trains", 20.0),
    "small": (40, 40, "trains"),
    "zero": (0, 0, "trains"),
    "around_zero": (-1, 1, "trains"),
    "from_zero": (0, 5, "trains"),
    "loss": (-10, -10, "trains"),
    "endless": (50, math.inf, "trains"),
    "halved": (50, 50, "trains", -50.0),
    "vanished": (5, 5, "trains", -150.0),
    "no_rate": (100, 100, "trains", math.nan),
    "endless_rate": (100, 100, "trains", math.inf),
    "days": (10, 10, "days"),
    "each": (5, 5, "USD"),
    "money": (500, 500, "USD"),
    "yuan": (700, 700, "CNY"),
    "half": (50, 50, "percent"),
    "points": (5, 5, "percentage_points"),
    "double": (2, 2, "times"),
    "third": (3, 3, "rank"),
    "first": (1, 1, "rank"),
    "last_year": (2024, 2024, "year"),
    "this_year": (2025, 2025, "year"),
}


class Record:
    """A stand-in for the record that holds FIGURES and one value that is not a number."""

    rule = "next-round"

    def observation(self, obs_id):
        if obs_id not in FIGURES and obs_id != "nan":
            raise UnknownName("observation", obs_id, FIGURES)
        _, _, unit, *rate = FIGURES.get(obs_id, (0, 0, "trains"))
        return {"unit": unit, "growth_percent": rate[0] if rate else math.nan}

    def interval(self, obs_id):
        return Interval(math.nan, math.nan) if obs_id == "nan" else Interval(*FIGURES[obs_id][:2])


def judged(kind, terms):
    return relations.judge(Record(), "r", kind, terms.split())


@pytest.mark.parametrize(
    ("kind", "terms", "reason"),
    [
        # The wrong number of terms, and nothing to solve with.
        ("growth", "", "0 terms given, 2 to 3 needed"),
        ("ratio", "?", "1 term given, 3 needed"),
        ("product", "a b each money", "4 terms given, 3 needed"),
        ("sum", "a", "1 term given, at least 2 needed"),
        ("sum", "", "0 terms given"),
        ("monotone", "a", "1 term given"),
        ("equal", "", "0 terms given"),
        ("growth", "a ?", "no growth rate to solve with"),
        ("growth", "no_rate ?", "no growth rate to solve with"),
        # Rows and kinds that do not exist.
        ("sum", "a nowhere ?", "No observation 'nowhere'"),
        ("growth", "b smal", "Did you mean 'small'"),
        ("quotient", "a b small", "no kind of relation 'quotient'"),
        ("", "a b small", "Use one of: growth, ratio"),
        # No numbers, and numbers without end.
        ("sum", "a nan ?", "not a number"),
        ("equal", "nan a", "not a number"),
        ("growth", "endless_rate ?", "No interval is defined for inf"),
        # Division by what may be nothing, and growth from it or from below it.
        ("ratio", "b zero ?", "contains zero"),
        ("ratio", "b around_zero ?", "contains zero"),
        ("ratio", "b from_zero ?", "contains zero"),
        ("growth", "a zero ?", "contains zero"),
        ("growth", "a from_zero ?", "contains zero"),
        ("growth", "a around_zero ?", "base above zero"),
        ("growth", "b loss", "base above zero"),
        ("growth", "vanished ?", "below nothing"),
        ("product", "zero ? small", "contains zero"),
        # Unlike units.
        ("growth", "a money", "different units"),
        ("difference", "a money ?", "different units"),
        ("sum", "a money ?", "different units"),
        ("sum", "half points ?", "different units"),
        ("sum", "days a ?", "different units"),
        ("monotone", "money yuan", "different units"),
        ("equal", "half points", "different units"),
        ("ratio", "money yuan half", "USD over CNY is not in percent"),
        ("ratio", "a b small", "trains over trains is not in trains; use times or percent"),
        ("ratio", "? a b", "trains cannot be multiplied with trains"),
        ("ratio", "money ? each", "no unit unless the quotient is a multiple or share"),
        ("product", "a b ?", "trains cannot be multiplied with trains"),
        ("product", "money yuan ?", "no unit unless the product names one"),
        ("product", "double a money", "different units"),
        ("product", "a ? money", "neither a multiple nor a share"),
        # A rate that is none.
        ("growth", "b ? small", "a growth rate is in percent or times, not in trains"),
        ("growth", "? a each", "a growth rate is in percent or times, not in USD"),
        ("growth", "b a points", "not in percentage_points"),
        # Places and years are no amounts.
        ("growth", "third first ?", "a rank or a year is no amount"),
        ("sum", "third first ?", "a rank or a year is no amount"),
        ("ratio", "this_year last_year ?", "a rank or a year is no amount"),
        ("difference", "this_year last_year ?", "a rank or a year is no amount"),
        # A figure beside itself, and parts beyond their total.
        ("equal", "a a", "names a more than once"),
        ("monotone", "a b a", "names a more than once"),
        ("sum", "a a ?", "names a more than once"),
        ("ratio", "a a ?", "names a more than once"),
        ("sum", "b a ? small", "exceed the total, by at least 180"),
    ],
)
def test_what_has_no_meaning_cannot_be_told_and_says_why(kind, terms, reason):
    outcome = judged(kind, terms)
    assert outcome.outcome == "cannot_tell", outcome.message
    assert re.search(reason, outcome.message), outcome.message
    assert outcome.computed is None
    assert outcome.holds is None
    assert outcome.words == "cannot be told"


@pytest.mark.parametrize("kind", relations.KINDS)
@pytest.mark.parametrize("terms", ["? ?", "? ? ?", "? a ?", "a ? ?", "? ? a"])
def test_more_than_one_open_term_is_never_solved(kind, terms):
    assert judged(kind, terms).outcome == "cannot_tell"


@pytest.mark.parametrize("kind", ["monotone", "equal"])
@pytest.mark.parametrize("terms", ["? a", "a ?", "a ? b"])
def test_an_order_leaves_no_term_open(kind, terms):
    assert "leaves no term open" in judged(kind, terms).message


@pytest.mark.parametrize(
    ("kind", "terms", "low", "high", "unit"),
    [
        ("sum", "? a", 100, 100, "trains"),
        ("sum", "? small a", 60, 60, "trains"),
        ("sum", "loss a ?", 90, 90, "trains"),
        ("difference", "small a ?", -60, -60, "trains"),
        ("product", "half a ?", 50, 50, "trains"),
        ("product", "a half ?", 50, 50, "trains"),
        ("product", "half ? a", 200, 200, "trains"),
        ("product", "? small a", 2.5, 2.5, "times"),
        ("product", "a each money", 500, 500, "USD"),
        ("ratio", "? a each", 500, 500, "USD"),
        ("ratio", "? a half", 50, 50, "trains"),
        ("ratio", "money a each", 5, 5, "USD"),
        ("growth", "zero a ?", -100, -100, "percent"),
        ("growth", "? a double", 200, 200, "trains"),
        ("growth", "a endless ?", -100, 100, "percent"),
    ],
)
def test_what_has_a_meaning_keeps_its_number_and_its_unit(kind, terms, low, high, unit):
    outcome = judged(kind, terms)
    assert outcome.outcome in ("solves", "holds"), outcome.message
    assert (outcome.computed.low, outcome.computed.high, outcome.unit) == (low, high, unit)


@pytest.mark.parametrize("kind", relations.KINDS)
def test_no_triple_of_figures_raises_or_gives_a_number_without_its_unit(kind):
    for terms in itertools.product([*FIGURES, "?", "nan", "nowhere"], repeat=3):
        outcome = relations.judge(Record(), "r", kind, terms)
        assert outcome.message
        assert (outcome.computed is None) == (outcome.outcome == "cannot_tell")
        assert outcome.outcome == "cannot_tell" or outcome.unit


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_no_interval_is_made_of_what_is_no_finite_number(value):
    with pytest.raises(IntervalError, match="No interval is defined for"):
        allowed(value, unit="trains")


def test_an_end_of_a_range_must_be_finite_and_a_qualifier_known():
    with pytest.raises(IntervalError, match="20 to inf"):
        allowed(20, unit="trains", value_high=math.inf)
    with pytest.raises(IntervalError, match=r"qualifier 'roughly'\. Use one of: exact"):
        allowed(20, unit="trains", qualifier="roughly")
