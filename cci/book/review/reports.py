"""Test runs held against each other: the JUnit files that pytest writes with --junitxml."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from cci.book.review.changes import Change
from cci.errors import CCIError, ParameterError

_WORDS = {"failure": "fails", "error": "fails", "skipped": "skipped"}
_FAILS, _SKIPPED, _PASSES = "fails", "skipped", "passes"


def tests(place: Path) -> dict[str, tuple[str, str]]:
    """Return the tests of a JUnit file, or of all in a folder: name -> state (passes, fails, skipped) and first line.

    Raises ParameterError where there is none, CCIError for one that cannot be read.
    """
    files = sorted(place.glob("*.xml")) if place.is_dir() else [place]
    if not files or not all(file.is_file() for file in files):
        raise ParameterError(
            f"{place} is no report of tests; write one with pytest --junitxml {place.with_suffix('.xml')}"
        )
    found = {}
    for file in files:
        try:
            root = ElementTree.parse(file).getroot()
        except (ElementTree.ParseError, UnicodeDecodeError) as reason:
            raise CCIError(f"{file} cannot be read as a JUnit report ({reason}); write it anew with pytest") from None
        for case in root.iter("testcase"):
            said = [(_WORDS[part.tag], _first(part)) for part in case if part.tag in _WORDS]
            name = "::".join(filter(None, (case.get("classname"), case.get("name"))))
            found[name] = min(said, default=(_PASSES, ""))  # what fails in its teardown was skipped before
    return found


def regressions(before: dict[str, tuple[str, str]], after: dict[str, tuple[str, str]]) -> Iterator[Change]:
    """Yield the tests that newly fail or are skipped, that are gone, and that no longer fail."""
    for name in sorted({*before, *after}):
        was, now = (side.get(name, ("not there", ""))[0] for side in (before, after))
        facts = (after[name][1],) if name in after and after[name][1] else ()
        if was == now:
            continue
        if now == _FAILS:
            yield Change("test-failing", name, was, now, facts=facts)
        elif name not in after:
            yield Change("test-removed", name, was, None)
        elif now == _SKIPPED:
            yield Change("test-skipped", name, was, now, facts=facts)
        elif was == _FAILS:
            yield Change("test-mended", name, was, now)


def _first(part: ElementTree.Element) -> str:
    lines = (part.get("message") or part.text or "").strip().splitlines()
    return lines[0] if lines else ""
