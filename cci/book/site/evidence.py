"""A page for every indicator of the record, and an index of them, written at build time inside the theme's page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from markupsafe import Markup
from sphinx.application import Sphinx
from sphinx.util import logging

from cci.book.site.binding import holdings, links_from, places, shelf_of
from cci.book.site.links import PLACES, Links
from cci.book.site.listings import list_html
from cci.book.site.rendering import render
from cci.book.site.shelf import Row, Shelf

logger = logging.getLogger(__name__)

_LISTS = {
    "indicators": (
        "Evidence by indicator",
        "Every quantity of the record, by pillar. A page holds all that was said of it.",
    ),
    "sources": ("Sources of the evidence", "Every document of the record, with the figures drawn from it."),
    "instruments": (
        "Register of instruments",
        "Institutions, channels, pilots and platforms of the initiative, with their evidence.",
    ),
    "disagreements": ("Register of disagreements", "Figures that cannot all be right, or that only look alike."),
}
_META = {"html_theme.sidebar_secondary.remove": True}


def collect(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield every generated page: name, context, template."""
    if app.builder.name != "html":
        return
    shelf = shelf_of(app)
    used = _used(app, shelf)
    held = places(app.env)
    for view, (title, lead) in _LISTS.items():
        page = PLACES[view]
        if view == "indicators" or held[view] == page:  # any other list already stands on a hand-written page
            links = links_from(app, page)
            body = list_html(view, shelf, links)
            yield page, _context(title, render("list_page.html", title=title, lead=lead, body=body)), "page.html"
    links = links_from(app, "evidence/any")
    logger.info(f"writing {len(shelf.indicators)} evidence pages...")
    for name in shelf.indicators:
        label = str(shelf.indicators[name]["label"])
        yield (
            f"evidence/{name}",
            _context(f"{label}: evidence", page_html(name, shelf, links, used.get(name, []))),
            "page.html",
        )


def page_html(name: str, shelf: Shelf, links: Links, used: list[tuple[str, str]]) -> str:
    """Return the evidence on one indicator as HTML; `used` are (page, title) of the pages that quote it."""
    observed = shelf.by_indicator.get(name, [])
    by_scope: dict[str, list[Row]] = {}
    for row in observed:
        by_scope.setdefault(row["scope"], []).append(row)
    largest_first = sorted(by_scope.items(), key=lambda item: (-len(item[1]), item[0]))
    return render(
        "indicator.html",
        indicator=shelf.indicators[name],
        scopes=[(shelf.scopes[scope], listed) for scope, listed in largest_first],
        figures=len(observed),
        n_sources=len({row["source_id"] for row in observed}),
        disputed=shelf.disputed.get(name, []),
        related=shelf.related.get(name, []),
        used=used,
        shelf=shelf,
        links=links,
    )


def share_navigation(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: object) -> None:
    """Give generated pages the site's navigation, made once: all of them stand in one folder."""
    if not page.startswith("evidence/"):
        return
    made = app.env.temp_data  # forgotten after each document read, kept while pages are written
    if "cci_navigation" not in made:
        made["cci_navigation"] = Markup(
            context["generate_toctree_html"](
                startdepth=0,
                kind="sidebar",
                maxdepth=4,
                collapse=False,
                includehidden=True,
                titles_only=True,
                show_nav_level=1,
            )
        )
    context["cci_navigation"] = made["cci_navigation"]


def _context(title: str, body: str) -> dict[str, Any]:
    return {"title": title, "pagetitle": title, "body": body, "meta": _META}


def _used(app: Sphinx, shelf: Shelf) -> dict[str, list[tuple[str, str]]]:
    """indicator -> the pages, in the order of the book, that quote one of its figures."""
    order = {page: n for n, page in enumerate(app.env.toctree_includes.get(app.config.root_doc, []))}
    found: dict[str, list[tuple[str, str]]] = {}
    for page, held in sorted(holdings(app.env).items(), key=lambda item: (order.get(item[0], -1), item[0])):
        title = app.env.titles[page].astext()
        for name in sorted({shelf.indicator_of[i] for i in held.observations if i in shelf.indicator_of}):
            found.setdefault(name, []).append((page, title))
    return found
