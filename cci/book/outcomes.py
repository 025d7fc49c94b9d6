"""What a run came to, as data: its findings, the figures that its prose quotes, its charts and tables.

`results.json` of a run holds it; two of them are compared in words.
"""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from nbformat import NotebookNode

from cci.book import normalise

SHOWN = "application/vnd.cci+json"  # what the package shows: tables, findings, what stands behind a figure
GLUE_PREFIX = "application/papermill.record/"


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
            if mime.startswith("application/vnd.vegalite"):
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


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Return which figures, findings, charts and tables differ between two results, a sentence each."""
    return [*_figures(before, after), *_findings(before, after), *_pictures(before, after)]


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


def _figures(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    old, new = before["figures"], after["figures"]
    for name in dict.fromkeys([*old, *new]):
        if name not in new:
            yield f"figure {name}: only in the first, {_said(old[name])}"
        elif name not in old:
            yield f"figure {name}: only in the second, {_said(new[name])}"
        elif old[name] != new[name]:
            yield f"figure {name}: {_said(old[name], new[name])}, then {_said(new[name], old[name])}"


def _said(figure: Mapping[str, Any], other: Mapping[str, Any] | None = None) -> str:
    """A figure as quoted; its interval too where the words alone would not tell it from the other."""
    said = f"{figure['value']}"
    if other is None or other["value"] != figure["value"] or "low" not in figure:
        return said
    low, high = ("open" if end is None else f"{end:.12g}" for end in (figure["low"], figure["high"]))
    return f"{said} ({low} to {high})"


def _findings(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    old, new = ({item["statement"]: item for item in side["findings"]} for side in (before, after))
    for statement in dict.fromkeys([*old, *new]):
        if statement not in new:
            yield f"finding only in the first: {statement} ({old[statement]['verdict']})"
        elif statement not in old:
            yield f"finding only in the second: {statement} ({new[statement]['verdict']})"
        elif old[statement] != new[statement]:
            one, two = old[statement], new[statement]
            if one["verdict"] != two["verdict"]:
                what = f"{one['verdict']}, then {two['verdict']}"
            elif one["why"] != two["why"]:
                what = f"{one['verdict']} as before, for another reason: {two['why']}"
            else:
                what = f"{one['verdict']} as before, by other observations: {_moved(one['obs_ids'], two['obs_ids'])}"
            yield f"finding: {statement} {what}"


def _moved(old: list[str], new: list[str]) -> str:
    gone = [f"without {name}" for name in old if name not in new]
    come = [f"with {name}" for name in new if name not in old]
    return ", ".join([*come, *gone]) or "in another order"


def _pictures(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    for kind in ("chart", "table"):
        old, new = (_placed(side[f"{kind}s"]) for side in (before, after))
        for place in dict.fromkeys([*old, *new]):
            one, two = old.get(place), new.get(place)
            if one is None or two is None:
                shown, side = (two, "second") if one is None else (one, "first")
                yield f"{kind} only in the {side}: {(shown or {})['title']}"
            elif one["whole"] != two["whole"]:
                what = [] if one["title"] == two["title"] else [f"the title, now {two['title']!r}"]
                what += ["its data"] if one["data"] != two["data"] else []
                yield f"{kind} {one['title']!r}: {' and '.join(what) or 'how it is drawn or described'} changed"


def _placed(shown: list[dict[str, Any]]) -> dict[tuple[str, int], dict[str, Any]]:
    """Charts by the cell they stand in, and their number in it."""
    placed: dict[tuple[str, int], dict[str, Any]] = {}
    for one in shown:
        number = sum(cell == one["cell"] for cell, _ in placed)
        placed[one["cell"], number] = one
    return placed


def _hash(content: Any) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
