"""The files of the record as they are on disk: where they are, their bytes, and one fingerprint over all of them."""

from __future__ import annotations

import errno
from hashlib import sha256
from pathlib import Path

from cci.errors import Problem, RecordError
from cci.record.reads import Origin, loaded
from cci.record.schema import FILE_NAME, parse

_INSIDE = Path(__file__).parents[1] / "data"  # where a wheel puts the record
DEFAULT: Path = _INSIDE if _INSIDE.is_dir() else Path(__file__).parents[2] / "data"


def fingerprint(data: Path = DEFAULT) -> str:
    """Return 16 hexadecimal digits over the names and bytes of the schema and the tables.

    Raises RecordError where one of them cannot be read; whether the tables are sound is not asked.
    """
    data = Path(data)
    raw = content(data, FILE_NAME)
    parts = {table.path: content(data, table.path) for table in parse(raw, file=shown(data, FILE_NAME)).tables}
    digest = sha256()
    for name, part in sorted({FILE_NAME: raw, **parts}.items()):
        digest.update(f"{name}\0{len(part)}\0".encode() + part)
    return digest.hexdigest()[:16]


def shown(data: Path, name: str) -> str:
    """Return a file as messages name it: the folder as the user gave it, the record's own as seen from here."""
    if data == DEFAULT and data.is_relative_to(Path.cwd()):
        data = data.relative_to(Path.cwd())
    return str(data / name)


def content(data: Path, name: str) -> bytes:
    """Return the bytes of one file. Raises RecordError where it cannot be read."""
    # Outside of load() these are the files themselves, of which any byte may matter to whoever reads them.
    loaded(Origin(None if data == DEFAULT else str(data.absolute()), None, "", ""))
    try:
        return regular(data / name)
    except OSError as error:
        if not data.is_dir():
            found = Problem(str(data), None, None, None, "is not a folder; give the folder that holds the record")
        else:
            advice = f"cannot be read ({error.strerror}); copy it from the data folder of the repository"
            found = Problem(shown(data, name), None, None, None, advice)
        raise RecordError([found]) from None


def regular(path: Path) -> bytes:
    """Return the bytes of a file; OSError also for a pipe or a device, of which the end may never come."""
    if path.exists() and not path.is_file() and not path.is_dir():
        raise OSError(errno.EINVAL, "it is a pipe or a device")
    return path.read_bytes()
