"""How to cite a figure of the record: one line of text and a BibTeX entry, both built from its row."""

from __future__ import annotations

import re
from dataclasses import dataclass

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


def citation(row: Row, source: Row, *, book: str, base: str) -> Citation:
    """Return how to cite one observation; `base` is the address of the site, empty where it has none."""
    when = f"{'as of' if row['measure'] in ('cumulative', 'stock') else 'for'} {row['period']}"
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
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    return f"@misc{{{re.sub(r'[^A-Za-z0-9:-]', '-', row['obs_id'])},\n" + ",\n".join(lines) + "\n}"


def _literal(text: str) -> str:
    return " ".join(text.split()).translate(_OBEYED)
