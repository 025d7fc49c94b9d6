"""The built site must hold what it should: a green build that came out short fails."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from sphinx.application import Sphinx
from sphinx.errors import SphinxError

from cci.book.site.binding import places, shelf_of
from cci.book.site.figures import FOLDER
from cci.book.site.links import PLACES
from cci.book.site.outputs import CHARTS
from cci.book.site.policy import breaches
from cci.book.site.shelf import Shelf
from cci.errors import SiteIncomplete

_ANCHOR = re.compile(r'\sid="([^"]+)"')
_LINK = re.compile(r'<a\s[^>]*?href="([^"]*)"')
_FIGURE = re.compile(r'<figure class="cci-chart".*?</figure>', re.DOTALL)
_PICTURE = re.compile(r'(?:src|srcset)="([^"]+\.svg)"')
# Whatever a browser fetches by itself: a link to another site is fine, an asset of one is not.
_ASSET = re.compile(
    r'<(?:script|img|source|iframe|link(?=[^>]*rel="(?:stylesheet|preload|icon|shortcut icon|modulepreload)"))\b[^>]*?'
    r'\s(?:src|srcset|href)="([^"]+)"'
)
_SHOWN = 20  # shortcomings printed before "and n more"


class Incomplete(SiteIncomplete, SphinxError):
    """The site came out short; Sphinx ends the build with this message."""

    category = "The site is incomplete"


@dataclass(frozen=True)
class Page:
    """One HTML file of the site."""

    path: Path
    text: str

    @cached_property
    def anchors(self) -> frozenset[str]:
        return frozenset(map(unescape, _ANCHOR.findall(self.text)))


def check(app: Sphinx) -> None:
    """Raise Incomplete with everything the built site lacks."""
    site = Path(app.outdir)
    sources = {page: Path(app.env.doc2path(page)) for page in sorted(app.env.found_docs)}
    pages = read_pages(site)
    missing = lacking(site, pages, sources=sources, shelf=shelf_of(app), held=places(app.env))
    if missing:
        more = f"\n… and {len(missing) - _SHOWN} more" if len(missing) > _SHOWN else ""
        raise Incomplete("\n".join(missing[:_SHOWN]) + more)
    _discard_unused(pages.values(), site)


def read_pages(site: Path) -> dict[str, Page]:
    """Return every HTML file of a built site by its address."""
    return {
        path.relative_to(site).as_posix(): Page(path, path.read_text("utf-8")) for path in sorted(site.rglob("*.html"))
    }


def lacking(
    site: Path, pages: dict[str, Page], *, sources: Mapping[str, Path], shelf: Shelf, held: Mapping[str, str]
) -> list[str]:
    """Return what a built site should hold and does not, one sentence each.

    `sources` maps each page of _toc.yml to its file, `held` each list of the record to the page that holds it.
    """
    return [
        *_unwritten(pages, sources),
        *_undrawn(pages, sources),
        *_unproved(pages, shelf, held),
        *_astray(pages),
        *_foreign(pages, site),
        *(f"{name} {breach}" for name, page in pages.items() for breach in breaches(page.text)),
    ]


def _unwritten(pages: dict[str, Page], sources: Mapping[str, Path]) -> Iterator[str]:
    for page in sources:
        built = pages.get(f"{page}.html")
        if built is None:
            yield f"{page}.html was not written, though _toc.yml names {page}."
        elif "<h1" not in built.text or "</html>" not in built.text:
            yield f"{page}.html has no title or breaks off."


def _undrawn(pages: dict[str, Page], sources: Mapping[str, Path]) -> Iterator[str]:
    for page, source in sources.items():
        if f"{page}.html" not in pages:
            continue
        built = pages[f"{page}.html"]
        drawn = _FIGURE.findall(built.text)
        expected = charts_in(source) if source.suffix == ".ipynb" else len(drawn)
        if len(drawn) != expected:
            yield f"{page}.html shows {len(drawn)} charts, its notebook holds {expected}."
        for n, figure in enumerate(drawn, start=1):
            if not _pictured(built, figure):
                yield f"{page}.html: chart {n} has no static picture."
            if "cci-chart-spec" not in figure:
                yield f"{page}.html: chart {n} has no specification for the live chart."
    for name, built in pages.items():
        if name.startswith("evidence/"):  # generated: pictures alone
            for n, figure in enumerate(_FIGURE.findall(built.text), start=1):
                if not _pictured(built, figure):
                    yield f"{name}: chart {n} has no static picture."


def _pictured(page: Page, figure: str) -> bool:
    pictures = _PICTURE.findall(figure)
    return bool(pictures) and all(page.path.parent.joinpath(picture).is_file() for picture in pictures)


def charts_in(notebook: Path) -> int:
    """Return how many chart outputs a notebook holds."""
    cells = json.loads(notebook.read_text("utf-8"))["cells"]
    shown = [output for cell in cells if not _hidden(cell) for output in cell.get("outputs", ())]
    return sum(any(mime in output.get("data", {}) for mime in CHARTS) for output in shown)


def _hidden(cell: dict[str, Any]) -> bool:
    return bool({"remove-output", "remove-cell"} & set(cell.get("metadata", {}).get("tags", ())))


def _unproved(pages: dict[str, Page], shelf: Shelf, held: Mapping[str, str]) -> Iterator[str]:
    wanted: dict[str, set[str]] = {f"evidence/{name}.html": set() for name in shelf.indicators}
    for obs_id, indicator in shelf.indicator_of.items():
        wanted[f"evidence/{indicator}.html"].add(obs_id)
    for view, prefix in (("sources", "source"), ("instruments", "instrument"), ("disagreements", "disagreement")):
        wanted.setdefault(f"{held[view]}.html", set()).update(f"{prefix}-{name}" for name in getattr(shelf, view))
    wanted[f"{PLACES['indicators']}.html"] = set()
    for page, anchors in wanted.items():
        if page not in pages:
            yield f"{page} was not written."
            continue
        for anchor in sorted(anchors - pages[page].anchors):
            yield f"{page} lacks the anchor {anchor}."


def _astray(pages: dict[str, Page]) -> Iterator[str]:
    """Links inside the site that lead nowhere."""
    for name, page in pages.items():
        for address in sorted(set(_LINK.findall(page.text))):
            parts = urlsplit(unescape(address))
            if parts.scheme or parts.netloc or address in {"", "#"}:
                continue
            target = _resolved(name, unquote(parts.path))
            if target.endswith(".html"):
                if target not in pages:
                    yield f"{name} links to {target}, which was not written."
                elif parts.fragment and unquote(parts.fragment) not in pages[target].anchors:
                    yield f"{name} links to {target}#{parts.fragment}, which is not there."
            elif not (page.path.parent / unquote(parts.path)).exists():
                yield f"{name} links to {parts.path}, which was not written."


def _resolved(page: str, path: str) -> str:
    if not path:
        return page
    steps: list[str] = page.split("/")[:-1]
    for step in path.split("/"):
        steps = steps[:-1] if step == ".." else steps if step == "." else [*steps, step]
    return "/".join(steps)


def _foreign(pages: dict[str, Page], site: Path) -> Iterator[str]:
    for name, page in pages.items():
        for address in _ASSET.findall(page.text):
            if urlsplit(unescape(address)).netloc:
                yield f"{name} asks another host for {address}."
    for sheet in sorted(site.glob("_static/**/*.css")):
        for address in re.findall(r"(?:url\(|@import\s+)[\"']?((?:https?:)?//[^\"')]+)", sheet.read_text("utf-8")):
            yield f"{sheet.relative_to(site).as_posix()} asks another host for {address}."


def _discard_unused(pages: Iterable[Page], site: Path) -> None:
    """Remove drawings and downloads of earlier builds that no page shows or offers any more."""
    kept = {
        os.path.normpath(os.path.join(folder, unquote(unescape(address))))
        for page in pages
        if (folder := str(page.path.parent))
        for figure in _FIGURE.findall(page.text)
        for address in {*_PICTURE.findall(figure), *_LINK.findall(figure)}
    }
    for folder, _, names in os.walk(os.path.normpath(site / FOLDER)):
        for file in {os.path.join(folder, name) for name in names} - kept:
            os.unlink(file)
