"""All that a run can depend on, and whether it still is what it was: cells, code, packages, and answers of the record.

A chapter is a program that takes its parameters, asks the record and does nothing else with the outside. So a run
stands as long as its code cells, the code they reach (`cci.book.code`), the installed packages and the answers of the
record (`cci.record.reads`) are the same. The answers are found by asking the present record the same questions.
"""

from __future__ import annotations

import ast
import hashlib
import json
import platform
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbformat import NotebookNode

from cci.book import code, normalise
from cci.book import stamp as stamps
from cci.book.stamp import Run
from cci.errors import CCIError
from cci.record import reads
from cci.record.files import fingerprint

if TYPE_CHECKING:
    from cci.record.answers import Answers

# What executes a chapter and writes its run counts as code of every chapter.
EXECUTION = (
    ("cci.book.run", "_execute"),
    ("cci.book.stamp", "keep"),
    ("cci.book.account", "show"),
)
_NOTED_IMPORTS = ("cci", "pandas", "numpy", "math", "functools", "itertools")
_UNNOTED_IMPORTS = ("cci.book", "cci.cli")  # but for the module that quotes results
# What would bring something in that nobody notes: a file, a clock, chance, a name made of text.
_UNNOTED_CALLS = frozenset(("open", "exec", "eval", "compile", "input", "globals", "locals", "vars", "getattr"))
_UNNOTED_MEMBERS = frozenset(("now", "today", "utcnow", "random", "sample", "from_file"))  # and private ones


class Present:
    """The code, the packages and the records as they are now, each looked at once.

    `data` is a folder that stands in for the book's own record: what would be fresh with that one?
    """

    def __init__(self, data: Path | None = None) -> None:
        self._data = data
        self._lock = threading.Lock()
        self._reached: dict[tuple[str, ...], tuple[dict[str, dict[str, str]] | None, list[str]]] = {}
        self._answers: dict[reads.Origin, Answers] = {}
        self._digests: dict[tuple[reads.Origin, str], reads.Digest] = {}

    @cached_property
    def origin(self) -> dict[str, str]:
        """What every run started now is made from; see `cci.book.stamp.origin`."""
        return stamps.origin() if self._data is None else {**stamps.origin(), "record": fingerprint(self._data)}

    @cached_property
    def packages(self) -> dict[str, str]:
        """Name -> version of Python and of every installed distribution, read from the names of their folders."""
        found = {"python": platform.python_version(), "platform": f"{sys.platform} {platform.machine()}"}
        for place in filter(Path.is_dir, map(Path, sys.path)):
            for folder in place.glob("*.dist-info"):
                name, _, version = folder.name.removesuffix(".dist-info").rpartition("-")
                found.setdefault(name.lower().replace("-", "_"), version)
        found.pop("cci", None)  # its code is looked at itself
        return found

    def reached(self, notebook: NotebookNode) -> tuple[dict[str, dict[str, str]] | None, list[str]]:
        """The code that a chapter reaches (None where it cannot be read: its run will say where), and `_unnoted`."""
        sources = _sources(notebook)
        with self._lock:
            if sources not in self._reached:
                try:
                    self._reached[sources] = code.reachable(sources, EXECUTION), [*_unnoted(notebook)]
                except code.Unreadable:
                    self._reached[sources] = None, [*_unnoted(notebook)]
            return self._reached[sources]

    def recall(self, notebook: NotebookNode, inputs: Mapping[str, Any]) -> None:
        """Take what a run noted of the code that its chapter reaches for what it reaches now, where nothing differs."""
        with self._lock:
            self._reached.setdefault(_sources(notebook), (inputs["code"], inputs["unnoted"]))

    def answer(self, origin: reads.Origin, question: Sequence[Any]) -> reads.Digest:
        """Put a question to the record that an origin names, as it is now."""
        key = origin._replace(fingerprint=""), json.dumps(question)
        with self._lock:
            if key not in self._digests:
                self._digests[key] = self._of(origin).digest(question)
            return self._digests[key]

    def fingerprint(self, origin: reads.Origin) -> str:
        """The fingerprint of the record that an origin names, as its answers here come from."""
        with self._lock:
            return self._of(origin).dataset.read_from.fingerprint

    def _of(self, origin: reads.Origin) -> Answers:
        key = origin._replace(fingerprint="")
        if key not in self._answers:
            from cci.record.answers import Answers
            from cci.record.dataset import DEFAULT, load

            with reads.answering():
                if key.as_of is None:
                    record = load(data=key.data or self._data or DEFAULT, rule=key.rule)
                else:  # read once for all days
                    record = self._of(key._replace(as_of=None)).dataset.on(key.as_of)
                self._answers[key] = Answers(record)
        return self._answers[key]


