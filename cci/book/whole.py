"""Put a file or a folder in place in one step: whoever reads sees the old or the new, never half of either."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

_ASIDE = ".aside"  # ending of what is not in place yet


def write(content: str | bytes, path: Path, *, durable: bool = True) -> bytes:
    """Write to `path`, making its folder, and return the bytes; a killed process leaves the old file or the new.

    `durable` waits until the disk has it: right for what cannot be made again, slow for hundreds of pages that can.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # A lone surrogate has no UTF-8; as a JSON escape it survives.
    data = content if isinstance(content, bytes) else content.encode("utf-8", errors="backslashreplace")
    handle, aside = tempfile.mkstemp(prefix=f".{path.name}.", suffix=_ASIDE, dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        umask = os.umask(0)
        os.umask(umask)
        os.chmod(aside, 0o666 & ~umask)  # mkstemp's files are private, a page or a chapter is not
        os.replace(aside, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(aside)
        raise
    return data


def tidy(folder: Path) -> None:
    """Remove what writers that were killed have left in a folder; only for who alone writes there now."""
    for left in folder.glob(f".*{_ASIDE}"):
        left.unlink(missing_ok=True)


def listing(folder: Path) -> dict[str, tuple[int, int]]:
    """Return the files below a folder, each by its path from there with / between the steps: size in bytes and time of
    its last change in nanoseconds, which a change by anybody alters. No folder holds no files.
    """
    found: dict[str, tuple[int, int]] = {}
    for root, _, names in os.walk(folder):
        below = os.path.relpath(root, folder).replace(os.sep, "/")
        for name in names:
            known = os.stat(os.path.join(root, name))
            found[name if below == "." else f"{below}/{name}"] = (known.st_size, known.st_mtime_ns)
    return found


def replace(folder: Path, made: Path, *, without: tuple[str, ...] = ()) -> None:
    """Put a copy of the folder `made` in place of `folder`, which stays until the copy is whole.

    Files of the names in `without` are not copied, and those that `folder` holds already (of the same size and time)
    are taken over from it: by a second name for the same bytes, since nobody writes into a file that is in place.

    Both names of a swap lie beside `folder`, so that each step is a rename on one file system. Between the two renames
    there is no `folder`, for microseconds; `recover` ends a swap that was cut short there.
    """
    part, new, old = _beside(folder)
    recover(folder)

    def copy(source: str, target: str) -> None:
        before = folder / Path(source).relative_to(made)
        try:
            held, new = before.stat(), os.stat(source)
            if (held.st_size, held.st_mtime_ns) == (new.st_size, new.st_mtime_ns):
                os.link(before, target)
                return
        except OSError:  # not there, or no second names on this file system
            pass
        shutil.copy2(source, target)

    try:
        shutil.copytree(made, part, ignore=shutil.ignore_patterns(*without), copy_function=copy)
    except OSError:
        shutil.rmtree(part, ignore_errors=True)  # half a copy on a full disk is in everybody's way
        raise
    part.rename(new)
    if folder.exists():
        folder.rename(old)
    new.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def recover(folder: Path) -> None:
    """End a swap that was cut short, to the new folder if that was whole, else to the old, and remove what is left."""
    part, new, old = _beside(folder)
    for whole in (new, old):
        if whole.exists() and not folder.exists():
            whole.rename(folder)
    for left in (part, new, old):
        if left.exists():
            shutil.rmtree(left)


def _beside(folder: Path) -> tuple[Path, Path, Path]:
    part, new, old = (folder.with_name(f".{folder.name}.{state}") for state in ("part", "new", "old"))
    return part, new, old
