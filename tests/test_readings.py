"""The numbers that a passage prints are read with their scale, in English and Chinese."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cci
from cci.record.readings import readings, reads


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("252,400 visitors", 252_400),
        ("USD 21.7 billion", 21.7e9),
        ("$5.78b", 5.78e9),
        ("12.5-square-km", 12.5),
        ("three hundred and fifty thousand", 350_000),
        ("Twenty-four deals", 24),
        ("hundreds of", 100),
        ("the 7,000th train", 7_000),
        ("growing sevenfold", 7),
        ("seventh meeting", 7),
        ("thrice-weekly", 3),
        ("a dozen ports", 12),
        ("17.0 to 18.5 million", 17e6),
        ("17.0 to 18.5 million", 18.5e6),
        ("１２，３４５．６ 件", 12_345.6),
        ("3458.8万人次", 34_588_000),
        ("总金额约270 亿美元", 27e9),
        ("5亿3000万元", 530e6),
        ("1.2万亿元", 1.2e12),
        ("五千四百列", 5_400),
        ("二十四班", 24),
        ("近百人", 100),
        ("百余位", 100),
        ("10多万人", 100_000),
        ("超万列", 10_000),
        ("第七次会议", 7),
        ("二〇二五", 2_025),
        ("首笔", 1),
    ],
)
def test_a_number_is_read(text, number):
    assert any(abs(found - number) <= 1e-9 * number for found in readings(text)), readings(text)


@pytest.mark.parametrize(
    ("text", "number"), [("26 billion", 26), ("252,400", 252), ("3458.8万", 3458.8), ("sixty", 6), ("twenty-four", 20)]
)
def test_a_part_of_a_number_is_not_read(text, number):
    assert number not in readings(text)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (-25.0, "percent", "a 25% reduction"),
        (-66.7, "percent", "by two-thirds"),
        (50.0, "percent", "cut in half"),
        (30.0, "percent", "降低三成"),
        (21.0, "days", "three weeks"),
        (7.0, "days", "in a week"),
        (1.5, "days", "36小时"),
        (7.0, "flights_per_week", "a daily service"),
        (12_500_000.0, "square_metres", "12.5-square-km"),
        (0.5, "tonnes", "500 kg"),
    ],
)
def test_a_value_is_read_in_another_unit(value, unit, text):
    assert reads(value, unit, text)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (2.6e10, "USD", "26 million"),
        (8.0, "days", "in a week"),
        (5.0, "ports", "many ports"),
        (20.0, "percent", "half"),
    ],
)
def test_another_value_is_not_read(value, unit, text):
    assert not reads(value, unit, text)


@given(st.integers(min_value=0, max_value=10**12))
def test_a_whole_number_is_read_with_and_without_separators(number):
    assert number in readings(f"in all {number:,} things") | readings("")
    assert number in readings(f"共{number}个") or number == 0


@given(st.text(max_size=80))
def test_no_text_stops_the_reader(text):
    assert all(number >= 0 for number in readings(text))


def test_nearly_every_value_of_the_record_is_read_in_its_own_words():
    rows = cci.load().observations
    english_or_chinese = rows["source_id"].map(cci.load().sources.set_index("source_id")["language"]).isin(["en", "zh"])
    rows = rows[english_or_chinese]
    read = [reads(row.value, row.unit, row.as_stated) for row in rows.itertuples()]
    assert sum(read) / len(read) > 0.98
