"""What the papers of one consignment cost on their way: hand-offs, fields keyed, checks, hours and errors.

A chain of parties passes a consignment on. Either each document travels by itself and is partly keyed again where it
arrives, or one document holds the data and the parties that have joined it key nothing again. The counts are closed
forms of this book; no standard defines them. All functions take numbers or arrays, which broadcast.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from cci.errors import ParameterError
from cci.models.inputs import assumed

# What nobody has counted on this route, by the name of the argument; the reasons stand in the chapter's table.
ASSUMED = (
    assumed(
        "documents",
        6,
        2,
        10,
        unit="documents",
        words="documents that go along the whole chain",
        why="some 200 exchanges among 30 bodies, as one carrier counted, are six or seven at each hand-off",
    ),
    assumed(
        "modes",
        3,
        2,
        4,
        unit="modes",
        words="modes of transport with a document each",
        why="truck, rail and sea; one fewer from a rail yard, one more with a feeder or a barge",
    ),
    assumed(
        "fields",
        40,
        29,
        60,
        unit="fields",
        words="fields on a document",
        why="40 documents that repeat 200 elements as often as UNCTAD says hold at least 29 each",
    ),
    assumed(
        "rekeyed",
        0.3,
        0.05,
        0.65,
        unit="share",
        words="share of a document keyed again by who receives it",
        why="at no hand-off can it exceed the share of data that is repeated at all, 60 to 70 percent",
    ),
    assumed(
        "characters",
        10,
        4,
        25,
        unit="characters",
        words="length of a field",
        why="from a code of four letters to a short address",
    ),
    assumed(
        "check",
        2,
        1,
        5,
        unit="seconds a field",
        words="time to compare a field with what is known",
        why="a glance at the least, a look into another paper at the most",
    ),
    assumed(
        "handoff",
        5,
        1,
        20,
        unit="minutes a document",
        words="time to send, receive and file a document",
        why="from an e-mail to a messenger's round in the house; waiting is not counted",
    ),
    assumed(
        "caught",
        0.5,
        0,
        0.9,
        unit="share",
        words="share of slips that somebody notices and corrects",
        why="nothing is known; few checks find all",
    ),
)


class Work(NamedTuple):
    """Counts for one consignment: documents that arrive at a party, fields keyed first and again, fields compared."""

    handoffs: np.ndarray
    keyed: np.ndarray
    rekeyed: np.ndarray
    checked: np.ndarray


def separate(parties: ArrayLike, documents: ArrayLike, modes: ArrayLike, fields: ArrayLike, rekeyed: ArrayLike) -> Work:
    """Return the work where each document travels by itself.

    `parties` in the chain, `documents` that go along the whole of it, `modes` of transport, each with a transport
    document of its own that ends with its leg, `fields` a document holds, `rekeyed` the share (0 to 1) of a document
    that who receives it keys again. Each of the parties - 1 hand-offs lies in one leg, so that documents + 1 pass:

        handoffs = (documents + 1)(parties - 1)       keyed = fields (documents + modes)
        rekeyed  = rekeyed fields handoffs            checked = fields handoffs

    Raises ParameterError.
    """
    n, d, m = _at_least("parties", parties, 1), _at_least("documents", documents, 0), _at_least("modes", modes, 1)
    f, share = _at_least("fields", fields, 0), _share("rekeyed", rekeyed)
    handoffs = (d + 1) * (n - 1)
    return Work(*np.broadcast_arrays(handoffs, f * (d + m), share * f * handoffs, f * handoffs))


def single(parties: ArrayLike, elements: ArrayLike, rekeyed: ArrayLike, joined: ArrayLike = 1.0) -> Work:
    """Return the work where one document of `elements` distinct data elements serves the whole chain.

    The data are keyed once, by whoever knows them. Of the parties, the share `joined` (0 to 1) reads the document as
    data; the others receive it on paper, compare it and key the share `rekeyed` of it again:

        handoffs = parties - 1                        keyed = elements
        rekeyed  = (1 - joined) rekeyed elements handoffs
        checked  = (1 - joined) elements handoffs

    As long as the elements fit on the documents that pass a hand-off, elements <= fields (documents + 1), no count is
    greater than that of `separate`. Raises ParameterError.
    """
    n, f = _at_least("parties", parties, 1), _at_least("elements", elements, 0)
    share, apart = _share("rekeyed", rekeyed), 1 - _share("joined", joined)
    handoffs = n - 1
    return Work(*np.broadcast_arrays(handoffs, f, apart * share * f * handoffs, apart * f * handoffs))


def hours(
    work: Work, *, characters: ArrayLike, keystrokes: ArrayLike, check: ArrayLike, handoff: ArrayLike
) -> np.ndarray:
    """Return the hours of work for one consignment.

    `characters` a field holds, `keystrokes` an hour that a clerk keys, `check` in seconds for each field compared,
    `handoff` in minutes for each document that is sent, received and filed. Raises ParameterError.
    """
    speed = _at_least("keystrokes", keystrokes, 1)
    keying = _at_least("characters", characters, 0) * (work.keyed + work.rekeyed) / speed
    reading = _at_least("check", check, 0) * work.checked / 3600
    return keying + reading + _at_least("handoff", handoff, 0) * work.handoffs / 60


def hours_saved(
    parties: ArrayLike,
    documents: ArrayLike,
    modes: ArrayLike,
    fields: ArrayLike,
    elements: ArrayLike,
    rekeyed: ArrayLike,
    joined: ArrayLike = 1.0,
    *,
    characters: ArrayLike,
    keystrokes: ArrayLike,
    check: ArrayLike,
    handoff: ArrayLike,
) -> np.ndarray:
    """Return the hours of `separate` less those of `single` for one consignment. Raises ParameterError."""
    ways = separate(parties, documents, modes, fields, rekeyed), single(parties, elements, rekeyed, joined)
    before, after = (
        hours(work, characters=characters, keystrokes=keystrokes, check=check, handoff=handoff) for work in ways
    )
    return before - after


def error_chance(work: Work, *, slip: ArrayLike, caught: ArrayLike = 0.0) -> np.ndarray:
    """Return the chance that one wrong field or more remains: 1 - (1 - slip (1 - caught)) ^ (fields keyed).

    `slip` is the chance (0 to 1) that a field is keyed wrong, alike and independent for all of them; `caught` the share
    of slips that somebody notices and corrects. Raises ParameterError.
    """
    left = _share("slip", slip) * (1 - _share("caught", caught))
    return -np.expm1((work.keyed + work.rekeyed) * np.log1p(-np.minimum(left, 1 - 1e-15)))


def _at_least(name: str, value: ArrayLike, least: float) -> np.ndarray:
    numbers = np.asarray(value, dtype="float64")
    if not np.all((numbers >= least) & np.isfinite(numbers)):
        raise ParameterError(f"{name} must be {least} or more and finite; got {value!r}.")
    return numbers


def _share(name: str, value: ArrayLike) -> np.ndarray:
    shares = np.asarray(value, dtype="float64")
    if not np.all((shares >= 0) & (shares <= 1)):
        raise ParameterError(f"{name} is a share from 0 to 1, not a percentage; got {value!r}.")
    return shares
