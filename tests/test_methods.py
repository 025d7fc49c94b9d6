"""The methods page speaks of every rule that the code applies, by its name."""

from pathlib import Path

import pytest

import cci
from cci.audit import detectors
from cci.audit.grades import grades
from cci.audit.relations import KINDS, OUTCOMES
from cci.record.dataset import FLAGS
from cci.record.intervals import QUALIFIERS, RULES

METHODS = (Path(__file__).parents[1] / "chapters" / "methods.md").read_text(encoding="utf-8").lower()


@pytest.mark.parametrize("name", [*detectors.NAMES, *OUTCOMES[:3], *QUALIFIERS, *filter(None, FLAGS)])
def test_methods_name_every_detector_outcome_wording_and_flag(name):
    assert name.replace("_", " ") in METHODS


@pytest.mark.parametrize("rule", RULES)
def test_methods_name_every_rule_of_intervals(rule):
    assert f"`{rule}`" in METHODS


def test_methods_explain_every_grade_that_is_given():
    assert all(f"| {grade.lower()} |" in METHODS for grade in grades(cci.load())["grade"].unique())


def test_every_kind_of_relation_is_explained_to_readers():
    explained = (Path(__file__).parents[1] / "cci/book/site/templates/evidence_parts.html").read_text(encoding="utf-8")
    assert all(f'"{kind}":' in explained for kind in KINDS)
