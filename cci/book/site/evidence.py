"""A page for every indicator of the record, and an index of them, written at build time inside the theme's page."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
from sphinx.application import Sphinx

from cci.book import whole
from cci.book.site import described, explorer, formats, searching
from cci.book.site.asking import ledger_of, stands
from cci.book.site.assets import press_of
from cci.book.site.binding import holdings, imprint_of, links_from, places, shelf_of
from cci.book.site.citing import Imprint, citation
from cci.book.site.figures import Press, script_json
from cci.book.site.links import PLACES, Links
from cci.book.site.listings import KINDS, list_html
from cci.book.site.rendering import render
from cci.book.site.shelf import Row, Shelf
from cci.book.site.tracks import latest, picture_html, preferred, revised

Quoted = list[tuple[str, str]]  # pages that quote a figure of an indicator, each with its title
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
    used = _used(app)
    held = places(app.env)
    lists = {view: PLACES[view] for view in _LISTS if view == "indicators" or held[view] == PLACES[view]}
    _discard(app, {*lists.values(), *(f"evidence/{name}" for name in shelf.indicators)})
    for view, page in lists.items():  # any other stands on a hand-written page
        if not stands(app, page):
            ledger_of(app).begin(page)
            title, lead = _LISTS[view]
            body = list_html(view, shelf, links_from(app, page))
            yield page, _context(title, render("list_page.html", title=title, lead=lead, body=body)), "page.html"
    links = links_from(app, "evidence/any")
    searching.keep(app.builder.indexer, [f"evidence/{name}" for name in used])  # type: ignore[attr-defined]
    for name, quoted in used.items():
        if _stands(app, name, quoted):
            continue
        page, label = f"evidence/{name}", str(shelf.indicators[name]["label"])
        searching.index(app, page, label, _found_by(name, shelf))
        ledger_of(app).begin(page, used=repr(quoted))
        body = page_html(name, shelf, links, quoted, press=press_of(app), imprint=imprint_of(app))
        table = Path(app.outdir, "evidence", f"{name}.csv")
        if name in shelf.by_indicator:
            whole.write(table_csv(shelf.by_indicator[name]), table, durable=False)
        else:
            table.unlink(missing_ok=True)
        yield page, _context(f"{label}: evidence", body), "page.html"


def standing(app: Sphinx) -> list[str]:
    """Return the evidence pages that are there and would come out the same."""
    return [f"evidence/{name}" for name, quoted in _used(app).items() if _stands(app, name, quoted)]


def _stands(app: Sphinx, name: str, quoted: Quoted) -> bool:
    return stands(app, f"evidence/{name}", used=repr(quoted))


def _found_by(name: str, shelf: Shelf) -> Iterator[str | None]:
    """What the search finds the page of an indicator by, besides its label."""
    yield from (shelf.indicators[name]["definition"], shelf.indicators[name]["pillar"], name.replace("_", " "))
    yield "How many, how much? Which figure to quote"  # as a reader asks
    rows = shelf.by_indicator.get(name, ())
    for column in ("scope_label", "words", "as_stated"):
        yield from dict.fromkeys(row[column] for row in rows)
    yield from dict.fromkeys(f"{row['growth_percent']:g}%" for row in rows if row["growth_percent"] is not None)
    for clash in shelf.disputed.get(name, ()):
        yield from ("Where the sources disagree", clash["title"])


def _discard(app: Sphinx, pages: Collection[str]) -> None:
    """Remove what was made of an indicator that the record no longer has, or of a list that stands elsewhere now."""
    for path in Path(app.outdir, "evidence").glob("*.html"):
        page = f"evidence/{path.stem}"
        if page not in pages and page not in app.env.found_docs:
            path.unlink()
            path.with_suffix(".csv").unlink(missing_ok=True)


def page_html(
    name: str,
    shelf: Shelf,
    links: Links,
    used: Quoted,
    *,
    press: Press,
    imprint: Imprint,
) -> str:
    """Return the evidence on one indicator as HTML.

    `used` are (page, title) of the pages that quote it.
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
                shelf.advice[name][scope],
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


def _context(title: str, body: str) -> dict[str, Any]:
    return {"title": title, "pagetitle": title, "body": body, "meta": _META}


def _used(app: Sphinx) -> dict[str, Quoted]:
    """Return, for every indicator, the pages that quote one of its figures, in the order of the book."""
    shelf = shelf_of(app)
    order = {page: n for n, page in enumerate(app.env.toctree_includes.get(app.config.root_doc, []))}
    known = dict(shelf.indicator_of.items())
    found: dict[str, Quoted] = {name: [] for name in shelf.indicators}
    for page, held in sorted(holdings(app.env).items(), key=lambda item: (order.get(item[0], -1), item[0])):
        title = app.env.titles[page].astext()
        for name in sorted({known[obs_id] for obs_id in held.observations if obs_id in known}):
            found[name].append((page, title))
    return found
