"""The editions of the book as an Atom feed (RFC 4287), read from its changelog: the one place that lists them.

Where the site has no address, links are relative to the feed, and identifiers never hold one.
"""

from __future__ import annotations

import re
import uuid
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt
from sphinx.application import Sphinx

from cci.book import whole
from cci.book.site.binding import imprint_of
from cci.book.site.canvas import legal
from cci.book.site.citing import Imprint

CHANGELOG = "CHANGELOG.md"  # beside _config.yml
NAME = "editions.xml"  # in the built site
_ATOM = "http://www.w3.org/2005/Atom"
_HEADING = re.compile(r"^## (\S+) \((\d{4}-\d{2}-\d{2})\)[ \t]*$", re.MULTILINE)


@dataclass(frozen=True)
class Entry:
    """One edition: its version, the day it was published (ISO 8601) and what changed, as Markdown."""

    version: str
    day: str
    text: str


def entries(changelog: str) -> list[Entry]:
    """Return the editions of a changelog in its order: sections headed `## VERSION (YYYY-MM-DD)`."""
    found = list(_HEADING.finditer(changelog))
    ends = [head.start() for head in found[1:]] + [None]
    return [
        Entry(head[1], head[2], changelog[head.end() : end].strip()) for head, end in zip(found, ends, strict=False)
    ]


def feed(editions: list[Entry], imprint: Imprint) -> bytes:
    """Return the feed of one edition or more."""
    ET.register_namespace("", _ATOM)
    root = ET.Element(f"{{{_ATOM}}}feed")
    _add(root, "id", _identifier(imprint.book))
    _add(root, "title", f"{imprint.book}: editions")
    _add(root, "updated", _moment(max(edition.day for edition in editions)))
    _add(_add(root, "author"), "name", imprint.author)
    _add(root, "link", rel="alternate", type="text/html", href=f"{imprint.base}index.html")
    if imprint.base:
        _add(root, "link", rel="self", type="application/atom+xml", href=f"{imprint.base}{NAME}")
    markdown = MarkdownIt("commonmark", {"html": False})
    for edition in editions:
        entry = _add(root, "entry")
        _add(entry, "id", _identifier(f"{imprint.book} {edition.version}"))
        _add(entry, "title", f"Edition {edition.version}")
        _add(entry, "updated", _moment(edition.day))
        _add(entry, "link", rel="alternate", type="text/html", href=f"{imprint.base}index.html")
        _add(entry, "content", markdown.render(edition.text), type="html")
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def told(app: Sphinx) -> list[Entry]:
    """Return the editions of this book; none where it has no changelog."""
    path = Path(app.srcdir, CHANGELOG)
    return entries(path.read_text("utf-8")) if path.is_file() else []


def write(app: Sphinx) -> None:
    """Write the feed into the site, or take away an older one where there is no edition to tell of."""
    path, editions = Path(app.outdir, NAME), told(app)
    if editions:
        whole.write(feed(editions, imprint_of(app)), path, durable=False)
    else:
        path.unlink(missing_ok=True)


def _identifier(name: str) -> str:
    """The same for the same name wherever the site stands."""
    return uuid.uuid5(uuid.NAMESPACE_OID, name).urn


def _moment(day: str) -> str:
    return f"{day}T00:00:00Z"


def _add(parent: ET.Element, name: str, text: str | None = None, **attributes: str) -> ET.Element:
    part = ET.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
    part.text = None if text is None else legal(text)
    return part
