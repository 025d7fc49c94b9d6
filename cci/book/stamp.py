"""What a run was made from (chapter, parameters, record, code, Python), and its folder on disk.

A run is `<out>/<chapter>-<hash of its parameters>/` with the executed notebook and `stamp.json`. The stamp is written
last and holds the hash of the notebook, so a run that was cut short or altered afterwards is told from a whole one.
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
# Modules that execute, accept, print or publish chapters cannot change what a chapter says; results.py can. A wheel's
# data/ is the record, which has a fingerprint of its own.
WITHOUT_EFFECT = ("cli.py", "book", "data")
WITH_EFFECT = ("book/results.py",)


@dataclass(frozen=True)
class Run:
    """One execution of a chapter, kept in `folder`. `failure` says which cell failed and how, None when it is whole."""

    chapter: str
    parameters: Mapping[str, Value]
    folder: Path
    failure: str | None = None
    stamp: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @property
    def path(self) -> Path:
        """The executed notebook."""
        return self.folder / f"{self.chapter}.ipynb"


def folder(chapter: str, parameters: Mapping[str, Value], out: Path) -> Path:
    """Return where the run of a chapter with these (all its) parameters is kept."""
    canonical = json.dumps(dict(parameters), sort_keys=True, ensure_ascii=True)
    return out / f"{chapter}-{hashlib.sha256(canonical.encode()).hexdigest()[:8]}"


def origin() -> dict[str, str]:
    """Return what every run started now is made from.

    Keys: record (fingerprint of the tables), code (version of the package), sources (hash of the modules that can
    change what a chapter says), python.
    """
    from cci.record.tables import DEFAULT, fingerprint

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
        matters = name.parts[0] not in WITHOUT_EFFECT or name.as_posix() in WITH_EFFECT
        if matters and file.is_file() and "__pycache__" not in name.parts:
            digest.update(f"{name.as_posix()}\0{hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()[:16]


def keep(run: Run, notebook: NotebookNode) -> Run:
    """Write a run into its folder, the notebook first, and return it with its whole stamp."""
    notebook.metadata["cci"] = dict(run.stamp)
    run.folder.mkdir(parents=True, exist_ok=True)
    data = whole.write(normalise.text(notebook), run.path)
    entire = {**run.stamp, "failure": run.failure, "notebook": hashlib.sha256(data).hexdigest()}
    whole.write(json.dumps(entire, indent=1, sort_keys=True, ensure_ascii=False) + "\n", run.folder / "stamp.json")
    return Run(run.chapter, run.parameters, run.folder, run.failure, entire)


def kept(chapter: str, parameters: Mapping[str, Value], out: Path) -> Run:
    """Return the run of a chapter with these parameters from disk.

    Raises NotAcceptable when there is none, or when its files are not those that its execution left.
    """
    place = folder(chapter, parameters, out)
    run = Run(chapter, parameters, place)
    again = f"run it again: cci run {chapter}"
    try:
        whole = json.loads((place / "stamp.json").read_text(encoding="utf-8"))
        data = run.path.read_bytes()
    except FileNotFoundError as missing:
        raise NotAcceptable(f"{chapter}: no run with these parameters in {out}; {again}") from missing
    except (ValueError, OSError) as reason:
        raise NotAcceptable(f"{chapter}: the run in {place} cannot be read; {again}") from reason
    if not isinstance(whole, dict) or whole.get("notebook") != hashlib.sha256(data).hexdigest():
        raise NotAcceptable(f"{chapter}: the run in {place} was cut short or altered; {again}")
    return Run(chapter, parameters, place, whole.get("failure"), whole)


def lasting(stamp: Mapping[str, Any]) -> dict[str, Any]:
    """Return the part of a stamp that an accepted chapter keeps."""
    return {key: stamp[key] for key in LASTING if key in stamp}