def before(notebook: NotebookNode, present: Present) -> dict[str, Any]:
    """Return what can be told of the inputs before a run: cells, code, packages, and what will not be noted."""
    reached, unnoted = present.reached(notebook)
    return {
        "cells": [[cell.id, _hash(cell.source), normalise.first_line(cell)] for cell in normalise.code_cells(notebook)],
        "code": reached,
        "packages": present.packages,
        "unnoted": unnoted,
    }


def after(inputs: Mapping[str, Any], account: Mapping[str, Any] | None, present: Present) -> dict[str, Any]:
    """Return the inputs of an executed run, with the answers that it got (None where that cannot be told)."""
    return {**inputs, "reads": None if account is None else _answered(account["reads"], present)}


def changes(run: Run, notebook: NotebookNode, present: Present) -> list[str]:
    """Return what has changed since a run, in words: cells, code, the record. Empty where nothing has."""
    try:
        inputs = run.inputs
        moved = [*_cells(inputs, notebook), *_code(run, inputs, notebook, present)]
        if not moved:
            present.recall(notebook, inputs)
        return [*moved, *_record(run, inputs, present)]
    except (KeyError, TypeError, ValueError, AttributeError):
        return ["the run was kept by another version of this package"]


def reasons(run: Run, notebook: NotebookNode, present: Present) -> list[str]:
    """Return why a run is not fresh: what has changed, in the packages too, and what nobody could have noted."""
    if run.failure:
        return [f"the run failed, {run.failure}"]
    found = changes(run, notebook, present)
    inputs = run.inputs
    return [*found, *_packages(inputs["packages"], present.packages), *inputs["unnoted"]]


def _answered(asked: Iterable[Mapping[str, Any]], present: Present) -> list[dict[str, Any]] | None:
    """What was asked with its answers; None where the record was another one by the time it is asked again."""
    answered = []
    for one in asked:
        origin = reads.Origin(one["data"], one["as_of"], one["rule"], one["fingerprint"])
        answers: list[list[Any]] = []
        if origin.rule:  # without one it was the files themselves that were read
            if present.fingerprint(origin) != origin.fingerprint:
                return None
            answers = [[question, *present.answer(origin, question)] for question in one["questions"]]
        answered.append({**origin._asdict(), "answers": answers})
    return answered


def _cells(inputs: Mapping[str, Any], notebook: NotebookNode) -> Iterator[str]:
    old = inputs["cells"]
    new = [[cell.id, _hash(cell.source), normalise.first_line(cell)] for cell in normalise.code_cells(notebook)]
    if len(old) != len(new):
        yield f"the chapter has {len(new)} code cells, the run {len(old)}"
    for number, (one, two) in enumerate(zip(old, new, strict=False), 1):
        if one != two:
            yield f"cell {number} ({two[2]}) has changed"


def _code(run: Run, inputs: Mapping[str, Any], notebook: NotebookNode, present: Present) -> Iterator[str]:
    if inputs["code"] is None:
        yield "its code could not be read"
        return
    if stamps.stands(run, "sources", present.origin["sources"]):
        return  # not a byte of the package differs, or none that it reaches
    try:
        old, new = inputs["code"], code.reachable(_sources(notebook), EXECUTION)
    except code.Unreadable as reason:
        yield str(reason)
        return
    for module in sorted({*old, *new}):
        one, two = old.get(module, {}), new.get(module, {})
        if module not in old or module not in new:
            yield f"code: {module} is {'no longer' if module in old else 'now'} used"
            continue
        for name in sorted({*one, *two}):
            if one.get(name) != two.get(name):
                verb = "has changed" if name in one and name in two else "is now used" if name in two else "is gone"
                yield f"code: {module}: {name} {verb}"


