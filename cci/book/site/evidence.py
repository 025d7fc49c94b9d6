"""A page for every indicator of the record, and an index of them, written at build time inside the theme's page."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
from markupsafe import Markup
from sphinx.application import Sphinx
from sphinx.util import logging

from cci.book import whole
from cci.book.site import described, explorer, formats, searching
from cci.book.site.assets import press_of
from cci.book.site.binding import holdings, imprint_of, links_from, places, shelf_of
from cci.book.site.citing import Imprint, citation
from cci.book.site.figures import Press, script_json
from cci.book.site.links import PLACES, Links
from cci.book.site.listings import KINDS, list_html
from cci.book.site.quoting import Advice, Series, advised
from cci.book.site.rendering import render
from cci.book.site.shelf import Row, Shelf
from cci.book.site.tracks import latest, picture_html, preferred, revised

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
# The columns of a page's table for a spreadsheet: those of the record, and what the page says of them.
_DOWNLOADED = [
    "obs_id", "indicator", "label", "scope", "scope_label", "words", "value", "value_high", "unit", "qualifier", "low",
    "high", "period_start", "period_end", "growth_percent", "growth_base", "as_stated", "flag", "note", "grade",
    "publisher", "published", "source_id", "locator",
]  # fmt: skip
_META = {"html_theme.sidebar_secondary.remove": True}


def collect(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield every generated page: name, context, template."""
    if app.builder.name != "html":
        return
    shelf = shelf_of(app)
    explorer.write(app, KINDS)
    formats.ship(app)
    used = _used(app, shelf)
    held = places(app.env)
    before = _written_before(app)
    for view, (title, lead) in _LISTS.items():
        page = PLACES[view]
        if view == "indicators" or held[view] == page:  # any other list already stands on a hand-written page
            links = links_from(app, page)
            body = list_html(view, shelf, links)
            yield page, _context(title, render("list_page.html", title=title, lead=lead, body=body)), "page.html"
    links = links_from(app, "evidence/any")
    logger.info(f"writing {len(shelf.indicators)} evidence pages...")
    advice: dict[Series, Advice] = {}
    searching.generated(app, [f"evidence/{name}" for name in shelf.indicators])
    for name, indicator in shelf.indicators.items():
        searching.index(app, f"evidence/{name}", str(indicator["label"]), _found_by(name, shelf))
        if before.get(name) == used.get(name, []):
            continue
        label = str(indicator["label"])
        advice = advice or advised(shelf)  # where no page is written anew, nobody asks
        body = page_html(
            name,
            shelf,
            links,
            used.get(name, []),
            advice=advice,
            press=press_of(app),
            imprint=imprint_of(app),
        )
        if name in shelf.by_indicator:
            whole.write(table_csv(shelf.by_indicator[name]), Path(app.outdir, "evidence", f"{name}.csv"), durable=False)
        yield f"evidence/{name}", _context(f"{label}: evidence", body), "page.html"
    if app.config.cci_preview:
        whole.write(json.dumps([shelf.record.read_from.fingerprint, used]), _kept(app), durable=False)


def _found_by(name: str, shelf: Shelf) -> Iterator[str | None]:
    """What the search finds the page of an indicator by, besides its label."""
    yield from (shelf.indicators[name]["definition"], shelf.indicators[name]["pillar"], name.replace("_", " "))
    yield "How many, how much? Which figure to quote"  # as a reader asks
    yield from dict.fromkeys(row["scope_label"] for row in shelf.by_indicator.get(name, ()))
    for clash in shelf.disputed.get(name, ()):
        yield from ("Where the sources disagree", clash["title"])


def _kept(app: Sphinx) -> Path:
    return Path(app.outdir, ".evidence")


def _written_before(app: Sphinx) -> dict[str, list[tuple[str, str]]]:
    """Return what quoted each indicator when its page was last written, for the pages that would come out the same.

    Only a preview asks: it has everything built anew whenever code, settings or titles have changed.
    """
    kept = _kept(app)
    if not (app.config.cci_preview and kept.is_file()):
        return {}
    record, before = json.loads(kept.read_text("utf-8"))
    kept.unlink()  # until all are written again
    if record != shelf_of(app).record.read_from.fingerprint:
        return {}
    return {name: [(page, title) for page, title in before.get(name, ())] for name in shelf_of(app).indicators}


def page_html(
    name: str,
    shelf: Shelf,
    links: Links,
    used: list[tuple[str, str]],
    *,
    advice: Mapping[Series, Advice],
    press: Press,
    imprint: Imprint,
) -> str:
    """Return the evidence on one indicator as HTML.

    `used` are (page, title) of the pages that quote it, `advice` what to quote of each series of the record.
    """
    observed = shelf.by_indicator.get(name, [])
    by_scope: dict[str, list[Row]] = {}
    for row in observed:
        by_scope.setdefault(row["scope"], []).append(row)
    largest_first = sorted(by_scope.items(), key=lambda item: (-len(item[1]), item[0]))
    series = {scope: preferred(shelf, listed) for scope, listed in largest_first}
    cited = next(filter(None, map(latest, series.values())), observed[0] if observed else None)
    return render(
        "indicator.html",
        indicator=shelf.indicators[name],
        scopes=[
            (
                shelf.scopes[scope],
                listed,
                advice[name, scope],
                picture_html(shelf, series[scope], press=press, links=links, imprint=imprint),
                revised(shelf, listed),
            )
            for scope, listed in largest_first
        ],
        cited=citation(cited, shelf.sources[cited["source_id"]], book=imprint.book, base=imprint.base)
        if cited
        else None,
        cited_id=cited["obs_id"] if cited else None,
        download=f"{name}.csv",
        description=script_json(described.one_indicator(shelf.indicators[name], observed, links, imprint))
        if observed
        else None,
        figures=len(observed),
        n_sources=len({row["source_id"] for row in observed}),
        disputed=shelf.disputed.get(name, []),
        related=shelf.related.get(name, []),
        used=used,
        shelf=shelf,
        links=links,
    )


def table_csv(observed: list[Row]) -> str:
    """Return observations as CSV that no spreadsheet takes for formulas."""
    from cci.book.printed import as_csv  # the terminal's printing comes with it: only a build needs it

    return as_csv(pd.DataFrame(observed, columns=_DOWNLOADED))


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
