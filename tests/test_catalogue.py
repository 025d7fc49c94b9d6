"""The record to download: the same bytes, the same archive from the same files, checksums that hold."""

import hashlib
import io
import json
import re
import zipfile
from pathlib import Path

import duckdb
import pandas as pd
import pytest

import cci
from cci.book.site import catalogue, described
from cci.book.site.citing import Imprint
from cci.book.site.figures import script_json
from cci.book.site.links import Links
from cci.book.site.shelf import Shelf
from cci.record.tables import read

FIGURE = "gov_commercial_projects_count-cci-2025-12-15-1"
DATA = Path(cci.DEFAULT)
IMPRINT = Imprint(book="Book", author="Its authors", year="2026", version="1.0", base="")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    return tmp_path_factory.mktemp("site")


@pytest.fixture(scope="module")
def published(site):
    return catalogue.publish(DATA, site, version="1.0", kept=site / "kept")


def test_every_table_is_there_as_it_is_in_the_record(site, published):
    assert {table.name for table in published.tables} == {path.stem for path in DATA.glob("*.csv")}
    for table in published.tables:
        raw = (site / table.files[0].address).read_bytes()
        assert raw == (DATA / f"{table.name}.csv").read_bytes()
        rows = json.loads((site / table.files[1].address).read_text("utf-8"))
        assert len(rows) == table.rows == len(pd.read_csv(io.BytesIO(raw), dtype="str"))
        assert all(len(row) == table.columns for row in rows)


def test_json_tells_numbers_from_text_and_blanks_from_both(site, published):
    rows = json.loads((site / "_data/observations.json").read_text("utf-8"))
    row = next(row for row in rows if row["obs_id"] == "gov_commercial_projects_count-cci-2025-12-15-1")
    assert row["value"] == 347
    assert row["period_end"] == "2025-12-15"
    assert row["value_high"] is None


def test_parquet_holds_the_rows_with_their_types_the_same_bytes_each_time(site, published):
    typed = read(DATA)
    with duckdb.connect() as engine:
        for table in published.tables:
            path = site / table.files[2].address
            assert path.read_bytes() == catalogue.as_parquet(typed[table.name])
            columns = [column[0] for column in engine.execute(f"FROM '{path}' LIMIT 0").description]
            assert columns == list(typed[table.name].columns)
            assert engine.execute(f"SELECT count(*) FROM '{path}'").fetchone() == (table.rows,)
        held = f"FROM '{site / '_data' / 'observations.parquet'}'"
        row = engine.execute(f"SELECT value, value_high, period_end {held} WHERE obs_id = ?", [FIGURE]).fetchone()
        lists = engine.execute(f"SELECT obs_ids FROM '{site / '_data' / 'relations.parquet'}'").fetchall()
    assert row == (347.0, None, "2025-12-15")
    assert [list(one) for (one,) in lists] == [list(one) for one in typed["relations"]["obs_ids"]]


def test_checksums_are_those_of_the_files(site, published):
    lines = (site / published.sums.address).read_text("utf-8").splitlines()
    assert len(lines) == 3 * len(published.tables) + 1
    for line in lines:
        digest, name = line.split("  ")
        assert hashlib.sha256((site / "_data" / name).read_bytes()).hexdigest() == digest


def test_the_package_is_the_same_from_the_same_files_and_can_be_read_as_a_record(site, published, tmp_path):
    assert (site / published.package.address).read_bytes() == (
        tmp_path / catalogue.publish(DATA, tmp_path, version="1.0", kept=tmp_path / "kept").package.address
    ).read_bytes()
    with zipfile.ZipFile(site / published.package.address) as archive:
        archive.extractall(tmp_path / "unpacked")
    assert cci.load(data=tmp_path / "unpacked").fingerprint == cci.load().fingerprint


def test_the_description_names_every_file_with_its_size_and_checksum(published):
    found = described.whole_record(published, Links("../", {}), IMPRINT, page="chapters/data", cut_off="2025-12-31")
    assert found["@type"] == "Dataset"
    assert len(found["distribution"]) == 3 * len(published.tables) + 1
    first = found["distribution"][0]
    assert first["contentUrl"] == f"../{published.package.address}"
    assert first["sha256"] == published.package.sha256
    assert "url" not in found  # no host is named that the site does not have


def test_the_description_of_an_indicator_is_valid_json_whatever_its_name():
    shelf = Shelf(cci.load())
    name = "gov_commercial_projects_count"
    hostile = shelf.indicators[name] | {"label": "</script><script>alert(1)</script>", "definition": None}
    text = script_json(described.one_indicator(hostile, shelf.by_indicator[name], Links("../", {}), IMPRINT))
    assert "<" not in text
    found = json.loads(text)
    assert found["variableMeasured"]["name"] == hostile["label"]
    assert found["temporalCoverage"].endswith("/2025-12-15")


def test_the_lines_for_python_run_on_the_unpacked_package(site, published, tmp_path, monkeypatch):
    page = Path(__file__).parents[1].joinpath("chapters", "data.md").read_text("utf-8")
    (lines,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    with zipfile.ZipFile(site / published.package.address) as archive:
        archive.extractall(tmp_path)
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    exec(lines, names)
    assert len(names["said"]) == len(cci.load().observations)
