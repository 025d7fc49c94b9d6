"""In how many of the defensible specifications of a chapter each of its findings holds.

`specifications.yml` declares, for each chapter, the choices that an equally careful author could have made, with a
reason for each; `chapters/stability.json` holds what the findings come to under every combination. A finding is known
by its number, counted through the chapter from 1: its words may hold computed numbers, which move with the parameters.
A finding that is put in, taken out or moved therefore needs the file to be made anew, and the test asks for it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

from cci.book import chapters as book_chapters
from cci.book import normalise, whole, yamlfile
from cci.book.grid import Grid, grid
from cci.book.outcomes import outcomes
from cci.book.parameters import declared
from cci.book.run import Progress
from cci.book.stamp import Run
from cci.book.sweep import failures, sweep
from cci.errors import ChapterFailed, NotAcceptable, ParameterError, UnknownName

DECLARED = "specifications.yml"  # of the book
KEPT = "chapters/stability.json"
SIGNS = {"holds": "✓", "fails": "✗", "cannot be told": "?"}
FORM = "write chapter, below it parameter, below that `values: [a, b]` and `why: the reason`"


@dataclass(frozen=True)
class Choice:
    """A parameter with the values that can be defended, and why they can."""

    name: str
    values: tuple[Any, ...]
    why: str


def specifications(book: Path) -> dict[str, list[Choice]]:
    """Return the choices that a book declares for each chapter. Raises ParameterError with every fault."""
    read = yamlfile.plain(book / DECLARED, shown=DECLARED)
    if not isinstance(read, dict) or not all(isinstance(given, dict) and given for given in read.values()):
        raise ParameterError(f"{DECLARED} holds no specifications; {FORM}")
    problems = [
        f"{DECLARED}, {chapter}, {name}: needs several values and a reason; {FORM}"
        for chapter, given in read.items()
        for name, one in given.items()
        if not (
            isinstance(one, dict)
            and one.keys() == {"values", "why"}
            and isinstance(one["values"], list)
            and len(one["values"]) > 1
            and str(one["why"] or "").strip()
        )
    ]
    if problems:
        raise ParameterError("\n".join(problems))
    return {
        str(chapter): [Choice(str(name), tuple(one["values"]), str(one["why"]).strip()) for name, one in given.items()]
        for chapter, given in read.items()
    }


def kept(book: Path) -> dict[str, Any]:
    """Return what `chapters/stability.json` holds, by chapter; nothing where a book has no such file."""
    path = book / KEPT
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return found


def stability(
    chapters: Collection[str] = (),
    *,
    flipped: bool = False,
    out: Path | None = None,
    book: Path | None = None,
    on_progress: Callable[[Grid], Callable[[Progress], None]] = lambda _: lambda _: None,
) -> dict[str, Any]:
    """Run the specifications of chapters (none named: all that declare some), write the file, and return it.

    All grids are checked before the first run; fresh runs are not made again. Raises ChapterFailed where a
    specification fails, and NotAcceptable where a finding has another verdict than before under the same words:
    either they are revised, or `flipped` says that they stand.
    """
    book = book or book_chapters.root()
    declared_choices = specifications(book)
    for name in (*chapters, *declared_choices):
        book_chapters.chosen([name], book)
    if unknown := [name for name in chapters if name not in declared_choices]:
        raise UnknownName("chapter", unknown[0], declared_choices, where=f" in {DECLARED}")
    wanted = [name for name in declared_choices if name in chapters or not chapters]
    grids = {name: _grid(name, declared_choices[name], book) for name in wanted}
    before = kept(book)
    found = {name: entry for name, entry in before.items() if name in declared_choices}
    for name, one in grids.items():
        runs = sweep(one, out=out, book=book, on_progress=on_progress(one))
        if failed := failures(runs):
            raise ChapterFailed("\n".join(failed))
        found[name] = _entry(one, declared_choices[name], runs, book)
    if not flipped and (flips := [line for name in wanted for line in _flips(name, before.get(name), found[name])]):
        raise NotAcceptable("\n".join(flips))
    ordered = {name: found[name] for name in declared_choices if name in found}
    whole.write(json.dumps(ordered, indent=1, ensure_ascii=False) + "\n", book / KEPT)
    return ordered


def problems(book: Path) -> list[str]:
    """Return why the file does not belong to the published chapters and the declared specifications, a line each."""
    choices, found = specifications(book), kept(book)
    lines = [f"{name} stands only in {DECLARED}; run cci stability {name}" for name in choices if name not in found]
    lines += [f"{name} stands only in {KEPT}; run cci stability" for name in found if name not in choices]
    for name in choices.keys() & found.keys():
        lines += _differences(name, found[name], choices[name], book)
    return sorted(lines)


def published(chapter: str, book: Path) -> list[dict[str, Any]]:
    """Return the findings of a chapter as they are published."""
    found: list[dict[str, Any]] = outcomes(normalise.read(book_chapters.path(chapter, book)))["findings"]
    return found


def counted(finding: Mapping[str, Any]) -> dict[str, int]:
    """Return in how many specifications a finding of the file holds, fails and cannot be told."""
    return {verdict: finding["by_specification"].count(sign) for verdict, sign in SIGNS.items()}


def counted_words(finding: Mapping[str, Any]) -> str:
    """Return the same in words: holds in 11 of 12 specifications, fails in 1."""
    counts = counted(finding)
    more = "".join(f", {verdict} in {number}" for verdict, number in counts.items() if number and verdict != "holds")
    return f"holds in {counts['holds']} of {sum(counts.values())} specifications{more}"


def moved_by(entry: Mapping[str, Any], finding: Mapping[str, Any]) -> list[str]:
    """Return the parameters that alone change the verdict of a finding, somewhere in the grid."""
    pairs = combinations(zip(entry["specifications"], finding["by_specification"], strict=True), 2)
    moving = set()
    for (one, verdict), (two, other) in pairs:
        differing = [name for name in one if one[name] != two[name]]
        if verdict != other and len(differing) == 1:
            moving.add(differing[0])
    return [name for name in entry["choices"] if name in moving]


def _grid(chapter: str, choices: Sequence[Choice], book: Path) -> Grid:
    """The grid of a chapter, in which the published run is one. Raises ParameterError."""
    found = grid(chapter, {choice.name: choice.values for choice in choices}, book=book)
    defaults = {p.name: p.default for p in declared(normalise.read(book_chapters.path(chapter, book)), where=chapter)}
    for name, values in found.values.items():
        if defaults[name] not in values:
            raise ParameterError(
                f"{DECLARED}, {chapter}, {name}: the published value {defaults[name]} is not among them"
            )
    return found


def _entry(one: Grid, choices: Sequence[Choice], runs: Sequence[Run], book: Path) -> dict[str, Any]:
    results = [run.results["findings"] for run in runs]
    stated = published(one.chapter, book)
    if any(len(result) != len(stated) for result in results):
        raise NotAcceptable(
            f"{one.chapter}: some specifications have another number of findings than the published run, so they "
            "cannot be told apart by number; let the chapter always state all, with holds=None where it cannot tell"
        )
    findings = []
    for number, finding in enumerate(stated, 1):
        texts = [result[number - 1]["statement"] for result in results]
        findings.append(
            {
                "number": number,
                "statement": finding["statement"],
                "verdict": finding["verdict"],
                "by_specification": "".join(SIGNS[result[number - 1]["verdict"]] for result in results),
                "also_worded": [text for text in dict.fromkeys(texts) if text != finding["statement"]],
            }
        )
    return {
        "choices": _choices(one, choices),
        "specifications": [{name: run.parameters[name] for name in one.names} for run in runs],
        "findings": findings,
    }


def _choices(one: Grid, choices: Sequence[Choice]) -> dict[str, Any]:
    """The choices as the file holds them."""
    return {choice.name: {"values": [*one.values[choice.name]], "why": choice.why} for choice in choices}


def _flips(chapter: str, before: Mapping[str, Any] | None, now: Mapping[str, Any]) -> Iterator[str]:
    old = {finding["statement"]: finding["verdict"] for finding in (before or {"findings": ()})["findings"]}
    for finding in now["findings"]:
        was = old.get(finding["statement"], finding["verdict"])
        if was != finding["verdict"]:
            yield (
                f"{chapter}, finding {finding['number']}: {finding['statement']} It was: {was}; it is: "
                f"{finding['verdict']}. Revise its text, or say with --flipped that it stands"
            )


def _differences(chapter: str, entry: Mapping[str, Any], choices: Sequence[Choice], book: Path) -> Iterator[str]:
    again = f"run cci stability {chapter}"
    try:
        asked = _choices(_grid(chapter, choices, book), choices)
    except ParameterError as reason:
        yield str(reason)
        return
    if asked != entry["choices"]:
        yield f"{chapter}: {DECLARED} declares other specifications than {KEPT} holds; {again}"
    defaults = {p.name: p.default for p in declared(normalise.read(book_chapters.path(chapter, book)), where=chapter)}
    at = [n for n, one in enumerate(entry["specifications"]) if all(one[name] == defaults.get(name) for name in one)]
    if len(at) != 1:
        yield f"{chapter}: the published parameters are not one of the specifications in {KEPT}; {again}"
    stated = published(chapter, book)
    if len(stated) != len(entry["findings"]):
        yield f"{chapter}: {len(stated)} findings are published, {KEPT} holds {len(entry['findings'])}; {again}"
    for now, then in zip(stated, entry["findings"], strict=False):
        where = f"{chapter}, finding {then['number']}"
        if now["statement"] != then["statement"]:
            yield f"{where}: it now says: {now['statement']} {KEPT} holds: {then['statement']} {again}"
        elif now["verdict"] != then["verdict"]:
            is_now = f"It is published as: {now['verdict']}; {KEPT} holds: {then['verdict']}."
            yield f"{where}: {now['statement']} {is_now} Revise its text where it no longer fits, then {again}"
        elif at and then["by_specification"][at[0]] != SIGNS[now["verdict"]]:
            yield f"{where}: {KEPT} gives the published specification another verdict; {again}"
