"""Whether the published outputs of the chapters are those that a run gives now, as far as kept runs can tell.

A run is judged as `cci accept` judges it: by its cells, its code and what it read of the record. Packages, which differ
between machines, are for `cci status`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from nbformat import NotebookNode

from cci.book import accept, inputs, normalise
from cci.book import chapters as book_chapters
from cci.book import stamp as stamps
from cci.book.inputs import Present
from cci.book.parameters import check, declared
from cci.book.review.changes import Change
from cci.book.review.revision import State
from cci.book.stamp import Run
from cci.errors import NotAcceptable
from cci.record.files import DEFAULT

_MOST = 6  # reasons or cells of one chapter that are told


def unaccepted(head: State, runs: Path) -> Iterator[Change]:
    """Yield the chapters of a sound state that cannot be run, or whose outputs are stale or not those of their run.

    `runs` is the folder of the kept runs. A stale run tells only of a chapter that shows its outputs; one that shows
    others came from a run that is not here.
    """
    present = Present(None if head.data.resolve() == DEFAULT.resolve() else head.data)
    unchecked = {}
    for name in book_chapters.chosen((), head.book):
        chapter = normalise.read(book_chapters.path(name, head.book))
        try:
            run = stamps.kept(name, check(declared(chapter, where=name), {}, where=name), runs)
        except NotAcceptable as reason:
            unchecked[name] = str(reason).removeprefix(f"{name}: ").partition("; run it")[0]
            continue
        if run.failure:
            if _sources(chapter) == _sources(normalise.read(run.path)):
                yield Change("chapter-failed", name, None, f"its last run failed, {run.failure}")
            else:
                unchecked[name] = "its last run failed, before its cells changed"
            continue
        changed, differing = inputs.changes(run, chapter, present), _differing(run, chapter)
        if changed and differing:
            unchecked[name] = f"its run is of another state: {changed[0]}"
        elif changed:
            todo = f"run it again: cci run {name} && cci accept {name}"
            yield Change(staleness(changed), name, None, todo, facts=_few(changed))
        elif differing:
            todo = f"look at the run, then cci accept {name}"
            yield Change("chapter-unaccepted", name, None, todo, facts=_few(differing))
    if unchecked:
        facts = tuple(f"{name}: {why}" for name, why in unchecked.items())
        yield Change("chapter-unchecked", ", ".join(unchecked), None, f"cci run {' '.join(unchecked)}", facts=facts)


def staleness(changed: Sequence[str]) -> str:
    """Return the kind of a stale chapter, by what has changed since its run."""
    return "chapter-outdated" if all(reason.startswith("code: ") for reason in changed) else "chapter-stale"


def _sources(chapter: NotebookNode) -> list[str]:
    return [cell.source for cell in normalise.code_cells(chapter)]


def _differing(run: Run, chapter: NotebookNode) -> list[str]:
    """The cells whose outputs are not those of a run, in words, whatever their source."""
    if len(_sources(chapter)) != len(_sources(normalise.read(run.path))):
        return ["another number of cells"]
    return [f"cell {one.number} ({one.first_line}): {one.what}" for one in accept.unlike(run, chapter)]


def _few(lines: Sequence[str]) -> tuple[str, ...]:
    return (*lines[:_MOST], *([f"and {len(lines) - _MOST} more"] if len(lines) > _MOST else []))
