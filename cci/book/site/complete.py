"""The built site must hold what it should: a green build that came out short fails."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.errors import SphinxError

from cci.book import whole
from cci.book.site.binding import places, shelf_of
from cci.book.site.figures import FOLDER
from cci.book.site.links import PLACES
from cci.book.site.outputs import CHARTS
from cci.book.site.pages import Page
from cci.book.site.shelf import Shelf
from cci.errors import SiteIncomplete

_CHARTS = "cci_charts"  # among the metadata of a page, which Sphinx keeps and drops with it
_SHOWN = 20  # shortcomings printed before "and n more"


class Incomplete(SiteIncomplete, SphinxError):
    """The site came out short; Sphinx ends the build with this message."""

    category = "The site is incomplete"


def count(app: Sphinx, name: str, source: Sequence[str]) -> None:
    """Note how many charts the notebook that is being read holds, to be told from those on its page."""
    if app.env.doc2path(name).endswith(".ipynb"):
        app.env.metadata[name][_CHARTS] = charts_in(source[0])


def check(app: Sphinx, pages: Mapping[str, Page]) -> None:
    """Raise Incomplete with everything the built site lacks."""
    site = Path(app.outdir)
    charts = {page: app.env.metadata[page].get(_CHARTS) for page in sorted(app.env.found_docs)}
    missing = lacking(site, pages, charts=charts, shelf=shelf_of(app), held=places(app.env))
    if missing:
        more = f"\n… and {len(missing) - _SHOWN} more" if len(missing) > _SHOWN else ""
        raise Incomplete("\n".join(missing[:_SHOWN]) + more)
    _discard_unused(pages.values(), site)


def lacking(
    site: Path, pages: Mapping[str, Page], *, charts: Mapping[str, int | None], shelf: Shelf, held: Mapping[str, str]
) -> list[str]:
    """Return what a built site should hold and does not, one sentence each.

    `charts` gives for each page of _toc.yml how many its notebook holds, None for a page that is no notebook; `held`
    gives for each list of the record the page that holds it.
    """
    anchors = {name: frozenset(page.ids) for name, page in pages.items()}
    return [
        *_unwritten(pages, charts),
        *_undrawn(pages, charts, site),
        *_unproved(anchors, shelf, held),
        *_astray(pages, anchors, site),
        *_foreign(pages, site),
        *(f"{name} {breach}" for name, page in pages.items() for breach in page.breaches),
    ]


def _unwritten(pages: Mapping[str, Page], listed: Iterable[str]) -> Iterator[str]:
    for page in listed:
        built = pages.get(f"{page}.html")
        if built is None:
            yield f"{page}.html was not written, though _toc.yml names {page}."
        elif not built.whole:
            yield f"{page}.html has no title or breaks off."


def _undrawn(pages: Mapping[str, Page], charts: Mapping[str, int | None], site: Path) -> Iterator[str]:
    for name, page in pages.items():
        listed = name.removesuffix(".html") in charts
        expected = charts.get(name.removesuffix(".html"))
        if expected is not None and len(page.charts) != expected:
            yield f"{name} shows {len(page.charts)} charts, its notebook holds {expected}."
        for n, pictures in enumerate(page.charts, start=1):
            if not (pictures and all((site / picture).is_file() for picture in pictures)):
                yield f"{name}: chart {n} has no static picture."
        if listed:  # generated pages hold pictures alone
            yield from (f"{name}: chart {n} has no specification for the live chart." for n in page.dead)


def charts_in(notebook: str) -> int:
    """Return how many chart outputs a notebook, as text, holds."""
    cells = json.loads(notebook)["cells"]
    shown = [output for cell in cells if not _hidden(cell) for output in cell.get("outputs", ())]
    return sum(any(mime in output.get("data", {}) for mime in CHARTS) for output in shown)


def _hidden(cell: dict[str, Any]) -> bool:
    return bool({"remove-output", "remove-cell"} & set(cell.get("metadata", {}).get("tags", ())))


def _unproved(anchors: Mapping[str, frozenset[str]], shelf: Shelf, held: Mapping[str, str]) -> Iterator[str]:
    wanted: dict[str, set[str]] = {f"evidence/{name}.html": set() for name in shelf.indicators}
    for obs_id, indicator in shelf.indicator_of.items():
        wanted[f"evidence/{indicator}.html"].add(obs_id)
    for view, prefix in (("sources", "source"), ("instruments", "instrument"), ("disagreements", "disagreement")):
        wanted.setdefault(f"{held[view]}.html", set()).update(f"{prefix}-{name}" for name in getattr(shelf, view))
    wanted[f"{PLACES['indicators']}.html"] = set()
    for page, expected in wanted.items():
        if page not in anchors:
            yield f"{page} was not written."
            continue
        for anchor in sorted(expected - anchors[page]):
            yield f"{page} lacks the anchor {anchor}."


def _astray(pages: Mapping[str, Page], anchors: Mapping[str, frozenset[str]], site: Path) -> Iterator[str]:
    """Links inside the site that lead nowhere."""
    there: set[str] = set(pages)
    for name, page in pages.items():
        for target, fragment in page.links:
            if target not in there and (target.endswith(".html") or not (site / target).exists()):
                yield f"{name} links to {target}, which was not written."
            elif target in pages and fragment and fragment not in anchors[target]:
                yield f"{name} links to {target}#{fragment}, which is not there."
            else:
                there.add(target)


def _foreign(pages: Mapping[str, Page], site: Path) -> Iterator[str]:
    for name, page in pages.items():
        yield from (f"{name} asks another host for {address}." for address in page.foreign)
    for sheet in sorted(site.glob("_static/**/*.css")):
        for address in re.findall(r"(?:url\(|@import\s+)[\"']?((?:https?:)?//[^\"')]+)", sheet.read_text("utf-8")):
            yield f"{sheet.relative_to(site).as_posix()} asks another host for {address}."


def _discard_unused(pages: Iterable[Page], site: Path) -> None:
    """Remove drawings and downloads of earlier builds that no page shows or offers any more."""
    kept = {name for page in pages for name in page.offered}
    for name in whole.listing(site / FOLDER):
        if f"{FOLDER}/{name}" not in kept:
            (site / FOLDER / name).unlink()
