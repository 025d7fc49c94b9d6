"""The register of predictions: what was issued stays, follows from the record of its day, and is scored by code."""

import csv
import datetime as dt
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import cci
from cci.cli import app
from cci.errors import ParameterError, UnknownName
from cci.models import predictions

PORTS = ("destination_ports", "ilstc-all")


@pytest.fixture(scope="module")
def register(record):
    return record.predictions


def test_every_prediction_follows_from_the_figures_it_names(record, register):
    for row in register.to_dict("records"):
        figures = predictions.timed(record.find(row["obs_ids"]))
        assert (figures["known_by"] <= pd.Timestamp(row["as_of"])).all(), row["prediction_id"]
        found = predictions.forecast(figures, row["method"], int(row["target"]), level=row["level"])
        assert (found.point, found.low, found.high) == pytest.approx(
            (row["value"], row["low"], row["high"]), rel=1e-5
        ), f"{row['prediction_id']}: a figure or a formula behind it was changed; add rows instead"


def test_the_predictions_of_a_day_can_be_issued_again(record, register):
    for day, rows in register[register["note"].isna()].groupby("as_of"):
        again = predictions.issue(cci.load(as_of=day), dt.date.fromisoformat(day)).set_index("prediction_id")
        for row in rows.to_dict("records"):
            assert again["obs_ids"].get(row["prediction_id"]) == row["obs_ids"], (
                f"{row['prediction_id']}: the record of {day} now reads otherwise; keep the row and say why in note"
            )
            assert again.loc[row["prediction_id"], ["value", "low", "high"]].tolist() == pytest.approx(
                [row["value"], row["low"], row["high"]], rel=1e-5
            )


def test_the_day_of_issue_comes_from_the_record(record, register):
    last = predictions.last_published(record)
    assert predictions.issue(record)["as_of"].unique().tolist() == [last.isoformat()]
    assert register["as_of"].max() <= last.isoformat()
    assert predictions.lines(record, dt.date.fromisoformat(register["as_of"].max())) == ""


def test_the_methods_page_explains_every_method():
    page = (Path(__file__).parents[1] / "chapters" / "methods.md").read_text(encoding="utf-8")
    assert all(f"*{name.replace('_', ' ')}*" in page.lower() for name in predictions.METHODS)


def test_only_years_to_come_are_predicted_and_every_range_holds_its_point(register):
    assert (register["target"].astype(int) > register["as_of"].str[:4].astype(int)).all()
    assert (register["low"] <= register["value"]).all()
    assert (register["value"] <= register["high"]).all()


def test_a_total_is_not_expected_to_shrink(record, register):
    totals = register[register["indicator"] == "cross_border_financing_value"]
    last = [record.find(ids)["low"].iloc[-1] for ids in totals["obs_ids"]]
    assert (totals["low"] >= last).all()


def test_a_year_has_one_figure_and_an_amount_covers_all_of_it(record):
    trains = predictions.yearly(record, "rail_sea_trains", "ilstc-all")
    assert trains["year"].is_unique
    assert (trains["start"].dt.day_of_year == 1).all()
    assert set(trains["end"].dt.strftime("%m-%d")) == {"12-31"}
    assert trains["flag"].isna().all()
    assert trains["time"].tolist() == (trains["year"] + 1).tolist()
    ports = predictions.yearly(record, *PORTS)
    assert ports["time"].is_monotonic_increasing
    with pytest.raises(UnknownName):
        predictions.yearly(record, "ports", "ilstc-all")


def test_too_few_years_get_no_prediction_and_an_unknown_method_is_refused(record):
    ports = predictions.yearly(record, *PORTS)
    assert predictions.forecast(ports.head(3), "drift", 2030) is None
    assert predictions.forecast(ports.head(7), "damped_trend", 2030) is None
    with pytest.raises(ParameterError, match="not one of naive"):
        predictions.forecast(ports, "oracle", 2030)


def test_the_wording_of_the_last_figure_widens_the_range(record):
    ports = predictions.yearly(record, *PORTS)
    vague = ports.assign(high=ports["high"].where(ports.index < len(ports) - 1, ports["high"] + 50))
    exact, wide = (predictions.forecast(rows, "drift", 2030) for rows in (ports, vague))
    assert (wide.point, wide.low) == (exact.point, exact.low)
    assert wide.high == pytest.approx(exact.high + 50)


def test_predictions_are_told_in_words_and_against_the_last_figure(record, register):
    told = predictions.worded(record, register).set_index("prediction_id")
    ports = told.loc["destination_ports-ilstc-all-2025-12-31-2026-naive"]
    assert (ports["name"], ports["last_words"], ports["expected"]) == ("Ports reached", "579 ports", "579 ports")
    assert ports["point_percent"] == pytest.approx(100)
    assert ports["low_percent"] == pytest.approx(100 * ports["low"] / 579)
    assert ports["allowed"].startswith("between ")
    assert len(told) == len(register)
    assert predictions.worded(cci.load(as_of="2014-12-31"), register).empty


