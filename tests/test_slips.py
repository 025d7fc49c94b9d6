"""A figure that its own words or its own name contradict is a candidate."""

from types import SimpleNamespace

import pandas as pd
import pytest

import cci
from cci.audit.report import report
from cci.audit.slips import slips
from cci.record.dates import last_day

UNDATED = {
    "indicator": "x", "scope": "cci", "unit": "t", "value": 1.0, "as_stated": "", "words": "", "low": 0.0, "high": 0.0,
    "start": pd.NaT, "end": pd.NaT, "period_start": None, "period_end": None, "growth_percent": None, "flag": None,
    "qualifier": "exact", "measure": "flow", "published": None, "source_id": "press-ports",
}  # fmt: skip


def found(value, words, obs_id="ships-cci-2020-05-04-1", period="2020-05-04"):
    end = pd.Timestamp(period) if period else pd.NaT
    row = {"obs_id": obs_id, "value": value, "period_end": period, "end": end, "as_stated": words}
    return detected([UNDATED | row])


def detected(rows):
    frame = pd.DataFrame(rows).astype({"start": "datetime64[s]", "end": "datetime64[s]", "published": "str"})
    return slips(SimpleNamespace(observations=frame.assign(known_by=last_day(frame["published"]))))["detector"].tolist()


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


@pytest.mark.parametrize(
    ("qualifier", "words"),
    [
        ("exact", "over 300 ships"), ("exact", "超300艘"), ("nearly", "exceeding US$300"), ("over", "nearly 300 ships"),
        ("over", "接近300艘"), ("at_least", "almost 300"), ("under", "more than 300"),
    ],
)  # fmt: skip
def test_a_bound_that_its_words_deny_is_one(qualifier, words):
    assert detected([UNDATED | {"obs_id": "x", "value": 300.0, "as_stated": words, "qualifier": qualifier}]) == [
        "bound_not_in_words"
    ]


@pytest.mark.parametrize(
    ("qualifier", "words"),
    [
        ("over", "over 300 ships"), ("nearly", "近300艘"), ("exact", "more than half, or 300"), ("exact", "300 now"),
        ("over", "近年超300艘"), ("exact", "多达300艘"),
    ],
)  # fmt: skip
def test_a_bound_that_its_words_hold_or_do_not_speak_of_is_none(qualifier, words):
    assert detected([UNDATED | {"obs_id": "x", "value": 300.0, "as_stated": words, "qualifier": qualifier}]) == []


@pytest.mark.parametrize(
    ("value", "words", "met"),
    [(-7.0, "grew by 7%", ["sign_not_in_words"]), (-7.0, "增长7%", ["sign_not_in_words"]), (-7.0, "down 7%", []),
     (-7.0, "by 7%", []), (-7.0, "growth cut by 7%", []), (7.0, "grew by 7%", [])],
)  # fmt: skip
def test_a_minus_in_words_of_a_rise_is_one(value, words, met):
    assert detected([UNDATED | {"obs_id": "x", "value": value, "as_stated": words}]) == met


@pytest.mark.parametrize(
    ("published", "flag", "met"),
    [("2020-11-29", None, ["told_before_its_end"]), ("2020-11-29", "target", []), ("2020-12", None, []),
     ("2020", None, []), ("2020-12-01", None, []), (None, None, [])],
)  # fmt: skip
def test_a_figure_told_over_a_month_ahead_is_one_unless_it_is_a_forecast(published, flag, met):
    assert detected([told(80, 2020) | {"published": published, "flag": flag}]) == met


def test_an_amount_of_more_than_a_year_is_one_and_a_total_is_none():
    longer = told(80, 2020) | {"start": pd.Timestamp("2019-01-01"), "period_start": "2019-01-01"}
    assert detected([longer]) == ["span_over_a_year"]
    assert detected([longer | {"measure": "cumulative"}]) == []
    assert detected([told(80, 2020)]) == []  # a leap year


def test_the_same_words_of_one_page_twice_are_one_and_a_copy_on_another_is_none():
    row = UNDATED | {"as_stated": "one ship"}
    assert detected([row | {"obs_id": "x-1"}, row | {"obs_id": "x-2"}]) == ["said_twice"]
    assert detected([row | {"obs_id": "x-1"}, row | {"obs_id": "x-2", "source_id": "mirror"}]) == []


@pytest.mark.parametrize(
    ("before", "value", "after", "met"),
    [(100, 1100, 110, ["2020"]), (100, 10, 110, ["2020"]), (100, 900, 110, []), (100, 1000, 1000, ["2019"]),
     (100, 110, 1200, ["2021"]), (None, 1000, 100, ["2020", "2021"])],  # of two, nobody knows which is wrong
)  # fmt: skip
def test_a_figure_nowhere_near_those_beside_it_is_one(before, value, after, met):
    rows = [(before, 2019), (value, 2020), (after, 2021)]
    frame = pd.DataFrame([told(one, year) | {"value": float(one)} for one, year in rows if one])
    found = slips(SimpleNamespace(observations=frame.assign(known_by=pd.NaT)))
    assert set(found["detector"]) <= {"out_of_line"}
    assert [obs_ids[0][2:6] for obs_ids in found["obs_ids"]] == met


@pytest.mark.parametrize(
    "beside",
    [{"scope": "other"}, {"start": pd.Timestamp("2019-10-01")}, {"flag": "suspected_error"}, {"flag": "forecast"}],
)
def test_a_figure_is_measured_by_sound_ones_of_its_series_for_like_periods(beside):
    assert detected([told(100, 2019) | {"value": 100.0} | beside, told(1000, 2020) | {"value": 1000.0}]) == []


def test_they_stand_in_the_report_as_candidates_and_are_few():
    record = cci.load()
    kinds = report(record).query("outcome == 'candidate'")["kind"]
    names = set(slips(record)["detector"])
    assert kinds.isin(names).sum() == len(slips(record))
    assert len(slips(record)) < len(record.observations) / 40
