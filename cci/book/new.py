"""Begin a chapter: a notebook that runs, is accepted and passes every test as it is, to be rewritten cell by cell.

It has the parts of a chapter in their order, on a series that the record holds, and says in each part what belongs
there. `chapters/NAME.ipynb`, `_toc.yml` and `specifications.yml` get what the new chapter needs; nothing else changes.
"""

from __future__ import annotations

import re
from pathlib import Path

import nbformat

from cci.book import chapters as book_chapters
from cci.book import lock, normalise, numerals, whole
from cci.book.stability import DECLARED
from cci.book.stamp import OUT
from cci.errors import CCIError, ParameterError

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_LONGEST = 40  # letters of a name, which stands in addresses and names of folders
SETUP = """\
import pandas as pd

import cci
from cci import audit, charts, models
from cci.book.results import glue

charts.use()
record = cci.load(as_of=as_of)"""
# (name, kind, source); {title} is filled in. Nine words of prose to a line of code, as in every chapter.
_CELLS = (
    (
        "title",
        "markdown",
        """\
# {title}

This first paragraph says in a few sentences what the chapter asks and what it finds, the caveat before the figure.
A figure in prose is bound, never typed: the latest total of this template is {glue:text}`latest`, computed below.
The title states the finding, so it is the last thing to be settled.""",
    ),
    (
        "parameters",
        "code",
        """\
as_of = None  # date or None: only what a source had published by that day
definition = "gov_commercial"  # one of commercial | gov_commercial: which count of projects is read""",
    ),
    ("setup", "code", SETUP),
    (
        "meaning",
        "markdown",
        """\
## What the figures mean

Say what is counted, by whom and since when, and begin with the reading that is most likely to be wrong.
Here it is this: a project that was signed is neither paid nor built.
A total since the launch is not the result of a year.
Name the scope and the definition, and do not join figures that share nothing but a name.""",
    ),
    (
        "trend-frame",
        "markdown",
        """\
## What is stated over time

Ask the record for the rows that the chapter needs, so that a run depends on them alone.
Every idea has a frame, one chart and a reading, and the title of the chart is what the chart shows.""",
    ),
    (
        "trend",
        "code",
        """\
series = record.series(f"{definition}_projects_count", scope="cci")
glue("latest", series["words"].iloc[-1] if len(series) else "not published", of=series.tail(1))
charts.trend(series, title="The stated total of projects over time")""",
    ),
    (
        "trend-reading",
        "markdown",
        """\
The reading says what can be seen and what cannot: between the marks nothing was published, and nothing is drawn.
It compares levels under one definition only, and names a cause only where a source does.""",
    ),
    (
        "coverage-frame",
        "markdown",
        """\
## Who states it, and when

A figure that many pages repeat may go back to a single body.""",
    ),
    (
        "coverage",
        "code",
        """\
stated = record.where(indicator=f"{definition}_projects_count", scope="cci")
charts.coverage(stated, title="Years for which a publisher states the total", by="publisher")""",
    ),
    (
        "coverage-reading",
        "markdown",
        """\
An empty cell is a year for which no page was found, and not a zero.
Whether more pages mean more knowledge depends on their origins, which the table of sources keeps apart.""",
    ),
    (
        "disagree",
        "markdown",
        """\
## Where the sources disagree

Put rival statements of one quantity side by side, with what the wording of each allows.
Where they cannot all be right, the register of disagreements says which is preferred and why.""",
    ),
    (
        "statements",
        "code",
        """\
latest = stated[stated["end"] == stated["end"].max()]
charts.statements(latest, title="Statements of the latest total, and what each allows")""",
    ),
    (
        "statements-reading",
        "markdown",
        """\
Intervals that overlap do not contradict each other, and a wording such as "over" bounds a figure from below only.""",
    ),
    (
        "findings-frame",
        "markdown",
        """\
## Findings

Each sentence is checked by code against the record of this run: it holds, it fails, or it cannot be told.
A finding is worth stating if it could have failed.""",
    ),
    (
        "findings",
        "code",
        """\
fell = series["high"] < series["low"].cummax()
years = set(series["end"].dt.year)
audit.findings(
    audit.finding("The stated total never falls.", holds=not fell.any() if len(series) > 1 else None, because=series),
    audit.finding("More than one publisher states it.", holds=stated["publisher"].nunique() > 1, because=stated),
    audit.finding("Years without a figure lie in between.", holds=len(years) <= max(years) - min(years), because=series)
    if years
    else audit.finding("Years without a figure lie in between."),
)""",
    ),
    (
        "gaps",
        "markdown",
        """\
## What nobody has published

List what a reader would need in order to judge the matter, and what no source that was read gives.
For the total of this template that is a list of the projects behind it, and what became of each.
An absence is stated as what was looked for and not found, never as a zero.""",
    ),
    (
        "sources-head",
        "markdown",
        """\
## Sources

The table keeps the publisher of a page apart from the origin of its figures.""",
    ),
    (
        "sources",
        "code",
        """\
shown = {"publisher": "Publisher", "title": "Page", "published": "Published", "kind": "Kind", "origin": "Origin"}
charts.table(record.cite(stated), title="Pages behind this chapter", columns=shown | {"n_figures": "Figures used"})""",
    ),
)  # fmt: skip
_CHOICES = """\
{name}:
  definition:
    values: [commercial, gov_commercial]
    why: The administration has counted its projects in more than one way, and no rule says which is the total.
"""


