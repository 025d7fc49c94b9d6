"""Whether the published outputs of the chapters are those that a run gives now, as far as kept runs can tell."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cci.book import accept, normalise
from cci.book import chapters as book_chapters
from cci.book.freshness import status
from cci.book.review.changes import Change
from cci.book.review.revision import State
from cci.record.files import DEFAULT

_REASONS = 6  # told one by one


def unaccepted(head: State, runs: Path) -> Iterator[Change]:
    """Yield the chapters of a sound state whose outputs are stale, or not those of their fresh run in `runs`.

    A stale run tells only of a chapter that shows its outputs; one that shows others came from a run that is not here.
    """
    data = None if head.data.resolve() == DEFAULT.resolve() else head.data
    unchecked = {}
    for one in status(book=head.book, out=runs, data=data):
        if one.run is None:
            unchecked[one.chapter] = one.reasons[0]
            continue
        if one.run.failure:
            yield Change("chapter-failed", one.chapter, None, one.reasons[0])
            continue
        chapter = normalise.read(book_chapters.path(one.chapter, head.book))
        comparable = [(c.id, c.source) for c in normalise.code_cells(chapter)] == [
            (c.id, c.source) for c in normalise.code_cells(normalise.read(one.run.path))
        ]
        differing = accept.unlike(one.run, chapter) if comparable else ()
        if one.fresh and differing:
            cells = tuple(f"cell {cell.number} ({cell.first_line}): {cell.what}" for cell in differing[:_REASONS])
            more = (f"and {len(differing) - _REASONS} more cells",) if len(differing) > _REASONS else ()
            todo = f"cci accept {one.chapter}"
            yield Change("chapter-unaccepted", one.chapter, None, f"look at the run, then {todo}", facts=cells + more)
        elif not one.fresh and not differing and (rule := staleness(one.reasons)):
            told = one.reasons[:_REASONS]
            more = (f"and {len(one.reasons) - _REASONS} more",) if len(one.reasons) > _REASONS else ()
            todo = f"cci run {one.chapter} && cci accept {one.chapter}"
            yield Change(rule, one.chapter, None, f"run it again: {todo}", facts=(*told, *more))
        elif not one.fresh:
            unchecked[one.chapter] = one.reasons[0]
    if unchecked:
        facts = tuple(f"{chapter}: {why.partition('; run it')[0]}" for chapter, why in unchecked.items())
        todo = f"to have it told: cci run {' '.join(unchecked)}"
        yield Change("chapter-unchecked", ", ".join(unchecked), None, todo, facts=facts)


def staleness(reasons: tuple[str, ...]) -> str | None:
    """Return the kind of a stale chapter; None where only packages, which are of a machine, are others."""
    left = [reason for reason in reasons if not reason.startswith("package: ")]
    if all(reason.startswith("code: ") for reason in left):
        return "chapter-outdated" if left else None
    return "chapter-stale"