def append(path, template, **cells):
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    row = next(dict(zip(header, row, strict=True)) for row in rows if row[0] == template)
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.DictWriter(file, header).writerow(row | cells)


@pytest.mark.parametrize(("ports", "inside"), [("600", True), ("100", False)])
def test_a_later_figure_scores_predictions_and_moves_none(tmp_path, record, register, ports, inside):
    data = Path(shutil.copytree(cci.DEFAULT, tmp_path / "data"))
    figure, source = (
        "destination_ports-ilstc-all-2025-11-03-1",
        record.observation("destination_ports-ilstc-all-2025-11-03-1")["source_id"],
    )
    append(data / "sources.csv", source, source_id="a-later-page", published="2027-01-15", accessed="2027-01-16")
    append(
        data / "observations.csv", figure, obs_id="destination_ports-ilstc-all-2026-12-31-1", value=ports,
        period_end="2026-12-31", as_stated=f"{ports} ports", source_id="a-later-page",
    )  # fmt: skip
    later = cci.load(data=data)
    pd.testing.assert_frame_equal(later.predictions, register)
    pd.testing.assert_frame_equal(predictions.issue(later, dt.date(2025, 12, 31)), predictions.issue(record))
    assert predictions.lines(later).startswith("destination_ports-ilstc-all-2027-01-15-2028-naive,2027-01-15")
    tried = predictions.scored(later, register).dropna(subset=["outcome"])
    assert set(tried["indicator"]) == {"destination_ports"}
    assert set(tried["target"]) == {"2026"}
    assert set(tried["outcome"]) == {float(ports)}
    drift = tried.set_index("method").loc["drift"]
    assert drift["inside"] is inside
    assert drift["error"] == pytest.approx(drift["value"] - float(ports))
    missed = max(drift["low"] - float(ports), 0)
    assert drift["score"] == pytest.approx(drift["high"] - drift["low"] + 2 / 0.2 * missed)


def test_an_outcome_was_published_after_its_prediction(record, register):
    tried = predictions.scored(record, register).dropna(subset=["outcome"])
    known = record.observations.set_index("obs_id")["known_by"]
    assert (known[tried["outcome_id"]].to_numpy() > pd.to_datetime(tried["as_of"]).to_numpy()).all()


def test_the_back_test_uses_only_what_was_public(record):
    tried = predictions.backtest(record, range(2019, 2025))
    assert len(tried) > 20
    known = record.observations.set_index("obs_id")["known_by"]
    for row in tried.to_dict("records"):
        assert (known[list(row["obs_ids"])] <= pd.Timestamp(row["as_of"])).all()
        assert known[row["outcome_id"]] > pd.Timestamp(row["as_of"])
    early = cci.load(as_of="2021-12-31")
    past = predictions.backtest(early, range(2019, 2025))
    assert set(past["as_of"]) <= {"2019-12-31", "2020-12-31"}
    assert predictions.backtest(cci.load(as_of="2014-12-31"), range(2019, 2025)).empty


def test_the_summary_counts_what_the_ranges_held():
    tried = pd.DataFrame(
        {
            "method": ["naive", "naive", "naive", "drift"],
            "as_of": "2020-12-31",
            "indicator": ["a", "b", "a", "a"],
            "scope": "x",
            "target": ["2021", "2021", "2022", "2021"],
            "inside": pd.Series([True, False, None, True], dtype="object"),
            "error": [-10.0, 5.0, 2.0, 3.0],
            "error_percent": [-10.0, 5.0, 2.0, 3.0],
            "score_percent": [40.0, 60.0, 50.0, 20.0],
        }
    )
    table = predictions.summary(tried).set_index("method")
    assert table.loc["naive"].tolist() == [3, 2, 2, 1, 50.0, 5.0, 50.0]
    assert table.loc["drift", ["n", "told", "inside", "coverage"]].tolist() == [1, 1, 1, 100.0]
    assert np.isnan(table.loc["damped_trend", "coverage"])
    assert predictions.nearer(tried, "drift", "naive") == (1, 1)


def test_the_record_of_an_earlier_day_is_what_loading_as_of_that_day_gives(record):
    then, loaded = record.at("2021-12-31"), cci.load(as_of="2021-12-31")
    pd.testing.assert_frame_equal(then.observations, loaded.observations)
    pd.testing.assert_frame_equal(then.at("2019-12-31").instruments, cci.load(as_of="2019-12-31").instruments)
    assert list(then.at("2014-12-31").at("2013-12-31").disagreements.columns) == list(record.disagreements.columns)
    assert loaded.predictions.empty
    with pytest.raises(ParameterError, match="lies after"):
        then.at("2022-01-01")


def test_the_command_prints_only_what_the_register_lacks(register):
    held = CliRunner().invoke(app, ["predict", "--as-of", str(register["as_of"].max())])
    assert (held.exit_code, held.output) == (0, "")
    early = CliRunner().invoke(app, ["predict", "--as-of", "2021-12-31"])
    assert early.stdout.splitlines()[0].startswith("destination_ports-ilstc-all-2021-12-31-2022-naive,2021-12-31,")
