"""How to cite a figure of the record or a chart: one line of text and a BibTeX entry, both built from what it holds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cci.book.site.rendering import spaced, web_address
from cci.book.site.shelf import Row
from cci.record.wording import date_words

# Characters that BibTeX or LaTeX would obey.
_OBEYED = str.maketrans(
    {
        "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
        "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Citation:
    """A figure as it is cited: what it says, the document it stands in, and its address in the book."""

    figure: str
    document: str
    url: str | None
    book: str
    address: str
    bibtex: str


@dataclass(frozen=True)
class Imprint:
    """What the book calls itself: title, author, year, version, and the address of its site, empty or ending in `/`."""

    book: str
    author: str
    year: str
    version: str
    base: str


@dataclass(frozen=True)
class ChartPlace:
    """Where a chart stands: its page and that page's title, its anchor, and what the book calls itself.

    `code` is the anchor of the cell that drew it, where the page shows one; `rows` is the address, from the top of the
    site, of a CSV file that holds its rows, where they stand on the page and the chart needs none of its own.
    """

    page: str
    title: str
    anchor: str
    imprint: Imprint
    code: str | None = None
    rows: str | None = None

    @property
    def address(self) -> str:
        """The address of the chart: whole where the site has one, else from its top."""
        return f"{self.imprint.base}{self.page}.html#{self.anchor}"


@dataclass(frozen=True)
class ChartCitation:
    """A chart as it is cited: as one line up to its address, and as BibTeX."""

    text: str
    address: str
    bibtex: str


def chart_citation(title: str, meta: Mapping[str, Any], place: ChartPlace) -> ChartCitation:
    """Return how to cite a chart, of which `meta` is what its specification carries besides the picture."""
    imprint, address = place.imprint, place.address
    day = f" As of {date_words(meta['as_of'])}." if meta.get("as_of") else ""
    note = f"{meta.get('source_line') or ''}{day}".strip()
    book = f"{imprint.book}, edition {imprint.version}"
    fields = {
        "author": f"{{{_literal(imprint.author)}}}",
        "title": f"{{{_literal(title)}}}",
        "howpublished": _literal(f"Chart in “{place.title}”, {book}"),
        "year": _literal(imprint.year),
        "url": re.sub(r"[{}\\\s]", "", address) if imprint.base else "",
        "note": _literal(note if imprint.base else f"{note} {address}"),
    }
    return ChartCitation(
        text=f"{imprint.author} ({imprint.year}). “{title}”. In “{place.title}”, {book}.{' ' if note else ''}{note}",
        address=address,
        bibtex=_entry(f"{place.page.rpartition('/')[2]}-{place.anchor}", fields),
    )


def citation(row: Row, source: Row, *, book: str, base: str) -> Citation:
    """Return how to cite one observation; `base` is the address of the site, empty where it has none."""
    when = f"{'as of' if row['dated'] else 'for'} {row['period']}"
    when = when if row["period_end"] else "date not stated"
    flag = f"; {spaced(row['flag'])}" if row["flag"] else ""  # a hope or a doubt must travel with the figure
    figure = f"{row['words']} ({row['label']}: {row['scope_label']}; {when}{flag})"
    published = date_words(source["published"]) if source["published"] else "undated"
    address = f"{base.rstrip('/') + '/' if base else ''}evidence/{row['indicator']}.html#{row['obs_id']}"
    url = web_address(source["url"])
    return Citation(
        figure=figure,
        document=", ".join([source["publisher"], *([f"“{source['title']}”"] if source["title"] else []), published]),
        url=url,
        book=book,
        address=address,
        bibtex=_bibtex(row, source, note=f"{figure}. Quoted from {book}, {address}", url=url),
    )


def _bibtex(row: Row, source: Row, *, note: str, url: str | None) -> str:
    year, _, rest = (source["published"] or "").partition("-")
    fields = {
        "author": f"{{{_literal(source['publisher'])}}}",  # a body: the inner braces keep it whole
        "title": f"{{{_literal(source['title'] or '')}}}" if source["title"] else "",
        "year": year,
        "month": str(int(rest[:2])) if rest else "",
        "url": re.sub(r"[{}\\\s]", "", url or ""),
        "urldate": _literal(source["accessed"] or ""),
        "note": _literal(note),
    }
    return _entry(row["obs_id"], fields)


def _entry(key: str, fields: Mapping[str, str]) -> str:
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    return f"@misc{{{re.sub(r'[^A-Za-z0-9:-]', '-', key)},\n" + ",\n".join(lines) + "\n}"


def _literal(text: str) -> str:
    return " ".join(text.split()).translate(_OBEYED)
