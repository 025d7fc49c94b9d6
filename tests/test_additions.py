"""Further rows are new, there already, or refused with every problem at once; the record's bytes stay as they are."""

from __future__ import annotations

import evidence
import faults
import pytest
from evidence import FLIGHTS, SOURCE

from cci.errors import ParameterError, RecordError
from cci.record import tables
from cci.record.additions import additions, resulting


@pytest.fixture
def batch(tmp_path):
    return evidence.batch(tmp_path)


def problems(batch):
    with pytest.raises(RecordError) as refusal:
        additions(batch.folder, data=batch.data)
    return refusal.value.problems


def test_new_rows_may_name_rows_of_the_folder_and_of_the_record(batch):
    batch.give("sources", SOURCE)
    batch.give("observations", FLIGHTS)
    added = additions(batch.folder, data=batch.data)
    assert added.count == 2
    assert resulting(added).observation(FLIGHTS["obs_id"])["words"] == "26 flights a week"


def test_an_empty_template_adds_nothing(batch):
    added = additions(batch.folder, data=batch.data)
    assert (added.count, added.after()) == (0, {})


def test_an_identical_row_is_skipped_and_named_by_its_line(batch):
    batch.give("sources", SOURCE, batch.held("sources", 3))
    added = additions(batch.folder, data=batch.data)
    assert (added.count, added.identical) == (1, {"sources": [3]})


def test_a_row_that_would_alter_another_is_refused_with_the_columns_that_differ(batch):
    held = batch.held("observations", 7)
    batch.give("observations", held | {"value": "1", "note": "No."})
    (problem,) = problems(batch)
    assert (problem.line, problem.column, problem.value) == (2, "obs_id", held["obs_id"])
    assert f"observations.csv, line 9 with other content (value '{held['value']}' there, '1' here; note " in str(
        problem
    )
    assert "rows are added, not altered" in str(problem)


def test_a_key_of_two_columns_is_held_too(batch):
    held = batch.held("participations", 0)
    role = next(role for role in ("speaker", "organiser") if role != held["role"])
    batch.give("participations", held | {"role": role})
    (problem,) = problems(batch)
    assert problem.column == "event_id, organisation_id"
    assert f"role '{held['role']}' there, '{role}' here" in str(problem)


def test_every_problem_of_every_table_is_told_at_once_in_file_and_line_order(batch):
    batch.give("sources", SOURCE | {"kind": "newspaper"}, SOURCE | {"source_id": "b-1", "published": "2026-13-01"})
    batch.give(
        "observations",
        FLIGHTS | {"value": "1,000", "scope": "route-ckg-sinn"},
        FLIGHTS,
        FLIGHTS | {"obs_id": "other-1", "as_stated": "one two three four five six seven eight nine"},
        FLIGHTS | {"obs_id": "other-2", "source_id": "nowhere"},
        batch.held("observations", 1) | {"value": "1"},
    )
    found = [(p.file.rpartition("/")[2], p.line, p.column) for p in problems(batch)]
    assert found == [
        ("sources.csv", 2, "kind"),
        ("sources.csv", 3, "published"),
        ("observations.csv", 2, "scope"),
        ("observations.csv", 2, "value"),
        ("observations.csv", 3, "obs_id"),
        ("observations.csv", 4, "as_stated"),
        ("observations.csv", 5, "source_id"),
        ("observations.csv", 6, "obs_id"),
    ]


def test_a_name_is_looked_for_in_the_folder_and_in_the_record(batch):
    batch.give("sources", SOURCE)
    batch.give("observations", FLIGHTS | {"source_id": SOURCE["source_id"] + "s", "scope": "route-ckg-sinn"})
    scope, source = map(str, problems(batch))
    assert "did you mean 'route-ckg-sin'?" in scope
    assert f"{batch.folder / 'sources.csv'} or {batch.data / 'sources.csv'}" in source
    assert f"did you mean '{SOURCE['source_id']}'?" in source


def test_faulty_cells_are_refused_as_in_the_record_itself(batch):
    wrong = [fault for fault in faults.CELLS.values() if fault[0] == "observations" and fault[3] != "obs_id"]
    rows = {row["obs_id"]: row for row in batch.table("observations")}
    batch.give(
        "observations",
        *(rows[key] | {"obs_id": f"further-{n}"} | cells for n, (_, key, cells, _, _) in enumerate(wrong)),
    )
    found = {problem.line: problem for problem in problems(batch)}
    assert len(wrong) > 40
    for line, (_, _, cells, column, words) in enumerate(wrong, 2):
        assert found[line].column == column, cells
        assert words in str(found[line])


