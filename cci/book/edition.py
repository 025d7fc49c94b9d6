"""A whole edition of the book from one set of parameters: sources of its own, beside the book and never in it.

The folder holds all that `jupyter-book build` needs: the pages, and the chapters with the outputs of these runs and a
cell that states the parameters. Text is that of the book as it stands.
"""

from __future__ import annotations

import html
import re
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from cci.book import chapters as book_chapters
from cci.book import lock, normalise, sources, whole
from cci.book.run import Progress, run
from cci.book.sets import Set, parted
from cci.errors import ParameterError, UnknownName

OUT = Path("_build/editions")  # below the book's folder
SETS = "editions.yml"  # of the book, where its editions are named
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


def edition(
    name: str,
    values: Set,
    *,
    out: Path | None = None,
    book: Path | None = None,
    on_progress: Callable[[Progress], None] = lambda _: None,
) -> Path:
    """Run every chapter with the parameters of a set and return the folder of the edition's sources.

    Fresh runs are used as they are. The folder is replaced in one step once all is written. Raises ParameterError for
    a name that is no name of a folder, and what `cci.book.run.run` raises.
    """
    if not _NAME.fullmatch(name):
        raise ParameterError(f"{name!r} names no edition; use small letters, digits and -, as in as-of-2021")
    book = book or book_chapters.root()
    common, own = parted(values)
    runs = run(parameters=common, own=own, book=book, on_progress=on_progress)
    out = (out or book / OUT).absolute()
    place = out / name / "source"
    with lock.held(out, "cci edition"), tempfile.TemporaryDirectory(prefix="cci-edition-") as aside:
        made = Path(aside) / "source"
        sources.pages(book, made)
        for one in runs:
            text = normalise.text(sources.chapter(one, book))
            (made / "chapters" / one.path.name).write_text(text, encoding="utf-8")
        _settings(book, made, name, values)
        place.parent.mkdir(exist_ok=True)
        whole.replace(place, made)
    return place


def written(name: str, book: Path) -> Path:
    """Return the folder of the sources that `edition` wrote. Raises UnknownName where there is none."""
    if (book / OUT).is_dir():
        with lock.held(book / OUT, "cci build"):
            for one in (book / OUT).glob("*/"):
                whole.recover(one / "source")
    known = {place.parent.name: place for place in (book / OUT).glob("*/source")}
    if name not in known:
        raise UnknownName("edition", name, known, where=f" in {OUT}")
    return known[name]


def _settings(book: Path, to: Path, name: str, values: Mapping[str, Any]) -> None:
    """Write the book's settings with the edition named on every page."""
    settings = sources.settings(book)
    common, own = parted(values)
    said = [f"{key} {value}" for key, value in common.items()]
    said += [f"{chapter}: {key} {value}" for chapter, some in own.items() for key, value in some.items()]
    notice = f"Edition {name}, not the published one: {', '.join(said) or 'default parameters'}. Text as published."
    options = settings.setdefault("sphinx", {}).setdefault("config", {}).setdefault("html_theme_options", {})
    options["announcement"] = html.escape(notice)
    settings["title"] = f"{settings['title']}, edition {name}"
    sources.write_settings(settings, book, to)
