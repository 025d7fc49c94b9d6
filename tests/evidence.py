"""A copy of the record and a folder of further rows for it."""

from __future__ import annotations

import csv
import shutil
from dataclasses import dataclass
from pathlib import Path

import cci
from cci.book.adding import template

SOURCE = {
    "source_id": "review-2026-01-10-air", "title": "Review, of the year", "publisher": "Press",
    "published": "2026-01-10", "url": "https://example.org/a", "language": "en", "kind": "state_media",
    "origin": "own", "side": "chinese", "accessed": "2026-02-01",
}  # fmt: skip
FLIGHTS = {
    "obs_id": "weekly_flights-route-ckg-sin-2026-01-01-1", "indicator": "weekly_flights", "scope": "route-ckg-sin",
    "value": "26", "unit": "flights_per_week", "qualifier": "exact", "period_end": "2026-01-01",
    "as_stated": "26 weekly flights", "source_id": "review-2026-01-10-air",
}  # fmt: skip


@dataclass(frozen=True)
class Batch:
    """A copy of the record in `data` and a folder of templates to fill."""

    data: Path
    folder: Path

    def give(self, table: str, *rows: dict[str, str]) -> None:
        """Append rows to a table of the folder; columns not named stay blank."""
        path = self.folder / f"{table}.csv"
        header = path.read_bytes().decode().splitlines()[0].split(",")
        with path.open("a", encoding="utf-8", newline="") as file:
            csv.DictWriter(file, header).writerows([dict.fromkeys(header, "") | row for row in rows])

    def table(self, name: str) -> list[dict[str, str]]:
        """Return the rows of a table of the record as text."""
        with (self.data / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def held(self, table: str, number: int) -> dict[str, str]:
        """Return one row of the record, by its number from 0."""
        return self.table(table)[number]

    def bytes(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in sorted(self.data.iterdir()) if path.is_file()}


def batch(folder: Path) -> Batch:
    """Return a fresh copy of the record and a fresh folder of templates."""
    made = Batch(Path(shutil.copytree(cci.DEFAULT, folder / "data")), folder / "further")
    template(made.folder, data=made.data)
    return made
