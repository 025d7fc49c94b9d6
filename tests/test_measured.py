"""The page on speed shows what was measured and nothing else, and synthetic records are sound."""

import sys
from pathlib import Path

import pytest

import cci
from cci.book.site import measured
from cci.record.tables import problems, read

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))
import growth
import synthetic

MACHINE = {"day": "2026-11-24", "python": "3.11.7", "system": "Linux", "cores": 2}
ROW = {"what": "load", "plain": 4.0, "ours": 0.5, "at_most": 1.5, "megabytes": 0.0, "floor": None}
MEMORY = {"what": "cci run", "megabytes": 229.4, "together": 454.0, "at_most": 350}
SPEED = {"parts": {"record": MACHINE | {"rows": [ROW, MEMORY]}}}
GROWTH = MACHINE | {
    "record": {
        "load": {
            "exponent": 1.02,
            "last": 1.0,
            "sizes": {"1000": {"seconds": 0.1, "megabytes": 100}, "100000": {"seconds": 10.0, "megabytes": 397}},
        }
    }
}


def test_seconds_stand_beside_the_plain_way_and_memory_beside_its_aim():
    time, memory = measured.speed({"speed": SPEED})
    assert time["rows"] == [["load", "4.0", "0.500", "0.125", "1.5", ""]]
    assert memory["rows"] == [["cci run", "229", "454", "350"]]
    assert time["note"] == "Measured on 24 November 2026, Linux, Python 3.11.7, 2 cores."


def test_growth_is_shown_by_size_with_its_exponents():
    table, _ = measured.growth({"growth": GROWTH})
    assert table["rows"] == [["load", "0.100 s, 100 MB", "10.0 s, 397 MB", "1.02", "1.00"]]


def test_commands_that_were_ended_are_counted_by_what_ended_them():
    rows = [{"command": "run", "blow": "SIGKILL", "struck": 50, "whole": 49}]
    (table,) = measured.killed({"killing": MACHINE | {"rows": rows}})
    assert table["rows"] == [["cci run", "49 of 50", "", "", ""]]


def test_a_larger_record_is_reckoned_from_the_rates_of_the_largest_measured():
    (table,) = measured.scale({"growth": GROWTH})
    rate, total = "100 microseconds and 3,000 bytes an observation", "2.8 hours and 300 GB"
    assert table["rows"] == [["load, in one process", rate, total]]


def test_evidence_pages_are_reckoned_from_what_one_of_them_takes():
    book = {"evidence": {"sizes": {"10": {"seconds": 9.0}, "1000": {"seconds": 36.0}}}}
    (table,) = measured.scale({"growth": {"book": book, "figures_a_page": 10}})
    rate, total = "36 milliseconds a page of 10 figures", "100.0 hours for 10,000,000 pages"
    assert table["rows"] == [["evidence pages, in one process", rate, total]]


@pytest.mark.parametrize("view", measured.VIEWS)
def test_what_was_not_measured_is_said_to_be_so(view):
    for table in measured.VIEWS[view]({}):
        assert (table["rows"], table["note"]) == ([], "Not measured yet: see benchmarks/.")


def test_a_synthetic_record_is_sound_of_the_size_asked_for_and_always_the_same(tmp_path):
    for name in ("one", "two"):
        synthetic.record(cci.DEFAULT, tmp_path / name, 1500)
    assert problems(tmp_path / "one") == []
    assert len(read(tmp_path / "one")["observations"]) == 1500
    for path in (tmp_path / "one").glob("*.csv"):
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_the_exponent_of_a_square_is_two():
    assert growth.exponents({10: 1.0, 100: 100.0, 1000: 10_000.0}) == {"exponent": 2.0, "last": 2.0}
