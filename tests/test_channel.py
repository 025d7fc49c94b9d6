"""Throughput of one TCP flow and the delay of light, against published tables, by hand and by simulation."""

import itertools
import math
import random

import airportsdata
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cci
from cci.errors import ParameterError
from cci.models import channel
from cci.models.channel import fibre_rtt, gain, loss_allowed, loss_allowed_pftk, mathis, pftk, window_limited
from cci.models.route import great_circle_km

rtts = st.floats(0.001, 2.0)
losses = st.floats(1e-7, 0.4)
windows = st.floats(4_000, 1e9)
acks = st.sampled_from([1.0, 2.0])
WIDE = 1e15  # bytes: a window that never binds


def segments_a_round(throughput, rtt, segment):
    return throughput * rtt / (8 * segment)


@pytest.mark.parametrize(("loss", "window"), [(1e-2, 12), (1e-3, 38), (1e-4, 120), (1e-6, 1200), (1e-10, 120_000)])
def test_mathis_gives_the_windows_of_rfc_3649(loss, window):
    # Table 1 of RFC 3649 (2003) rounds the constant sqrt(3/2) to 1.2.
    found = segments_a_round(mathis(0.1, loss, segment=1500, acked=1), 0.1, 1500)
    assert found == pytest.approx(window, rel=0.03)


def test_ten_gigabits_need_the_loss_that_rfc_3649_names():
    # 1,500 bytes, 100 ms, 83,333 segments, one loss in 5,000,000,000 segments.
    assert window_limited(0.1, 83_333 * 1500) == pytest.approx(1e10, rel=1e-5)
    assert mathis(0.1, 1 / 5e9, segment=1500, acked=1) == pytest.approx(1e10, rel=0.05)


def test_mathis_by_hand():
    # 8 * 1460 / 0.1 s = 116,800 bit/s a segment in flight; sqrt(3 / (2 * 2 * 0.0075)) = 10.
    assert mathis(0.1, 0.0075) == pytest.approx(1_168_000)
    assert mathis(0.1, 0.015, acked=1) == pytest.approx(1_168_000)


@pytest.mark.parametrize(
    ("loss", "printed"), [(0.0001, 8172), (0.0010, 26052), (0.0025, 42607), (0.0050, 61636), (0.0100, 89021)]
)
def test_pftk_agrees_with_the_tfrc_table_of_the_linux_kernel(loss, printed):
    # RFC 5348 takes PFTK's short form with t_RTO = 4 R and b = 1; net/dccp/ccids/lib/tfrc_equation.c prints it as
    # 1,000,000 R s / X. The full model differs from its short form by little where loss is small.
    full = pftk(0.2, loss, window=WIDE, segment=1000, acked=1)
    assert segments_a_round(full, 0.2, 1000) == pytest.approx(1e6 / printed, rel=0.015)


def test_pftk_by_hand_without_and_with_the_limit_of_the_window():
    # p = 1/4, b = 2: E[W] = 2/3 + sqrt(8 (3/4) / (6/4) + 4/9) = 2/3 + sqrt(4 + 4/9) = 2.774852, below three segments:
    # every loss is a timeout (Q = 1). f = 1 + 1/4 + 2/16 + 4/64 + 8/256 + 16/1024 + 32/4096 = 1.4921875.
    # Sent: 3 + 2.774852 + 4/3 = 7.108185 segments; time: R (2.774852 + 1) + 4 R * 1.4921875 * 4/3 = 11.733185 R.
    assert segments_a_round(pftk(1, 0.25, window=WIDE), 1, 1460) == pytest.approx(7.108185 / 11.733185, rel=1e-6)
    # The same with room for two segments: sent 3 + 2 + 4/3; rounds 2/8 * 2 + (3/4) / (1/4 * 2) + 2 = 4.
    assert segments_a_round(pftk(1, 0.25, window=2 * 1460), 1, 1460) == pytest.approx(
        (5 + 4 / 3) / (4 + 4 * 1.4921875 * 4 / 3), rel=1e-9
    )