def _packages(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[str]:
    for name in sorted({*old, *new}):
        if old.get(name) != new.get(name):
            yield f"package: {name} {old.get(name, 'was not there')}, now {new.get(name, 'gone')}"


def _record(run: Run, inputs: Mapping[str, Any], present: Present) -> Iterator[str]:
    if inputs["reads"] is None:
        yield "the record changed while the chapter ran"
        return
    same = stamps.stands(run, "record", present.origin["record"])
    for one in inputs["reads"]:
        origin = reads.Origin(one["data"], one["as_of"], one["rule"], one["fingerprint"])
        if origin.data is None and same and origin.fingerprint in ("", run.stamp["record"]):
            continue  # not a byte of the record differs, or it was found to answer alike
        if not origin.rule:
            yield "record: the files that it read themselves"
            continue
        try:
            if present.fingerprint(origin) == origin.fingerprint:
                continue
            answers = [(old, present.answer(origin, old[0])) for old in one["answers"]]
        except (CCIError, OSError) as fault:
            yield f"record: {str(fault).splitlines()[0]}"
            continue
        for (question, digest, rows), (now, now_rows) in answers:
            if digest != now:
                yield f"record: {_asked(question)}: {_moved(rows, now_rows)}"


def _asked(question: Sequence[Any]) -> str:
    """A question in words: series weekly_flights, scope route-ckg-sin."""
    name, given, named = question
    parts = [_listed(value) for value in given] + [f"{key} {_listed(value)}" for key, value in named.items()]
    return f"{name.strip('_')} {', '.join(parts)}" if parts else name.strip("_")


def _listed(value: Any) -> str:
    values = value if isinstance(value, list) else [value]
    return " or ".join(map(str, values)) if len(values) <= 3 else f"{len(values)} names"


def _moved(old: Mapping[str, str], new: Mapping[str, str]) -> str:
    told = [f"row {name} added" for name in new if name not in old]
    told += [f"row {name} gone" for name in old if name not in new]
    told += [f"row {name} changed" for name in old if name in new and old[name] != new[name]]
    more = f" and {len(told) - 4} more" if len(told) > 4 else ""
    return ", ".join(told[:4]) + more if told else "another answer"


def _unnoted(notebook: NotebookNode) -> Iterator[str]:
    """What a chapter uses that may bring in what no run notes: such a chapter is never called fresh."""
    for number, cell in enumerate(normalise.code_cells(notebook), 1):
        try:
            tree = code.parsed(cell.source)
        except SyntaxError:
            yield f"cell {number} ({normalise.first_line(cell)}) is not Python"
            continue
        used = {name for node in ast.walk(tree) for name in _outside(node)}
        for name in sorted(used):
            yield f"cell {number} ({normalise.first_line(cell)}) uses {name}, and what that brings in is not noted"


def _outside(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names if not _noted(alias.name))
    elif isinstance(node, ast.ImportFrom):
        names = [node.module or ".", *(f"{node.module}.{alias.name}" for alias in node.names)]
        yield from (name for name in names if not _noted(name))
    elif isinstance(node, ast.Name) and (node.id in _UNNOTED_CALLS or node.id.startswith("__")):
        yield node.id
    elif isinstance(node, ast.Attribute) and (node.attr in _UNNOTED_MEMBERS or node.attr.startswith(("read_", "_"))):
        yield node.attr
    elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "cci":
        yield from (name for name in _UNNOTED_IMPORTS if name == f"cci.{node.attr}")


def _noted(module: str) -> bool:
    """Whether what a module brings into a chapter is noted or cannot change."""
    if module in ("cci.book", "cci.book.results", "cci.book.results.glue"):
        return True
    below = f"{module}."
    return below.startswith(tuple(f"{name}." for name in _NOTED_IMPORTS)) and not below.startswith(
        tuple(f"{name}." for name in _UNNOTED_IMPORTS)
    )


def _sources(notebook: NotebookNode) -> tuple[str, ...]:
    return tuple(cell.source for cell in normalise.code_cells(notebook))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
