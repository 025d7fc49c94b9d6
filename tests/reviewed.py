"""A book of one chapter with a record of a few rows, in a git repository of its own, to change and review."""

from __future__ import annotations

import copy
import csv
import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

import cci
from cci.book import normalise

# The record a test starts from: a total of two years, the gain between them, and two figures that disagree.
SERIES = {"indicator": "all_projects_count", "scope": "cci"}
FIRST, LAST, GAIN = "projects-2019", "projects-2020", "gain-2020"


def projects(obs_id: str, value: str, day: str, **more: str) -> dict[str, str]:
    row = {"obs_id": obs_id, **SERIES, "value": value, "unit": "projects", "qualifier": "exact", "period_end": day}
    return row | {"as_stated": f"{value} projects", "source_id": "page"} | more


ROWS: dict[str, list[dict[str, str]]] = {
    "sources": [
        {
            "source_id": "page", "title": "A page", "publisher": "Press", "published": "2021-01-10", "language": "en",
            "url": "https://example.org/a", "kind": "state_media", "origin": "own", "side": "chinese",
            "accessed": "2026-01-01",
        }
    ],
    "origins": [{"origin": "own", "name": "The publisher itself", "kind": "publisher"}],
    "indicators": [
        {
            "indicator": "all_projects_count", "label": "Projects", "pillar": "overview", "unit": "projects",
            "measure": "cumulative", "additive": "false", "monotone": "up", "definition": "All.",
        },
        {
            "indicator": "new_projects_count", "label": "New projects", "pillar": "overview", "unit": "projects",
            "measure": "flow", "additive": "true", "monotone": "none", "definition": "Of a year.",
        },
    ],
    "scopes": [{"scope": "cci", "label": "The initiative", "definition": "All of it."}],
    "observations": [
        projects(FIRST, "100", "2019-12-31"),
        projects(LAST, "120", "2020-12-31"),
        projects("early", "10", "2015-12-31"),
        projects("early-too", "11", "2015-12-31"),
        projects(GAIN, "20", "2020-12-31", indicator="new_projects_count", period_start="2020-01-01"),
    ],
    "series": [
        {
            "series_id": "all", **SERIES, "title": "Projects", "first": "2019-12-31", "last": "2020-12-31",
            "n_dates": "3", "n_sources": "1", "n_origins": "1", "chartable": "false",
        }
    ],
    "events": [
        {"event_id": "ev", "date": "2020-01-01", "name": "Meeting", "kind": "council", "source_id": "page"}
    ],
    "organisations": [{"organisation_id": "body", "name": "Body", "side": "other", "kind": "agency"}],
    "participations": [{"event_id": "ev", "organisation_id": "body", "role": "speaker", "source_id": "page"}],
    "milestones": [
        {
            "milestone_id": "step", "pathway": "way", "step": "signed", "order": "1", "start": "2020-01-01",
            "actor": "Body", "description": "It began.", "as_stated": "began", "source_id": "page",
        }
    ],
    "instruments": [
        {
            "instrument_id": "tool", "name": "Tool", "pillar": "overview", "kind": "rule", "description": "A rule.",
            "source_ids": "page",
        }
    ],
    "disagreements": [
        {
            "disagreement_id": "old", "title": "Old", "pillar": "overview", "kind": "level_conflict",
            "obs_ids": "early;early-too", "explanation": "Told twice.",
        }
    ],
    "relations": [
        {"relation_id": "r-gain", "kind": "difference", "obs_ids": f"{LAST};{FIRST};{GAIN}", "expected": "holds"}
    ],
    "factors": [
        {
            "factor_id": "f", "kind": "distance", "subject": "Road", "value": "1", "unit": "km", "basis": "printed",
            "source_id": "page",
        }
    ],
    "predictions": [
        {
            "prediction_id": "p", "as_of": "2021-12-31", **SERIES, "method": "naive", "target": "2022", "value": "120",
            "low": "110", "high": "130", "unit": "projects", "level": "80", "obs_ids": LAST,
        }
    ],
}  # fmt: skip
CHART = {
    "$schema": "https://vega.github.io/schema/vega-lite/v6.4.1.json",
    "title": "Projects grew", "description": "Two points.", "width": "container", "height": 60,
    "data": {"values": [{"x": 2019, "y": 100}, {"x": 2020, "y": 120}]},
    "mark": "point",
    "encoding": {"x": {"field": "x", "type": "quantitative"}, "y": {"field": "y", "type": "quantitative"}},
    "usermeta": {
        "cci": {
            "kind": "trend", "title": "Projects grew",
            "table": {"columns": [], "rows": [["2019", "100"], ["2020", {"text": "120", "obs": LAST}]]},
        }
    },
}  # fmt: skip
PARAMETERS = "as_of = None  # date or None: day\nsince = 2014  # int 2010..2030: first year"
CODE = "since"
TEXT = f"# Projects\n\nThey reached {{obs}}`{LAST}`, a share of {{glue:text}}`share`.\nNothing else is told."
FINDINGS = [
    {"statement": "It rose by 20.", "verdict": "holds", "why": "Computed 20.", "obs_ids": [FIRST, LAST]},
    {"statement": "All were built.", "verdict": "cannot be told", "why": None, "obs_ids": []},
]


