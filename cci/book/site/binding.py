"""Which record the site is bound to, and what each page holds of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import SphinxError

import cci
from cci.book.site import run_facts
from cci.book.site.citing import Imprint
from cci.book.site.links import PLACES, Bound, Links, root_of
from cci.book.site.outputs import make_panel, panel, title_of
from cci.book.site.shelf import Shelf
from cci.errors import CCIError

_SHELVES: WeakKeyDictionary[Sphinx, Shelf] = WeakKeyDictionary()


class cited(nodes.inline):
    """A name, figure or result in running text: attributes `kind` (obs, src, ind, inst, dis, result) and `name`."""


@dataclass(frozen=True)
class Holding:
    """What one page holds of the record."""

    observations: frozenset[str]
    lists: frozenset[str]
    charts: int


def data_folder(app: Sphinx) -> Path:
    """The record the site shows: `cci_data` in the settings, else the one that belongs to the package."""
    return Path(app.srcdir, app.config.cci_data) if app.config.cci_data else Path(cci.DEFAULT)


def open_record(app: Sphinx) -> None:
    """Read the record before the first page; a broken one stops the build with every problem at once."""
    try:
        _SHELVES[app] = Shelf(cci.load(data=data_folder(app)))
    except CCIError as error:
        raise SphinxError(f"The record cannot be shown:\n{error}") from error


def shelf_of(app: Sphinx) -> Shelf:
    """Return the record of this build."""
    return _SHELVES[app]


def links_from(app: Sphinx, page: str) -> Links:
    """Return the addresses of everything as seen from a page."""
    indicator_of = shelf_of(app).indicator_of
    base = str(app.config.html_baseurl or "")
    if app.builder.name == "singlehtml":
        return Bound("", indicator_of, places(app.env), base)
    if app.builder.name == "epub":
        return Bound(root_of(page), indicator_of, places(app.env), base, ".xhtml")
    return Links(root_of(page), indicator_of, places(app.env))


def imprint_of(app: Sphinx) -> Imprint:
    """Return what the book calls itself."""
    base = str(app.config.html_baseurl or "")
    return Imprint(
        book=str(app.config.html_title),
        author=str(app.config.author),
        year=str(app.config.copyright),
        version=shelf_of(app).edition["version"],
        base=f"{base.rstrip('/')}/" if base else "",
    )


def holdings(env: BuildEnvironment) -> dict[str, Holding]:
    """Return what every page read so far holds: docname -> Holding."""
    if not hasattr(env, "cci_holdings"):
        env.cci_holdings = {}  # type: ignore[attr-defined]
    return env.cci_holdings  # type: ignore[attr-defined]


def places(env: BuildEnvironment) -> dict[str, str]:
    """Return view -> page for the lists that have addresses; the first hand-written page that holds one wins."""
    found = dict(PLACES)
    for page, holding in sorted(holdings(env).items(), reverse=True):
        found.update(dict.fromkeys(holding.lists & found.keys(), page))
    return found


def remember(app: Sphinx, doctree: nodes.document) -> None:
    """Note what the page just read takes from the record, and give each chart an address of its own."""
    results = {node["name"]: json.loads(node["payload"]) for node in doctree.findall(cited) if node["kind"] == "result"}
    if results:
        doctree[-1].append(make_panel("results", {"items": list(results.values())}))
    run_facts.tell(app.env, doctree)
    observations: set[str] = {node["name"] for node in doctree.findall(cited) if node["kind"] == "obs"}
    lists, charts = set(), 0
    seen: set[str] = set()
    for node in doctree.findall(panel):
        payload = json.loads(node["payload"])
        if node["view"] == "chart":
            charts += 1
            node["anchor"] = _unused(nodes.make_id(title_of(payload)[0])[:60] or "untitled", seen)
            node["code"] = _code_behind(node)
            observations.update(payload.get("usermeta", {}).get("cci", {}).get("obs_ids", ()))
        elif node["view"] in PLACES:
            lists.add(node["view"])
        else:
            observations.update(_named(payload))
    if next(doctree.findall(panel), None) is not None or observations:
        holdings(app.env)[app.env.docname] = Holding(frozenset(observations), frozenset(lists), charts)


def forget(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """Drop what is known of a page that will be read again or is gone."""
    holdings(env).pop(docname, None)


def merge(app: Sphinx, env: BuildEnvironment, docnames: Iterable[str], other: BuildEnvironment) -> None:
    """Take over what a parallel reader found."""
    holdings(env).update({page: held for page, held in holdings(other).items() if page in set(docnames)})


def _code_behind(chart: panel) -> str | None:
    """Give the source of the cell that drew a chart an anchor and return it; None where the page shows no source."""
    cell = chart.parent
    while cell is not None and "cell" not in cell.get("classes", ()):
        cell = cell.parent
    for part in cell.children if cell is not None else ():
        if "cell_input" in part.get("classes", ()):
            if not part["ids"]:
                part["ids"].append(chart["anchor"].replace("chart-", "code-", 1))
            return str(part["ids"][0])
    return None


def _unused(name: str, seen: set[str]) -> str:
    anchor, n = f"chart-{name}", 2
    while anchor in seen:
        anchor, n = f"chart-{name}-{n}", n + 1
    seen.add(anchor)
    return anchor


def _named(payload: Any) -> Iterator[str]:
    """The observations that a table or a list of findings names."""
    if isinstance(payload, dict):
        if isinstance(payload.get("obs"), str):
            yield payload["obs"]
        yield from payload.get("obs_ids", ())
        for part in payload.values():
            yield from _named(part)
    elif isinstance(payload, list):
        for part in payload:
            yield from _named(part)
