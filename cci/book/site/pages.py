"""What stands in the HTML files of a built site, as far as its check and its style sheets ask.

Taking a page apart is most of a check, and most pages are those of the build before: what was found in one is noted
with a hash of its bytes, and holds as long as they and the code do.
"""

from __future__ import annotations

import hashlib
import json
import posixpath
import re
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from cci.book import whole
from cci.book.site.policy import breaches

_ANCHOR = re.compile(r'\sid="([^"]+)"')
_LINK = re.compile(r'<a\s[^>]*?href="([^"]*)"')
_NAMES = re.compile(r"""\s(?:class|id)=(?:"([^"]*)"|'([^']*)')""")
_FIGURE = re.compile(r'<figure class="cci-chart".*?</figure>', re.DOTALL)
_PICTURE = re.compile(r'(?:src|srcset)="([^"]+\.svg)"')
# Whatever a browser fetches by itself: a link to another site is fine, an asset of one is not.
_ASSET = re.compile(
    r'<(?:script|img|source|iframe|link(?=[^>]*rel="(?:stylesheet|preload|icon|shortcut icon|modulepreload)"))\b[^>]*?'
    r'\s(?:src|srcset|href)="([^"]+)"'
)


@dataclass(frozen=True)
class Page:
    """What stands in one file; lists, as JSON has them. Addresses below the site are resolved to its top."""

    digest: str  # SHA-256 of the file
    whole: bool  # it has a title and does not break off
    ids: list[str]
    names: list[str]  # classes and identifiers: what a style sheet may ask for
    links: list[list[str]]  # of the site: the file and the fragment, "" for none
    charts: list[list[str]]  # of each chart the pictures
    dead: list[int]  # which charts, from 1, have no specification for the live one
    offered: list[str]  # what charts show and offer, as files
    foreign: list[str]  # what it asks of other hosts
    breaches: list[str]  # what its policy would stop


def page(name: str, data: bytes) -> Page:
    """Take a page of the site apart; `name` is its address from the top."""
    text = data.decode("utf-8")
    figures = _FIGURE.findall(text)
    pictures = [[_resolved(name, unquote(unescape(one))) for one in _PICTURE.findall(figure)] for figure in figures]
    linked = [_within(name, address) for figure in figures for address in _LINK.findall(figure)]
    return Page(
        digest=hashlib.sha256(data).hexdigest(),
        whole="<h1" in text and "</html>" in text,
        ids=sorted(set(map(unescape, _ANCHOR.findall(text)))),
        names=sorted({one for double, single in _NAMES.findall(text) for one in (double or single).split()}),
        links=sorted(filter(None, (_within(name, address) for address in set(_LINK.findall(text))))),
        charts=pictures,
        dead=[n for n, figure in enumerate(figures, start=1) if "cci-chart-spec" not in figure],
        offered=sorted({*(one for several in pictures for one in several), *(one[0] for one in linked if one)}),
        foreign=[address for address in _ASSET.findall(text) if urlsplit(unescape(address)).netloc],
        breaches=list(breaches(text)),
    )


def read(site: Path, notes: Path | None = None, code: str = "") -> dict[str, Page]:
    """Return every HTML file of a site by its address from the top.

    `notes` is where what is found is kept, for a next time under the same `code`.
    """
    known = _noted(notes, code) if notes else {}
    found = {}
    for path in sorted(site.rglob("*.html")):
        name, data = path.relative_to(site).as_posix(), path.read_bytes()
        before = known.get(name)
        if before and before["digest"] == hashlib.sha256(data).hexdigest():
            found[name] = Page(**before)
        else:
            found[name] = page(name, data)
    if notes and known != (told := {name: vars(one) for name, one in found.items()}):
        whole.write(json.dumps({"code": code, "pages": told}, separators=(",", ":")), notes, durable=False)
    return found


def _noted(notes: Path, code: str) -> dict[str, dict[str, Any]]:
    try:
        told = json.loads(notes.read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    pages: dict[str, dict[str, Any]] = told["pages"] if told["code"] == code else {}
    return pages


def _within(page: str, address: str) -> list[str] | None:
    """The file and the fragment that a link leads to; None where it leaves the site."""
    parts = urlsplit(unescape(address))
    if parts.scheme or parts.netloc or address in {"", "#"}:
        return None
    return [_resolved(page, unquote(parts.path)), unquote(parts.fragment)]


def _resolved(page: str, path: str) -> str:
    """The path of a link on a page, from the top of the site; one that leads out of it keeps its `..`."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(page), path)) if path else page
