"""How fast one TCP flow can be over a path: by loss and round-trip time, by window, and by the length of the fibre.

Two published formulas of the steady state, the window's limit, and the delay that light needs. All functions take
numbers or arrays, which broadcast: seconds, bytes, a share of segments lost, kilometres; they return bit/s, shares or
seconds. They describe one long transfer by a sender that halves its window at a loss (Reno); senders that react
otherwise (BBR, many flows at once) can be faster or slower than all of them.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from cci.errors import ParameterError
from cci.models.inputs import Input, assumed

Numbers: TypeAlias = np.ndarray | np.float64

SEGMENT = 1460.0  # bytes: an Ethernet frame of 1,500 less the headers of IP and TCP
ACKED = 2.0  # segments that one acknowledgement answers; receivers delay it so (RFC 1122, 4.2.3.2)
TIMEOUT_IN_RTT = 4.0  # the simplification of RFC 5348, 3.1: t_RTO = 4 R
LIGHT = 299_792.458  # km/s in a vacuum, exact by definition of the metre
REFRACTIVE_INDEX = 1.468  # group index of standard single-mode fibre (ITU-T G.652) near 1,550 nm
BITS = 8.0


def unknown_delay(name: str, *, words: str) -> Input:
    """Return what stands in for a delay, in milliseconds, while no page has printed one."""
    why = "no page had printed one by this day; from a straight fibre to a long way round"
    return assumed(name, 100, 30, 300, unit="milliseconds", words=words, why=why)


def mathis(rtt: ArrayLike, loss: ArrayLike, *, segment: ArrayLike = SEGMENT, acked: ArrayLike = ACKED) -> Numbers:
    """Return the throughput in bit/s that loss allows: segment / rtt * sqrt(3 / (2 acked loss)).

    Mathis, Semke, Mahdavi and Ott (1997), The Macroscopic Behavior of the TCP Congestion Avoidance Algorithm, equation
    3 with the constants of its table 1: sqrt(3/2) where each segment is acknowledged, sqrt(3/4) where each second one
    is. `rtt` in seconds, `loss` as a share above 0, `segment` in bytes. It knows neither window nor timeouts and is
    meant for small loss. Raises ParameterError; for a loss of 0 too, where the formula has no bound.
    """
    rtt, segment, acked = _positive("rtt", rtt), _positive("segment", segment), _positive("acked", acked)
    return BITS * segment / rtt * np.sqrt(3 / (2 * acked * _lossy(loss)))


def window_limited(rtt: ArrayLike, window: ArrayLike) -> Numbers:
    """Return the throughput in bit/s of a flow without loss: one window of `window` bytes in each `rtt` seconds."""
    return BITS * _positive("window", window) / _positive("rtt", rtt)


def pftk(
    rtt: ArrayLike,
    loss: ArrayLike,
    *,
    window: ArrayLike,
    segment: ArrayLike = SEGMENT,
    acked: ArrayLike = ACKED,
    timeout: ArrayLike | None = None,
) -> Numbers:
    """Return the throughput in bit/s by loss, timeouts and the receiver's window together.

    Padhye, Firoiu, Towsley and Kurose (1998), Modeling TCP Throughput: A Simple Model and its Empirical Validation, the
    full model with timeouts and a limited window (equation 31; again in IEEE/ACM Transactions on Networking 8(2),
    2000). `rtt` and `timeout` in seconds (the first retransmission timeout, by default TIMEOUT_IN_RTT round trips),
    `window` and `segment` in bytes, `loss` as a share above 0 and below 1, as the paper counts it: the first segment
    lost in a round. Raises ParameterError; for a loss of 0 too, which is `window_limited`.
    """
    rtt, segment, b = _positive("rtt", rtt), _positive("segment", segment), _positive("acked", acked)
    p = _lossy(loss)
    wait = _positive("timeout", TIMEOUT_IN_RTT * rtt if timeout is None else timeout)
    limit = np.maximum(_positive("window", window) / segment, 1.0)  # a window holds one segment at the least
    offset = (2 + b) / (3 * b)
    unlimited = offset + np.sqrt(8 * (1 - p) / (3 * b * p) + offset**2)
    peak = np.minimum(unlimited, limit)
    timed_out = _timeout_share(p, peak)
    backoff = 1 + p + 2 * p**2 + 4 * p**3 + 8 * p**4 + 16 * p**5 + 32 * p**6
    rounds = np.where(unlimited < limit, b / 2 * unlimited + 1, b / 8 * limit + (1 - p) / (p * limit) + 2)
    sent = (1 - p) / p + peak + timed_out / (1 - p)
    return BITS * segment * sent / (rtt * rounds + timed_out * backoff * wait / (1 - p))


def gain(rtt: ArrayLike, loss: ArrayLike, rtt_after: ArrayLike, loss_after: ArrayLike, *, window: ArrayLike) -> Numbers:
    """Return by how many times an improvement of delay and loss multiplies the throughput of `pftk`. ParameterError."""
    return pftk(rtt_after, loss_after, window=window) / pftk(rtt, loss, window=window)


def fibre_rtt(
    distance: ArrayLike, *, detour: ArrayLike = 1.0, refractive_index: ArrayLike = REFRACTIVE_INDEX
) -> Numbers:
    """Return the least round-trip time in seconds over fibre: 2 distance detour index / speed of light.

    `distance` in kilometres over the great circle, `detour` the length of the cable as a multiple of it (1 or more).
    Routers, queues and the last mile come on top. Raises ParameterError.
    """
    detour, index = np.asarray(detour, dtype="float64"), np.asarray(refractive_index, dtype="float64")
    if not (np.all(detour >= 1) and np.all(index >= 1)):
        raise ParameterError("detour and refractive_index are 1 or more: no cable beats the great circle, nor light c.")
    return 2 * _positive("distance", distance) * detour * index / LIGHT


def loss_allowed(multiple: ArrayLike, rtt: ArrayLike, loss: ArrayLike, rtt_after: ArrayLike) -> Numbers:
    """Return the greatest loss after an improvement at which throughput is `multiple` times what it was, by Mathis.

    Solved for the loss: loss (rtt / (multiple rtt_after))^2. Segment and acknowledgements cancel where they do not
    change. A result above `loss` says that the loss may even grow. Raises ParameterError.
    """
    ratio = _positive("rtt", rtt) / (_positive("multiple", multiple) * _positive("rtt_after", rtt_after))
    return _lossy(loss) * ratio**2


def loss_allowed_pftk(
    multiple: ArrayLike,
    rtt: ArrayLike,
    loss: ArrayLike,
    rtt_after: ArrayLike,
    *,
    window: ArrayLike,
    segment: ArrayLike = SEGMENT,
    acked: ArrayLike = ACKED,
) -> Numbers:
    """Return the same as `loss_allowed` by `pftk`, solved numerically; nan where no loss, however small, suffices.

    Then the window, and not the loss, holds the flow back. Raises ParameterError.
    """
    from scipy.optimize import elementwise  # 0.2 s: only for who solves

    goal = _positive("multiple", multiple) * pftk(rtt, loss, window=window, segment=segment, acked=acked)

    def excess(log_loss: np.ndarray, goal: np.ndarray, rtt: np.ndarray, window: np.ndarray) -> np.ndarray:
        return np.log(pftk(rtt, np.exp(log_loss), window=window, segment=segment, acked=acked) / goal)

    goal, rtt_after, window = np.broadcast_arrays(goal, _positive("rtt_after", rtt_after), _positive("window", window))
    # Beyond one loss in 10^12 segments a flow knows nothing but its window; at 0.999 nothing arrives.
    ends = (np.full(goal.shape, np.log(1e-12)), np.full(goal.shape, np.log(0.999)))
    solved = elementwise.find_root(excess, ends, args=(goal, rtt_after, window))
    return np.where(solved.success, np.exp(solved.x), np.nan)[()]


def _timeout_share(p: np.ndarray, w: np.ndarray) -> np.ndarray:
    """The chance that a loss at window `w` ends in a timeout; with three segments or fewer it always does."""
    wide = np.maximum(w, 3.0)
    within = (1 - (1 - p) ** 3) * (1 + (1 - p) ** 3 * (1 - (1 - p) ** (wide - 3))) / (1 - (1 - p) ** wide)
    return np.where(w <= 3, 1.0, np.minimum(1.0, within))


def _positive(name: str, value: ArrayLike) -> np.ndarray:
    numbers = np.asarray(value, dtype="float64")
    if not np.all((numbers > 0) & np.isfinite(numbers)):
        raise ParameterError(f"{name} must be above 0 and finite; got {value!r}.")
    return numbers


def _lossy(loss: ArrayLike) -> np.ndarray:
    shares = np.asarray(loss, dtype="float64")
    if np.any(shares == 0):
        raise ParameterError("A loss of 0 leaves the formula without a bound; use window_limited for such a path.")
    if not np.all((shares > 0) & (shares < 1)):
        raise ParameterError(f"loss is a share between 0 and 1, not a percentage; got {loss!r}.")
    return shares
