"""The record as files beside the site: each table as CSV, JSON and Parquet, and the whole package with checksums.

The CSV files are the bytes of the record, so that a checksum tells whether a copy is the one the book was made from.
DuckDB writes the Parquet files, of the same bytes from the same rows, and is less than half of what pyarrow takes.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from sphinx.application import Sphinx

from cci.book import archive, whole
from cci.book.build import code_state
from cci.book.site.assets import press_of
from cci.book.site.binding import data_folder, imprint_of, shelf_of
from cci.record.tables import read

if TYPE_CHECKING:
    import pandas as pd

FOLDER = "_data"  # in the built site
_BUILT: WeakKeyDictionary[Sphinx, Catalogue] = WeakKeyDictionary()


@dataclass(frozen=True)
class File:
    """One file: its address from the top of the site, its size in bytes and its checksum."""

    address: str
    media: str
    size: int
    sha256: str

    @property
    def name(self) -> str:
        return self.address.rpartition("/")[2]

    @property
    def format(self) -> str:
        """What its format is called: CSV, JSON, Parquet."""
        ending = self.name.rpartition(".")[2]
        return "Parquet" if ending == "parquet" else ending.upper()

    @property
    def kilobytes(self) -> str:
        """The size in words: 291 kB."""
        return f"{max(1, round(self.size / 1000)):,} kB"


@dataclass(frozen=True)
class Table:
    """One table of the record and its files."""

    name: str
    about: str
    rows: int
    columns: int
    files: tuple[File, ...]


@dataclass(frozen=True)
class Catalogue:
    """Everything that can be downloaded: the tables, the package that holds them all, and the list of checksums."""

    tables: tuple[Table, ...]
    package: File
    sums: File
    about: dict[str, Any]


def catalogue(app: Sphinx) -> Catalogue:
    """Return the files of the record, written into the site when they are first asked for: every byte of it counts."""
    shelf_of(app).record.fingerprint  # noqa: B018  # asked, so that the page is made again when it is another
    if app not in _BUILT:
        kept = press_of(app).cache / "tables"
        _BUILT[app] = publish(data_folder(app), Path(app.outdir), version=imprint_of(app).version, kept=kept)
    return _BUILT[app]


def publish(data: Path, site: Path, *, version: str, kept: Path) -> Catalogue:
    """Write the files of the record in `data` into a site and return what was written.

    A table that was written before by the same code is taken from `kept`.
    """
    code = code_state()
    about = json.loads((data / "datapackage.json").read_text("utf-8"))
    typed = read(data)
    tables = []
    for resource in about["resources"]:
        name, frame = resource["name"], typed[resource["name"]]
        stated = (data / resource["path"]).read_bytes()
        made = kept / hashlib.sha256(repr((code, resource, stated)).encode()).hexdigest()[:16]
        files = (
            _written(site, resource["path"], stated, "text/csv"),
            _written(site, f"{name}.json", _once(made, "json", _as_json, frame), "application/json"),
            _written(
                site, f"{name}.parquet", _once(made, "parquet", as_parquet, frame), "application/vnd.apache.parquet"
            ),
        )
        tables.append(Table(name, str(resource.get("description") or ""), len(frame), len(frame.columns), files))
    members = sorted(["datapackage.json", "README.md", *(resource["path"] for resource in about["resources"])])
    packed = archive.zipped({member: (data / member).read_bytes() for member in members if (data / member).is_file()})
    package = _written(site, f"{about['name']}-{version}.zip", packed, "application/zip")
    listed = [file for table in tables for file in table.files] + [package]
    lines = "".join(f"{file.sha256}  {file.name}\n" for file in listed)
    return Catalogue(tuple(tables), package, _written(site, "SHA256SUMS", lines.encode(), "text/plain"), about)


def _once(made: Path, ending: str, make: Callable[[pd.DataFrame], bytes], frame: pd.DataFrame) -> bytes:
    path = made.with_suffix(f".{ending}")
    return path.read_bytes() if path.is_file() else whole.write(make(frame), path, durable=False)


def _as_json(frame: pd.DataFrame) -> bytes:
    from cci.book.printed import as_json  # the terminal's printing comes with it: only a page of data needs it

    return as_json(frame).encode()


def as_parquet(frame: pd.DataFrame) -> bytes:
    """Return a frame as a Parquet file: columns typed, lists as lists, blanks as nulls."""
    import duckdb  # 70 MB: only a page of data needs it

    with tempfile.TemporaryDirectory() as aside, duckdb.connect(config={"threads": 1}) as engine:
        path = Path(aside, "rows.parquet")
        engine.register("rows", frame)
        engine.execute(f"COPY rows TO '{str(path).replace(chr(39), chr(39) * 2)}' (FORMAT parquet, COMPRESSION zstd)")
        return path.read_bytes()


def _written(site: Path, name: str, content: bytes, media: str) -> File:
    whole.write(content, site / FOLDER / name, durable=False)
    return File(f"{FOLDER}/{name}", media, len(content), hashlib.sha256(content).hexdigest())
