"""Blocks and figures of the record, written as HTML when their page is written."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from cci.book.site import specifications
from cci.book.site.assets import press_of, theme
from cci.book.site.binding import cited, links_from, shelf_of
from cci.book.site.figures import chart_html
from cci.book.site.listings import list_html
from cci.book.site.outputs import panel
from cci.book.site.rendering import render


def visit_panel(translator: Any, node: panel) -> None:
    """Write a chart, table, list of findings or list of the record."""
    app: Sphinx = translator.builder.app
    links = links_from(app, translator.builder.current_docname)
    payload = json.loads(node["payload"])
    view = node["view"]
    if view == "chart":
        html = chart_html(
            payload,
            anchor=node["anchor"],
            press=press_of(app),
            theme=theme()["light"],
            shelf=shelf_of(app),
            links=links,
        )
    elif view in {"table", "findings", "results"}:
        more = {"note": None, "stability": specifications.of_page(app) if view == "findings" else None}
        html = render(f"{view}.html", links=links, shelf=shelf_of(app), **more | payload)
    else:
        level = 1 + sum(isinstance(above, nodes.section) for above in _above(node))
        html = list_html(view, shelf_of(app), links, payload=payload, level=level)
    translator.body.append(html)
    raise nodes.SkipNode


def _above(node: nodes.Node) -> Iterator[nodes.Node]:
    while node.parent is not None:
        node = node.parent
        yield node


def visit_cited(translator: Any, node: cited) -> None:
    """Write a figure or name of the record in running text as a link; a figure gets its card."""
    app: Sphinx = translator.builder.app
    links = links_from(app, translator.builder.current_docname)
    kind, name, shelf = node["kind"], node["name"], shelf_of(app)
    if kind == "obs":
        html = render(
            "figure.html",
            row=shelf.observations[name],
            scope=shelf.scopes[shelf.observations[name]["scope"]],
            language=shelf.sources[shelf.observations[name]["source_id"]]["language"],
            form=node["form"],
            text=node.astext(),
            card=node["card"],
            links=links,
        )
    elif kind == "result":
        result = json.loads(node["payload"])
        behind = [shelf.observations[obs_id] for obs_id in result["obs_ids"] if obs_id in shelf.observations]
        html = render("result.html", result=result, behind=behind, card=node["card"])
    else:
        address: dict[str, Callable[[str], str]] = {
            "src": links.source,
            "ind": links.indicator,
            "inst": links.instrument,
            "dis": links.disagreement,
        }
        html = render("name.html", kind=kind, address=address[kind](name), text=node.astext())
    translator.body.append(html.strip())
    raise nodes.SkipNode
