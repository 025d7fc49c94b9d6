"""What the published chapters say otherwise than before in findings, charts, tables and results."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from difflib import SequenceMatcher
from typing import Any

from nbformat import NotebookNode

from cci.book import outcomes
from cci.book.review.changes import Change, Charts

_ROWS = 12  # of a chart or table that are told one by one


def published(chapter: str, before: NotebookNode, after: NotebookNode, quoted: Collection[str]) -> Iterator[Change]:
    """Yield what differs between two published states of a chapter, but for its prose.

    `quoted` are the results that the chapter's sentences give: those tell of another value themselves.
    """
    sides = [outcomes.outcomes(notebook) for notebook in (before, after)]
    pictures = [_contents(side, notebook) for side, notebook in zip(sides, (before, after), strict=True)]
    for change in outcomes.changes(*sides):
        if change.kind == "finding":
            yield _finding(chapter, change)
        elif change.kind == "figure":
            values = [side["value"] if side else None for side in (change.before, change.after)]
            if change.name not in quoted or values[0] == values[1]:
                words = change.words.removeprefix(f"figure {change.name}: ")
                yield Change("result-moved", change.name, None, words, chapter)
        else:
            # An entry is known by itself, as equal ones may stand in several cells.
            one, two = (
                next((content for entry, content in side if entry is shown), None)
                for side, shown in zip(pictures, (change.before, change.after), strict=True)
            )
            yield _picture(chapter, change, one, two)


def _contents(found: Mapping[str, Any], notebook: NotebookNode) -> list[tuple[Any, dict[str, Any]]]:
    """Every entry of charts and tables with what is shown."""
    charts = zip(found["charts"], outcomes.charts(notebook), strict=True)
    return [*charts, *zip(found["tables"], outcomes.tables(notebook), strict=True)]


def _finding(chapter: str, change: outcomes.Change) -> Change:
    one, two = change.before, change.after
    before, after = (f"{side['verdict']}: {side['statement']}" if side else None for side in (one, two))
    if one is None or two is None:
        why = (one or two or {})["why"]
        rule = "finding-added" if one is None else "finding-removed"
        return Change(rule, "", before, after, chapter, (str(why),) if why else ())
    revised = outcomes.bare(one["statement"]) != outcomes.bare(two["statement"])
    if one["verdict"] != two["verdict"]:
        rule = "finding-flipped-revised" if revised else "finding-flipped"
    else:
        rule = "finding-reasoned" if one["statement"] == two["statement"] else "finding-reworded"
    facts = []
    if one["why"] != two["why"]:
        facts += [f"{name}: {side['why'] or 'without a reason'}" for name, side in (("Before", one), ("Now", two))]
    elif two["why"]:
        facts.append(str(two["why"]))
    if one["obs_ids"] != two["obs_ids"]:
        was, now = one["obs_ids"], two["obs_ids"]
        facts += [f"No longer rests on {name}" for name in was if name not in now]
        facts += [f"Now rests on {name}" for name in now if name not in was]
    return Change(rule, "", before, after, chapter, tuple(facts))


def _picture(chapter: str, change: outcomes.Change, one: Any, two: Any) -> Change:
    is_chart = change.kind == "chart"
    charts = Charts(one, two) if is_chart else None
    title = (change.after or change.before or {})["title"] or f"a {change.kind} without a title"
    if change.before is None or change.after is None:
        rule, now = ("chart-added", f"a new {change.kind}") if one is None else ("chart-removed", None)
        return Change(rule, title, None if one is None else f"the {change.kind} is gone", now, chapter, charts=charts)
    other = change.before["data"] != change.after["data"] or change.before["title"] != change.after["title"]
    was, now = (change.before["title"], title) if change.before["title"] != title else (None, None)
    facts = tuple(_rows(_table(one, is_chart), _table(two, is_chart)))
    return Change("chart-changed" if other else "chart-redrawn", title, was, now, chapter, facts, charts)


def _table(content: Mapping[str, Any], is_chart: bool) -> list[str]:
    """The rows of a table, or of the one that a chart carries, each as one line."""
    table = content.get("usermeta", {}).get("cci", {}).get("table") if is_chart else content
    rows = (table or {}).get("rows") or ()
    return [" | ".join(_text(cell) for cell in row) for row in rows]


def _text(cell: Any) -> str:
    return str(cell.get("text", "") if isinstance(cell, dict) else "" if cell is None else cell)


def _rows(old: list[str], new: list[str]) -> Iterator[str]:
    """Rows that are in one only, the old before the new that stands in its place."""
    told = []
    for tag, low, high, start, stop in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            told += [f"− {row}" for row in old[low:high]] + [f"+ {row}" for row in new[start:stop]]
    yield from told[:_ROWS]
    if len(told) > _ROWS:
        yield f"and {len(told) - _ROWS} more rows"
