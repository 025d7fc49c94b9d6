"""The site: made aside by jupyter-book, put in place in one step once it is whole, the last good one kept until then.

For a site `_build/html`, jupyter-book works in `_build/aside`, where its doctrees and drawings stay, so that the next
build is incremental. It is so only after a build that ended well under the same code, settings and packages: Sphinx
repeats no warning of a page that it does not read again, and a build that was cut short leaves halves of pages. Where
no file of the book changed and the site still is what was put in place, jupyter-book is not started.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import re
import shutil
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import cci
from cci.book import chapters, lock, sources, whole
from cci.errors import SiteIncomplete

_TITLE = re.compile(r'(?:^|")# [^\n"]*', re.MULTILINE)  # in Markdown, and in the JSON of a notebook
SITE = Path("_build/html")  # below the folder of the sources
FORMATS = Path("_build/formats")  # where scripts/formats leaves the bound book
_NOTES = (".buildinfo",)  # Sphinx's own, which change with the folder of the sources
_NO_SOURCES = frozenset({"_build", "__pycache__", "build", "dist", "node_modules", "tests", "venv"})
_OPTIONS = ("-W", "-n", "--keep-going", "--quiet")  # every warning and every name that leads nowhere ends the build


def build(book: Path, *, site: Path | None = None, everything: bool = False) -> Path:
    """Build the site of the sources in `book` and return its folder, `<book>/_build/html` unless given.

    Only what changed is built, unless `everything`, or unless the last build did not end well; where nothing changed,
    neither in the sources nor in the site, nothing is. Raises SiteIncomplete
    on any warning and where the site lacks something; the last good site then stays as it is. Busy when another build
    or acceptance does not end in time.
    """
    site = (site or book / SITE).absolute()
    aside = site.with_name("aside")
    made, sound, told = aside / "_build" / "html", aside / "sound", aside / "built"
    with lock.held(site.parent, "cci build"):
        whole.recover(site)
        state = state_of(book)
        inputs = _inputs(book, book / FORMATS, state)
        if not everything and told.is_file() and told.read_text("utf-8") == f"{inputs} {_listing(site)}":
            return site
        told.unlink(missing_ok=True)
        trusted = sound.is_file() and sound.read_text(encoding="utf-8") == state
        sound.unlink(missing_ok=True)  # before anything is removed: who is killed from here on leaves nothing to trust
        if everything or not trusted:
            everything = True
            shutil.rmtree(made, ignore_errors=True)  # with the pages that the book no longer has
        if not jupyter_book(book, aside, everything):
            kept = f"; {site} is the last good site" if site.exists() else ""
            raise SiteIncomplete(f"The site was not built, for the reasons above; correct them and try again{kept}")
        whole.replace(site, made, without=_NOTES)
        whole.write(state, sound)
        whole.write(f"{inputs} {_listing(site)}", told)
    return site


def jupyter_book(book: Path, aside: Path, everything: bool) -> bool:
    """Return whether jupyter-book, in this process so that it ends with it, built the site without a warning."""
    from jupyter_book.cli.main import main  # type: ignore[import-untyped]

    said = io.StringIO()  # "your pages are here": they will not stay there
    try:
        with contextlib.redirect_stdout(said):
            options = (*_OPTIONS, *(("--all",) if everything else ()), "--path-output", str(aside))
            main(["build", str(book), *options], standalone_mode=False)
    except RuntimeError:  # Sphinx has told why on the standard error
        return False
    except SystemExit as end:
        return not end.code
    return True


def state_of(book: Path) -> str:
    """A hash of what every page may depend on and Sphinx does not follow: code, settings, packages, titles of pages."""
    digest = hashlib.sha256(code_state().encode())
    for file in (book / "_config.yml", book / "_toc.yml"):
        digest.update(file.read_bytes())
    for page in chapters.listed(book):  # every page names all others, and Sphinx writes only those that it read again
        for end in (".md", ".ipynb"):
            with contextlib.suppress(FileNotFoundError):
                title = _TITLE.search((book / f"{page}{end}").read_text(encoding="utf-8"))
                digest.update(repr(title and title[0]).encode())
    return digest.hexdigest()


@cache
def code_state() -> str:
    """A hash of the code that makes the site: the package's files, and what else is installed.

    It is that of this process, which goes on with what it has imported.
    """
    package = Path(cci.__file__).parent
    digest = hashlib.sha256()
    for file in sorted(package.rglob("*")):
        if file.is_file() and "__pycache__" not in file.parts:
            digest.update(f"{file.relative_to(package)}\0".encode() + file.read_bytes())
    installed = {folder.name for place in sys.path for folder in Path(place).glob("*.dist-info")}  # names and versions
    digest.update(repr(sorted(installed)).encode())
    return digest.hexdigest()


def _inputs(book: Path, formats: Path, state: str) -> str:
    """A hash of all that the site may hold: `state`, the record, the bound book, and every file of the sources."""
    digest = hashlib.sha256(f"{state} {_listing(formats)}".encode())
    for folder in (book, sources.data(book)):
        for path in sorted(_files(folder)):
            digest.update(f"{path.relative_to(folder)}\0{path.stat().st_size}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    """The files of the sources: not what is hidden, built or installed among them."""
    for root, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".") and name not in _NO_SOURCES]
        yield from (Path(root, name) for name in names if not name.startswith("."))


def _listing(folder: Path) -> str:
    """A hash of which files lie below a folder, in which state."""
    return hashlib.sha256(repr(sorted(whole.listing(folder).items())).encode()).hexdigest()
