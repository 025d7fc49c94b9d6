"""What a run came to, as data: its findings, the figures that its prose quotes, its charts and tables.

`results.json` of a run holds it; two of them are compared in words.
"""

from __future__ import annotations

import ast
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from nbformat import NotebookNode

from cci.book import normalise

SHOWN = "application/vnd.cci+json"  # what the package shows: tables, findings, what stands behind a figure
GLUE_PREFIX = "application/papermill.record/"
_DRAWN = "application/vnd.vegalite"
_ALIKE = 0.6  # share of their words from which two statements are one that was reworded


def outcomes(notebook: NotebookNode) -> dict[str, Any]:
    """Return what an executed chapter says.

    findings    list of statement, verdict, why, obs_ids
    figures     name -> value; low and high where it is an interval (null: without bound); obs_ids behind it
    charts      list of cell (its identifier), kind, title, data (hash of the rows behind it), whole (hash of all of it)
    tables      the same for tables
    """
    found: dict[str, Any] = {"findings": [], "figures": {}, "charts": [], "tables": []}
    for cell, data, metadata in _outputs(notebook):
        if name := metadata.get("scrapbook", {}).get("name"):
            found["figures"][name] = _figure(data)
            continue
        for mime, content in data.items():
            if mime.startswith(_DRAWN):
                carried = content.get("usermeta", {}).get("cci", {})
                found["charts"].append(_shown(cell, carried, [*_rows(content)], content))
            elif mime == SHOWN and content.get("kind") == "findings":
                found["findings"] += [
                    {key: item.get(key) for key in ("statement", "verdict", "why", "obs_ids")}
                    for item in content["items"]
                ]
            elif mime == SHOWN:
                found["tables"].append(_shown(cell, content, content.get("rows"), content))
    return found


