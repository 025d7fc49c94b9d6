"""The addresses of other sites to which the built pages lead: which are dead, which have moved, which nobody could ask.

lychee asks them. Dead is what its own server says is not there; a server that refuses programs, asks for patience,
fails or is not reached leaves an address unchecked: a person may still open it.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cci.book import yamlfile
from cci.errors import CCIError

_GONE = {404, 410}


@dataclass(frozen=True)
class Address:
    """One address, what its server said (of one that moved: where to), and the first page that leads there."""

    url: str
    said: str
    page: str


@dataclass(frozen=True)
class Answers:
    """What came back, each list in the order of its addresses; `excepted` is what exceptions.yml leaves out."""

    dead: list[Address]
    moved: list[Address]
    unchecked: list[Address]
    excepted: list[Address]


def lychee() -> str:
    """Return the link checker beside this Python or on the path. Raises CCIError where there is none."""
    found = shutil.which("lychee", path=str(Path(sys.executable).parent)) or shutil.which("lychee")
    if found is None:
        raise CCIError("No lychee found. It is among the pins of requirements.txt: run scripts/setup.")
    return found


def answers(site: Path, exceptions: Sequence[dict[str, str]], *, timeout: int = 20) -> Answers:
    """Ask every address of another site in the pages of `site`, twice where the first try fails.

    `exceptions` are rows of `address`, a pattern, and `reason`; `timeout` is in seconds. Raises CCIError where lychee
    cannot work.
    """
    without = [part for row in exceptions for part in ("--exclude", row["address"])]
    command = [
        lychee(), "--format", "json", "--no-progress", "--verbose", "--extensions", "html", "--scheme", "http",
        "--scheme", "https", "--timeout", str(timeout), "--max-retries", "1", "--host-concurrency", "2",
        *without, str(site),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        said = json.loads(done.stdout)
    except json.JSONDecodeError:
        raise CCIError(f"lychee gave no answer on {site}: {done.stderr.strip()}") from None
    failed = [*_listed(said["error_map"], site), *_listed(said["timeout_map"], site)]
    dead = [address for address, code in failed if code in _GONE]
    unchecked = [address for address, code in failed if code not in _GONE]
    moved = [address for address, _ in _listed(said["redirect_map"], site)]
    outside = [address for address, _ in _listed(said["excluded_map"], site) if address.url.startswith("http")]
    return Answers(dead, moved, unchecked, outside)


def _listed(found: dict[str, list[dict[str, Any]]], site: Path) -> list[tuple[Address, int | None]]:
    """Every address once, with the status its server gave, where it gave one."""
    first: dict[str, tuple[Address, int | None]] = {}
    for page, links in sorted(found.items()):
        place = Path(page).resolve().relative_to(site.resolve()).as_posix()
        for link in links:
            if "status" in link:
                url, said, code = link["url"], link["status"]["text"], link["status"].get("code")
            else:
                url, said, code = link["origin"], link["redirects"][-1]["url"], None
            first.setdefault(url, (Address(url, said, place), code))
    return [first[url] for url in sorted(first)]


def main(site: Path, exceptions: Path) -> int:
    """Print what became of each address; return 1 where one is dead."""
    rows = yamlfile.plain(exceptions)["links"]
    found = answers(site, rows)
    for title, listed in (("dead", found.dead), ("moved", found.moved), ("unchecked", found.unchecked)):
        for address in listed:
            print(f"{title}: {address.url}\n    {address.said} (on {address.page})")
    for row in rows:
        print(f"excepted: {row['address']}\n    {row['reason']}")
    print(f"links: {len(found.dead)} dead, {len(found.moved)} moved, {len(found.unchecked)} unchecked")
    return int(bool(found.dead))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