def simulated(loss, limit, *, seed, losses_seen=20_000):
    """Segments a round trip of the process that the paper describes, drawn loss by loss (b = 2, timeout 4 R)."""
    dice, window, sent, time = random.Random(seed), 1.0, 0.0, 0.0
    for _ in range(losses_seen):
        ahead = int(math.log(1 - dice.random()) / math.log(1 - loss))  # segments that arrive before the first loss
        while ahead >= int(window):  # a round without loss
            ahead, sent, time = ahead - int(window), sent + int(window), time + 1
            window = min(window + 0.5, limit)
        sent, time = sent + int(window) + ahead, time + 2  # the round of the loss, and what its arrivals let follow
        duplicates = 0
        while duplicates < ahead and dice.random() >= loss:
            duplicates += 1
        window, wait = max(window / 2, 1.0), 4.0
        if duplicates < 3:  # no fast retransmission: timeouts, each twice as long, until one segment arrives
            time, sent = time + wait, sent + 1
            while dice.random() < loss:
                wait = min(2 * wait, 256.0)
                time, sent = time + wait, sent + 1
    return sent / time


@pytest.mark.parametrize(("loss", "limit"), [(0.001, 1e9), (0.01, 1e9), (0.03, 1e9), (0.01, 8), (0.002, 20)])
def test_pftk_agrees_with_a_simulation_of_its_own_process(loss, limit):
    formula = segments_a_round(pftk(1, loss, window=limit * 1460), 1, 1460)
    assert simulated(loss, limit, seed=1) == pytest.approx(formula, rel=0.1)


@given(rtts, losses, acks)
def test_half_the_round_trip_doubles_the_throughput(rtt, loss, acked):
    assert mathis(rtt / 2, loss, acked=acked) == pytest.approx(2 * mathis(rtt, loss, acked=acked))
    assert pftk(rtt / 2, loss, window=65_535) == pytest.approx(2 * pftk(rtt, loss, window=65_535))
    assert window_limited(rtt / 2, 65_535) == pytest.approx(2 * window_limited(rtt, 65_535))


@given(rtts, losses, rtts, losses, windows)
def test_going_back_undoes_a_gain(rtt, loss, rtt_after, loss_after, window):
    there = gain(rtt, loss, rtt_after, loss_after, window=window)
    assert there * gain(rtt_after, loss_after, rtt, loss, window=window) == pytest.approx(1)
    assert gain(rtt, loss, rtt_after, loss, window=window) == pytest.approx(rtt / rtt_after)  # delay alone


@given(rtts, losses, losses, windows)
def test_more_loss_never_speeds_a_flow_up(rtt, one, other, window):
    less, more = sorted((one, other))
    assert mathis(rtt, more) <= mathis(rtt, less)
    assert pftk(rtt, more, window=window) <= pftk(rtt, less, window=window) * (1 + 1e-9)


@given(rtts, losses, windows, windows)
def test_a_wider_window_never_slows_a_flow_down(rtt, loss, one, other):
    narrow, wide = sorted((one, other))
    assert pftk(rtt, loss, window=narrow) <= pftk(rtt, loss, window=wide) * (1 + 1e-9)


@given(rtts, losses, windows, acks)
def test_pftk_stays_below_both_of_its_bounds(rtt, loss, window, acked):
    found = pftk(rtt, loss, window=window, acked=acked)
    assert 0 < found <= mathis(rtt, loss, acked=acked)
    assert found <= window_limited(rtt, max(window, channel.SEGMENT)) * (1 + 1e-9)


@given(losses, st.floats(1.0, 1000.0))
def test_time_and_size_scale_alone(loss, k):
    # A path k times as long with segments and windows k times as large carries the same.
    assert pftk(0.05 * k, loss, window=65_535 * k, segment=1460 * k) == pytest.approx(pftk(0.05, loss, window=65_535))
    assert mathis(0.05 * k, loss, segment=1460 * k) == pytest.approx(mathis(0.05, loss))


