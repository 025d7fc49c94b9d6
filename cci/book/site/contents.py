"""Which pages have to be read again: those that are made from other bytes than when they were read last.

Sphinx compares the times of files. A file that came back from a copy, or was written while the clock was slow, is older
than the page that was made before it, and Sphinx would publish the old page for ever.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from weakref import WeakKeyDictionary

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

# What each file held when this build first looked: a change made while pages are read is for the next build to see.
_FOUND: WeakKeyDictionary[Sphinx, dict[str, str]] = WeakKeyDictionary()


_AWAITED = "cci_awaited"  # among the metadata of a page, which Sphinx keeps and drops with it


def await_file(env: BuildEnvironment, path: Path) -> None:
    """Have the page that is being read depend on a file that need not be there: it is read again when the file comes,
    goes or changes. Sphinx, told of a file that is missing, would read the page at every build.
    """
    env.metadata[env.docname].setdefault(_AWAITED, []).append(str(path))


def changed(app: Sphinx, env: BuildEnvironment, added: set[str], newer: set[str], removed: set[str]) -> Iterable[str]:
    """Return the pages whose source, or a file that they depend on, has other bytes than the page was made from."""
    _FOUND[app] = {}
    kept: dict[str, str] = getattr(env, "cci_contents", {})
    found = {page: _of(app, env, page) for page in sorted(env.found_docs)}  # also of new ones, before they are read
    return [page for page in found.keys() - added if found[page] != kept.get(page)]


def keep(app: Sphinx, env: BuildEnvironment) -> None:
    """Note what the pages have been made from, now that it is known what each depends on."""
    env.cci_contents = {page: _of(app, env, page) for page in sorted(env.found_docs)}  # type: ignore[attr-defined]


def _of(app: Sphinx, env: BuildEnvironment, page: str) -> str:
    """A hash over the source of a page and all files that it depends on, missing ones included."""
    known = [Path(app.srcdir, one) for one in env.dependencies.get(page, ())]
    files = [env.doc2path(page), *sorted(map(str, known)), *env.metadata.get(page, {}).get(_AWAITED, ())]
    digest = hashlib.sha256()
    for file in files:
        digest.update(f"{file}\0{_hash(file, _FOUND.setdefault(app, {}))}\n".encode(errors="surrogateescape"))
    return digest.hexdigest()


def _hash(file: str, found: dict[str, str]) -> str:
    if file not in found:
        try:
            found[file] = hashlib.sha256(Path(file).read_bytes()).hexdigest()
        except OSError:
            found[file] = "missing"
    return found[file]
