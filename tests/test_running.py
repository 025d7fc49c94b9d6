"""Running counts: worked by hand from the railway's counts of 2025, and silent where nothing can be told."""

import pytest

from cci import audit
from cci.errors import UnknownName

JANUARY = "rail_sea_teu-ilstc-all-2025-01-31-1"  # 104,000, up 30.9 percent
FEBRUARY = "rail_sea_teu-ilstc-all-2025-02-28-1"  # 209,000, up 58.4 percent
SEPTEMBER_4 = "rail_sea_teu-ilstc-all-2025-09-04-1"  # 1,001,455
SEPTEMBER = "rail_sea_teu-ilstc-all-2025-09-30-1"
NOVEMBER = "rail_sea_teu-ilstc-all-2025-11-04-1"
CITY = "ilstc-chongqing-handled"


def test_the_rate_printed_with_a_figure_is_a_figure(record):
    rates = audit.printed_growth(record.find([FEBRUARY, JANUARY, FEBRUARY]))
    assert rates["obs_id"].tolist() == [JANUARY, FEBRUARY]
    assert rates[["value", "low", "high"]].values.tolist() == [[30.9] * 3, [58.4] * 3]
    assert set(rates["unit"]) == {"percent"}
    assert set(rates["measure"]) == {"rate"}


def test_series_of_one_scope_keep_their_rates_apart(record):
    both = [f"three_mode_{quantity}-{CITY}-2024-12-31-1" for quantity in ("teu", "value")]
    assert audit.printed_growth(record.find(both))["value"].tolist() == [41, 67]


def test_the_first_stretch_grows_by_the_printed_rate(record):
    first = audit.stretch_growth(record, JANUARY).computed
    assert first.low < 30.9 < first.high


def test_a_stretch_grows_against_the_same_days_of_the_year_before(record):
    stretch = audit.stretch_growth(record, FEBRUARY, JANUARY)
    # 105,000 in February; the year before 209,000 / 1.584 - 104,000 / 1.309 = 52,500: twice as many.
    exact = (105_000 / (209_000 / 1.584 - 104_000 / 1.309) - 1) * 100
    assert stretch.computed.low < exact < stretch.computed.high
    assert (stretch.obs_ids, stretch.unit) == ((JANUARY, FEBRUARY), "percent")
    assert stretch.message == f"Growth of the stretch: {stretch.words}."


def test_a_stretch_within_its_rounding_cannot_be_told(record):
    same = audit.stretch_growth(record, SEPTEMBER, "rail_sea_teu-ilstc-all-2025-09-30-2")
    assert (same.outcome, same.message) == ("cannot_tell", "The stretch is too short for its rounding.")


def test_a_running_count_adds_so_many_a_day(record):
    # 1,214,000 less 1,001,455 in the 61 days from 4 September to 4 November.
    day = audit.a_day(record, NOVEMBER, SEPTEMBER_4)
    assert day.computed.low < (1_214_000 - 1_001_455) / 61 < day.computed.high
    assert day.unit == "TEU"
    assert day.message.endswith("TEU a day.")
    first = audit.a_day(record, JANUARY)
    assert first.computed.low < 104_000 / 31 < first.computed.high


def test_a_level_has_no_first_day(record):
    ports = record.series("destination_ports", scope="ilstc-all").dropna(subset=["end"])["obs_id"].iloc[-1]
    assert audit.a_day(record, ports).message == "The period has no first or no last day."
    assert audit.stretch_growth(record, ports).message.startswith("No growth rate is printed")


def test_stretches_follow_one_another(record):
    counts = audit.printed_growth(record.find([JANUARY, FEBRUARY, SEPTEMBER, NOVEMBER]))
    rows = audit.stretches(record, counts)
    assert rows["until"].tolist() == ["to 31 January", "to 28 February", "to 30 September", "to 4 November"]
    last = audit.stretch_growth(record, NOVEMBER, SEPTEMBER)
    assert rows[["low", "high", "words"]].iloc[-1].tolist() == [last.computed.low, last.computed.high, last.words]
    assert rows["value"].isna().all()
    # 28 days after the count of January, that of February is passed over.
    assert len(audit.stretches(record, counts, least=30)) == len(rows) - 1


def test_a_quotient_for_every_period_with_both(record):
    worth = audit.quotients(record, "three_mode_value", "three_mode_teu", scope=CITY)
    year = worth[worth["period_end"] == "2024-12-31"].iloc[0]
    # 46.65 to 46.75 billion yuan over 251,750 to 251,850 containers.
    assert (year["low"], year["high"]) == pytest.approx((46.65e9 / 251_850, 46.75e9 / 251_750))
    assert year["low"] < year["value"] < year["high"]
    assert year["obs_id_below"] == f"three_mode_teu-{CITY}-2024-12-31-1"
    assert worth["end"].is_monotonic_increasing


def test_more_is_more_only_without_a_doubt(record):
    assert audit.exceeds(record, FEBRUARY, JANUARY).holds is True
    assert audit.exceeds(record, JANUARY, FEBRUARY).holds is False
    assert audit.exceeds(record, JANUARY, JANUARY).outcome == "cannot_tell"
    assert audit.exceeds(record, audit.a_day(record, SEPTEMBER), audit.a_day(record, NOVEMBER, SEPTEMBER)).holds is True


def test_what_was_not_yet_published_cannot_be_told(early):
    message = "Not all of its figures had been published by 2016-01-01."
    assert audit.stretch_growth(early, FEBRUARY, JANUARY).message == message
    assert audit.a_day(early, FEBRUARY, JANUARY).message == message
    assert audit.exceeds(early, FEBRUARY, JANUARY).message == message
    nothing = audit.quotients(early, "three_mode_value", "three_mode_teu", scope=CITY)
    assert nothing.empty
    assert nothing.attrs == {"as_of": "2016-01-01"}
    rates = audit.printed_growth(early.series("rail_sea_teu", scope="ilstc-all"))
    assert audit.stretches(early, rates).empty


def test_an_unknown_figure_is_a_mistake(record):
    for compute in (audit.stretch_growth, audit.a_day):
        with pytest.raises(UnknownName):
            compute(record, "no-such-figure")
    with pytest.raises(UnknownName):
        audit.exceeds(record, JANUARY, "no-such-figure")
