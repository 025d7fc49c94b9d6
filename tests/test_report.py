"""The audit as one table, and the command that prints it."""

import json
import shutil

import pytest
from typer.testing import CliRunner

import cci
from cci.audit.report import COLUMNS, UNEXPECTED, relations_from, report, unexplained
from cci.cli import app
from cci.errors import RecordError


@pytest.fixture(scope="module")
def found():
    return report(cci.load())


def test_listed_implied_and_flagged_stand_in_one_table(found):
    assert tuple(found.columns) == COLUMNS
    assert set(found["outcome"]) == {"holds", "breaks", "solves", "candidate"}
    assert (found["relation_id"] == "r-743-base").any()
    assert found["relation_id"].str.startswith("growth:").any()
    assert found["kind"].eq("frozen_headline").any()


def test_a_disagreement_explains_whatever_breaks_in_the_record(found):
    assert "r-743-yearbook" in set(found.loc[found["outcome"].eq("breaks"), "relation_id"])
    assert unexplained(found)["relation_id"].tolist() == []


def test_relations_of_a_file_are_judged_and_faulty_ones_say_why(tmp_path):
    file = tmp_path / "relations.csv"
    ids = "gov_commercial_projects_count-cci-2025-11-10-1;gov_commercial_projects_count-cci-2022-11-14-1"
    file.write_text(
        f"relation_id,kind,obs_ids\nx-added,difference,{ids};?\nx-missing,sum,no-such-row;?\nx-odd,trend,{ids}\n",
        encoding="utf-8",
    )
    result = CliRunner().invoke(app, ["audit", "--relations", str(file), "--format", "json"])
    rows = {row["relation_id"]: row for row in json.loads(result.stdout)}
    assert (rows["x-added"]["outcome"], rows["x-added"]["low"], rows["x-added"]["high"]) == ("solves", 129, 129)
    assert rows["x-missing"]["outcome"] == rows["x-odd"]["outcome"] == "cannot_tell"
    assert "no-such-row" in rows["x-missing"]["message"]


@pytest.mark.parametrize("content", ["", "relation_id,kind\na,sum\n", "a;b\n"])
def test_a_file_that_is_no_table_of_relations_is_refused(tmp_path, content):
    file = tmp_path / "relations.csv"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(RecordError, match=r"relations\.csv"):
        relations_from(file)


def test_the_command_tells_by_its_exit_status_whether_something_breaks_unexplained(tmp_path):
    published = CliRunner().invoke(app, ["audit", "--format", "csv"])
    assert published.exit_code == 0
    assert published.stdout.startswith(",".join(COLUMNS))
    data = shutil.copytree(cci.DEFAULT, tmp_path / "data")
    lines = (data / "disagreements.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith("d-tenfold,")]
    (data / "disagreements.csv").write_text("".join(kept), encoding="utf-8")
    result = CliRunner().invoke(app, ["audit", "--data", str(data), "--format", "json"])
    assert result.exit_code == 1
    unexplained_rows = [row for row in json.loads(result.stdout) if row["outcome"] == "breaks" and not row["recorded"]]
    assert [row["relation_id"] for row in unexplained_rows] == ["r-tenfold"]


def test_a_relation_that_does_not_come_out_as_its_table_expects_is_a_candidate(tmp_path, found):
    assert not found["kind"].eq(UNEXPECTED).any()
    data = shutil.copytree(cci.DEFAULT, tmp_path / "data")
    text = (data / "relations.csv").read_text(encoding="utf-8")
    row = next(line for line in text.splitlines() if line.startswith("r-286,"))
    assert ",holds," in row
    (data / "relations.csv").write_text(text.replace(row, row.replace(",holds,", ",breaks,")), encoding="utf-8")
    now = report(cci.load(data=data)).query("kind == @UNEXPECTED")
    assert now["obs_ids"].tolist() == [("r-286",)]
    assert now["message"].iloc[0].startswith("holds, not breaks: ")
    assert not report(cci.load(data=data, as_of="2020-01-01"))["kind"].eq(UNEXPECTED).any()


def test_the_rule_of_intervals_can_be_chosen():
    result = CliRunner().invoke(app, ["audit", "--rule", "exactly"])
    assert result.exit_code == 2
    assert "next-round" in result.stderr
