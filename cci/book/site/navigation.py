"""The navigation beside a page: the whole book where it is small, the pages near by where it is large.

The theme lays the table of contents out anew for every page, all of it, so that a site would take the square of its
pages in time and on the disk. Generated pages stand in one folder and outside that table: they share one layout.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from markupsafe import Markup
from sphinx.application import Sphinx

WHOLE = 50  # pages that the navigation names at most beside every page; above, only beside the first
NEAR = 10  # pages before and after this one that it names in a larger book
# What the theme's own template asks for, with the settings of this book.
_LAYOUT = {
    "startdepth": 0, "kind": "sidebar", "maxdepth": 4, "collapse": False, "includehidden": True, "titles_only": True,
    "show_nav_level": 1,
}  # fmt: skip


def share(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: object) -> None:
    """Tell the template of the navigation what it holds, where that is not what the theme lays out."""
    if app.builder.name != "html":
        return
    pages = app.builder.relations  # type: ignore[attr-defined]
    if len(pages) > WHOLE and page != app.config.root_doc:
        context["cci_pages"] = f"{len(pages):,}"
        context["cci_near"] = [
            (context["pathto"](name), app.env.titles[name].astext(), name == page) for name in near(pages, page)
        ]
    elif page.startswith("evidence/"):
        made = app.env.temp_data  # forgotten after each document read, kept while pages are written

        def laid_out(layout: Callable[..., str]) -> Markup:
            if "cci_navigation" not in made:
                made["cci_navigation"] = Markup(layout(**_LAYOUT))
            return made["cci_navigation"]

        context["cci_laid_out"] = laid_out


def near(pages: Mapping[str, Sequence[str | None]], page: str) -> list[str]:
    """Return at most NEAR pages before a page, itself, and NEAR after it; none for a page outside the book.

    `pages` gives each page's parent, the page before it and the page after it, as Sphinx does.
    """
    if page not in pages:
        return []
    return [*reversed(_steps(pages, page, 1)), page, *_steps(pages, page, 2)]


def _steps(pages: Mapping[str, Sequence[str | None]], page: str, way: int) -> list[str]:
    found: list[str] = []
    step = pages[page][way]
    while step is not None and len(found) < NEAR:
        found.append(step)
        step = pages[step][way]
    return found
