"""Which chapters are fresh, and why the others are stale."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from cci.book import chapters as book_chapters
from cci.book import inputs, normalise
from cci.book import stamp as stamps
from cci.book.inputs import Present
from cci.book.parameters import check, declared
from cci.book.stamp import OUT, Run
from cci.errors import CCIError, NotAcceptable, UnknownName


@dataclass(frozen=True)
class Status:
    """One chapter with one set of parameters: its kept run, if any, and why it is not fresh (nothing: it is)."""

    chapter: str
    run: Run | None
    reasons: tuple[str, ...] = ()

    @property
    def fresh(self) -> bool:
        """True where running the chapter again could not give another result."""
        return self.run is not None and not self.reasons


def status(
    chapters: Collection[str] = (),
    *,
    parameters: Mapping[str, object] | None = None,
    out: Path | None = None,
    book: Path | None = None,
    data: Path | None = None,
) -> list[Status]:
    """Return the status of chapters (none named: all) with these parameters, in the order of the book.

    `data` is a folder that stands in for the book's own record.
    Raises UnknownName and ParameterError as `cci.book.run.run` does; it starts no kernel and writes nothing.
    """
    book = book or book_chapters.root()
    present = Present(data)
    found = []
    for chapter in book_chapters.chosen(chapters, book):
        notebook = normalise.read(book_chapters.path(chapter, book))
        values = check(declared(notebook, where=chapter), parameters or {}, where=chapter)
        try:
            run = stamps.kept(chapter, values, (out or book / OUT).absolute())
        except NotAcceptable as reason:
            found.append(Status(chapter, None, (str(reason).removeprefix(f"{chapter}: "),)))
            continue
        found.append(Status(chapter, run, tuple(inputs.reasons(run, notebook, present))))
    return found


@dataclass(frozen=True)
class Listed:
    """A folder of a run: the run, or why it cannot be trusted; `reasons` as in Status."""

    folder: Path
    run: Run | None
    reasons: tuple[str, ...]


def kept_runs(*, out: Path | None = None, book: Path | None = None) -> list[Listed]:
    """Return every run below `out`, by folder, whole or not, fresh or not."""
    book = book or book_chapters.root()
    present = Present()
    known = {name: book_chapters.path(name, book) for name in book_chapters.names(book)}
    found = []
    for place in stamps.folders((out or book / OUT).absolute()):
        try:
            run = stamps.opened(place)
            notebook = normalise.read(known[run.chapter])
            why = tuple(inputs.reasons(run, notebook, present))
        except NotAcceptable as reason:
            run, why = None, (str(reason).partition(": ")[2],)
        except (KeyError, CCIError):
            why = ("the book no longer has its chapter",)
        found.append(Listed(place, run, why))
    return found


def opened(run: str, *, out: Path | None = None) -> Run:
    """Return a kept run by its folder, or by the name of its folder below `out`.

    Raises UnknownName when there is none, with the nearest; NotAcceptable when its files were altered.
    """
    if Path(run).is_dir():
        return stamps.opened(Path(run).absolute())
    place = (out or book_chapters.root() / OUT).absolute()
    known = {folder.name: folder for folder in stamps.folders(place)}
    if run not in known:
        raise UnknownName("run", run, known, where=f" in {place}; cci runs lists them")
    return stamps.opened(known[run])
