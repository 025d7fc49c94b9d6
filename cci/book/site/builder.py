"""Sphinx's builder of HTML, which leaves a page alone that is there and would come out the same.

Sphinx itself writes the first page of a book in every build, and knows nothing of generated pages in its index for the
search.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from docutils import nodes
from jinja2 import FileSystemBytecodeCache
from sphinx.builders.html import StandaloneHTMLBuilder

from cci.book.site import asking, evidence, searching


class Builder(StandaloneHTMLBuilder):
    """Takes the place of Sphinx's own under its name."""

    def init_templates(self) -> None:
        """Open the templates, with those that an earlier build has compiled."""
        super().init_templates()
        kept = Path(self.doctreedir, "templates")
        kept.mkdir(parents=True, exist_ok=True)
        self.templates.environment.bytecode_cache = FileSystemBytecodeCache(str(kept))

    def load_indexer(self, docnames: Iterable[str]) -> None:
        """Take up the index of the last build, with the generated pages that stand."""
        assert self.indexer is not None  # Sphinx calls this once there is one
        searching.keep(self.indexer, evidence.standing(self.app))
        super().load_indexer(docnames)

    def write_doc(self, docname: str, doctree: nodes.document) -> None:
        """Write a page of the book unless it stands."""
        if not asking.stands(self.app, docname):
            super().write_doc(docname, doctree)