@settings(deadline=None)  # the first call imports the solver
@given(st.floats(1, 10), rtts, losses, rtts)
def test_the_loss_allowed_gives_the_multiple_by_either_formula(multiple, rtt, loss, rtt_after):
    allowed = loss_allowed(multiple, rtt, loss, rtt_after)
    if allowed < 1:
        assert mathis(rtt_after, allowed) == pytest.approx(multiple * mathis(rtt, loss))
    solved = loss_allowed_pftk(multiple, rtt, loss, rtt_after, window=1e6)
    if not np.isnan(solved):
        reached = pftk(rtt_after, solved, window=1e6)
        assert reached == pytest.approx(multiple * pftk(rtt, loss, window=1e6), rel=1e-6)


def test_threefold_by_hand():
    assert loss_allowed(3, 0.09, 0.01, 0.03) == pytest.approx(0.01)  # a third of the delay, and loss may stay
    assert loss_allowed(3, 0.09, 0.09, 0.09) == pytest.approx(0.01)  # the same delay: a ninth of the loss
    assert loss_allowed(3, 0.06, 0.01, 0.06) == pytest.approx(0.01 / 9)


def test_no_loss_is_small_enough_where_the_window_binds():
    # 65,535 bytes bind already, so that only the delay can help, and it falls by less than a third.
    assert np.isnan(loss_allowed_pftk(3, 0.078, 1e-6, 0.065, window=65_535))


def test_the_floor_of_the_delay_by_hand():
    # 1,000 km there and back at 299,792.458 / 1.468 km/s; as the rule of thumb says, about ten milliseconds.
    assert fibre_rtt(1000) == pytest.approx(0.009793443)
    assert fibre_rtt(1000, detour=2, refractive_index=1.5) == pytest.approx(4000 * 1.5 / 299_792.458)


def test_the_distances_of_the_record_are_those_between_the_airports():
    record, places = cci.load().factors.set_index("factor_id")["value"], airportsdata.load("IATA")
    for name, route in {"great-circle": "CKG SIN", "by-named-cities": "CKG CAN HKG SIN"}.items():
        stops = [(places[code]["lon"], places[code]["lat"]) for code in route.split()]
        km = sum(great_circle_km(*one, *next_one) for one, next_one in itertools.pairwise(stops))
        assert record[f"distance-chongqing-singapore-{name}"] == pytest.approx(km, abs=2)


def test_arrays_broadcast():
    rtt, loss = np.array([[0.03], [0.3]]), np.array([0.001, 0.01, 0.1])
    assert mathis(rtt, loss).shape == pftk(rtt, loss, window=65_535).shape == (2, 3)
    assert loss_allowed_pftk(3, rtt, loss, 0.065, window=1e6).shape == (2, 3)
    assert fibre_rtt(3000, detour=np.array([1, 2])).shape == (2,)
    assert pftk(rtt, loss, window=65_535)[1, 2] == pftk(0.3, 0.1, window=65_535)


@pytest.mark.parametrize("formula", [mathis, lambda rtt, loss: pftk(rtt, loss, window=65_535)])
def test_impossible_values_are_refused(formula):
    with pytest.raises(ParameterError, match="without a bound"):
        formula(0.1, 0)
    for loss in (-0.1, 1.0, 5, math.nan):
        with pytest.raises(ParameterError, match="not a percentage"):
            formula(0.1, loss)
    for rtt in (0, -1, math.inf, math.nan):
        with pytest.raises(ParameterError, match="rtt must be above 0"):
            formula(rtt, 0.01)


def test_a_cable_shorter_than_the_great_circle_is_refused():
    with pytest.raises(ParameterError, match="great circle"):
        fibre_rtt(1000, detour=0.9)
    with pytest.raises(ParameterError, match="window must be above 0"):
        window_limited(0.1, 0)
