"""One command at a time in a folder that it writes: runs, chapters, the site.

The lock is the system's, on the open file `.lock`, and ends with the process that holds it, however that ends: there
is no stale lock to remove, and what the file says only names the holder. POSIX systems lock by flock, Windows by its
own lock of a byte range; on a network drive that knows neither, the command is refused rather than left unguarded.
"""

from __future__ import annotations

import logging
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cci.errors import Busy

PATIENCE = 900.0  # seconds: longer than all chapters and a site take
NAME = ".lock"
_log = logging.getLogger(__name__)  # a warning reaches the terminal, whether a command or a program waits


@contextmanager
def held(folder: Path, what: str, *, patience: float = PATIENCE) -> Iterator[bool]:
    """Hold a folder, made where it is missing, for `what`, as in "cci run"; wait with a message while another does.

    The block is told whether it had to wait. Raises Busy after `patience` seconds of waiting, or where the system
    cannot lock. A process that holds a folder and asks for it once more waits for itself: take it in one place.
    """
    folder.mkdir(parents=True, exist_ok=True)
    file = os.open(folder / NAME, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        waited = _wait(file, folder, patience)
        os.ftruncate(file, 0)
        os.lseek(file, 0, os.SEEK_SET)
        os.write(file, f"{what} (process {os.getpid()})".encode())
        yield waited
    finally:
        os.close(file)  # and with it the lock; the file stays, since to remove it would let a third one in


def _wait(file: int, folder: Path, patience: float) -> bool:
    deadline = time.monotonic() + patience
    told = False
    while not _taken(file, folder):
        holder = _holder(file)
        if time.monotonic() >= deadline:
            raise Busy(f"{folder} is in use by {holder}; wait until that has ended, or end it, and try again")
        if not told:
            _log.warning("waiting for %s, which is at work in %s", holder, folder)
            told = True
        time.sleep(0.05)
    return told


def _holder(file: int) -> str:
    os.lseek(file, 0, os.SEEK_SET)
    return os.read(file, 200).decode(errors="replace") or "another command"


def _taken(file: int, folder: Path) -> bool:
    """Whether the lock could be had at once."""
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(file, 1000, os.SEEK_SET)  # past the name of the holder, which stays legible
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):  # what the two systems say of a lock that another holds
        return False
    except OSError as reason:
        raise Busy(
            f"{folder} cannot be locked ({reason.strerror}); move the book to a disk of this machine"
        ) from reason
    return True
