"""What every page asked of the record, so that it is made again only when it would be given another answer.

Noted of a page are all questions put while it was read and written, with digests of the answers (`cci.record.reads`).
A page whose answers are the same is neither read nor written again, unless its source changes (`contents`) or
what all pages share: code, packages and settings, for which every page is read again; titles, the order of the book,
the places of lists and the editions, for which every page is written again.

The notes lie beside the doctrees and are whole or not there: they are taken away before the first page is read or
written, so that after a build that was cut short every page is made again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders.html import BuildInfo
from sphinx.environment import CONFIG_OK, BuildEnvironment

from cci.book import whole
from cci.book.build import code_state
from cci.book.site.binding import places, shelf_of
from cci.book.site.editions import CHANGELOG
from cci.book.site.shelf import Shelf
from cci.book.stability import KEPT
from cci.record import reads
from cci.record.answers import Answers
from cci.record.dataset import Dataset

Asked = dict[str, str]  # a question as JSON -> the digest of its answer
_NOTES = "asked.json"  # beside the doctrees
_LEDGERS: WeakKeyDictionary[Sphinx, Ledger] = WeakKeyDictionary()


class Ledger:
    """The notes of one build: those of the build before, of which each page takes its own away when it is made."""

    def __init__(self, shelf: Shelf, path: Path, builder: str):
        self._shelf, self._path, self._builder = shelf, path, builder
        self._answers = Answers(shelf.record)
        self._digests: Asked = {}
        self._page, self._now, self._beside = "", dict[str, None](), Asked()
        told = _read(path, builder)
        self._common: Asked = told.get("common", {})
        self.pages: dict[str, Asked] = told.get("pages", {})
        self._answered_so = self._common.get("record") == shelf.record.fingerprint  # by this very record

    def begin(self, page: str, **beside: str) -> None:
        """Note from now on what a page asks; `beside` is what else its text depends on."""
        self.pages.pop(page, None)
        self._page, self._now, self._beside = page, {}, beside
        reads.collect(self._now)

    def end(self, page: str) -> Asked | None:
        """Stop noting and return what the page has asked; None for a page that was not begun here."""
        reads.collect(None)
        begun, self._page = self._page, ""
        return self._beside | {put: self.digest(put) for put in self._now} if page == begun else None

    def stands(self, page: str, **beside: str) -> bool:
        """Whether a page, as it was last made, would get the same answers, and has the same things beside them."""
        asked = self.pages.get(page)
        if asked is None or any(asked.get(name) != value for name, value in beside.items()):
            return False
        # The notes are of pages made by this code, or `outdated` has taken them away.
        return self._answered_so or all(name in beside or self.digest(name) == now for name, now in asked.items())

    def digest(self, question: str) -> str:
        """Return the digest of what the record answers now."""
        if question not in self._digests:
            put = json.loads(question)
            of_record = hasattr(Dataset, put[0])  # where an answer is made of observations, without asking
            found = self._answers.digest(put) if of_record else reads.digest(reads.answer(self._shelf, put))
            self._digests[question] = found.whole
        return self._digests[question]

    def changed(self, name: str, value: str) -> bool:
        """Whether what all pages have in common is another than in the build before; it is noted for the next."""
        before, self._common[name] = self._common.get(name), value
        return before != value

    def withdraw(self) -> None:
        """Take the notes away until this build has ended."""
        self._path.unlink(missing_ok=True)

    def keep(self) -> None:
        """Write the notes for the next build."""
        told = {"builder": self._builder, "common": self._common, "pages": self.pages}
        whole.write(json.dumps(told, separators=(",", ":")), self._path, durable=False)


def _read(path: Path, builder: str) -> dict[str, Any]:
    """What the last build noted; nothing where it was of another builder, which shares the doctrees."""
    try:
        told: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return told if told["builder"] == builder else {}


def open_ledger(app: Sphinx) -> None:
    """Take up the notes of the build before, once the record is read."""
    _LEDGERS[app] = Ledger(shelf_of(app), Path(app.doctreedir, _NOTES), app.builder.name)


def ledger_of(app: Sphinx) -> Ledger:
    """Return the notes of this build."""
    return _LEDGERS[app]


def outdated(app: Sphinx, env: BuildEnvironment, added: object, changed: object, removed: object) -> set[str]:
    """Return the pages to read again because of what they asked, or all when they would be read by other code."""
    ledger = ledger_of(app)
    if ledger.changed("code", code_state()) or env.config_status != CONFIG_OK:  # Sphinx reads every page itself then
        ledger.pages.clear()
    return {page for page in env.found_docs if not ledger.stands(page)}


def withdraw(app: Sphinx, *rest: object) -> None:
    """Take the notes away before a page is read or written; nothing else of a build makes them untrue."""
    ledger_of(app).withdraw()


def rewritten(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Return the pages to write again: all when what they share has changed, one when the record has.

    Sphinx writes nothing, no generated page either, where no page is read or named here.
    """
    ledger = ledger_of(app)
    shared, record = ledger.changed("shared", _shared(app)), ledger.changed("record", shelf_of(app).record.fingerprint)
    if shared:
        ledger.pages.clear()
        return sorted(env.found_docs)
    return [app.config.root_doc] if record else []


