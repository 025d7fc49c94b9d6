"""Blocks and figures of the record, written as HTML when their page is written."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from cci.book.site import described, editions, specifications
from cci.book.site.assets import press_of, theme
from cci.book.site.binding import cited, imprint_of, links_from, shelf_of
from cci.book.site.catalogue import catalogue
from cci.book.site.citing import ChartPlace
from cci.book.site.figures import chart_html, script_json
from cci.book.site.listings import list_html
from cci.book.site.outputs import panel
from cci.book.site.portable import is_portable, plain
from cci.book.site.rendering import render

_RERUN = "chapters/rerun"  # the page on how to re-run, where a book has one


def visit_panel(translator: Any, node: panel) -> None:
    """Write a chart, table, list of findings or list of the record."""
    app: Sphinx = translator.builder.app
    links = links_from(app, translator.builder.current_docname)
    payload = json.loads(node["payload"])
    view = node["view"]
    if view == "chart":
        page = translator.builder.current_docname
        place = ChartPlace(
            page=page,
            title=app.env.titles[page].astext(),
            anchor=node["anchor"],
            imprint=imprint_of(app),
            code=node["code"],
        )
        html = chart_html(
            payload,
            place=place,
            press=press_of(app),
            theme=theme(app)["light"],
            shelf=shelf_of(app),
            links=links,
            still=is_portable(app),
        )
    elif view == "run":
        page = translator.builder.current_docname
        html = render(
            "run.html",
            links=links,
            shelf=shelf_of(app),
            notebook=f"_sources/{page}.ipynb" if app.builder.name == "html" and app.config.html_copy_source else None,
            published=next((one.day for one in editions.told(app) if one.version == payload["code"]), None),
            rerun=_RERUN if _RERUN in app.env.found_docs else None,
            **payload,
        )
    elif view == "tables" and is_portable(app):
        html = render("tables.html", catalogue=None)
    elif view == "tables":
        page, kept, imprint = translator.builder.current_docname, catalogue(app), imprint_of(app)
        cut_off = f"{shelf_of(app).cut_off:%Y-%m-%d}"
        description = described.whole_record(kept, links, imprint, page=page, cut_off=cut_off)
        html = render("tables.html", catalogue=kept, links=links, description=script_json(description))
    elif view in {"table", "findings", "results", "changed"}:
        more = {"note": None, "stability": specifications.of_page(app) if view == "findings" else None}
        html = render(f"{view}.html", links=links, shelf=shelf_of(app), **more | payload)
    else:
        level = 1 + sum(isinstance(above, nodes.section) for above in _above(node))
        html = list_html(view, shelf_of(app), links, payload=payload, level=level)
    translator.body.append(plain(html) if is_portable(app) else html)
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
    html = html.strip()
    translator.body.append(plain(html) if is_portable(app) else html)
    raise nodes.SkipNode
