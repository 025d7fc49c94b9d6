"""What each kind of change is called, in which part of a review it stands, and how much it weighs.

note: as it should be, to be read. warning: what a reader sees has moved, so a person must look. error: the book would
say what its own evidence does not bear out, or evidence is lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Severity(IntEnum):
    """How much a change weighs; the greater, the graver."""

    note = 1
    warning = 2
    error = 3


@dataclass(frozen=True)
class Rule:
    """One kind of change: the part of the review it stands in, its weight, and what it is."""

    part: str
    severity: Severity
    meaning: str


# In the order in which a review tells them.
PARTS = {
    "state": "State of the revision",
    "observations": "Observations",
    "rows": "Other rows of the record",
    "prose": "Figures in prose",
    "findings": "Findings",
    "charts": "Charts and tables",
    "audit": "Relations and contradictions",
    "chapters": "Chapters and their outputs",
    "tests": "Tests",
}
_NOTE, _WARNING, _ERROR = Severity.note, Severity.warning, Severity.error

RULES = {
    "record-broken": Rule("state", _ERROR, "the record does not fit its schema"),
    "book-broken": Rule("state", _ERROR, "the list of pages or a chapter cannot be read"),
    "observation-removed": Rule("observations", _ERROR, "a row is gone, and whoever quotes it has lost its evidence"),
    "observation-changed": Rule("observations", _WARNING, "a row says something else under the same name"),
    "observation-flagged": Rule("observations", _WARNING, "a row has another flag"),
    "observation-regraded": Rule("observations", _NOTE, "a row is as before and attested better or worse"),
    "observation-added": Rule("observations", _NOTE, "a row is new"),
    "row-removed": Rule("rows", _WARNING, "a row of another table is gone"),
    "row-changed": Rule("rows", _WARNING, "a row of another table says something else"),
    "row-added": Rule("rows", _NOTE, "a row of another table is new"),
    "table-shape": Rule("rows", _NOTE, "a table or a column is new or gone"),
    "figure-unbound": Rule("prose", _ERROR, "a sentence quotes what the record or the chapter does not hold"),
    "figure-moved": Rule("prose", _WARNING, "a sentence gives another figure"),
    "result-moved": Rule("prose", _NOTE, "a result moved that no sentence quotes, or its interval did"),
    "text-revised": Rule("prose", _NOTE, "a sentence with a figure is new, gone or has other words"),
    "finding-flipped": Rule("findings", _ERROR, "another verdict, and its text was not revised"),
    "finding-flipped-revised": Rule("findings", _WARNING, "another verdict, and its text was revised"),
    "finding-removed": Rule("findings", _WARNING, "a finding is gone"),
    "finding-reworded": Rule("findings", _WARNING, "the same verdict on another sentence"),
    "finding-reasoned": Rule("findings", _NOTE, "the same verdict for another reason or by other rows"),
    "finding-added": Rule("findings", _NOTE, "a finding is new"),
    "chart-removed": Rule("charts", _WARNING, "a chart or table is gone"),
    "chart-changed": Rule("charts", _WARNING, "a chart or table shows other data or has another title"),
    "chart-redrawn": Rule("charts", _NOTE, "the same data, drawn or described differently"),
    "chart-added": Rule("charts", _NOTE, "a chart or table is new"),
    "relation-broken": Rule("audit", _ERROR, "a relation newly breaks, and no disagreement explains it"),
    "relation-broken-recorded": Rule("audit", _WARNING, "a relation newly breaks, as a disagreement explains"),
    "relation-undecided": Rule("audit", _WARNING, "a relation can no longer be told, or is not as its table expects"),
    "preference-moved": Rule("audit", _WARNING, "another observation now gives the figure of a period"),
    "candidate-new": Rule("audit", _WARNING, "a detector flags figures, or a figure seems to be there twice"),
    "contradiction-touched": Rule("audit", _WARNING, "a disagreement gains a further statement"),
    "contradiction-new": Rule("audit", _NOTE, "a disagreement is newly recorded"),
    "relation-settled": Rule("audit", _NOTE, "a relation newly holds or is solved, or is no more implied"),
    "candidate-gone": Rule("audit", _NOTE, "a detector no longer flags figures"),
    "chapter-failed": Rule("chapters", _ERROR, "the chapter cannot be run"),
    "chapter-stale": Rule("chapters", _ERROR, "a cell, or what it read of the record, has changed since its outputs"),
    "chapter-outdated": Rule("chapters", _WARNING, "code that the published outputs come from has changed since"),
    "chapter-unaccepted": Rule("chapters", _ERROR, "a fresh run gives other outputs than those published"),
    "chapter-removed": Rule("chapters", _WARNING, "a page is gone"),
    "chapter-unchecked": Rule("chapters", _NOTE, "no run is there to tell whether the outputs are up to date"),
    "chapter-added": Rule("chapters", _NOTE, "a page is new"),
    "test-failing": Rule("tests", _ERROR, "a test newly fails, those of access in the browser included"),
    "test-removed": Rule("tests", _WARNING, "a test is gone"),
    "test-skipped": Rule("tests", _WARNING, "a test is newly skipped"),
    "test-mended": Rule("tests", _NOTE, "a test no longer fails"),
}
