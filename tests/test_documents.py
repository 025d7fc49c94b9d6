"""Hand-offs, keying and errors along a chain of parties, by hand and by counting document by document."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cci.errors import ParameterError
from cci.models.documents import Work, error_chance, hours, hours_saved, separate, single

counts = st.integers(1, 60)
shares = st.floats(0, 1)


def test_the_counts_by_hand():
    # Four parties, two documents for all, rail and sea with a document each, ten fields, half keyed again:
    # three hand-offs of three documents; (2 + 2) * 10 fields keyed first; 9 * 10 * 1/2 keyed again.
    assert separate(4, 2, 2, 10, 0.5) == Work(9, 40, 45, 90)
    # One document of 25 elements: three hand-offs, nothing keyed again; where one party in two has joined, half.
    assert single(4, 25, 0.5) == Work(3, 25, 0, 0)
    assert single(4, 25, 0.5, joined=0.5) == Work(3, 25, 18.75, 37.5)


def test_hours_by_hand():
    # 85 fields of 12 characters at 5,100 an hour: 0.2 h; 90 fields compared in 4 s: 0.1 h; 9 documents of 5 minutes.
    found = hours(separate(4, 2, 2, 10, 0.5), characters=12, keystrokes=5100, check=4, handoff=5)
    assert found == pytest.approx(0.2 + 0.1 + 0.75)
    # One document for all: 25 fields keyed, three hand-offs.
    saved = hours_saved(4, 2, 2, 10, 25, 0.5, characters=12, keystrokes=5100, check=4, handoff=5)
    assert saved == pytest.approx(found - (25 * 12 / 5100 + 0.25))


def test_errors_by_hand():
    # One field in ten wrong, two fields keyed: 1 - 0.9 * 0.9; half of the slips caught: 1 - 0.95 * 0.95.
    assert error_chance(Work(0, 2, 0, 0), slip=0.1) == pytest.approx(0.19)
    assert error_chance(Work(0, 1, 1, 0), slip=0.1, caught=0.5) == pytest.approx(0.0975)
    assert error_chance(Work(0, 1, 0, 0), slip=1) == pytest.approx(1)
    assert error_chance(Work(5, 0, 0, 9), slip=1) == 0


@given(st.lists(st.integers(1, 9), min_size=1, max_size=6), counts, counts)
def test_the_closed_form_is_what_walking_the_chain_counts(legs, documents, fields):
    # A leg is the number of hand-offs under one mode of transport; its document is issued at the start and ends there.
    handoffs = sum(documents + 1 for leg in legs for _ in range(leg))
    keyed = documents * fields + sum(fields for _ in legs)
    assert separate(sum(legs) + 1, documents, len(legs), fields, 1) == Work(
        handoffs, keyed, handoffs * fields, handoffs * fields
    )


@given(counts, counts, st.integers(1, 6), counts, shares, shares, st.data())
def test_one_document_never_needs_more_work(parties, documents, modes, fields, rekeyed, joined, data):
    elements = data.draw(st.integers(0, fields * (documents + 1)))
    without = separate(parties, documents, modes, fields, rekeyed)
    shared = single(parties, elements, rekeyed, joined)
    assert all(one <= other + 1e-9 for one, other in zip(shared, without, strict=True))
    rates = {"characters": 10, "keystrokes": 8000, "check": 2, "handoff": 5}
    assert hours(shared, **rates) <= hours(without, **rates) + 1e-9
    assert error_chance(shared, slip=0.003) <= error_chance(without, slip=0.003) + 1e-12


@given(counts, st.integers(1, 6), counts, shares)
def test_a_single_party_hands_nothing_off(documents, modes, fields, rekeyed):
    alone = separate(1, documents, modes, fields, rekeyed)
    assert (alone.handoffs, alone.rekeyed, alone.checked) == (0, 0, 0)
    assert single(1, fields, rekeyed, joined=0) == Work(0, fields, 0, 0)


@given(counts, counts, shares, shares, shares)
def test_who_joins_takes_work_away(parties, elements, rekeyed, one, other):
    few, many = sorted((one, other))
    assert single(parties, elements, rekeyed, many).rekeyed <= single(parties, elements, rekeyed, few).rekeyed + 1e-9
    assert single(parties, elements, rekeyed, 1).rekeyed == 0


@given(shares, shares, st.floats(0, 1e5), st.floats(0, 1e5))
def test_the_chance_of_an_error_grows_with_what_is_keyed(slip, caught, one, other):
    few, many = (error_chance(Work(0, n, 0, 0), slip=slip, caught=caught) for n in sorted((one, other)))
    assert 0 <= few <= many <= 1


def test_arrays_broadcast():
    work = separate(np.arange(1, 5), 6, np.array([[2], [3]]), 40, 0.3)
    assert all(part.shape == (2, 4) for part in work)
    assert hours(work, characters=10, keystrokes=8000, check=2, handoff=5).shape == (2, 4)
    assert error_chance(work, slip=np.array([0.001])).shape == (2, 4)
    assert single(np.arange(1, 5), 200, 0.3, np.array([[0], [1]])).checked.shape == (2, 4)


def test_impossible_values_are_refused():
    with pytest.raises(ParameterError, match="parties must be 1 or more"):
        separate(0, 6, 2, 40, 0.3)
    with pytest.raises(ParameterError, match="rekeyed is a share"):
        separate(5, 6, 2, 40, 30)
    with pytest.raises(ParameterError, match="joined is a share"):
        single(5, 200, 0.3, joined=-0.1)
    with pytest.raises(ParameterError, match="keystrokes must be 1 or more"):
        hours(single(5, 200, 0.3), characters=10, keystrokes=0, check=2, handoff=5)
    with pytest.raises(ParameterError, match="slip is a share"):
        error_chance(single(5, 200, 0.3), slip=2)
