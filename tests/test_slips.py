"""A figure that its own words or its own name contradict is a candidate."""

from types import SimpleNamespace

import pandas as pd
import pytest

import cci
from cci.audit.report import report
from cci.audit.slips import slips

UNDATED = {
    "indicator": "x", "scope": "cci", "unit": "t", "value": 1.0, "as_stated": "", "words": "", "low": 0.0, "high": 0.0,
    "start": pd.NaT, "end": pd.NaT,
}  # fmt: skip


def found(value, words, obs_id="ships-cci-2020-05-04-1", period="2020-05-04"):
    row = {"obs_id": obs_id, "value": value, "period_end": period, "as_stated": words, "growth_percent": None}
    return detected([UNDATED | row])


def detected(rows):
    return slips(SimpleNamespace(observations=pd.DataFrame(rows)))["detector"].tolist()


def told(high, year, growth=None, *, scope="cci", day="12-31"):
    """A yearly figure as the record knows it, with the growth that is told of it."""
    end = pd.Timestamp(f"{year}-{day}")
    row = {
        "obs_id": f"x-{end:%Y-%m-%d}-1",
        "period_end": f"{end:%Y-%m-%d}",
        "start": pd.Timestamp(year, 1, 1),
        "end": end,
    }
    return UNDATED | row | {"low": high - 1, "high": high, "growth_percent": growth, "scope": scope}


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (15600.0, "15,600 square meters"), (3_458_800.0, "345.88万人次"), (21.4e9, "21.4 bilyong Dolyares"),
        (75.88e9, "einem Volumen von 75,88 Milliarden Yuan"), (633_000.0, "rund 633.000"), (215_800.0, "21万5800TEU"),
        (39.291e9, "392億9100万元"), (2.0, "48-hour journey"), (4.083, "about 98 hours"), (14.0, "at least 2 weeks"),
        (3e6, "3 to 5 million"), (-7.6, "down 7.6%"), (1_800_000.0, "180余万票"), (5.0, "five ships"),
    ],
)  # fmt: skip
def test_a_value_that_its_words_hold_is_none(value, words):
    assert found(value, words) == []


@pytest.mark.parametrize("factor", [10, 1000, 10_000, 0.1, 0.001, 0.0001])
@pytest.mark.parametrize(("value", "words"), [(348.0, "348 projects"), (21.4e9, "US$21.4 billion"), (79e4, "79万家")])
def test_a_value_off_by_a_power_of_ten_is_one(factor, value, words):
    assert found(value * factor, words) == ["value_not_in_words"]


@pytest.mark.parametrize("period", ["2021-05-04", "2020-04-05"])
def test_a_period_that_is_not_in_the_name_is_one(period):
    assert found(348.0, "348 projects", period=period) == ["period_not_in_name"]


def test_a_shorter_period_in_a_longer_name_and_no_period_are_none():
    assert found(348.0, "348 projects", period="2020-05") == []
    assert found(348.0, "348 projects", obs_id="ships-cci-undated-1", period=None) == []


def test_a_fall_that_a_higher_figure_bears_out_is_none():
    assert detected([told(100, 2019), told(80, 2020, -20.0)]) == []
    assert detected([told(100, 2018), told(80, 2020, -20.0)]) == []


@pytest.mark.parametrize(
    "before",
    [told(70, 2019), told(100, 2016), told(100, 2019, scope="other"), told(100, 2019, day="06-30"), told(100, 2021)],
)
def test_a_fall_from_a_level_that_nobody_told_is_one(before):
    assert detected([before, told(80, 2020, -20.0)]) == ["fall_not_in_levels"]


def test_of_rises_and_of_rates_no_level_is_asked():
    assert detected([told(70, 2019), told(80, 2020, 20.0)]) == []
    assert detected([told(80, 2020, -20.0) | {"unit": "percent"}]) == []


def test_they_stand_in_the_report_as_candidates_and_are_few():
    record = cci.load()
    kinds = report(record).query("outcome == 'candidate'")["kind"]
    names = {"value_not_in_words", "period_not_in_name", "fall_not_in_levels"}
    assert kinds.isin(names).sum() == len(slips(record))
    assert len(slips(record)) < len(record.observations) / 40