@dataclass
class Book:
    """The folder of the book; what its chapter publishes is kept as data, and written by `publish`."""

    root: Path
    text: str
    share: str
    findings: list[dict[str, Any]]
    charts: list[dict[str, Any]]

    def publish(self) -> None:
        """Write the chapter with its outputs."""
        glued = {
            "output_type": "display_data",
            "data": {"application/papermill.record/text/plain": repr(self.share)},
            "metadata": {"scrapbook": {"name": "share", "mime_prefix": "application/papermill.record/"}},
        }
        shown = [{"application/vnd.vegalite.v5+json": chart} for chart in self.charts]
        shown.append({"application/vnd.cci+json": {"kind": "findings", "items": self.findings}})
        outputs = [{"output_type": "display_data", "data": data, "metadata": {}} for data in shown]
        code = nbformat.v4.new_code_cell(CODE, outputs=[nbformat.from_dict(one) for one in (glued, *outputs)])
        parameters = nbformat.v4.new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]})
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(self.text), parameters, code])
        for number, cell in enumerate(notebook.cells):
            cell.id = f"cell-{number}"
        (self.root / "chapters" / "first.ipynb").write_text(normalise.text(notebook), encoding="utf-8")

    def table(self, name: str) -> Path:
        return self.root / "data" / f"{name}.csv"

    def add(self, name: str, *rows: dict[str, str]) -> None:
        """Append rows to a table; columns not named stay blank."""
        header = self.table(name).read_text(encoding="utf-8").splitlines()[0].split(",")
        with self.table(name).open("a", encoding="utf-8", newline="") as file:
            csv.DictWriter(file, header).writerows([dict.fromkeys(header, "") | row for row in rows])

    def alter(self, table: str, key: str, /, **cells: str) -> None:
        """Alter cells of the row whose first cell is `key`; the row goes where there are none."""
        with self.table(table).open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        kept = [row for row in rows if row[0] != key or cells]
        for row in kept:
            if row[0] == key:
                row[:] = [cells.get(column, cell) for column, cell in zip(header, row, strict=True)]
        with self.table(table).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *kept])

    def git(self, *arguments: str) -> str:
        who = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
        done = subprocess.run(["git", *who, *arguments], cwd=self.root, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    def commit(self, message: str = "Change") -> str:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)
        return self.git("rev-parse", "HEAD")


def book(root: Path) -> Book:
    """Return a book in a fresh repository, committed once on the branch main."""
    (root / "chapters").mkdir(parents=True)
    (root / "data").mkdir()
    (root / "_toc.yml").write_text("format: jb-book\nroot: index\nchapters:\n- file: chapters/first\n", "utf-8")
    (root / "index.md").write_text("# A book\n\nIt holds {count}`observations` figures.\n", "utf-8")
    shutil.copy(cci.DEFAULT / "datapackage.json", root / "data")
    made = Book(root, TEXT, "about half", copy.deepcopy(FINDINGS), [copy.deepcopy(CHART)])
    package = json.loads((root / "data" / "datapackage.json").read_text("utf-8"))
    for resource in package["resources"]:
        header = [field["name"] for field in resource["schema"]["fields"]]
        (root / "data" / resource["path"]).write_text(",".join(header) + "\r\n", "utf-8", newline="")
        made.add(resource["name"], *ROWS[resource["name"]])
    made.publish()
    made.git("init", "--quiet", "--initial-branch", "main")
    made.commit("First")
    return made
