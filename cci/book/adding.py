"""Write further evidence into the record, all of it or none; and a folder of templates to collect it in."""

from __future__ import annotations

import json
import os
import shutil
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd

from cci.audit.consequences import COLUMNS
from cci.book import lock, whole
from cci.book.freshness import status
from cci.errors import CCIError, ParameterError, RecordError
from cci.models import predictions
from cci.record.additions import Additions, lay_out
from cci.record.dataset import Dataset
from cci.record.intervals import Interval
from cci.record.schema import FILE_NAME, parse
from cci.record.tables import DEFAULT, fingerprint, problems
from cci.record.wording import interval_words

# Inside the record's folder, so that a rename does not cross a file system; its lock stays there.
ASIDE = ".adding"


def write(added: Additions) -> tuple[Path, ...]:
    """Append the new rows to the tables of the record, and return the files that changed.

    The whole record is written aside and judged first; then the changed tables are renamed into place, those that
    others refer to before the others. When a rename fails, what was renamed is put back. When the process is killed
    between two, the record is sound and lacks rows; the same command adds what is missing, as rows that are there are
    skipped. One addition at a time: a second one waits for the first, and is then refused as below. Raises CCIError
    where a table was changed meanwhile, RecordError where the result would not be sound.
    """
    aside = added.data / ASIDE
    with lock.held(aside, "cci add"):
        result, kept = aside / "result", aside / "kept"
        try:
            for folder in (result, kept):
                shutil.rmtree(folder, ignore_errors=True)  # of one that was killed
                folder.mkdir()
            return _write(added, result, kept)
        finally:
            for folder in (result, kept):
                shutil.rmtree(folder, ignore_errors=True)


def _write(added: Additions, result: Path, kept: Path) -> tuple[Path, ...]:
    lay_out(added, result)
    found = problems(result)
    if found:
        raise RecordError(found)
    changed = added.after()
    for name in changed:
        shutil.copy2(added.data / name, kept / name)  # with its rights
        shutil.copymode(added.data / name, result / name)
        _on_disk(result / name)
        _on_disk(kept / name)
    if not _unchanged(added):
        raise CCIError(f"A table of {added.data} was changed meanwhile; nothing was written, give the command again")
    done: list[str] = []
    try:
        for name in changed:
            done.append(name)
            os.replace(result / name, added.data / name)
    except BaseException as reason:
        for name in reversed(done):
            with suppress(OSError):
                os.replace(kept / name, added.data / name)
        if not _unchanged(added):
            left = kept.rename(kept.with_name(f"kept-{os.getpid()}"))
            raise CCIError(f"{reason}. Not every table could be put back; they are as they were in {left}") from reason
        raise
    return tuple(added.data / name for name in changed)


def _unchanged(added: Additions) -> bool:
    return all((added.data / name).read_bytes() == content for name, content in added.before.items())


def _on_disk(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def freshness(added: Additions) -> dict[str, str]:
    """Return what the new rows make of each chapter's run: fresh, stale, or unknown where there is no fresh run now.

    Empty where nothing is new, where the rows are for another record than the book's, and where there is no book.
    """
    if not added.count or fingerprint(added.data) != fingerprint(DEFAULT):
        return {}
    with suppress(CCIError), TemporaryDirectory(prefix="cci-add-") as folder:
        lay_out(added, Path(folder))
        pairs = zip(status(), status(data=Path(folder)), strict=True)
        return {now.chapter: "unknown" if not now.fresh else "fresh" if then.fresh else "stale" for now, then in pairs}
    return {}


def predicted(before: Dataset, after: Dataset) -> pd.DataFrame:
    """Return the predictions that new rows score, as rows of `cci.audit.consequences` of the kind prediction.

    before: what the prediction allows; after: the outcome, in words.
    """
    told = {
        True: "Inside its range",
        False: "Outside its range",
        None: "Its wording leaves open whether inside its range",
    }
    rows = [
        (
            "prediction", one["prediction_id"], interval_words(Interval(one["low"], one["high"]), one["unit"]),
            one["outcome_words"], (one["outcome_id"],), f"{told[one['inside']]} of {one['level']} percent.",
        )
        for one in predictions.newly_scored(before, after).to_dict("records")
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(COLUMNS))


def template(folder: Path, *, data: Path = DEFAULT) -> tuple[Path, ...]:
    """Write a folder of empty tables with their headers and a README on every column; return the files.

    Raises ParameterError where one of them exists already, as nothing is overwritten; RecordError without a schema.
    """
    raw = (data / FILE_NAME).read_bytes()
    parse(raw, file=str(data / FILE_NAME))
    package = json.loads(raw)
    if folder.exists() and not folder.is_dir():
        raise ParameterError(f"{folder} is a file; name a folder that is empty or not there yet")
    written = {
        resource["path"]: ",".join(field["name"] for field in resource["schema"]["fields"]) + "\r\n"
        for resource in package["resources"]
    }
    written["README.md"] = _explained(package)
    there = [str(folder / name) for name in written if (folder / name).exists()]
    if there:
        raise ParameterError(f"{there[0]} exists already; name an empty folder, so that nothing is overwritten")
    for name, content in written.items():
        whole.write(content, folder / name)
    return tuple(folder / name for name in written)


_FIRST = """# Evidence to add

Fill in the tables you need and leave the others with their header, or delete them.
A row may name rows of this folder and rows of the record. Nothing of the record is altered: a restated figure is a
new row with its own source. Then:

```bash
cci add FOLDER         # every problem at once, or what the rows would change
cci add FOLDER --yes   # writes them
```

Files are UTF-8 with commas; a cell that holds a comma is in quotes. An empty cell means unknown. A number is plain,
with its scale applied. A date is as exact as its source: YYYY-MM-DD, YYYY-MM or YYYY. Lists separate names by `;`.
"""


def _explained(package: dict[str, Any]) -> str:
    lines = [_FIRST]
    for resource in package["resources"]:
        lines += [f"## {resource['path']}", "", resource["description"], ""]
        key = resource["schema"].get("primaryKey", [])
        if key:
            names = [key] if isinstance(key, str) else key
            lines += [f"Key: {', '.join(f'`{name}`' for name in names)}.", ""]
        lines += [_column(field) for field in resource["schema"]["fields"]] + [""]
    lines += ["## Units", ""]
    lines += [f"- `{unit}`: {rules['meaning']}" for unit, rules in package.get("cci:units", {}).items()]
    return "\n".join(lines) + "\n"


def _column(field: dict[str, Any]) -> str:
    rules = field.get("constraints", {})
    needed = "needed" if rules.get("required") else "may be blank"
    line = f"- `{field['name']}` ({needed}): {field['description']}"
    if "cci:meanings" in field:
        return line + "".join(f"\n  - `{value}`: {meaning}" for value, meaning in field["cci:meanings"].items())
    return line
