"""Which sentences of the book give other figures, with the words that stood there before.

A page is read as its readers see it: each role is replaced by what it says under the record, and each result by what
the published outputs hold. Sentences are then compared line by line, as a page is written a sentence a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from cci.book import normalise, numerals
from cci.book.outcomes import outcomes
from cci.book.review.changes import Change
from cci.book.site.roles import FORMS, NAMES
from cci.book.site.shelf import TABLES, Shelf

# Characters that no text may hold stand around a role until it is filled in.
_ROLE = re.compile("\ue000([^\ue001]*)\ue001([^\ue002]*)\ue002")
_FIGURES = ("obs", "count", "edition", "glue")  # the others are names
_TITLED = re.compile(r".*<([^<>]+)>\s*", re.DOTALL)
_ALIKE = 0.5  # share of their words from which two lines are one that was revised


@dataclass(frozen=True)
class Sentence:
    """One line of a page: as written, as read, the figures in it, and whether it names what there is not."""

    written: str
    read: str
    figures: tuple[str, ...]
    broken: bool = False


def sentences(page: Path, shelf: Shelf) -> list[Sentence]:
    """Return the sentences of a page, a notebook or Markdown, under a record."""
    if page.suffix == ".md":
        return list(_sentences(page.read_text(encoding="utf-8"), shelf, {}))
    notebook = normalise.read(page)
    results = outcomes(notebook)["figures"]
    texts = (cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    return [one for text in texts for one in _sentences(text, shelf, results)]


def moved(page: str, old: list[Sentence], new: list[Sentence]) -> Iterator[Change]:
    """Yield the sentences of a page that give other figures, and those with figures that were put in or taken out."""
    matcher = SequenceMatcher(None, [one.written for one in old], [one.written for one in new], autojunk=False)
    for _, low, high, start, stop in matcher.get_opcodes():
        for one, two in _paired(old[low:high], new[start:stop]):
            if one is None or two is None or one.read != two.read:
                change = _change(page, one, two)
                if change is not None:
                    yield change


def quoted(old: list[Sentence], new: list[Sentence]) -> set[str]:
    """Return the results that the sentences of a page quote, before or after."""
    return {
        _named(content)
        for one in (*old, *new)
        for role, content in _ROLE.findall(one.written)
        if role.startswith("glue")
    }


def _sentences(text: str, shelf: Shelf, results: Mapping[str, Any]) -> Iterator[Sentence]:
    for _, words in numerals.said(text, lambda name, content: f"\ue000{name}\ue001{content}\ue002", "\n"):
        for line in filter(str.strip, words.splitlines()):
            roles = _ROLE.findall(line)
            found = [_words(role, content, shelf, results) for role, content in roles]
            pairs = zip(found, roles, strict=True)
            shown = [f"[nothing named {content}]" if said is None else said for said, (_, content) in pairs]
            figures = [said for said, (role, _) in zip(shown, roles, strict=True) if role.startswith(_FIGURES)]
            filled = iter(shown)
            read = _ROLE.sub(lambda _, at=filled: next(at), line)  # type: ignore[misc]
            yield Sentence(line, " ".join(read.split()), tuple(figures), None in found)


def _words(role: str, content: str, shelf: Shelf, results: Mapping[str, Any]) -> str | None:
    """What a role says; None where nothing has the name it gives."""
    content = content.strip()
    if role == "obs":
        name, _, form = content.partition(" ")
        row, say = shelf.observations.get(name), FORMS.get(form.strip() or "words")
        return str(say(row)) if row and say else None
    if role == "count":
        return f"{shelf.count(content):,}" if content in TABLES else None
    if role == "edition":  # the fingerprint moves with every byte of the record, which says nothing by itself
        return "this record" if content == "record" else shelf.edition.get(content)
    if role in NAMES:
        title, target = content.partition("<")[0].strip(), _TITLED.sub(r"\1", content)
        row = NAMES[role].entries(shelf).get(target)
        return None if row is None else title if target != content else str(NAMES[role].say(row))
    if role.startswith("glue"):
        name, _, form = content.partition(":")
        try:
            return f"{results[name]['value']:{form}}"
        except (KeyError, ValueError):  # no such result, or one that the format does not fit
            return None
    return content.partition("<")[0].strip()  # a link


def _named(content: str) -> str:
    return content.strip().partition(":")[0]


def _paired(old: list[Sentence], new: list[Sentence]) -> Iterator[tuple[Sentence | None, Sentence | None]]:
    """Each line with the one it became: the next that is alike, so that lines never cross."""
    at = 0
    for one in old:
        near = next((n for n in range(at, len(new)) if _alike(one, new[n])), None)
        if near is None:
            yield one, None
            continue
        yield from ((None, new[n]) for n in range(at, near))
        yield one, new[near]
        at = near + 1
    yield from ((None, two) for two in new[at:])


def _alike(one: Sentence, two: Sentence) -> bool:
    if one.written == two.written:
        return True
    return SequenceMatcher(None, one.read.split(), two.read.split(), autojunk=False).ratio() >= _ALIKE


def _change(page: str, one: Sentence | None, two: Sentence | None) -> Change | None:
    was, now = (side.figures if side else () for side in (one, two))
    before, after = (side.read if side else None for side in (one, two))
    if two and two.broken:
        return Change("figure-unbound", "a figure or a name is missing", before, after, page)
    if not (was or now):
        return None  # words alone are for the diff of the text
    if one is None or two is None or was == now:
        what = "a new sentence" if one is None else "a sentence is gone" if two is None else "other words"
        return Change("text-revised", what, before, after, page)
    gone, come = (list(dict.fromkeys(f for f in mine if f not in other)) for mine, other in ((was, now), (now, was)))
    what = f"{', '.join(gone) or 'none'} → {', '.join(come) or 'none'}"
    return Change("figure-moved", what if gone or come else "the figures have changed places", before, after, page)
