"""Emit a chart as its Vega-Lite specification alone, in the one form that unchanged data never changes.

The site draws it and JupyterLab shows it; nothing in it depends on when, where or in which order charts were made.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

# JupyterLab draws version 5; a later key would show there as text. The site takes it all the same.
MIME = "application/vnd.vegalite.v5+json"
DIGITS = 12  # significant; beyond them floats differ between machines, and nbval compares every value

# Altair names parameters and views by a hash that takes in unrounded data (and by a session's count before version 6).
_AUTOMATIC = re.compile(r"\b(param|view)_(?:[0-9a-f]{16}(?:_\d+)?|\d+)\b")


def render(spec: dict[str, Any], **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the MIME bundle of a specification and no metadata: what Altair asks of a renderer."""
    spec = stable(spec)
    title = spec.get("title", "")
    words = title.get("text", "") if isinstance(title, dict) else title
    words = " ".join(words) if isinstance(words, list) else words
    return {MIME: spec, "text/plain": f"[chart] {words}".rstrip()}, {}


def stable(spec: dict[str, Any]) -> dict[str, Any]:
    """Return a specification with rounded floats, datasets named by their content, and names numbered from 1."""
    rounded = _rounded(spec)
    datasets = rounded.pop("datasets", {})
    names = {name: f"data-{_digest(rows)}" for name, rows in datasets.items()}
    rounded = _renamed(rounded, names, {})
    if datasets:
        rounded["datasets"] = {names[name]: rows for name, rows in datasets.items()}
    return rounded


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}") + 0.0  # the sum turns -0.0 into 0.0
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    return [_rounded(item) for item in value] if isinstance(value, list) else value


def _digest(rows: Any) -> str:
    return hashlib.sha256(json.dumps(rows, sort_keys=True, ensure_ascii=True).encode()).hexdigest()[:16]


def _renamed(value: Any, names: dict[str, str], numbered: dict[str, str]) -> Any:
    """The specification with datasets named anew, and each numbered name replaced in the order of appearance."""
    if isinstance(value, dict):
        new = {key: _renamed(item, names, numbered) for key, item in value.items() if key != "usermeta"}
        return new | {key: item for key, item in value.items() if key == "usermeta"}
    if isinstance(value, list):
        return [_renamed(item, names, numbered) for item in value]
    if not isinstance(value, str):
        return value
    if value in names:
        return names[value]

    def next_number(match: re.Match[str]) -> str:
        count = sum(name.startswith(match[1]) for name in numbered)
        return numbered.setdefault(match[0], f"{match[1]}_{count + 1}")

    return _AUTOMATIC.sub(next_number, value)