def _shared(app: Sphinx) -> str:
    """A hash of what any page may show of others and of the book."""
    env = app.env
    told = (
        getattr(app.builder, "build_info", BuildInfo()).config_hash,  # as Sphinx itself tells settings apart
        {page: title.astext() for page, title in sorted(env.titles.items())},
        sorted(env.toctree_includes.items()),
        sorted(env.get_domain("std").data["labels"].items()),
        sorted(places(env).items()),
        [_content(Path(app.srcdir, name)) for name in (app.config.external_toc_path, CHANGELOG, KEPT)],
    )
    return hashlib.sha256(repr(told).encode()).hexdigest()


def _content(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""


def begin_reading(app: Sphinx, page: str, source: object) -> None:
    """Note what a page asks from now on."""
    ledger_of(app).begin(page)


def end_reading(app: Sphinx, doctree: nodes.document) -> None:
    """Keep what a page has asked with what is known of its text, for every time that it is written."""
    _read_with(app.env)[app.env.docname] = ledger_of(app).end(app.env.docname) or {}


def merge(app: Sphinx, env: BuildEnvironment, docnames: Iterable[str], other: BuildEnvironment) -> None:
    """Take over what a parallel reader noted."""
    _read_with(env).update({page: asked for page, asked in _read_with(other).items() if page in set(docnames)})


def stands(app: Sphinx, page: str, **beside: str) -> bool:
    """Whether a page of the site is there and would come out the same."""
    return ledger_of(app).stands(page, **beside) and Path(app.outdir, f"{page}.html").is_file()


def make(app: Sphinx, name: str, path: Path, write: Callable[[], object], **beside: str) -> None:
    """Have a file of the site that is no page written by `write`, unless it is there and would come out the same."""
    ledger = ledger_of(app)
    if not (ledger.stands(name, **beside) and path.is_file()):
        ledger.begin(name, **beside)
        write()
        ledger.pages[name] = ledger.end(name) or {}


def forget(app: Sphinx, env: BuildEnvironment, page: str) -> None:
    """Forget what a page has asked, since it is read again or no more: perhaps by another process."""
    ledger_of(app).pages.pop(page, None)


def begin_writing(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """Note what a page that is written again asks from now on, over what it asked when it was read."""
    if not stands(app, page):
        ledger_of(app).begin(page, **_read_with(app.env).get(page, {}))


def end_writing(app: Sphinx, page: str, template: str, context: object, doctree: object) -> None:
    """Keep what a page has asked; of a page that another process writes nothing is known, so it will be made again."""
    ledger = ledger_of(app)
    asked = ledger.end(page)
    if asked is not None:
        ledger.pages[page] = asked


def _read_with(env: BuildEnvironment) -> dict[str, Asked]:
    """What every page asked when it was last read: docname -> questions and digests."""
    if not hasattr(env, "cci_asked"):
        env.cci_asked = {}  # type: ignore[attr-defined]
    return env.cci_asked  # type: ignore[attr-defined]


def keep(app: Sphinx) -> None:
    """Write the notes for the next build."""
    ledger_of(app).keep()
