"""The network of organisations and events: who stands between the sides, how it grew, how much of it is known."""

import itertools
from collections import deque

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import cci
from cci import audit
from cci.audit.brokerage import BROKERS, _shares

RECORD = cci.load()


def seen(*pairs):
    """Rows of who was named where: names beginning with c are of the Chinese side, with s of the Singapore side."""
    rows = [(event, name, {"c": "chinese", "s": "singaporean"}[name[0]]) for event, name in pairs]
    return pd.DataFrame(rows, columns=["event_id", "organisation_id", "side"])


def by_hand(frame):
    """Shares by walking every shortest chain, which shares no code with the accumulation of Brandes."""
    neighbours = {}
    for event, name in frame[["event_id", "organisation_id"]].itertuples(index=False):
        neighbours.setdefault(name, set()).add(("event", event))
        neighbours.setdefault(("event", event), set()).add(name)
    side = frame.drop_duplicates("organisation_id").set_index("organisation_id")["side"]
    chinese, singaporean = (list(side.index[side == of]) for of in ("chinese", "singaporean"))
    shares = dict.fromkeys(side.index, 0.0)
    for a, b in itertools.product(chinese, singaporean):
        chains, queue = [], deque([[a]])
        while queue:
            chain = queue.popleft()
            if chains and len(chain) >= len(chains[0]):
                continue
            for nearer in neighbours[chain[-1]] - set(chain):
                if nearer == b:
                    chains.append([*chain, b])
                else:
                    queue.append([*chain, nearer])
        shortest = [chain for chain in chains if len(chain) == min(map(len, chains))]
        for chain in shortest:
            for name in chain[1:-1]:
                if not isinstance(name, tuple):
                    shares[name] += 1 / len(shortest)
    pairs = {
        name: (len(chinese) - (name in chinese)) * (len(singaporean) - (name in singaporean)) for name in side.index
    }
    return {name: 100 * shares[name] / pairs[name] if pairs[name] else 0.0 for name in side.index}


def test_the_only_door_between_the_sides_connects_every_pair_but_its_own():
    """c1 met s1; c2 met c1, s2 met s1. c2-s2 and c2-s1 pass c1; c1-s2 and c2-s2 pass s1."""
    shares = _shares(seen((1, "c1"), (1, "s1"), (2, "c1"), (2, "c2"), (3, "s1"), (3, "s2")))
    assert shares.to_dict() == {"c1": 100.0, "c2": 0.0, "s1": 100.0, "s2": 0.0}


def test_of_equal_doors_each_has_half():
    """c2 reaches s1 through c1 or through c3 and through nobody else; s1 is always an end."""
    shares = _shares(seen((1, "c1"), (1, "c2"), (2, "c3"), (2, "c2"), (3, "c1"), (3, "s1"), (4, "c3"), (4, "s1")))
    assert shares["c1"] == shares["c3"] == pytest.approx(100 * 0.5 / 2)
    assert shares["c2"] == shares["s1"] == 0


@given(
    st.sets(
        st.tuples(st.integers(1, 4), st.sampled_from(["c1", "c2", "c3", "s1", "s2", "s3"])), min_size=1, max_size=12
    )
)
def test_shares_are_those_of_every_shortest_chain(pairs):
    frame = seen(*sorted(pairs))
    found = _shares(frame)
    assert found.to_dict() == pytest.approx(by_hand(frame), abs=1e-5)
    assert found.between(0, 100).all()


def test_leaving_an_event_out_gives_the_range_of_share_and_place():
    told = audit.brokers(RECORD, RECORD.events)
    assert list(told.columns) == list(BROKERS)
    assert told["share"].is_monotonic_decreasing
    assert (told["best"] <= told["worst"]).all()
    top = told.iloc[0]
    event = RECORD.participations.loc[RECORD.participations["organisation_id"] == top["organisation_id"], "event_id"]
    without = audit.brokers(RECORD, RECORD.events[RECORD.events["event_id"] != event.iloc[0]])
    again = without.set_index("organisation_id").at[top["organisation_id"], "share"]
    assert top["low"] <= again <= top["high"]


def test_nobody_of_neither_side_is_named():
    named = audit.named(RECORD, RECORD.events)
    assert set(named["side"]) == {"chinese", "singaporean"}
    assert not named.duplicated(["event_id", "organisation_id"]).any()


def test_growth_counts_everybody_once_as_new():
    grown = audit.growth(RECORD, RECORD.events)
    new = grown[grown["series"] == "for the first time"]
    assert new["value"].sum() == audit.named(RECORD, RECORD.events)["organisation_id"].nunique()
    assert grown.loc[grown["period_end"] == grown["period_end"].min(), "value"].iloc[1] == 0


def test_the_known_part_is_nested():
    known = audit.covered(RECORD, RECORD.events)
    assert known["events"].is_monotonic_decreasing
    assert known["events"].iloc[0] == len(RECORD.events)
    assert known["named"].iloc[0] == known["events"].iloc[1]
    assert (known["both"] <= known["named"]).all()


def test_an_event_at_which_nobody_is_named_changes_no_measure_but_the_share_of_all_events():
    """The sensitivity that the chapter states: such an event stands in the denominator only."""
    silent = set(RECORD.events["event_id"]) - set(RECORD.participations["event_id"])
    told = RECORD.events[~RECORD.events["event_id"].isin(silent)]
    assert silent
    pd.testing.assert_frame_equal(audit.brokers(RECORD, told), audit.brokers(RECORD, RECORD.events))
    assert audit.covered(RECORD, told)["share"].iloc[0] > audit.covered(RECORD, RECORD.events)["share"].iloc[0]


def test_without_events_nothing_is_measured():
    nothing = RECORD.events.iloc[:0]
    assert audit.brokers(RECORD, nothing).empty
    assert audit.growth(RECORD, nothing).empty
    assert audit.covered(RECORD, nothing).empty
