"""Archives whose bytes depend on what is in them alone: not on the day, the machine or the order of a folder."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

_EARLIEST = (1980, 1, 1, 0, 0, 0)  # the first day that a ZIP archive can name
_PLAIN = {"mimetype"}  # the first file of an EPUB must be readable without unpacking


def zipped(members: Mapping[str, bytes]) -> bytes:
    """Return files (name -> content) as a ZIP archive, in the order given."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            entry = zipfile.ZipInfo(name, _EARLIEST)
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            entry.compress_type = zipfile.ZIP_STORED if name in _PLAIN else zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return out.getvalue()


def undated(path: Path) -> bytes:
    """Return a ZIP archive with the same files in the same order, without the dates it holds."""
    with zipfile.ZipFile(path) as archive:
        return zipped({name: archive.read(name) for name in archive.namelist()})


def folder(path: Path, name: str) -> bytes:
    """Return all files below a folder as a ZIP archive, below a folder `name`, in the order of their names."""
    files = sorted(file for file in path.rglob("*") if file.is_file())
    return zipped({f"{name}/{file.relative_to(path).as_posix()}": file.read_bytes() for file in files})
