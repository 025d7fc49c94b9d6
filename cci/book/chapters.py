"""Which chapters the book has, in the order of `_toc.yml`, and where they are."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import cci
from cci.book import yamlfile
from cci.errors import CCIError, UnknownName


def root() -> Path:
    """Return the folder of the book: the nearest from here upwards that holds `_toc.yml` and `chapters/`.

    Outside of any, it is the repository that the package was installed from in place. Raises CCIError without one.
    """
    here = Path.cwd()
    repository = Path(cci.__file__).resolve().parents[1]
    for folder in (here, *here.parents, repository):
        if (folder / "_toc.yml").is_file() and (folder / "chapters").is_dir():
            return folder
    raise CCIError(f"No book in {here} or above it (_toc.yml and chapters/); go to a clone of the book and try again")


def listed(book: Path) -> list[str]:
    """Return every page that `_toc.yml` lists, as written there without an ending, in its order.

    Raises CCIError where the file cannot be read, or lists what is no name.
    """
    toc = yamlfile.plain(book / "_toc.yml", shown="_toc.yml")
    pages = [page.removesuffix(".ipynb").removesuffix(".md") for page in _files(toc)]
    if strange := [page for page in pages if not page.isprintable()]:
        raise CCIError(f"_toc.yml lists {strange[0]!r}, which is no name of a page; type it again")
    return pages


def names(book: Path) -> list[str]:
    """Return the chapters: the notebooks under chapters/ that `_toc.yml` lists, in its order."""
    pages = [Path(page) for page in listed(book)]
    return [page.name for page in pages if page.parent.as_posix() == "chapters" and path(page.name, book).is_file()]


def path(chapter: str, book: Path) -> Path:
    """Return where a chapter is."""
    return book / "chapters" / f"{chapter}.ipynb"


def chosen(asked: Collection[str], book: Path) -> list[str]:
    """Return the chapters asked for, by name or by file, once each and in the order of the book; none asked is all.

    Raises UnknownName, with the nearest, for one that the book does not have; CCIError when all are asked for and a
    page that `_toc.yml` lists is missing, so that a part of the book is never taken for the whole.
    """
    known = names(book)
    missing = [page for page in listed(book) if not any((book / f"{page}{end}").is_file() for end in (".ipynb", ".md"))]
    if not asked and (missing or not known):
        what = f"lists {', '.join(missing)}, without a file" if missing else "lists no chapter"
        raise CCIError(f"_toc.yml {what}; correct it, or name the chapters that you mean")
    wanted = {Path(name).stem if name.endswith(".ipynb") else name: name for name in asked}
    for name, as_asked in wanted.items():
        if name not in known:
            raise UnknownName("chapter", as_asked, known)
    return [name for name in known if name in wanted or not wanted]


def shown(place: Path, book: Path) -> str:
    """Return a path as a message gives it: from the working directory, else from the book, else in full."""
    for base in (Path.cwd(), book):
        if place.is_relative_to(base):
            return place.relative_to(base).as_posix()
    return str(place)


def _files(entry: Any) -> Iterator[str]:
    """Every `root` and `file` of a table of contents, in order."""
    if isinstance(entry, dict):
        for key, value in entry.items():
            if key in ("root", "file"):
                if not isinstance(value, str):
                    raise CCIError(f"_toc.yml has a {key} that is {value!r}; give the name of a page")
                yield value
            else:
                yield from _files(value)
    elif isinstance(entry, list):
        for value in entry:
            yield from _files(value)
