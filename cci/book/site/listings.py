"""Lists of the record for hand-written pages: the directive `record`, and the same lists on pages of their own."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from cci.book.site import contents, explorer, formats, front
from cci.book.site.binding import data_folder, shelf_of
from cci.book.site.links import Links
from cci.book.site.outputs import panel
from cci.book.site.portable import is_portable
from cci.book.site.rendering import render
from cci.book.site.shelf import Row, Shelf
from cci.errors import UnknownName

# Firsthand before secondhand: the order in which kinds of sources are listed.
KINDS = {
    "government": "Governments and public bodies",
    "statistics_office": "Statistics offices",
    "company": "Companies",
    "industry_body": "Industry bodies",
    "academic": "Academic work",
    "state_media": "State media",
    "independent_media": "Independent media",
    "aggregator": "Aggregators",
    "mirror": "Mirrors: read on a copying host, no address given",
}
# What the explorer's lists choose by, and how each is called.
_FACETS = {
    "pillar": "Pillar",
    "indicator": "Indicator",
    "scope": "Scope",
    "year": "Year of the period",
    "grade": "Grade",
    "kind": "Kind of source",
    "flag": "Flag",
}


class RecordList(SphinxDirective):
    """`{record} sources`: every entry of a table, with an address for each.

    Views: sources, origins (those that are part of another), instruments, disagreements, indicators, relations, gaps,
    dictionary; tables, to download; explore, the form that filters all observations; formats, the bound book where
    scripts/formats has made it; and of the landing page chapters, a card each, and headlines, whose indicators are
    named in the body of the directive, a line each.
    """

    required_arguments = 1
    has_content = True
    option_spec: ClassVar[dict[str, Callable[[str], Any]]] = {}

    def run(self) -> list[nodes.Node]:
        view = self.arguments[0]
        if view not in _TEXTS:
            raise self.error(f"No list {view!r} in the record. Use one of: {', '.join(_TEXTS)}.")
        text = " ".join(filter(None, _TEXTS[view](shelf_of(self.env.app))))
        payload = self._payload(view)
        node = panel("", nodes.inline(text=text), view=view, payload=json.dumps(payload))
        self.set_source_info(node)
        return [node]

    def _payload(self, view: str) -> dict[str, Any]:
        if view == "dictionary":
            package = data_folder(self.env.app) / "datapackage.json"
            self.env.note_dependency(str(package))
            return {"package": json.loads(package.read_text("utf-8"))}
        if view == "formats":
            return {"formats": self._formats()}
        if view == "explore":
            return {"facets": _FACETS, "data": explorer.DATA}
        if view == "chapters":
            return {"cards": front.chapters(self.env)}
        if view == "headlines":
            names = [line.strip() for line in self.content if line.strip()]
            try:
                quoted = front.headlines(shelf_of(self.env.app), names)
            except UnknownName as reason:
                raise self.error(str(reason)) from reason
            return {"obs_ids": [row["obs_id"] for row, _ in quoted], "names": names}
        return {}

    def _formats(self) -> list[tuple[str, str, int]]:
        if is_portable(self.env.app):  # which of them are there would depend on the order in which they are made
            return []
        found = []
        for suffix, words in formats.KINDS.items():
            path = formats.made(self.env.app) / f"{formats.NAME}.{suffix}"
            contents.await_file(self.env, path)
            if path.is_file():
                found.append((path.name, words, path.stat().st_size))
        return found


def list_html(view: str, shelf: Shelf, links: Links, *, payload: dict[str, Any] | None = None, level: int = 2) -> str:
    """Return one list as HTML; `level` is that of its headings, `payload` what the directive found out."""
    found = {"package": None} | (payload or {})
    if view == "explore":
        found["version"] = explorer.version(shelf, KINDS)
    if view == "headlines":
        found["headlines"] = front.headlines(shelf, found["names"])
    return render(f"{view}.html", shelf=shelf, links=links, kinds=KINDS, level=level, **found)


def _named(attribute: str, *columns: str) -> Callable[[Shelf], Iterator[str | None]]:
    def texts(shelf: Shelf) -> Iterator[str | None]:
        entries: dict[str, Row] = getattr(shelf, attribute)
        for row in entries.values():
            yield from (row[column] for column in columns)

    return texts


# What each list gives the search index.
_TEXTS: dict[str, Callable[[Shelf], Iterator[str | None]]] = {
    "sources": _named("sources", "title", "publisher", "note"),
    "origins": _named("origins", "name"),
    "instruments": _named("instruments", "name", "description"),
    "disagreements": _named("disagreements", "title", "explanation", "reason"),
    "indicators": _named("indicators", "label", "definition"),
    "relations": _named("relations", "note"),
    "gaps": lambda shelf: (row["would_fill"] for listed in shelf.silences.values() for row in listed),
    "dictionary": lambda shelf: iter(()),
    "tables": lambda shelf: iter(()),
    "explore": lambda shelf: iter(()),
    "formats": lambda shelf: iter(()),
    "headlines": lambda shelf: iter(()),
    "chapters": lambda shelf: iter(()),
}
