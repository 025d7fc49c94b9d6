"""Put a file in place in one step: whoever reads sees the old one or the new one, never half of either."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path


def write(content: str | bytes, path: Path, *, durable: bool = True) -> bytes:
    """Write to `path`, making its folder, and return the bytes; a killed process leaves the old file or the new.

    `durable` waits until the disk has it: right for what cannot be made again, slow for hundreds of pages that can.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # A lone surrogate has no UTF-8; as a JSON escape it survives.
    data = content if isinstance(content, bytes) else content.encode("utf-8", errors="backslashreplace")
    handle, aside = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
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
