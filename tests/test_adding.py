"""The command that adds evidence: shows first, writes all or nothing, and leaves the record whole when it is cut."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import evidence
import pytest
from evidence import FLIGHTS, SOURCE
from typer.testing import CliRunner

import cci
from cci.book import adding
from cci.book.foreseen import Flip, foreseen
from cci.book.freshness import status
from cci.book.run import run
from cci.cli import app
from cci.record import tables
from cci.record.additions import additions, resulting

COPY_LATER = FLIGHTS | {"obs_id": "weekly_flights-route-ckg-sin-2026-01-01-2", "value": "27"}


@pytest.fixture
def batch(tmp_path):
    made = evidence.batch(tmp_path)
    made.give("sources", SOURCE)
    made.give("observations", FLIGHTS)
    return made


def call(batch, *options):
    return CliRunner().invoke(app, ["add", str(batch.folder), "--data", str(batch.data), "--quick", *options])


def test_nothing_is_written_without_yes_and_text_is_shown_as_it_is(batch):
    batch.give("disagreements", {
        "disagreement_id": "d-hostile", "title": "[bold]<script>", "pillar": "aviation", "kind": "level_conflict",
        "obs_ids": FLIGHTS["obs_id"], "explanation": "None.",
    })  # fmt: skip
    before = batch.bytes()
    result = call(batch)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "weekly_flights/route-ckg-sin: 2025-12-15 -> 2026-01-01" in result.stdout
    assert result.stdout.endswith("give the command again with --yes to add 3 rows\n")
    assert "d-hostile: none -> recorded. [bold]<script> " in result.stdout
    assert batch.bytes() == before


def test_with_yes_the_rows_are_appended_and_the_second_time_skipped(batch):
    before = batch.bytes()
    assert call(batch, "--yes").exit_code == 0
    after = batch.bytes()
    assert {name for name in before if before[name] != after[name]} == {"sources.csv", "observations.csv"}
    assert all(after[name].startswith(content) for name, content in before.items())
    assert set(after) == set(before)
    assert cci.load(data=batch.data).observation(FLIGHTS["obs_id"])["value"] == 26
    again = call(batch, "--yes")
    assert again.exit_code == 0
    assert f"{batch.folder / 'sources.csv'}: 0 new rows; skipped, as the record has them: line 2" in again.stdout
    assert again.stdout.endswith("nothing to add: the record has every row\n")
    assert batch.bytes() == after


def test_a_refusal_is_status_1_with_every_problem_and_writes_nothing(batch):
    batch.give("observations", COPY_LATER | {"unit": "trains", "note": "\x1b[31m[red]"})
    before = batch.bytes()
    result = call(batch, "--yes")
    assert (result.exit_code, result.stdout) == (1, "")
    assert [line.split(": ")[0] for line in result.stderr.splitlines()] == [
        f"{batch.folder / 'observations.csv'}, line 3"
    ] * 2
    assert "\x1b" not in result.stderr
    assert batch.bytes() == before


def test_a_folder_that_is_none_is_status_2(batch):
    result = CliRunner().invoke(app, ["add", str(batch.folder / "nowhere"), "--data", str(batch.data)])
    assert result.exit_code == 2
    assert "cci add --template" in result.stderr


@pytest.mark.parametrize("failing", [1, 2])
def test_a_rename_that_fails_half_way_leaves_the_record_as_it_was(batch, monkeypatch, failing):
    before, renamed, rename = batch.bytes(), [], os.replace

    def fail_once(source, target):
        renamed.append(target)
        if len(renamed) == failing:
            raise OSError(28, "No space left on device")
        rename(source, target)

    monkeypatch.setattr(os, "replace", fail_once)
    with pytest.raises(OSError, match="No space left on device"):
        adding.write(additions(batch.folder, data=batch.data))
    assert len(renamed) > failing
    assert batch.bytes() == before


def test_tables_that_cannot_be_put_back_are_kept_and_named(batch, monkeypatch):
    before, renamed, rename = batch.bytes(), [], os.replace

    def fail_from_the_second_on(source, target):
        renamed.append(target)
        if len(renamed) > 1:
            raise OSError(5, "Input/output error")
        rename(source, target)

    monkeypatch.setattr(os, "replace", fail_from_the_second_on)
    kept = batch.data / adding.ASIDE / f"kept-{os.getpid()}"
    with pytest.raises(cci.CCIError, match=f"Input/output error. Not every table could be put back; .* in {kept}"):
        adding.write(additions(batch.folder, data=batch.data))
    assert (kept / "sources.csv").read_bytes() == before["sources.csv"]


KILLED = """
import os, sys
from pathlib import Path
from cci.book import adding
from cci.book.foreseen import Flip, foreseen
from cci.book.freshness import status
from cci.book.run import run
from cci.record.additions import additions, resulting
rename, renamed = os.replace, []
def kill(source, target):
    renamed.append(target)
    if len(renamed) == 2:
        os._exit(9)
    rename(source, target)
