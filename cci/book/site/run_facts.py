"""What a chapter's page says of the run behind it: its parameters, what it was made from, and how to run it again."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.environment import BuildEnvironment

from cci.book import normalise
from cci.book.parameters import Value, declared
from cci.book.site.outputs import make_panel
from cci.errors import ParameterError

_TITLE = "This run"


def tell(env: BuildEnvironment, doctree: nodes.document) -> None:
    """Add to an accepted chapter when it last changed, below its title, and the section on its run, at its end."""
    facts = _facts(Path(env.doc2path(env.docname)))
    if facts is None:
        return
    run = nodes.section("", nodes.title(_TITLE, _TITLE), make_panel("run", facts), ids=["this-run"], names=[])
    chapter = doctree[-1]
    chapter.append(run)
    if facts["changed"]:
        chapter.insert(1, make_panel("changed", {"changed": facts["changed"]}))


def _facts(path: Path) -> dict[str, Any] | None:
    """What the stamp and the parameters cell of a chapter say."""
    if path.suffix != ".ipynb":
        return None
    notebook = normalise.read(path)
    stamp = notebook.metadata.get("cci")
    if not stamp:
        return None
    try:
        known = declared(notebook, where=path.name)
    except ParameterError:  # the run that left the stamp would have been refused: the cell has changed since
        return None
    values: Mapping[str, Value] = {p.name: stamp.get("parameters", {}).get(p.name, p.default) for p in known}
    return {
        "chapter": path.stem,
        "record": stamp.get("record"),
        "code": stamp.get("code"),
        "changed": stamp.get("changed"),
        "parameters": [
            {"name": p.name, "value": _written(values[p.name]), "allowed": p.allowed, "help": p.help} for p in known
        ],
        "command": command(path.stem, values),
    }


def command(chapter: str, values: Mapping[str, Value]) -> str:
    """Return the command that runs a chapter with these parameters."""
    given = [f"-p {shlex.quote(f'{name}={_written(value)}')}" for name, value in values.items()]
    return " ".join(["cci run", shlex.quote(chapter), *given])


def _written(value: Value) -> str:
    """A value as the command line takes it."""
    return "none" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
