"""Notebook outputs of this project as document nodes: charts (Vega-Lite), tables and findings."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, ClassVar

from docutils import nodes

CHART = "application/vnd.vegalite.v5+json"
CHARTS = (CHART, "application/vnd.vegalite.v6+json")  # the first is what JupyterLab draws too
BOXES = "application/vnd.cci+json"
_PAGES = ("html", "dirhtml", "singlehtml", "epub")


class panel(nodes.General, nodes.Element):
    """A block that is written when its page is written: `view` names the template, `payload` is JSON.

    Its one child is its text, which feeds the search index and is never written.
    """


def make_panel(view: str, payload: dict[str, Any]) -> panel:
    """Return a panel for one output."""
    return panel("", nodes.inline(text=" ".join(_texts(view, payload))), view=view, payload=json.dumps(payload))


def title_of(spec: dict[str, Any]) -> tuple[str, str]:
    """Return title and subtitle of a chart, unbroken; either may be empty."""
    carried = spec.get("usermeta", {}).get("cci", {})
    if carried.get("title"):
        return str(carried["title"]), str(carried.get("subtitle") or "")
    title = spec.get("title") or ""
    if not isinstance(title, dict):
        return _joined(title), ""
    return _joined(title.get("text") or ""), _joined(title.get("subtitle") or "")


class Outputs:
    """What myst-nb asks for every output of a notebook; anything that is not ours is left to it."""

    mime_priority_overrides: ClassVar = [
        (builder, mime, 1) for builder in _PAGES for mime in (*CHARTS, BOXES)
    ]  # before text/html and text/plain; a builder that cannot draw them takes those

    @staticmethod
    def handle_mime(renderer: Any, data: Any, inline: bool) -> list[nodes.Element] | None:
        """Return the node of a chart, table or list of findings; None for any other MIME type."""
        if inline:
            return None
        if data.mime_type in CHARTS:
            return [make_panel("chart", data.content)]
        if data.mime_type == BOXES:
            return [make_panel(data.content["kind"], data.content)]
        return None


def _joined(text: Any) -> str:
    return " ".join(map(str, text)) if isinstance(text, list) else str(text)


def _texts(view: str, payload: dict[str, Any]) -> Iterator[str]:
    if view == "chart":
        yield from title_of(payload)
        yield str(payload.get("description") or "")
    elif view == "table":
        yield str(payload.get("title") or "")
        for row in payload["rows"]:
            yield from (str(cell["text"]) if isinstance(cell, dict) else str(cell) for cell in row)
    elif view == "findings":
        yield from (item["statement"] for item in payload["items"])
