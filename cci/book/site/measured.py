"""What the benchmarks last measured, as tables of a page: the directive `measured`.

The files benchmarks/*.json are the only place of these figures, so no page can tell others. `scale` reckons from them
what a far larger record and readership would take, the rates being those of the largest record that was measured.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from cci.book.site import contents
from cci.book.site.outputs import make_panel
from cci.record.wording import date_words

FOLDER = "benchmarks"  # below the sources
_OBSERVATIONS, _READERS = 10**8, 10**5  # what `scale` reckons for: a record, and the readers of a day
_PAGES_READ = 5  # by a reader of a day: assumed, not measured
_DAY = 86_400  # seconds
_MEMORY = ("megabytes", "together")  # of the greatest process, and of all at once

Table = dict[str, Any]


class Measured(SphinxDirective):
    """`{measured} speed`: beside the plain way; `growth`: by size; `scale`: reckoned for a far larger book.

    `killed`: commands ended at random moments.
    """

    required_arguments = 1
    option_spec: ClassVar[dict[str, Callable[[str], Any]]] = {}

    def run(self) -> list[nodes.Node]:
        view = self.arguments[0]
        if view not in VIEWS:
            raise self.error(f"No measurements {view!r}. Use one of: {', '.join(VIEWS)}.")
        folder = Path(self.env.srcdir, FOLDER)
        told = {}
        for name in ("speed", "growth", "weight", "killing"):
            contents.await_file(self.env, folder / f"{name}.json")
            if (folder / f"{name}.json").is_file():
                told[name] = json.loads((folder / f"{name}.json").read_text("utf-8"))
        return [make_panel("table", table) for table in VIEWS[view](told)]


def speed(told: dict[str, Any]) -> Iterator[Table]:
    """The rows of speed.json: seconds beside the plain way, then memory."""
    parts = told.get("speed", {}).get("parts", {})
    rows = [row for part in parts.values() for row in part["rows"]]
    compared = [
        [
            row["what"],
            _seconds(row["plain"]),
            _seconds(row["ours"]),
            f"{row['ours'] / row['plain']:.3f}",
            f"{row['at_most']:g}",
            _seconds(row["floor"]) if row.get("floor") else "",
        ]
        for row in rows
        if "plain" in row
    ]
    yield _table(
        "Time beside the plain way, in seconds",
        ("Work", "Plain way", "This book", "Ratio", "Aim", "Floor"),
        compared,
        _machines(parts.values()),
    )
    memory = [
        [row["what"], *(f"{row[name]:.0f}" if name in row else "" for name in _MEMORY), f"{row['at_most']:g}"]
        for row in rows
        if "plain" not in row
    ]
    heads = ("Command", "One process", "All at once", "Aim")
    yield _table("Greatest memory, in MB", heads, memory, _machines(parts.values()))


def growth(told: dict[str, Any]) -> Iterator[Table]:
    """The rows of growth.json: seconds and memory of each size, and the exponents."""
    grown = told.get("growth", {})
    titles = {
        "record": "By the number of observations: processor seconds and MB",
        "book": "By the number of chapters and of evidence pages: processor seconds and MB",
    }
    for part, title in titles.items():
        kinds = grown.get(part, {})
        sizes = sorted({int(size) for kind in kinds.values() for size in kind["sizes"]})
        rows = [
            [
                what,
                *(_cost(kind["sizes"].get(str(size))) for size in sizes),
                _slope(kind.get("exponent")),
                _slope(kind.get("last")),
            ]
            for what, kind in kinds.items()
        ]
        heads = ("Work", *(f"{size:,}" for size in sizes), "Exponent", "Exponent of the last step")
        yield _table(title, heads, rows, _machines([grown]) if grown else "")


def scale(told: dict[str, Any]) -> Iterator[Table]:
    """What a far larger record and readership would take, from the measured rates."""
    rows = []
    for what, kind in told.get("growth", {}).get("record", {}).items():
        sizes = {int(size): row for size, row in kind["sizes"].items()}
        largest = max(sizes)
        if what == "series":
            continue  # it asks for a fixed number of series
        each = sizes[largest]["seconds"] / largest
        bytes_each = 1e6 * (sizes[largest]["megabytes"] - sizes[min(sizes)]["megabytes"]) / max(largest - min(sizes), 1)
        rows.append(
            [
                f"{what}, in one process",
                f"{each * 1e6:.0f} microseconds and {bytes_each:,.0f} bytes an observation",
                f"{_hours(each * _OBSERVATIONS)} and {bytes_each * _OBSERVATIONS / 1e9:,.0f} GB",
            ]
        )
    pages = told.get("growth", {}).get("book", {}).get("evidence", {}).get("sizes", {})
    if pages:
        largest, figures = max(map(int, pages)), told["growth"]["figures_a_page"]
        each, wanted = pages[str(largest)]["seconds"] / largest, _OBSERVATIONS / figures
        rows.append(
            [
                "evidence pages, in one process",
                f"{each * 1e3:.0f} milliseconds a page of {figures} figures",
                f"{_hours(each * wanted)} for {wanted:,.0f} pages",
            ]
        )
    weights = [row["ours_read"] for row in told.get("weight", {}).get("rows", ())]
    if weights:
        page = sum(weights) / len(weights)
        a_day = page * _READERS * _PAGES_READ
        rows.append(
            [
                f"readers, {_PAGES_READ} chapters each (assumed)",
                f"{page / 1e3:.0f} kB a chapter, read to its end, nothing cached",
                f"{a_day / 1e9:,.0f} GB a day, {8 * a_day / _DAY / 1e6:.0f} Mbit a second, "
                f"{_READERS * _PAGES_READ / _DAY:.1f} pages a second",
            ]
        )
    title = f"Reckoned for {_OBSERVATIONS:,} observations and {_READERS:,} readers a day"
    yield _table(
        title, ("What", "Measured", "Reckoned"), rows, "Rates of the largest size measured, taken as constant."
    )


def killed(told: dict[str, Any]) -> Iterator[Table]:
    """The rows of killing.json: of so many times that a command was ended, how often all was whole afterwards."""
    rows = {(row["command"], row["blow"]): row for row in told.get("killing", {}).get("rows", ())}
    commands = dict.fromkeys(command for command, _ in rows)
    heads = {"SIGKILL": "Killed", "SIGTERM": "Told to end", "SIGINT": "Interrupted", "a child": "Its kernel killed"}
    yield _table(
        "Commands ended at random moments: all whole, and the next command went on",
        ("Command", *(f"{words} ({blow})" if blow.isupper() else words for blow, words in heads.items())),
        [[f"cci {command}", *(_counted(rows.get((command, blow))) for blow in heads)] for command in commands],
        _machines([told["killing"]]) if rows else "",
    )


VIEWS: dict[str, Callable[[dict[str, Any]], Iterator[Table]]] = {
    "speed": speed, "growth": growth, "scale": scale, "killed": killed,
}  # fmt: skip


def _table(title: str, heads: Iterable[str], rows: list[list[str]], note: str) -> Table:
    columns = [{"key": f"c{n}", "label": head, "align": "right" if n else "left"} for n, head in enumerate(heads)]
    if not rows:
        return {"title": title, "note": "Not measured yet: see benchmarks/.", "columns": columns, "rows": []}
    return {"title": title, "note": note, "columns": columns, "rows": rows}


def _machines(measured: Iterable[dict[str, Any]]) -> str:
    """When and on what the figures were measured, each once."""
    told = {
        f"{date_words(one['day'])}, {one['system']}, Python {one['python']}, {one['cores']} cores" for one in measured
    }
    return f"Measured on {'; '.join(sorted(told))}."


def _seconds(seconds: float) -> str:
    return f"{seconds:.3f}" if seconds < 1 else f"{seconds:,.1f}"


def _cost(row: dict[str, float] | None) -> str:
    return f"{_seconds(row['seconds'])} s, {row['megabytes']:,.0f} MB" if row else ""


def _counted(row: dict[str, Any] | None) -> str:
    return f"{row['whole']} of {row['struck']}" if row else ""


def _slope(slope: float | None) -> str:
    return "" if slope is None else f"{slope:.2f}"


def _hours(seconds: float) -> str:
    return f"{seconds / 3600:,.1f} hours" if seconds >= 3600 else f"{seconds / 60:,.0f} minutes"