def test_a_missing_column_is_refused_whatever_else_the_rows_hold(batch):
    (batch.folder / "sources.csv").write_text("source_id,title\na-1,A\n", encoding="utf-8")
    found = problems(batch)
    assert {p.line for p in found} == {1}
    assert "publisher is missing; add the column" in "\n".join(map(str, found))


def test_a_file_that_is_no_table_is_refused_with_the_nearest(batch):
    (batch.folder / "observation.csv").write_text("a\n", encoding="utf-8")
    (problem,) = problems(batch)
    assert "is not a table of the record; did you mean 'observations.csv'?" in str(problem)


def test_a_table_that_is_a_link_to_nothing_is_told_and_not_passed_over(batch):
    (batch.folder / "observations.csv").unlink()
    (batch.folder / "observations.csv").symlink_to(batch.folder / "gone.csv")
    (problem,) = problems(batch)
    assert "observations.csv: is missing" in str(problem)


def test_a_folder_without_tables_or_none_at_all_is_a_mistake_of_the_command(batch, tmp_path):
    for folder in (tmp_path / "nowhere", batch.data / "README.md"):
        with pytest.raises(ParameterError, match="is not a folder"):
            additions(folder, data=batch.data)
    (tmp_path / "empty").mkdir()
    with pytest.raises(ParameterError, match="holds no table of the record"):
        additions(tmp_path / "empty", data=batch.data)


def test_a_broken_record_is_told_before_the_folder_is_judged(batch):
    path = batch.data / "scopes.csv"
    path.write_bytes(path.read_bytes().replace(b"scope,", b"scop,", 1))
    batch.give("sources", SOURCE | {"kind": "newspaper"})
    assert {p.file for p in problems(batch)} == {str(path)}


@pytest.mark.parametrize("ending", [b"\r\n", b"\n"])
def test_every_byte_is_kept_and_rows_are_written_as_the_file_is(batch, ending):
    path = batch.data / "sources.csv"
    text = path.read_bytes().replace(b"\r\n", ending)
    path.write_bytes(text)
    batch.give("sources", SOURCE)
    after = additions(batch.folder, data=batch.data).after()
    assert list(after) == ["sources.csv"]
    row = (
        b'review-2026-01-10-air,"Review, of the year",Press,2026-01-10,https://example.org/a,en,state_media,own,,chinese,'
        b"2026-02-01,"
    )
    assert after["sources.csv"] == text + row + ending


def test_a_file_with_quotes_everywhere_gets_them_in_new_rows(batch):
    path = batch.data / "organisations.csv"
    lines = [*path.read_text(encoding="utf-8").splitlines()[:1], "a,A,chinese,company"]
    path.write_text("".join(f'"{line.replace(",", chr(34) + "," + chr(34))}"\n' for line in lines), encoding="utf-8")
    held = batch.held("events", 0)
    (batch.data / "participations.csv").write_text(
        f"event_id,organisation_id,role,source_id\n{held['event_id']},a,speaker,{held['source_id']}\n", encoding="utf-8"
    )
    batch.give("organisations", {"organisation_id": "b", "name": "B", "side": "other", "kind": "company"})
    after = additions(batch.folder, data=batch.data).after()["organisations.csv"]
    assert after.endswith(b'"b","B","other","company"\n')


def test_files_are_written_so_that_the_record_is_sound_after_each(batch):
    batch.give("sources", SOURCE)
    batch.give("observations", FLIGHTS)
    batch.give("scopes", {"scope": "a-scope", "label": "A", "definition": "A scope."})
    relation = {"relation_id": "r-a", "kind": "equal", "obs_ids": f"{FLIGHTS['obs_id']};?", "expected": "cannot_tell"}
    batch.give("relations", relation)
    after = additions(batch.folder, data=batch.data).after()
    assert set(after) == {"sources.csv", "observations.csv", "scopes.csv", "relations.csv"}
    for name, content in after.items():
        (batch.data / name).write_bytes(content)
        assert tables.problems(batch.data) == []
