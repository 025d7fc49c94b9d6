"""Larger records in the schema of the book's own: numbered copies of its rows, cut after so many observations.

Every copy names its sources, indicators, scopes, observations and series anew, so that a larger record has more series
of the length and kind that the book has, more documents and more disagreements. A size always gives the same bytes.
"""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

Row = dict[str, str]

# The tables that grow, each after those it refers to, and their columns that name rows.
_NAMES = {
    "sources": ("source_id",),
    "indicators": ("indicator",),
    "scopes": ("scope", "part_of"),
    "observations": ("obs_id", "indicator", "scope", "source_id"),
    "series": ("series_id", "indicator", "scope"),
    "disagreements": ("disagreement_id", "obs_ids", "preferred_obs_id"),
    "relations": ("relation_id", "obs_ids"),
    "predictions": ("prediction_id", "indicator", "scope", "obs_ids"),
}
_UNDERSCORED = ("indicator",)  # a name of words joined by underscores; other names are joined by hyphens
FIGURES = 10  # on an evidence page of a synthetic book, on average


def record(own: Path, to: Path, observations: int, *, indicators: int | None = None) -> None:
    """Write a record of so many observations into the new folder `to`, of at most so many indicators.

    `own` is the book's record; tables that hold no figure (events, organisations …) are copied as they are.
    """
    shutil.copytree(own, to)
    tables = {name: _rows(own / f"{name}.csv") for name in _NAMES}
    kept = _cut(tables, observations, indicators)
    for name, rows in kept.items():
        with (to / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            lines = csv.DictWriter(file, list(tables[name][0]))
            lines.writeheader()
            lines.writerows(rows)


def _rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _cut(tables: dict[str, list[Row]], observations: int, indicators: int | None) -> dict[str, list[Row]]:
    """All tables of a larger record, without what refers to figures beyond the last."""
    wanted, counted = (observations, "observations") if indicators is None else (indicators, "indicators")
    copies = -(-wanted // len(tables[counted]))

    def all_of(name: str) -> Iterator[Row]:
        return (row for number in range(copies) for row in _copy(tables[name], name, number))

    named = {row["indicator"] for row in islice(all_of("indicators"), indicators)}
    cut = list(islice((row for row in all_of("observations") if row["indicator"] in named), observations))
    ids = {row["obs_id"] for row in cut} | {"?"}
    pairs = {(row["indicator"], row["scope"]) for row in cut}
    found = {
        "sources": list(all_of("sources")),
        "indicators": [row for row in all_of("indicators") if row["indicator"] in named],
        "scopes": list(all_of("scopes")),
        "observations": cut,
        "series": [row for row in all_of("series") if (row["indicator"], row["scope"]) in pairs],
    }
    for name in ("disagreements", "relations", "predictions"):
        found[name] = [row for row in all_of(name) if ids.issuperset(row["obs_ids"].split(";"))]
    return found


def _copy(rows: list[Row], name: str, number: int) -> Iterator[Row]:
    """The rows of a table under other names; copy 0 keeps theirs, which the tables that do not grow refer to."""
    for row in rows:
        new = dict(row)
        for column in _NAMES[name] if number else ():
            mark = f"x{number}_" if column in _UNDERSCORED else f"x{number}-"
            parts = row[column].split(";") if row[column] else []
            new[column] = ";".join(part if part == "?" else f"{mark}{part}" for part in parts)
        yield new


def book(own: Path, to: Path, chapters: int, indicators: int) -> None:
    """Write the sources of a book into the new folder `to`: so many chapters, and evidence pages of so many indicators.

    `own` is the folder of the book, whose settings are taken over. Every chapter quotes a figure of its own, in prose,
    as long as the record has others.
    """
    (to / "chapters").mkdir(parents=True)
    record(own / "data", to / "data", FIGURES * indicators, indicators=indicators)
    quoted = _rows(to / "data" / "observations.csv")
    views = ("sources", "instruments", "disagreements")
    lists = "\n\n".join(f"## {view}\n\n```{{record}} {view}\n```" for view in views)
    (to / "index.md").write_text(f"# A book of {chapters} chapters\n\n{lists}\n", encoding="utf-8")
    for n in range(chapters):
        obs_id = quoted[n % len(quoted)]["obs_id"]
        words = "It says what one source says of one day, in its own words, and no more than that.\n" * 20
        text = f"# Chapter {n}\n\nThe figure is {{obs}}`{obs_id}`.\n\n## What it says\n\n{words}"
        (to / "chapters" / f"chapter-{n}.md").write_text(text, encoding="utf-8")
    listed = [{"file": f"chapters/chapter-{n}"} for n in range(chapters)]
    toc = {"format": "jb-book", "root": "index", "chapters": listed}
    (to / "_toc.yml").write_text(json.dumps(toc), encoding="utf-8")
    settings = (own / "_config.yml").read_text(encoding="utf-8")
    settings = settings.replace("  config:\n", "  config:\n    cci_data: data\n", 1)
    (to / "_config.yml").write_text(settings, encoding="utf-8")
    icon = "cci/book/site/static/mark.svg"
    (to / icon).parent.mkdir(parents=True)
    shutil.copyfile(own / icon, to / icon)
