"""The gap register: which years are known, how long nothing was said, and what would end that."""

import dataclasses

import pandas as pd
import pytest

import cci
from cci.audit.silence import COLUMNS, cut_off, silences, years_words
from cci.record.dates import first_day, last_day


@pytest.fixture(scope="module")
def told(record):
    return silences(record).set_index(["indicator", "scope"])


def test_every_judged_series_with_a_sound_figure_has_a_row(record, told):
    assert list(silences(record).columns) == list(COLUMNS)
    judged = set(record.series_list[["indicator", "scope"]].itertuples(index=False, name=None))
    assert set(told.index) <= judged
    assert len(told) > len(judged) * 0.9


def test_the_years_of_a_series_are_told_known_partly_or_missing_and_never_two_of_them(record, told):
    for (indicator, scope), row in told.iterrows():
        states = [set(row[state]) for state in ("known", "partly", "missing")]
        assert sum(map(len, states)) == len(set().union(*states)), (indicator, scope)
        dated = record.series(indicator, scope=scope).dropna(subset=["end"])
        assert not set(row["missing"]) & set(dated.loc[dated["flag"].isna(), "end"].dt.year[lambda y: y <= 2025])


def test_silence_runs_from_the_last_day_a_figure_reaches_to_the_cut_off(record, told):
    day = cut_off(record)
    for row in told.itertuples():
        assert row.silent_days == (day - row.last).days >= 0
        assert row.last == record.observation(row.obs_id)["end"]


def test_the_cut_off_is_the_day_of_the_run_or_the_latest_dated_figure(record):
    assert cut_off(cci.load(as_of="2018-12-31")) == pd.Timestamp("2018-12-31")
    figures = record.observations
    assert cut_off(record) == figures[figures["published"].notna()]["known_by"].max()


def _of(rows):
    """A stand-in for a record with one series of these rows: (first day, last day, measure, flag)."""
    frame = pd.DataFrame(rows, columns=["period_start", "period_end", "measure", "flag"]).astype("str")
    frame = frame.where(frame != "None")
    frame = frame.assign(
        start=first_day(frame["period_start"]), end=last_day(frame["period_end"]), indicator="i", scope="s",
        label="Label", scope_label="Scope", pillar="finance", words="5 items", publisher="P",
        obs_id=[f"o{n}" for n in range(len(frame))], published="2025-06-30", known_by=pd.Timestamp("2025-06-30"),
    ).sort_values("end", ignore_index=True)  # fmt: skip

    @dataclasses.dataclass
    class Record:
        as_of: object = None
        observations: pd.DataFrame = dataclasses.field(default_factory=lambda: frame)
        published_until: pd.Timestamp = dataclasses.field(default_factory=lambda: pd.Timestamp("2025-06-30"))
        series_list: pd.DataFrame = dataclasses.field(
            default_factory=lambda: pd.DataFrame({"indicator": ["i"], "scope": ["s"]})
        )

        def series(self, indicator, *, scope):
            return frame

    return silences(Record())


def test_a_whole_year_is_known_and_some_months_are_a_part():
    (row,) = _of([("2021-01-01", "2021-12-31", "flow", None), ("2023-01-01", "2023-06-30", "flow", None)]).itertuples()
    assert (row.known, row.partly, row.missing) == ((2021,), (2023,), (2022, 2024))
    assert row.would_fill == "The amount of 2022 to 2024."


def test_a_year_that_is_not_over_is_not_missing_yet_for_amounts_but_is_for_levels():
    (amounts,) = _of([("2024-01-01", "2024-12-31", "flow", None)]).itertuples()
    (level,) = _of([(None, "2024-12-31", "stock", None)]).itertuples()
    assert amounts.missing == ()
    assert level.missing == (2025,)
    assert level.would_fill == "A level dated in 2025; a figure for a day after 31 December 2024."


def test_figures_of_events_are_known_for_their_year():
    (row,) = _of([("2022-11-15", "2022-11-15", "flow", None), (None, "2024-04-21", "flow", None)]).itertuples()
    assert (row.known, row.partly, row.missing) == ((2022, 2024), (), (2023, 2025))
    assert row.longest_pause == 523


@pytest.mark.parametrize("flag", ["forecast", "target", "suspected_error", "superseded", "scope_unclear", "unit_slip"])
def test_what_is_hoped_for_or_doubted_fills_no_gap(flag):
    (row,) = _of([(None, "2022-12-31", "stock", None), (None, "2024-12-31", "stock", flag)]).itertuples()
    assert row.known == (2022,)
    assert _of([(None, "2024-12-31", "stock", flag)]).empty


def test_nothing_published_gives_an_empty_register_with_its_columns():
    early = silences(cci.load(as_of="2000-12-31"))
    assert early.empty
    assert list(early.columns) == list(COLUMNS)


@pytest.mark.parametrize(
    ("years", "words"),
    [
        ((), ""), ((2016,), "2016"), ((2016, 2017), "2016 and 2017"), ((2016, 2017, 2018), "2016 to 2018"),
        ((2024, 2016, 2018, 2019, 2020), "2016, 2018 to 2020 and 2024"),
    ],
)  # fmt: skip
def test_years_in_words(years, words):
    assert years_words(years) == words
