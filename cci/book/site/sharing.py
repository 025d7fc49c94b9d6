"""What a page tells others of itself: OpenGraph tags and a picture; for the site a list of its pages and robots.txt.

Addresses must be whole there, and only who publishes the site knows its own: `baseurl` of _config.yml. Without one,
tags say what needs no address, and there is no list of pages. Written here because sphinxext-opengraph leaves out pages
that are generated, as all evidence pages are, and sphinx-sitemap warns, which ends the build, where the site has no
address.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from docutils import nodes
from markupsafe import Markup
from sphinx.application import Sphinx

from cci.book import whole
from cci.book.site import covers, editions
from cci.book.site.asking import make
from cci.book.site.assets import press_of
from cci.book.site.binding import imprint_of, shelf_of
from cci.book.site.front import shown
from cci.book.site.portable import is_portable
from cci.book.site.rendering import render

_LONGEST = 200  # characters of a description: what those who show it cut it to
_COVER = "cover"


def draw_cover(app: Sphinx, env: object) -> None:
    """Draw the cover, once all titles are read: as a card for the site, upright for the bound book."""
    if app.builder.name != "html" and not is_portable(app):
        return
    title = app.env.titles[app.config.root_doc].astext()
    size = covers.COVER if is_portable(app) else covers.CARD

    def draw() -> None:
        svg = covers.cover(shelf_of(app), imprint_of(app), title, size=size)
        if app.builder.name == "singlehtml":  # printed: lines, not pixels
            whole.write(svg, Path(app.outdir, covers.FOLDER, f"{_COVER}.svg"), durable=False)
        else:
            covers.put(svg, _COVER, press_of(app))

    drawn = Path(app.outdir, covers.FOLDER, f"{_COVER}.png")
    make(app, _COVER, drawn, draw, beside=repr((title, size, imprint_of(app))))


def tell(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Add to a page's head what others show of it, and the feed of editions."""
    if app.builder.name != "html":
        return
    imprint = imprint_of(app)
    title = Markup(context.get("title") or imprint.book).striptags()
    image = _picture(app, page, title)
    context["metatags"] = context.get("metatags", "") + render(
        "sharing.html",
        title=title,
        book=imprint.book,
        kind="website" if page == app.config.root_doc else "article",
        description=_description(app, page, doctree),
        url=f"{imprint.base}{page}.html" if imprint.base else None,
        image=f"{imprint.base}{image}" if imprint.base else None,
        size=covers.CARD,
        feed=f"{'../' * page.count('/')}{editions.NAME}" if editions.told(app) else None,
    )


def finish(app: Sphinx, pages: Iterable[str]) -> None:
    """Write the list of `pages` and robots.txt where the site has an address, and take away older ones where not."""
    site, base = Path(app.outdir), imprint_of(app).base
    editions.write(app)
    files: dict[str, str | bytes] = {
        "sitemap.xml": _sitemap(pages, base),
        "robots.txt": f"User-agent: *\nAllow: /\nSitemap: {base}sitemap.xml\n",
    }
    for name, content in files.items():
        if base:
            whole.write(content, site / name, durable=False)
        else:
            (site / name).unlink(missing_ok=True)


def _sitemap(pages: Iterable[str], base: str) -> bytes:
    """All pages but the search, in the form of sitemaps.org, 0.9."""
    listed = ET.Element("urlset", xmlns="http://www.sitemaps.org/schemas/sitemap/0.9")
    for name in pages:
        if name != "search.html":
            ET.SubElement(ET.SubElement(listed, "url"), "loc").text = f"{base}{name}"
    written: bytes = ET.tostring(listed, encoding="utf-8", xml_declaration=True)
    return written


def _picture(app: Sphinx, page: str, title: str) -> str:
    """The address, from the top of the site, of the card of a chapter; any other page shows the cover."""
    path = Path(app.env.doc2path(page)) if page in app.env.found_docs else None
    if path is None or path.suffix != ".ipynb":
        return f"{covers.FOLDER}/{_COVER}.png"
    book = app.env.external_site_map  # type: ignore[attr-defined]  # of sphinx-external-toc: _toc.yml, read
    field = str(book[page].title or "")
    svg = covers.card(shelf_of(app), imprint_of(app), title=title, field=field, held=shown(path))
    return covers.put(svg, page, press_of(app))


def _description(app: Sphinx, page: str, doctree: nodes.document | None) -> str | None:
    """The first words of a page; of an evidence page the definition of its indicator. None where there are none."""
    text = ""
    if doctree is not None:
        text = next((part.astext() for part in doctree.findall(nodes.paragraph)), "")
    else:
        row = shelf_of(app).indicators.get(page.removeprefix("evidence/"))
        text = str(row["definition"] or "") if row else ""
    text = re.sub(r"\s+", " ", text).strip()
    if len(text) > _LONGEST:
        text = text[:_LONGEST].rpartition(" ")[0].rstrip(",;:")
        text += "" if text.endswith((".", "?")) else " …"
    return text or None
