"""Compare two states of the book and return everything that a reviewer should know of."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from nbformat import NotebookNode

import cci
from cci.book import chapters as book_chapters
from cci.book import normalise
from cci.book.review import prose, reports
from cci.book.review.acceptance import unaccepted
from cci.book.review.changes import Change, Review, ordered
from cci.book.review.evidence import evidence
from cci.book.review.published import published
from cci.book.review.revision import WORKING_TREE, State, behind, laid_out
from cci.book.site.shelf import Shelf
from cci.book.stamp import OUT
from cci.errors import CCIError, RecordError

_UNREAD = "The record of {} is broken, so neither rows, figures in prose nor relations could be compared."


def review(
    base: str,
    head: str | None = None,
    *,
    book: Path | None = None,
    tests: tuple[Path, Path] | None = None,
) -> Review:
    """Return what changed in a book from the revision `base` to `head` (None: the working tree), by the present code.

    `tests` are the reports of two test runs, see `cci.book.review.reports`. A broken state of `head` is part of the
    review. Raises UnknownName for a revision, CCIError where `base` cannot be compared with.
    """
    book = book or book_chapters.root()
    reported = [reports.tests(place) for place in tests] if tests else None
    with ExitStack() as folders:
        old = folders.enter_context(laid_out(base, book))
        new = folders.enter_context(laid_out(head, book)) if head else State(WORKING_TREE, book)
        before = _record(old)
        changes: list[Change] = []
        remarks: list[str] = []
        try:
            after: Shelf | None = Shelf(cci.load(data=new.data))
        except RecordError as broken:
            after = None
            problems = (str(problem).removeprefix(f"{new.book}/") for problem in broken.problems)
            changes += [Change("record-broken", problem, where="record") for problem in problems]
            remarks.append(_UNREAD.format(new))
        if after:
            changes += evidence(old, new, before, after)
        changes += _pages(old, new, before, after)
        sound = after is not None and not any(change.rule == "book-broken" for change in changes)
        try:
            changes += unaccepted(new, (book / OUT).absolute()) if sound else ()
        except CCIError as broken:
            changes += _broken(str(broken))
        changes += reports.regressions(*reported) if reported else ()
        names = str(old), str(new)
    if not reported:
        remarks.append("No reports of test runs were given, so regressions of tests and of access are not told.")
    if missing := behind(base, head, book):
        remarks.append(
            f"{base} has {missing} {'commit' if missing == 1 else 'commits'} that {names[1]} lacks: they show here as "
            f"if they were taken back. Compare with where the branch began: git merge-base {base} {head or 'HEAD'}"
        )
    return Review(*names, ordered(changes), tuple(remarks))


def _record(base: State) -> Shelf:
    if not base.has_record:
        raise CCIError(f"{base} holds no record (data/datapackage.json); compare with a revision that has one")
    try:
        return Shelf(cci.load(data=base.data))
    except RecordError as broken:
        first = str(broken.problems[0]).replace(f"{base.book}/", "")
        raise CCIError(
            f"The record of {base} cannot be read by the present code: {first} ({len(broken.problems)} in all). "
            "Compare with a later revision, or review with the code of that time"
        ) from broken


def _pages(old: State, new: State, before: Shelf, after: Shelf | None) -> Iterator[Change]:
    was = _files(old)
    try:
        now = _files(new)
    except CCIError as broken:
        yield from _broken(str(broken))
        return
    for page in dict.fromkeys([*was, *now]):
        if page not in now:
            yield Change("chapter-removed", page, "the page is gone")
            continue
        try:
            yield from _page(page, was.get(page), now[page], before, after)
        except CCIError as broken:
            yield from _broken(f"{page}: {broken}")
        except UnicodeDecodeError:
            yield from _broken(f"{page}: is not UTF-8; save it as such")
        except (AttributeError, KeyError, SyntaxError, TypeError, ValueError) as fault:
            # Whatever was typed into the outputs of a notebook: it is told, and the other pages are compared.
            yield from _broken(f"{page}: its outputs are not those of a run ({type(fault).__name__}: {fault})")


def _page(page: str, was: Path | None, now: Path, before: Shelf, after: Shelf | None) -> Iterator[Change]:
    if was is None:
        yield Change("chapter-added", page, None, "a new page")
    old = prose.sentences(was, before) if was and after else []
    new = prose.sentences(now, after) if after else []
    yield from prose.moved(page, old, new) if was else (one for one in prose.moved(page, [], new) if _missing(one))
    if now.suffix == ".ipynb":
        notebook = normalise.read(now)
        earlier = normalise.read(was) if was and was.suffix == ".ipynb" else None
        yield from published(page, earlier or _blank(notebook), notebook, prose.quoted(old, new))


def _missing(change: Change) -> bool:
    return change.rule == "figure-unbound"


def _blank(notebook: NotebookNode) -> NotebookNode:
    """A chapter with nothing in it, to hold a new one against."""
    return NotebookNode(notebook | {"cells": []})


def _files(state: State) -> dict[str, Path]:
    """Page -> its file, in the order of the book. Raises CCIError where the list of pages cannot be read."""
    if not (state.book / "_toc.yml").is_file():
        raise CCIError(f"{state} has no _toc.yml, which lists the pages of the book")
    found = {}
    for page in book_chapters.listed(state.book):
        for ending in (".ipynb", ".md"):
            if (state.book / f"{page}{ending}").is_file():
                found[page.removeprefix("chapters/")] = state.book / f"{page}{ending}"
    return found


def _broken(reason: str) -> list[Change]:
    return [Change("book-broken", line) for line in reason.splitlines()]
