"""The shared data module on the real record: what was public when, which figure is preferred, and who says it."""

import csv
import datetime as dt
import subprocess
import sys

import pandas as pd
import pytest

import cci
from cci.errors import ParameterError, UnknownName
from cci.record.dates import first_day, last_day
from cci.record.origins import independent


@pytest.fixture(scope="module")
def record_2021():
    return cci.load("2021-12-31")


def test_importing_the_package_reads_no_file_and_loads_no_heavy_library():
    code = (
        "import sys, builtins; real = builtins.open\n"
        "def watched(path, *a, **k):\n"
        "    assert not str(path).endswith(('.csv', '.json')), path\n"
        "    return real(path, *a, **k)\n"
        "builtins.open = watched\n"
        "import cci\n"
        "assert not {'altair', 'papermill', 'pandas'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_public_names_are_importable():
    assert all(getattr(cci, name) is not None for name in cci.__all__)


@pytest.mark.parametrize("table", ["observations", "sources", "indicators", "disagreements", "relations", "factors"])
def test_every_row_of_every_table_is_there(record, table):
    with (cci.DEFAULT / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        in_file = [row[0] for row in csv.reader(file)][1:]
    assert sorted(getattr(record, table).iloc[:, 0]) == sorted(in_file)
    assert len(in_file) > 50


def test_a_day_of_a_record_that_was_read_is_what_would_be_read_for_it(record, record_2021):
    day = record.on("2021-12-31")
    assert day.read_from == record_2021.read_from != record.read_from
    pd.testing.assert_frame_equal(day.observations, record_2021.observations)
    pd.testing.assert_frame_equal(day.disagreements, record_2021.disagreements)
    assert len(record.observations) > len(day.observations)
    assert record.on(None) is record
    with pytest.raises(ParameterError):
        record.on("2021-02-30")


def test_two_names_of_a_series_are_looked_up_as_any_other_columns(record):
    for indicator, scope in record.series_list[["indicator", "scope"]].itertuples(index=False):
        quick = record.where(indicator=indicator, scope=scope)
        pd.testing.assert_frame_equal(quick, record.where(indicator=[indicator], scope=[scope]))
    assert record.where(indicator="no such name", scope="cci").empty


def test_as_of_hides_what_was_published_later(record_2021):
    day = pd.Timestamp("2021-12-31")
    assert (record_2021.observations["known_by"] <= day).all()
    assert (record_2021.sources["known_by"] <= day).all()
    shown = set(record_2021.sources["source_id"])
    assert set(record_2021.events["source_id"]) <= shown
    assert set(record_2021.milestones["source_id"]) <= shown
    assert {source for ids in record_2021.instruments["source_ids"] for source in ids} <= shown
    held = set(record_2021.observations["obs_id"])
    assert {i for ids in record_2021.disagreements["obs_ids"] for i in ids} <= held
    assert {i for ids in record_2021.relations["obs_ids"] for i in ids} - {"?"} <= held


def test_a_month_of_publication_counts_from_its_last_day(record):
    source = record.sources.set_index("source_id").loc["asiacity-2025-12-soft-connectivity"]
    assert source["published"] == "2025-12"
    assert source["known_by"] == pd.Timestamp("2025-12-31")
    early, late = cci.load("2025-12-30"), cci.load("2025-12-31")
    assert "asiacity-2025-12-soft-connectivity" not in set(early.sources["source_id"])
    assert "asiacity-2025-12-soft-connectivity" in set(late.sources["source_id"])


def test_a_page_without_a_date_counts_from_the_day_it_was_read(record):
    undated = record.sources[record.sources["published"].isna()]
    assert len(undated)
    assert (undated["known_by"] == pd.to_datetime(undated["accessed"])).all()


def test_an_older_day_shows_the_older_vintage(record, record_2021):
    now = record.series("cross_border_financing_value", scope="cci").dropna(subset=["end"])
    then = record_2021.series("cross_border_financing_value", scope="cci").dropna(subset=["end"])
    assert now.iloc[-1]["words"] == "US$21.7 billion"
    assert then.iloc[-1]["words"] == "over US$17 billion"


def test_the_series_has_one_row_per_period_with_the_preferred_statement(record):
    ports = record.series("destination_ports", scope="ilstc-all")
    dated = ports.dropna(subset=["end"])
    assert dated["end"].is_monotonic_increasing
    assert dated["end"].is_unique
    october = dated[dated["end"] == pd.Timestamp("2025-10-31")].iloc[0]
    assert october["obs_id"] == "destination_ports-ilstc-all-2025-10-31-1"
    assert october["n_sources"] >= october["n_origins"] >= 1


def test_a_settled_disagreement_decides_which_statement_is_preferred(record):
    settled = record.disagreements.dropna(subset=["preferred_obs_id"])
    rows = record.find(settled["preferred_obs_id"])
    for row in rows.itertuples():
        series = record.series(row.indicator, scope=row.scope)
        rivals = {rival for ids in series["rival_ids"] for rival in ids}
        beaten_by_another_choice = row.obs_id in rivals
        assert row.obs_id in set(series["obs_id"]) or beaten_by_another_choice


def test_a_flow_keeps_part_years_and_full_years_apart(record):
    teu = record.series("rail_sea_teu", scope="ilstc-all")
    assert not teu.duplicated(["start", "end"]).any()
    assert teu.duplicated(["end"]).any() or len(teu) == teu["end"].nunique(dropna=False)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda r: r.series("weekly_flight", scope="route-ckg-sin"), "Did you mean 'weekly_flights'"),
        (lambda r: r.series("weekly_flights", scope="route-ckg-sim"), "Did you mean 'route-ckg-sin'"),
        (lambda r: r.series("hospital_beds", scope="nowhere"), "No scope 'nowhere'. Use one of: raffles-chongqing"),
        (lambda r: r.series("weekly_flights", scope="cci"), "it has ckg-international"),
        (lambda r: r.observation("weekly_flights-route-ckg-sin-2015-9"), "weekly_flights-route-ckg-sin-2015-1"),
        (lambda r: r.find(["nothing-like-it"]), "No observation 'nothing-like-it'"),
        (lambda r: r.trace("nothing-like-it"), "No observation"),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest(record, call, message):
    with pytest.raises(UnknownName, match=message):
        call(record)


@pytest.mark.parametrize("day", ["2021-13-01", "2021-02-30", "yesterday", "2021", 5])
def test_an_impossible_day_is_refused(day):
    with pytest.raises(ParameterError, match="is not a date"):
        cci.load(day)


def test_an_unknown_rule_is_refused_at_once():
    with pytest.raises(UnknownName, match="Use one of: as-printed, next-round"):
        cci.load(rule="bayes")


def test_a_day_before_everything_gives_empty_frames_with_the_same_columns(record):
    empty = cci.load(dt.date(1990, 1, 1))
    full = record.series("weekly_flights", scope="route-ckg-sin")
    none = empty.series("weekly_flights", scope="route-ckg-sin")
    assert none.empty
    assert list(none.columns) == list(full.columns)
    assert list(empty.observations.columns) == list(record.observations.columns)


def test_changing_a_frame_changes_nothing_in_the_dataset(record):
    frame = record.observations
    frame.loc[:, "value"] = 0.0
    assert record.observations["value"].sum() > 0
    with pytest.raises(AttributeError):
        record.as_of = None


def test_find_keeps_the_order_asked_for_and_leaves_out_what_is_hidden(record_2021):
    ids = ["weekly_flights-route-ckg-sin-2025-11-10-1", "all_projects_count-cci-2018-10-07-1"]
    assert record_2021.find(ids)["obs_id"].tolist() == ids[1:]


def test_trace_leads_from_a_figure_to_everything_behind_it(record):
    trace = record.trace("overnight_visitors-singapore-to-chongqing-2024-12-31-1")
    assert trace["words"] == "86,000 people"
    assert trace["interval"]["words"] == "between 85,500 and 86,500 people"
    assert trace["source"]["publisher"]
    assert {r["relation_id"] for r in trace["relations"]} >= {"r-743-base", "r-86000-entries"}
    assert trace["disagreements"]


def test_cite_lists_each_source_once_with_its_figures(record):
    frame = record.series("gov_commercial_projects_count", scope="cci")
    cited = record.cite(frame)
    assert cited["source_id"].is_unique
    assert cited["n_figures"].sum() == len(frame)
    assert set(cited["origin"]) <= set(record.origins["name"])


def test_all_seed_observations_are_held_with_their_paragraph(record):
    seeds = record.observations.dropna(subset=["locator"])
    assert len(seeds) == 71
    assert seeds["locator"].str.startswith("paragraph ").all()


def test_reduced_dates_span_what_they_may_mean():
    dates = pd.Series(["2024", "2024-02", "2024-02-10", None], dtype="str")
    assert first_day(dates).dt.strftime("%F").tolist()[:3] == ["2024-01-01", "2024-02-01", "2024-02-10"]
    assert last_day(dates).dt.strftime("%F").tolist()[:3] == ["2024-12-31", "2024-02-29", "2024-02-10"]
    assert pd.isna(last_day(dates)[3])


@pytest.mark.parametrize(
    ("voice", "release", "kind", "expected"),
    [
        (["xinhua", "xinhua"], [None, None], ["state_media", "state_media"], 1),
        (["xinhua", "cna"], [None, None], ["state_media", "independent_media"], 2),
        (["xinhua", "cna"], ["r1", "r1"], ["state_media", "independent_media"], 1),
        (["a", "b", "b", "c"], ["r1", "r1", "r2", "r2"], ["government"] * 4, 1),
        (["xinhua", "copy"], [None, None], ["state_media", "mirror"], 1),
        (["copy", "list"], [None, None], ["mirror", "aggregator"], 1),
    ],
)
def test_copies_and_one_release_are_one_origin(voice, release, kind, expected):
    assert independent(voice, release, kind) == expected
