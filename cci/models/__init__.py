"""Scenario models: pure functions of parameters, each with its units and the source of its formula.

A formula never reads the record. What it is given comes as inputs, each with its range and the source of both;
`predictions` sets what formulas of extrapolation make of the record's series into a register and scores it.
"""

from cci.models import (
    capacity,
    channel,
    corridor,
    corridor_inputs,
    corridor_routes,
    cost_of_funds,
    documents,
    extrapolation,
    inputs,
    microgrid,
    parks,
    pathway,
    predictions,
    route,
    stage_network,
)

__all__ = [
    "capacity",
    "channel",
    "corridor",
    "corridor_inputs",
    "corridor_routes",
    "cost_of_funds",
    "documents",
    "extrapolation",
    "inputs",
    "microgrid",
    "parks",
    "pathway",
    "predictions",
    "route",
    "stage_network",
]
