"""The site as it would be if all that is written now were accepted, built aside for whoever is writing.

Chapters whose run is stale are run; a chapter whose outputs then differ from those in chapters/ is shown with the new
ones and says that they are not accepted. The sources lie in `<folder>/source`, so that nothing is written into
chapters/, and the site in `<folder>/html`, which stays the last good one when something is broken.
"""

from __future__ import annotations

import contextlib
import html
import io
import os
import re
import shutil
import tempfile
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import cci
from cci.book import accept, build, normalise, sources, whole
from cci.book import chapters as book_chapters
from cci.book.run import run as execute
from cci.book.stability import KEPT
from cci.book.stamp import Run
from cci.errors import CCIError

OUT = Path("_build/serve")  # below the book's folder
NOTICE = "A preview of the book as it is being written, not the published site."
# What a preview imports besides what Sphinx does of itself: jupyter-book with its extensions, and what runs chapters.
_IMPORTED = (
    "jupyter_book.cli.main", "jupyter_book.sphinx", "sphinx.search.en", "sphinx_book_theme", "sphinx_copybutton",
    "sphinx_comments", "sphinx_design", "sphinx_external_toc.events", "sphinx_external_toc.collectors",
    "sphinx_multitoc_numbering", "myst_nb.sphinx_ext", "myst_nb.ext.glue.domain", "cci.book.site", "cci.charts",
    "cci.audit", "cci.models", "cci.book.printed", "cci.record.answers", "cci.record.dataset", "jinja2.sandbox",
)  # fmt: skip
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_WHERE = re.compile(r"^(?P<file>\S+?\.(?:md|ipynb))(?::(?P<line>\d+))?: (?:WARNING|ERROR|CRITICAL): ")
_A_CELL = 10_000  # myst-nb counts the lines of cell n from n times this


@dataclass(frozen=True)
class Preview:
    """What came of it: the problems, one a line (none: the site is the new one), and the chapters by what was found."""

    problems: tuple[str, ...] = ()
    ran: tuple[str, ...] = ()
    unaccepted: tuple[str, ...] = ()


def prepare() -> None:
    """Import what a preview needs and compile its templates, so that none made in a fork of this process does."""
    from sphinx.application import builtin_extensions

    from cci.book.site.rendering import environment

    for module in (*_IMPORTED, *builtin_extensions):
        import_module(module)
    for template in environment().list_templates():
        environment().get_template(template)


def preview(book: Path, folder: Path, changed: Collection[Path] | None = None) -> Preview:
    """Bring the preview in `folder` up to date after these files changed (None: anything may have).

    Only chapters that the change can concern are looked at. Whoever calls holds `folder` (`cci.book.lock`). What is
    wrong with the book is returned, with where and what, and not raised.
    """
    try:
        if not _only_pages(book, changed):
            cci.load(data=sources.data(book))  # a broken record is told once, and not by every chapter
        names = _concerned(book, changed)
        runs = execute(names, book=book) if names else []
        differing = _differing(runs, book)
        _renew_sources(book, folder / "source", runs, differing)
        said = _build(folder)
    except (CCIError, OSError) as reason:
        return Preview(problems=tuple(str(reason).splitlines()))
    return Preview(said, tuple(run.chapter for run in runs if run.again), tuple(differing))


def _only_pages(book: Path, changed: Collection[Path] | None) -> bool:
    """Whether nothing changed but pages that `_toc.yml` lists."""
    pages = {book / f"{page}{end}" for page in book_chapters.listed(book) for end in (".md", ".ipynb")}
    return changed is not None and pages.issuperset(changed)


def _concerned(book: Path, changed: Collection[Path] | None) -> list[str]:
    """The chapters that may have become stale: those that changed, or all when what changed is no page."""
    names = book_chapters.chosen((), book)
    if changed is None or not _only_pages(book, changed):
        return names
    return [name for name in names if book_chapters.path(name, book) in changed]


def _differing(runs: Sequence[Run], book: Path) -> dict[str, list[int]]:
    """Chapter -> its code cells whose outputs in the run are not those in chapters/."""
    found: dict[str, list[int]] = {}
    for one in accept.differences(runs, book=book):
        found.setdefault(one.chapter, []).append(one.number)
    return found


