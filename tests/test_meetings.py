"""Pauses between meetings, and who was seen where both sides met."""

import pandas as pd

import cci
from cci import audit

RECORD = cci.load()


def events(*days, kind="council"):
    rows = RECORD.events[RECORD.events["kind"] == kind]
    return rows[rows["date"].isin(days)]


def test_a_pause_runs_from_the_last_day_of_one_meeting_to_the_first_of_the_next():
    pause = audit.gaps(events("2017-08-31", "2019-01-07", kind="committee")).iloc[0]
    assert (pause["value"], pause["low"], pause["high"]) == (494, 494, 494)
    assert (pause["since"], pause["words"]) == ("August 2017", "494 days")


def test_a_meeting_dated_by_the_month_leaves_the_pause_open():
    pause = audit.gaps(events("2016-01-08", "2016-02", kind="committee")).iloc[0]
    assert pd.isna(pause["value"])
    assert (pause["low"], pause["high"]) == (24, 52)


def test_kinds_are_not_mixed_and_a_single_meeting_has_no_pause():
    held = pd.concat([events("2017-02-27"), events("2017-08-31", kind="committee")])
    assert audit.gaps(held).empty
    assert audit.gaps(held.iloc[:0]).empty


def test_a_bridge_counts_the_events_and_organisations_of_the_other_side():
    told = audit.bridges(RECORD, RECORD.events)
    ministry = told.set_index("name").loc["Ministry of Trade and Industry (Singapore)"]
    assert ministry["both"] <= ministry["events"]
    seen = RECORD.participations.merge(RECORD.organisations, on="organisation_id")
    own = set(seen.loc[seen["organisation_id"] == ministry["organisation_id"], "event_id"])
    others = seen[seen["event_id"].isin(own) & (seen["side"] == "chinese")]
    assert (ministry["both"], ministry["met"]) == (others["event_id"].nunique(), others["organisation_id"].nunique())
    assert set(told["side"]) == {"chinese", "singaporean"}


def test_without_events_there_are_no_bridges():
    assert audit.bridges(RECORD, RECORD.events.iloc[:0]).empty
    assert audit.bridges(cci.load("2000-01-01"), cci.load("2000-01-01").events).empty
