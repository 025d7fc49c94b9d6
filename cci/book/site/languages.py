"""Chinese in the prose of a page says that it is Chinese; text of the record is marked where it is rendered."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx

from cci.book.site.rendering import has_chinese, tagged

# What is written as it is: code, formulas, our own blocks and figures, and headings, which menus repeat as plain text.
_KEPT = (nodes.FixedTextElement, nodes.literal, nodes.raw, nodes.math, nodes.title)


def mark(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """Put each run of Chinese in running text into an element of its language."""
    if app.builder.format != "html":
        return
    for text in list(doctree.findall(nodes.Text)):
        parent = text.parent
        if has_chinese(text) and not isinstance(parent, _KEPT) and parent.__class__.__module__.startswith("docutils"):
            parent.replace(text, nodes.raw("", str(tagged(text.astext())), format="html"))
