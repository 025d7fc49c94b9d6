"""What an edition is published as: the site, the record and the bound book in one folder, with their checksums."""

from __future__ import annotations

import hashlib
import shutil
import sys
from importlib.metadata import version
from pathlib import Path

from cci.book import archive, chapters, whole
from cci.book.build import SITE
from cci.book.site.catalogue import FOLDER
from cci.book.site.formats import FOLDER as FORMATS
from cci.book.site.formats import KINDS, NAME
from cci.errors import SiteIncomplete

SUMS = "SHA256SUMS"


def collect(book: Path, target: Path) -> list[Path]:
    """Put site, record and bound books of the built `book` into the folder `target`, beside what is in it already.

    Then write `SHA256SUMS` of all files there, as `sha256sum --check` reads it, and return the files in order, it
    last. Raises SiteIncomplete where the site or a bound book has not been made.
    """
    site, edition = book / SITE, version("cci")
    packages = sorted((site / FOLDER).glob(f"*-{edition}.zip"))
    bound = {site / FORMATS / f"{NAME}.{kind}": f"{NAME}-{edition}.{kind}" for kind in KINDS}
    missing = [path for path in (site / "index.html", *bound) if not path.is_file()]
    if missing or not packages:
        lacking = missing[0] if missing else site / FOLDER / f"*-{edition}.zip"
        raise SiteIncomplete(f"{lacking} is missing, so nothing can be released: run scripts/build --all-formats first")
    whole.write(archive.folder(site, f"{NAME}-{edition}"), target / f"{NAME}-{edition}-site.zip")
    for path, name in (*bound.items(), *((package, package.name) for package in packages)):
        shutil.copyfile(path, target / name)
    files = sorted(path for path in target.iterdir() if path.is_file() and path.name != SUMS)
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files]
    whole.write("".join(lines), target / SUMS)
    return [*files, target / SUMS]


if __name__ == "__main__":
    for file in collect(chapters.root(), Path(sys.argv[1])):
        print(f"{file.stat().st_size:>12,}  {file}")
