"""Formulas over figures: hand-worked cases of the record, and honest silence about what is not yet published."""

import pytest

from cci import audit
from cci.errors import UnknownName

VISITORS = "overnight_visitors-singapore-to-chongqing-2024-12-31-1"
TIMES = "overnight_visitors_multiple-singapore-to-chongqing-2024-12-31-1"
TIMES_MORE = "overnight_visitors_multiple-singapore-to-chongqing-2025-11-10-2"
PASSENGERS = "air_passengers-route-ckg-sin-2025-10-31-1"
MOVEMENTS = "aircraft_movements-route-ckg-sin-2025-10-31-1"


def test_a_formula_takes_figures_and_outcomes(record):
    more = audit.derived(record, [TIMES_MORE], unit="times", formula=lambda times: times + 1)
    base = audit.derived(record, [VISITORS, more], unit="persons", formula=lambda people, times: people / times)
    # 85,500 to 86,500 people are 7.5 to 8.5 times the base.
    assert (base.computed.low, base.computed.high) == pytest.approx((85_500 / 8.5, 86_500 / 7.5))
    assert (base.outcome, base.obs_ids) == ("solves", (VISITORS, TIMES_MORE))


def test_a_formula_is_held_against_what_is_stated(record):
    literal = audit.derived(record, [TIMES_MORE], unit="times", formula=lambda times: times + 1, stated=TIMES)
    assert literal.holds is False
    assert literal.message.startswith("Computed between 7.5 and 8.5 times; this is not the stated between 7.425")
    assert audit.derived(record, [TIMES_MORE], unit="times", formula=lambda times: times, stated=TIMES).holds is True


def test_what_was_not_yet_published_cannot_be_told(early):
    outcome = audit.derived(early, [VISITORS, TIMES], unit="persons", formula=lambda people, times: people / times)
    assert (outcome.outcome, outcome.computed) == ("cannot_tell", None)
    assert outcome.message == "Not all of its figures had been published by 2016-01-01."
    assert audit.growth_of_ratio(early, PASSENGERS, MOVEMENTS).message == outcome.message
    assert audit.round_trips(early, MOVEMENTS).outcome == "cannot_tell"


def test_what_may_be_zero_divides_nothing(record):
    outcome = audit.derived(record, [VISITORS], unit="persons", formula=lambda people: people / (people - 86_000))
    assert outcome.outcome == "cannot_tell"
    assert "contains zero" in outcome.message


def test_an_unknown_figure_is_a_mistake(record):
    with pytest.raises(UnknownName):
        audit.derived(record, ["no-such-figure"], unit="persons", formula=lambda people: people)


def test_a_ratio_grows_by_the_quotient_of_the_printed_rates(record):
    # Passengers grew by 13.6 percent and movements by 20.2: 113.6 / 120.2 is 0.945.
    fuller = audit.growth_of_ratio(record, PASSENGERS, MOVEMENTS)
    assert (fuller.computed.low, fuller.computed.high) == pytest.approx(
        ((113.55 / 120.25 - 1) * 100, (113.65 / 120.15 - 1) * 100)
    )


def test_a_figure_without_a_printed_rate_has_no_growth_of_ratio(record):
    assert audit.growth_of_ratio(record, VISITORS, TIMES).message.startswith("No growth rate is printed")


def test_a_round_trip_is_a_landing_and_a_take_off(record):
    # Over 1,900 movements in the 304 days from January to October 2025.
    flown = audit.round_trips(record, MOVEMENTS)
    assert (flown.computed.low, flown.computed.high) == pytest.approx((950 * 7 / 304, 1_000 * 7 / 304))


def test_spans_are_bars_with_short_words(record, early):
    rows = audit.spans(record, {"2025": audit.round_trips(record, MOVEMENTS)}, category="months")
    assert rows.loc[0, ["months", "words"]].tolist() == ["2025", "21.9 to 23"]
    assert rows.loc[0, "value"] == rows.loc[0, "low"]
    assert rows.loc[0, ["publisher", "source_id"]].tolist() == ["WCIFIT", "wcifit-2025-11-10-fruitful-decade"]
    assert audit.spans(early, {"2025": audit.round_trips(early, MOVEMENTS)}, category="months").empty


def test_observations_can_stand_beside_spans(record, early):
    offered = record.find(["weekly_flights-route-ckg-sin-2025-11-10-1"]).assign(what="Timetable")
    flown = {"Flown": audit.round_trips(record, MOVEMENTS)}
    rows = audit.spans(record, flown, category="what", beside=offered)
    assert rows["what"].tolist() == ["Flown", "Timetable"]
    assert rows["obs_ids"].tolist() == [(MOVEMENTS,), (offered["obs_id"].iloc[0],)]
    nothing = {"Flown": audit.round_trips(early, MOVEMENTS)}
    assert audit.spans(early, nothing, category="what", beside=offered)["what"].tolist() == ["Timetable"]


def test_a_shared_scale_is_said_once(record):
    visitors = audit.derived(record, [VISITORS], unit="persons", formula=lambda people: people * 100)
    assert audit.spans(record, {"a": visitors}, category="name")["words"].tolist() == ["8.55 to 8.65 million"]
