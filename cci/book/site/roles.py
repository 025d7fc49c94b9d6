"""Figures, names and results in prose: `{obs}`, `{src}`, `{ind}`, `{inst}`, `{dis}`, `{count}` and `{glue:text}`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from docutils import nodes
from myst_nb.core.variables import RetrievalError
from myst_nb.ext.glue.roles import PasteTextRole
from myst_nb.ext.glue.utils import retrieve_glue_data
from sphinx.transforms import SphinxTransform
from sphinx.util import logging
from sphinx.util.docutils import ReferenceRole, SphinxRole

from cci.book.site.binding import cited, shelf_of
from cci.book.site.outputs import BOXES
from cci.book.site.shelf import TABLES, Row, Shelf
from cci.errors import suggestion
from cci.record.wording import date_words

logger = logging.getLogger(__name__)

FORMS: dict[str, Callable[[Row], str]] = {
    "words": lambda row: row["words"],
    "number": lambda row: row["number"],
    "interval": lambda row: row["allows"],
    "date": lambda row: row["period"],
    "grade": lambda row: row["grade"],
    "source": lambda row: _said_by(row),
    "quote": lambda row: f"“{row['as_stated']}”" if row["as_stated"] else "",
}
Found = tuple[list[nodes.Node], list[nodes.system_message]]


class Observation(SphinxRole):
    """`{obs}`: one figure of the record in its words, or its number, interval, date, source or quote."""

    def run(self) -> Found:
        name, _, form = self.text.strip().partition(" ")
        form = form.strip() or "words"
        known = shelf_of(self.env.app).observations
        if name not in known:
            return _unknown(self, "observation", name, known)
        if form not in FORMS:
            return _unknown(self, "form of a figure", form, FORMS)
        text = FORMS[form](known[name])
        if not text:
            return _refused(self, f"Observation {name!r} has no {form} in the record.")
        card = f"cci-card-{self.env.new_serialno('cci-card') + 1}"
        return [cited("", text, kind="obs", name=name, form=form, card=card)], []


class Name(ReferenceRole):
    """`{src}`, `{ind}`, `{inst}`, `{dis}`: a source, indicator, instrument or disagreement by its name.

    Other words for it: {ind}`the project count <gov_commercial_projects_count>`.
    """

    def __init__(self, kind: str, what: str, entries: Callable[[Shelf], Mapping[str, Row]], say: Callable[[Row], str]):
        super().__init__()
        self.kind, self.what, self.entries, self.say = kind, what, entries, say

    def run(self) -> Found:
        known = self.entries(shelf_of(self.env.app))
        if self.target not in known:
            return _unknown(self, self.what, self.target, known)
        text = self.title if self.has_explicit_title else self.say(known[self.target])
        return [cited("", text, kind=self.kind, name=self.target)], []


class Result(PasteTextRole):
    """`{glue:text}`: a result of the chapter, as myst-nb writes it; one that names what it rests on gets a card."""

    def run(self) -> Found:
        written, messages = super().run()
        key = self.text.rsplit(":", 1)[0]
        try:
            behind = retrieve_glue_data(self.document, key).data.get(BOXES)
        except RetrievalError:  # myst-nb has said so
            behind = None
        if not behind or not written:
            return written, messages
        text = written[0].astext()
        card = f"cci-card-{self.document.settings.env.new_serialno('cci-card') + 1}"
        payload = json.dumps(behind | {"key": key, "text": text})
        return [cited("", text, kind="result", name=key, payload=payload, card=card)], messages


class Count(SphinxRole):
    """`{count}`: how many rows a table of the record has."""

    def run(self) -> Found:
        table = self.text.strip()
        if table not in TABLES:
            return _unknown(self, "table", table, TABLES)
        return [nodes.inline("", f"{shelf_of(self.env.app).count(table):,}", classes=["cci-count"])], []


class Edition(SphinxRole):
    """`{edition}`: a fact of this edition: `cut-off`, `read` (the last day a page was read), `version` or `record`."""

    def run(self) -> Found:
        facts = shelf_of(self.env.app).edition
        name = self.text.strip()
        if name not in facts:
            return _unknown(self, "fact of the edition", name, facts)
        return [nodes.inline("", facts[name], classes=["cci-count"])], []


def _said_by(row: Row) -> str:
    return f"{row['publisher']}, {date_words(row['published'])}" if row["published"] else str(row["publisher"])


NAMES: dict[str, Name] = {
    "src": Name("src", "source", lambda shelf: shelf.sources, _said_by),
    "ind": Name("ind", "indicator", lambda shelf: shelf.indicators, lambda row: str(row["label"])),
    "inst": Name("inst", "instrument", lambda shelf: shelf.instruments, lambda row: str(row["name"])),
    "dis": Name("dis", "disagreement", lambda shelf: shelf.disagreements, lambda row: str(row["title"])),
}


class PlainHeadings(SphinxTransform):
    """A figure in a heading is plain text: headings are repeated in menus, where a card has no place."""

    default_priority = 400

    def apply(self, **kwargs: Any) -> None:
        for heading in self.document.findall(nodes.title):
            for node in list(heading.findall(cited)):
                node.replace_self(nodes.Text(node.astext()))


def _unknown(role: SphinxRole, what: str, name: str, known: Iterable[str]) -> Found:
    near = suggestion(name, list(known), likeness=0.5, opening=" Did")
    return _refused(role, f"No {what} {name!r} in the record.{near}")


def _refused(role: SphinxRole, message: str) -> Found:
    logger.warning(message, location=role.get_location(), type="cci", subtype="record")
    return [nodes.literal("", role.text)], []
