"""What a run was made from (chapter, parameters, record, code, Python), and its folder on disk.

A run is `<out>/<chapter>-<hash of its parameters>/` with the executed notebook, `results.json` (what it came to),
`inputs.json` (all that this can depend on) and `stamp.json`. The stamp is written last and holds the hashes of the
others, so a run that was cut short or altered afterwards is told from a whole one. `since.json` says what was found of
the run since, to spare finding it again: it may be lost, and is void beside another stamp.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

import cci
from cci.book import normalise, whole
from cci.book.parameters import Value
from cci.errors import NotAcceptable

# The part of a stamp that an accepted chapter keeps: the rest would change its bytes with every machine and commit.
LASTING = ("chapter", "parameters", "record", "code")
# What prints, publishes or starts all this cannot change what a run holds. A wheel's data/ is the record, which has a
# fingerprint of its own.
WITHOUT_EFFECT = (
    "cli.py", "data", "book/site", "book/accept.py", "book/archive.py", "book/build.py", "book/edition.py",
    "book/freshness.py", "book/grid.py", "book/messages.py", "book/new.py", "book/numerals.py", "book/preview.py",
    "book/printed.py", "book/release.py", "book/reload.js", "book/review", "book/serve.py", "book/sets.py",
    "book/sources.py", "book/stability.py", "book/sweep.py", "book/sweep_report.py", "book/warm.py",
)  # fmt: skip
OUT = Path("_build/runs")  # below the book's folder
# Beside the executed notebook, which is named after the chapter.
RESULTS, INPUTS, STAMP, SINCE = "results.json", "inputs.json", "stamp.json", "since.json"


@dataclass(frozen=True)
class Run:
    """One execution of a chapter, kept in `folder`. `failure` says which cell failed and how, None when it is whole."""

    chapter: str
    parameters: Mapping[str, Value]
    folder: Path
    failure: str | None = None
    stamp: Mapping[str, Any] = field(default_factory=dict, compare=False)
    again: bool = field(default=True, compare=False)  # False where it was fresh and so not executed now

    @property
    def path(self) -> Path:
        """The executed notebook."""
        return self.folder / f"{self.chapter}.ipynb"

    @property
    def results(self) -> dict[str, Any]:
        """What the run came to (see `cci.book.outcomes`)."""
        return _json(self.folder / RESULTS)

    @property
    def inputs(self) -> dict[str, Any]:
        """What the run was made from (see `cci.book.inputs`)."""
        return _json(self.folder / INPUTS)


def folder(chapter: str, parameters: Mapping[str, Value], out: Path) -> Path:
    """Return where the run of a chapter with these (all its) parameters is kept."""
    canonical = json.dumps(dict(parameters), sort_keys=True, ensure_ascii=True)
    return out / f"{chapter}-{hashlib.sha256(canonical.encode()).hexdigest()[:8]}"


def origin() -> dict[str, str]:
    """Return what every run started now is made from.

    Keys: record (fingerprint of the tables), code (version of the package), sources (hash of the modules that can
    change what a chapter says), python.
    """
    from cci.record.files import DEFAULT, fingerprint

    return {
        "record": fingerprint(DEFAULT),
        "code": cci.__version__,
        "sources": sources(),
        "python": platform.python_version(),
    }


def sources(package: Path | None = None) -> str:
    """Return a hash (16 hex digits) of the package's files that can change what a chapter says."""
    package = package or Path(cci.__file__).parent
    digest = hashlib.sha256()
    for file in sorted(package.rglob("*")):
        name = file.relative_to(package)
        matters = not f"{name.as_posix()}/".startswith(tuple(f"{place}/" for place in WITHOUT_EFFECT))
        if matters and file.is_file() and "__pycache__" not in name.parts:
            digest.update(f"{name.as_posix()}\0{hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()[:16]


def keep(run: Run, notebook: NotebookNode, *, inputs: Mapping[str, Any], results: Mapping[str, Any]) -> Run:
    """Write a run into its folder, the stamp last, and return it with its whole stamp."""
    notebook.metadata["cci"] = dict(run.stamp)
    compact = json.dumps(inputs, separators=(",", ":"), sort_keys=True, ensure_ascii=False)  # long, and for no reader
    contents = {run.path.name: normalise.compact(notebook), RESULTS: _text(results), INPUTS: compact}
    hashes = {}
    for name, content in contents.items():
        # Not durable: what a failing disk loses does not fit its hash, and is made again.
        hashes[name] = hashlib.sha256(whole.write(content, run.folder / name, durable=False)).hexdigest()
    entire = {**run.stamp, "failure": run.failure, "files": hashes}
    whole.write(_text({**entire, "seal": _seal(entire)}), run.folder / STAMP, durable=False)
    return Run(run.chapter, run.parameters, run.folder, run.failure, entire)


def kept(chapter: str, parameters: Mapping[str, Value], out: Path) -> Run:
    """Return the run of a chapter with these parameters from disk.

    Raises NotAcceptable when there is none, or when its files are not those that its execution left.
    """
    place = folder(chapter, parameters, out)
    if not (place / STAMP).is_file():
        raise NotAcceptable(f"{chapter}: no run with these parameters in {out}; run it again: cci run {chapter}")
    run = opened(place)
    if (run.chapter, dict(run.parameters)) != (chapter, dict(parameters)):
        raise NotAcceptable(f"{chapter}: the run in {place} is of other parameters; run it again: cci run {chapter}")
    return run


def opened(place: Path) -> Run:
    """Return the run that is kept in a folder. Raises NotAcceptable when its files are not those it was left with."""
    chapter = place.name.rpartition("-")[0]
    again = f"run it again: cci run {chapter}"
    try:
        stamp = json.loads((place / STAMP).read_text(encoding="utf-8"))
        seal = stamp.pop("seal", None)
        found = {name: hashlib.sha256((place / name).read_bytes()).hexdigest() for name in stamp["files"]}
        run = Run(stamp["chapter"], stamp["parameters"], place, stamp["failure"], stamp)
        sound = seal == _seal(stamp) and found == stamp["files"] and {run.path.name, RESULTS, INPUTS} <= found.keys()
    except FileNotFoundError as missing:
        raise NotAcceptable(f"{chapter}: no whole run in {place}; {again}") from missing
    except (ValueError, OSError, KeyError, TypeError, AttributeError, RecursionError) as reason:
        raise NotAcceptable(f"{chapter}: the run in {place} cannot be read; {again}") from reason
    if not sound or folder(run.chapter, run.parameters, place.parent) != place:
        raise NotAcceptable(f"{chapter}: the run in {place} was cut short or altered; {again}")
    return run


def note(run: Run, **found: str) -> None:
    """Keep what was found of a run: `record` and `sources`, others for which it stands as it is; `chapter`, the hash of
    its chapter's file with its outputs in it. Only for who alone works on the folder of the runs."""
    entire = {**noted(run), **found, "run": _seal(run.stamp)}
    whole.write(_text({**entire, "seal": _seal(entire)}), run.folder / SINCE, durable=False)


def noted(run: Run) -> dict[str, str]:
    """Return what `note` kept of this very run: nothing where it was lost or altered, or the run made again."""
    try:
        found = _json(run.folder / SINCE)
        seal = found.pop("seal", None)
        return found if seal == _seal(found) and found["run"] == _seal(run.stamp) else {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def stands(run: Run, name: str, now: str) -> bool:
    """Return whether a run is known to stand for the present `record` or `sources`: made from it, or noted of it."""
    return now in (run.stamp[name], noted(run).get(name))


def folders(out: Path) -> list[Path]:
    """Return the folders of runs below `out`, whole or not, by name."""
    return sorted(place.parent for place in out.glob(f"*-????????/{STAMP}"))


def lasting(stamp: Mapping[str, Any]) -> dict[str, Any]:
    """Return the part of a stamp that an accepted chapter keeps."""
    return {key: stamp[key] for key in LASTING if key in stamp}


def _seal(stamp: Mapping[str, Any]) -> str:
    """A hash over a stamp, so that an edited one is told from one that a run wrote."""
    return hashlib.sha256(json.dumps(stamp, sort_keys=True).encode()).hexdigest()[:16]


def _text(content: Any) -> str:
    return json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _json(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found
