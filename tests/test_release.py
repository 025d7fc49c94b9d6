"""An edition in one folder: everything that was made, with checksums that hold."""

import hashlib
import re
import zipfile
from importlib.metadata import version
from pathlib import Path

import pytest

from cci.book.release import SUMS, collect
from cci.errors import SiteIncomplete

EDITION = version("cci")
BUILT = {
    "index.html": "page", "_data/cci-record-{}.zip": "record", "_data/cci-record-0.0.zip": "of another edition",
    "formats/cci-evidence-book.pdf": "on paper", "formats/cci-evidence-book.epub": "on a reader",
}  # fmt: skip


@pytest.fixture
def built(tmp_path):
    for name, text in BUILT.items():
        path = tmp_path / "book" / "_build" / "html" / name.format(EDITION)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "book"


def test_everything_is_there_beside_what_was_and_sums_hold(built, tmp_path):
    dist = tmp_path / "dist"
    dist.mkdir()
    (dist / "cci.whl").write_text("wheel")
    (dist / SUMS).write_text("of yesterday")
    files = collect(built, dist)
    names = [f"cci-evidence-book-{EDITION}{end}" for end in ("-site.zip", ".epub", ".pdf")]
    assert [path.name for path in files] == [*names, f"cci-record-{EDITION}.zip", "cci.whl", SUMS]
    assert (dist / f"cci-record-{EDITION}.zip").read_text() == "record"
    with zipfile.ZipFile(dist / names[0]) as site:
        assert site.read(f"cci-evidence-book-{EDITION}/index.html") == b"page"
    stated = [line.split("  ") for line in (dist / SUMS).read_text().splitlines()]
    assert stated == [[hashlib.sha256((dist / name).read_bytes()).hexdigest(), name] for _, name in stated]
    assert [name for _, name in stated] == [path.name for path in files[:-1]]


@pytest.mark.parametrize("lost", ["index.html", "_data/cci-record-{}.zip", "formats/cci-evidence-book.epub"])
def test_what_was_not_made_is_not_released(built, tmp_path, lost):
    (built / "_build" / "html" / lost.format(EDITION)).unlink()
    with pytest.raises(SiteIncomplete, match="scripts/build --all-formats"):
        collect(built, tmp_path / "dist")
    assert not (tmp_path / "dist").exists()


def test_the_bill_of_materials_is_made_by_pinned_tools():
    lines = Path(__file__).parents[1].joinpath("requirements-release.txt").read_text().splitlines()
    asked = [line.partition("#")[0].strip() for line in lines if line.partition("#")[0].strip()]
    assert asked
    assert [line for line in asked if not re.fullmatch(r"[\w.-]+==[\w.]+", line)] == []