@dataclass(frozen=True)
class Change:
    """One figure, finding, chart or table that differs between two results; a side that lacks it is None.

    `name` is that of the figure, the statement of the finding, the title of the chart or table; `words` tells it all.
    """

    kind: str
    name: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    words: str


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """Return which figures, findings, charts and tables differ between two results, in this order."""
    return [*_figures(before, after), *_findings(before, after), *_pictures(before, after)]


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Return the same, a sentence each."""
    return [change.words for change in changes(before, after)]


def charts(notebook: NotebookNode) -> list[dict[str, Any]]:
    """Return the specifications of the charts of an executed chapter, in the order in which `outcomes` lists them."""
    shown = (content for _, data, _ in _outputs(notebook) for mime, content in data.items() if mime.startswith(_DRAWN))
    return list(shown)


def tables(notebook: NotebookNode) -> list[dict[str, Any]]:
    """Return the tables of an executed chapter, in the order in which `outcomes` lists them."""
    shown = (data[SHOWN] for _, data, metadata in _outputs(notebook) if SHOWN in data and "scrapbook" not in metadata)
    return [table for table in shown if table.get("kind") != "findings"]


def _outputs(notebook: NotebookNode) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    for cell in normalise.code_cells(notebook):
        for output in cell.outputs:
            yield cell.id, output.get("data", {}), output.get("metadata", {})


def _figure(data: Mapping[str, Any]) -> dict[str, Any]:
    """A figure as `cci.book.results.glue` stored it."""
    stored = {mime.removeprefix(GLUE_PREFIX): content for mime, content in data.items()}
    figure: dict[str, Any] = {"value": ast.literal_eval(stored["text/plain"])}
    behind = stored.get(SHOWN, {})
    if behind.get("interval"):
        figure |= dict(zip(("low", "high"), behind["interval"], strict=True))
    return figure | ({"obs_ids": behind["obs_ids"]} if behind.get("obs_ids") else {})


def _rows(spec: Any) -> Iterator[Any]:
    """Every data set that stands in a chart, wherever it does."""
    if isinstance(spec, dict):
        for key, value in sorted(spec.items()):  # a notebook that was written and read again has them in this order
            if key in ("data", "datasets"):
                yield value
            elif key != "usermeta":
                yield from _rows(value)
    elif isinstance(spec, list):
        for value in spec:
            yield from _rows(value)


def _shown(cell: str, carried: Mapping[str, Any], rows: Any, whole: Any) -> dict[str, Any]:
    return {
        "cell": cell,
        "kind": carried.get("kind", ""),
        "title": carried.get("title", ""),
        "data": _hash(rows),
        "whole": _hash(whole),
    }


def _figures(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    old, new = before["figures"], after["figures"]
    for name in dict.fromkeys([*old, *new]):
        one, two = old.get(name), new.get(name)
        if one == two:
            continue
        if one is None or two is None:
            said = f"only in the first, {_said(one)}" if one else f"only in the second, {_said(new[name])}"
        else:
            said = f"{_said(one, two)}, then {_said(two, one)}"
        yield Change("figure", name, one, two, f"figure {name}: {said}")


def _said(figure: Mapping[str, Any], other: Mapping[str, Any] | None = None) -> str:
    """A figure as quoted; its interval too where the words alone would not tell it from the other."""
    said = f"{figure['value']}"
    if other is None or other["value"] != figure["value"] or "low" not in figure:
        return said
    low, high = ("open" if end is None else f"{end:.12g}" for end in (figure["low"], figure["high"]))
    return f"{said} ({low} to {high})"


def _findings(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    old, new = ({item["statement"]: item for item in side["findings"]} for side in (before, after))
    reworded = _reworded([text for text in old if text not in new], [text for text in new if text not in old])
    for statement in dict.fromkeys([*old, *(text for text in new if text not in reworded.values())]):
        one, two = old.get(statement), new.get(reworded.get(statement, statement))
        if one == two:
            continue
        if two is None:
            words = f"finding only in the first: {statement} ({old[statement]['verdict']})"
        elif one is None:
            words = f"finding only in the second: {statement} ({two['verdict']})"
        elif statement in reworded:
            words = f"finding: {statement} Then: {two['statement']} {_verdicts(one, two)}"
        else:
            words = f"finding: {statement} {_verdicts(one, two)}"
        yield Change("finding", statement, one, two, words)


def _verdicts(one: Mapping[str, Any], two: Mapping[str, Any]) -> str:
    if one["verdict"] != two["verdict"]:
        return f"{one['verdict']}, then {two['verdict']}"
    if one["why"] != two["why"]:
        return f"{one['verdict']} as before, for another reason: {two['why']}"
    if one["obs_ids"] != two["obs_ids"]:
        return f"{one['verdict']} as before, by other observations: {_moved(one['obs_ids'], two['obs_ids'])}"
    return f"{one['verdict']} as before"


def _reworded(old: list[str], new: list[str]) -> dict[str, str]:
    """Old statement -> the new one that is most like it; numbers in them are computed and do not count."""
    found: dict[str, str] = {}
    for text in old:
        left = {other: _likeness(text, other) for other in new if other not in found.values()}
        if left and max(left.values()) >= _ALIKE:
            found[text] = max(left, key=left.__getitem__)
    return found


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, bare(one).split(), bare(other).split(), autojunk=False).ratio()


def bare(text: str) -> str:
    """Return a sentence without its numbers, which code puts in: what is left is what an author wrote."""
    return re.sub(r"\d[\d.,]*", "#", text)


def _moved(old: list[str], new: list[str]) -> str:
    gone = [f"without {name}" for name in old if name not in new]
    come = [f"with {name}" for name in new if name not in old]
    return ", ".join([*come, *gone]) or "in another order"


def _pictures(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    for kind in ("chart", "table"):
        old, new = (placed(side[f"{kind}s"]) for side in (before, after))
        for place in dict.fromkeys([*old, *new]):
            one, two = old.get(place), new.get(place)
            if one is None or two is None:
                shown, side = (two, "second") if one is None else (one, "first")
                title = (shown or {})["title"]
                yield Change(kind, title, one, two, f"{kind} only in the {side}: {title}")
            elif one["whole"] != two["whole"]:
                what = [] if one["title"] == two["title"] else [f"the title, now {two['title']!r}"]
                what += ["its data"] if one["data"] != two["data"] else []
                said = " and ".join(what) or "how it is drawn or described"
                yield Change(kind, one["title"], one, two, f"{kind} {one['title']!r}: {said} changed")


def placed(shown: list[dict[str, Any]]) -> dict[tuple[str, int], dict[str, Any]]:
    """Return charts or tables by the cell they stand in, and their number in it."""
    places: dict[tuple[str, int], dict[str, Any]] = {}
    for one in shown:
        number = sum(cell == one["cell"] for cell, _ in places)
        places[one["cell"], number] = one
    return places


def _hash(content: Any) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
