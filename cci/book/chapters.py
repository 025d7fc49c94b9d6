"""Which chapters the book has, in the order of `_toc.yml`, and where they are."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import cci
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
    """Return every page that `_toc.yml` lists, as written there without an ending, in its order."""
    # The safe loader of a library that jupyter-book needs anyhow; imported here, as only some commands read it.
    import yaml

    try:
        toc = yaml.safe_load((book / "_toc.yml").read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as reason:
        raise CCIError(f"_toc.yml cannot be read: {' '.join(str(reason).split())}") from reason
    return [page.removesuffix(".ipynb").removesuffix(".md") for page in _files(toc)]


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
            if key in ("root", "file") and isinstance(value, str):
                yield value
            else:
                yield from _files(value)
    elif isinstance(entry, list):
        for value in entry:
            yield from _files(value)