def new(name: str, *, title: str | None = None, book: Path | None = None) -> list[Path]:
    """Begin a chapter and return the files written: the notebook, `_toc.yml` and, where the book has one, the choices.

    `title` is its first heading. Raises ParameterError for a name that is no word of an address or that a page of the
    book has, and for a title that is no single line or holds a numeral; nothing is written then.
    """
    book = book or book_chapters.root()
    with lock.held(book / OUT.parent, "cci new"):
        _refuse(name, title, book)
        toc = book / "_toc.yml"
        listed = _listed(toc.read_text(encoding="utf-8"), name, book_chapters.names(book))
        path, choices = book_chapters.path(name, book), book / DECLARED
        whole.write(normalise.text(_notebook(title or f"What is stated on {_spoken(name)}")), path)
        written = [path]
        if choices.is_file():
            before = choices.read_text(encoding="utf-8")
            whole.write(f"{before.rstrip()}\n{_CHOICES.format(name=name)}", choices)
            written.append(choices)
        whole.write(listed, toc)  # last: what is not listed is no part of the book
    return [*written, toc]


def _refuse(name: str, title: str | None, book: Path) -> None:
    if not _NAME.fullmatch(name) or len(name) > _LONGEST:
        rule = f"small letters, digits and single hyphens, at most {_LONGEST}"
        raise ParameterError(f"{name!r} names no chapter; use {rule}, as in people-to-people")
    taken = {Path(page).name.lower() for page in book_chapters.listed(book)}
    taken |= {path.stem.lower() for path in (book / "chapters").iterdir()}
    if name in taken:
        raise ParameterError(f"The book has a page {name!r} already; choose another name, or write into that page")
    if title is None:
        return
    if not title.strip() or not title.isprintable():
        raise ParameterError(f"{title!r} is no title; give it as words on one line")
    found = numerals.in_markdown(f"# {title}", file="the title")
    if found:
        raise ParameterError(f"The title holds {found[0].value}, which no figure of the record is behind; leave it out")


def _notebook(title: str) -> nbformat.NotebookNode:
    cells = []
    for identifier, kind, source in _CELLS:
        if kind == "markdown":
            cell = nbformat.v4.new_markdown_cell(source.replace("{title}", title.strip()))
        else:
            tags = ["hide-input", *(["parameters"] if identifier == "parameters" else [])]
            cell = nbformat.v4.new_code_cell(source, metadata={"tags": tags})
        cell.id = identifier
        cells.append(cell)
    return nbformat.v4.new_notebook(cells=cells)


def _listed(toc: str, name: str, names: list[str]) -> str:
    """The table of contents with the chapter after the last one; every line that was there stays as it is."""
    lines = toc.splitlines(keepends=True)
    last = re.escape(names[-1]) if names else ""
    entry = re.compile(rf"(?P<indent>\s*)- file: [\"']?chapters/{last}(\.ipynb)?[\"']?\s*(#.*)?$")
    found = [(n, match["indent"]) for n, line in enumerate(lines) if (match := entry.match(line.rstrip("\n")))]
    if not names or len(found) != 1:
        raise CCIError("_toc.yml lists no chapter as '- file: chapters/NAME', after which the new one could stand")
    place, indent = found[0]
    place += 1
    while place < len(lines) and re.match(rf"{indent}\s+\S", lines[place]):  # what else is said of that chapter
        place += 1
    if not lines[place - 1].endswith("\n"):
        lines[place - 1] += "\n"
    lines.insert(place, f"{indent}- file: chapters/{name}\n{indent}  title: {_spoken(name).capitalize()}\n")
    return "".join(lines)


def _spoken(name: str) -> str:
    return name.replace("-", " ")
