"""A state of the book to compare: a git revision laid out in a folder of its own, or the working tree as it is.

Git is only asked: neither the working tree nor the index nor a list of worktrees is touched.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

from cci.errors import CCIError, UnknownName
from cci.record.schema import FILE_NAME

WORKING_TREE = "the working tree"


@dataclass(frozen=True)
class State:
    """A book with its record, and the revision (abbreviated commit) it is; None for the working tree."""

    name: str
    book: Path
    commit: str | None = None

    def __str__(self) -> str:
        return self.name if self.commit in (None, self.name) else f"{self.name} ({self.commit})"

    @property
    def data(self) -> Path:
        """The folder of its record."""
        return self.book / "data"

    @property
    def has_record(self) -> bool:
        return (self.data / FILE_NAME).is_file()


@contextmanager
def laid_out(revision: str, book: Path) -> Iterator[State]:
    """Give the state of a book at a revision, in a folder that is removed afterwards.

    Raises UnknownName for a revision that the repository does not have, CCIError where there is no repository, where
    only a part of its history was fetched, and where the revision does not hold the book.
    """
    commit = _commit(revision, book)
    with TemporaryDirectory(prefix="cci-review-") as folder:
        archive = _git(book, "archive", "--format=zip", commit)
        if archive.returncode:
            raise CCIError(f"{revision} cannot be laid out: {_said(archive)}; name a revision that holds this book")
        with ZipFile(BytesIO(archive.stdout)) as files:
            files.extractall(folder)  # it keeps every name inside the folder and makes no links
        yield State(revision, Path(folder), commit[:7])


def behind(base: str, head: str | None, book: Path) -> int:
    """Return how many commits `base` has that `head` (None: the working tree) lacks; 0 where that cannot be told."""
    counted = _git(book, "rev-list", "--count", "--end-of-options", f"{head or 'HEAD'}..{base}")
    return int(counted.stdout) if counted.returncode == 0 else 0


def _commit(revision: str, book: Path) -> str:
    inside = _git(book, "rev-parse", "--is-shallow-repository")
    if inside.returncode:
        if b"not a git repository" in inside.stderr:
            raise CCIError(f"{book} is not in a git repository; clone the book with git and review it there")
        raise CCIError(f"git refuses {book}: {_said(inside)}")
    found = _git(book, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if found.returncode == 0:
        return found.stdout.decode().strip()
    if inside.stdout.strip() == b"true":
        raise CCIError(
            f"No revision {revision!r} in {book}, of whose history only the last commits were fetched. Fetch the rest, "
            "git fetch --unshallow, or a branch of another name, git fetch origin NAME:NAME, and try again"
        )
    names = _git(book, "for-each-ref", "--format=%(refname:short)", "refs/heads", "refs/remotes", "refs/tags")
    raise UnknownName("revision", revision, names.stdout.decode().split(), where=f" in {book}; git fetch may bring it")


def _git(book: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    # Without the first, asking may rewrite the index; in English, so that what it says can be told apart.
    quiet = {"GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
    try:
        return subprocess.run(["git", *arguments], cwd=book, env=os.environ | quiet, capture_output=True)
    except FileNotFoundError:
        raise CCIError("git is not installed, or not on the path; install it and try again") from None


def _said(done: subprocess.CompletedProcess[bytes]) -> str:
    lines = done.stderr.decode(errors="replace").strip().splitlines()
    return lines[0].removeprefix("fatal: ") if lines else f"git ended with status {done.returncode}"
