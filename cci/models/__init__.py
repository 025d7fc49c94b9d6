"""Scenario models: pure functions of parameters, each with its units and the source of its formula.

A model never reads the record. What it is given comes as inputs, each with its range and the source of both.
"""

from cci.models import capacity, inputs, pathway, stage_network

__all__ = ["capacity", "inputs", "pathway", "stage_network"]