os.replace = kill
adding.write(additions(Path(sys.argv[1]), data=Path(sys.argv[2])))
"""


def test_a_process_killed_between_two_renames_leaves_a_sound_record_and_the_next_call_finishes(batch):
    before = batch.bytes()
    done = subprocess.run([sys.executable, "-c", KILLED, str(batch.folder), str(batch.data)])
    assert done.returncode == 9
    assert (batch.data / "sources.csv").read_bytes() != before["sources.csv"]
    assert tables.problems(batch.data) == []
    adding.write(additions(batch.folder, data=batch.data))
    assert cci.load(data=batch.data).observation(FLIGHTS["obs_id"])["value"] == 26
    assert set(batch.bytes()) == set(before)


def test_a_table_changed_meanwhile_is_not_overwritten(batch):
    added = additions(batch.folder, data=batch.data)
    scopes = batch.data / "scopes.csv"
    scopes.write_bytes(scopes.read_bytes() + b"b-scope,B,,B scope.\r\n")
    before = batch.bytes()
    with pytest.raises(cci.CCIError, match="changed meanwhile"):
        adding.write(added)
    assert batch.bytes() == before


def test_the_template_has_every_table_and_explains_every_column_and_value(batch):
    schema, _ = tables.judged()
    explained = (batch.folder / "README.md").read_text(encoding="utf-8")
    for table in schema.tables:
        section = explained.split(f"\n## {table.path}\n")[1].split("\n## ")[0]
        for field in table.fields:
            assert f"- `{field.name}` ({'needed' if field.required else 'may be blank'}): " in section
            for value in field.values or ():
                assert f"`{value}`: " in explained


def test_a_template_overwrites_nothing(batch):
    before = {path.name: path.read_bytes() for path in batch.folder.iterdir()}
    result = call(batch, "--template")
    assert result.exit_code == 2
    assert "exists already" in result.stderr
    assert {path.name: path.read_bytes() for path in batch.folder.iterdir()} == before


READING = "import cci\nrecord = cci.load()\nlen(record.series({!r}, scope={!r}))"


def test_only_the_chapters_that_read_what_is_new_become_stale(batch, book):
    book.write(
        "first", READING.format("weekly_flights", "route-ckg-sin"), parameters="as_of = None  # date or None: day"
    )
    book.write("second", READING.format("air_cargo", "changi"), parameters="as_of = None  # date or None: day")
    added = additions(batch.folder, data=cci.DEFAULT)
    assert adding.freshness(added) == {"first": "unknown", "second": "unknown"}
    run()
    assert adding.freshness(added) == {"first": "stale", "second": "fresh"}
    assert [one.fresh for one in status()] == [True, True]
    other = batch.data / "scopes.csv"
    other.write_bytes(other.read_bytes() + b"b-scope,B,,B scope.\r\n")
    assert adding.freshness(additions(batch.folder, data=batch.data)) == {}


JUDGED = (
    """import cci
from cci import audit
from cci.book.results import glue

flights = cci.load().series("weekly_flights", scope="route-ckg-sin")
latest = flights["end"].dt.year.max()
glue("last", flights["words"].iloc[-1])""",
    """audit.findings(
    audit.finding("There are flights.", holds=len(flights) > 0),
    audit.finding(f"None of {len(flights)} is of 2026.", holds=latest < 2026),
)""",
)


def test_findings_that_flip_and_figures_that_move_are_found_by_running_the_stale_chapters_aside(batch, book):
    book.write("first", *JUDGED, parameters="as_of = None  # date or None: day")
    book.write("second", READING.format("air_cargo", "changi"), parameters="as_of = None  # date or None: day")
    run()
    record, before = (
        cci.load().fingerprint,
        {path: path.read_bytes() for path in book.root.rglob("*") if path.is_file()},
    )
    added = additions(batch.folder, data=cci.DEFAULT)
    (found,) = foreseen(added, adding.freshness(added))
    count = len(cci.load().series("weekly_flights", scope="route-ckg-sin")) + 1
    assert (found.chapter, found.failure) == ("first", None)
    assert found.flips == (Flip(2, f"None of {count} is of 2026.", "holds", "fails"),)
    assert any(said.startswith("figure last: ") and said.endswith("26 flights a week") for said in found.differences)
    assert cci.load().fingerprint == record
    assert {path: path.read_bytes() for path in book.root.rglob("*") if path.is_file()} == before


def test_the_command_runs_what_was_not_fresh_and_tells_tools_the_whole_report(batch, book):
    book.write("first", *JUDGED, "1 // int(latest - 2026)", parameters="as_of = None  # date or None: day")
    report = json.loads(CliRunner().invoke(app, ["add", str(batch.folder), "--json"]).stdout)
    assert report["tables"]["observations"] == {"new": 1, "skipped": []}
    assert report["chapters"]["first"] == "stale"
    assert [row["what"] for row in report["consequences"] if row["kind"] == "series"] == [
        "weekly_flights/route-ckg-sin"
    ]
    (one,) = report["foreseen"]
    assert "raised ZeroDivisionError" in one["failure"]
    assert report["written"] == []


PORTS = FLIGHTS | {"indicator": "destination_ports", "scope": "ilstc-all", "unit": "ports", "period_end": "2026-12-31"}


@pytest.mark.parametrize(("value", "told"), [("600", "Inside"), ("5000", "Outside")])
def test_a_prediction_whose_target_is_now_known_is_scored(batch, value, told):
    batch.give("observations", PORTS | {"obs_id": "ports-1", "value": value, "as_stated": f"{value} ports"})
    scored = adding.predicted(cci.load(data=batch.data), resulting(additions(batch.folder, data=batch.data)))
    naive = scored.set_index("what").loc["destination_ports-ilstc-all-2025-12-31-2026-naive"]
    assert naive[["kind", "after", "obs_ids"]].tolist() == ["prediction", f"{int(value):,} ports", ("ports-1",)]
    assert naive["message"] == f"{told} its range of 80 percent."
    assert {name.split("-2025-12-31-")[1][:4] for name in scored["what"]} == {"2026"}