def _renew_sources(book: Path, source: Path, runs: Sequence[Run], differing: dict[str, list[int]]) -> None:
    """Write the sources of the preview; a file that stays the same is not touched, so that its page is not read."""
    source.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".source-", dir=source.parent) as aside:
        made = Path(aside)
        sources.pages(book, made)
        said = sources.settings(book)
        config = said.setdefault("sphinx", {}).setdefault("config", {})
        config.setdefault("html_theme_options", {})["announcement"] = html.escape(NOTICE)
        config |= {"cci_data": str(sources.data(book))} if config.get("cci_data") else {}
        sources.write_settings(said, book, made)
        if (book / KEPT).is_file():
            shutil.copyfile(book / KEPT, made / KEPT)
        for run in runs:
            path = book_chapters.path(run.chapter, book)
            if run.chapter in differing:
                notebook = sources.chapter(run, book)
                notebook.cells[0].source += _mark(run.chapter, differing[run.chapter])
                (made / "chapters" / path.name).write_text(normalise.text(notebook), encoding="utf-8")
            else:
                shutil.copyfile(path, made / "chapters" / path.name)
        concerned = {run.chapter for run in runs}
        kept = {f"chapters/{name}.ipynb" for name in book_chapters.names(book) if name not in concerned}
        _mirror(made, source, kept, by_content=True)


def _mark(chapter: str, cells: Sequence[int]) -> str:
    what = f"code cell {cells[0]}" if len(cells) == 1 else f"code cells {', '.join(map(str, cells))}"
    return (
        f"\n\n:::{{admonition}} Not yet accepted\n:class: warning\nThe outputs of {what} come from a new run "
        f"and differ from those in `chapters/`.\nTo publish them: `cci accept {chapter}`.\n:::\n"
    )


def _build(folder: Path) -> tuple[str, ...]:
    """Build the site and put it in place; return what is wrong, one a line, and leave the last good site, else ().

    Sphinx repeats no warning of a page that it does not read again. So after a failure it goes on from what it knew
    at the last good build, and reads every page again that has changed since.
    """
    source, aside, state = folder / "source", folder / "aside", folder / "state"
    made, known = aside / "_build" / "html", aside / "_build" / ".doctrees" / "environment.pickle"
    _share_drawings(folder, aside)
    good = folder / "environment.pickle"
    now = build.state_of(source)
    everything = not good.is_file() or not state.is_file() or state.read_text(encoding="utf-8") != now
    if everything:
        state.unlink(missing_ok=True)
        shutil.rmtree(made, ignore_errors=True)
    else:
        whole.write(good.read_bytes(), known, durable=False)
    said = io.StringIO()
    with contextlib.redirect_stderr(said):
        built = build.jupyter_book(source, aside, everything)
    if not built:
        return tuple(_problems(said.getvalue(), source)) or ("The site was not built, and nothing said why",)
    _mirror(made, folder / "html")
    whole.write(known.read_bytes(), good, durable=False)
    whole.write(now, state, durable=False)
    return ()


def _share_drawings(folder: Path, aside: Path) -> None:
    """Begin with the drawings that the last build of the published site has made: they take longest."""
    theirs, ours = (place / "_build" / ".chart-cache" for place in (folder.parent / "aside", aside))
    if theirs.is_dir() and not ours.exists():
        shutil.copytree(theirs, ours)


def _problems(said: str, source: Path) -> Iterator[str]:
    """What Sphinx said, a line each, with files as the author knows them and cells instead of myst-nb's lines."""
    for line in _COLOURS.sub("", said).replace(f"{source}{os.sep}", "").splitlines():
        found = _WHERE.match(line)
        if found is None:
            yield from [line.rstrip()] if line.strip() not in ("", "Sphinx error:") else []
            continue
        where = found["file"]
        if found["line"]:
            cell, number = divmod(int(found["line"]), _A_CELL)
            where += f", cell {cell}, line {number}" if where.endswith(".ipynb") and cell else f", line {number}"
        yield f"{where}: {line[found.end() :].rstrip()}"


def _mirror(made: Path, to: Path, kept: Collection[str] = (), *, by_content: bool = False) -> None:
    """Make `to` hold the files of `made`, each put in place in one step, and no others but `kept`.

    A file of the same size and time is the same file; `by_content`, one of the same bytes.
    """
    new, old = whole.listing(made), whole.listing(to)
    for name, state in new.items():
        source, target = made / name, to / name
        same = name in old and (source.read_bytes() == target.read_bytes() if by_content else state == old[name])
        if not same:
            target.parent.mkdir(parents=True, exist_ok=True)
            aside = target.with_name(f".{target.name}.aside")
            shutil.copy2(source, aside)
            aside.replace(target)
    for name in old.keys() - new.keys() - set(kept):
        (to / name).unlink()
