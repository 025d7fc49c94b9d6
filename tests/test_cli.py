"""The commands: documented, quick to answer, safe to print, and honest in their exit status."""

from __future__ import annotations

import csv
import errno
import io
import json
import re
import shlex
import shutil
import subprocess
import sys

import pandas as pd
import pytest
from typer.main import get_command
from typer.testing import CliRunner

import cci
from cci.book import messages, printed
from cci.cli import app

COMMANDS = ("check", "show", "trace", "add", "verify", "run", "accept")


def call(*arguments: str):
    return CliRunner().invoke(app, list(arguments))


@pytest.mark.parametrize("name", get_command(app).commands)
def test_every_command_is_documented_by_one_sentence_and_one_example(name):
    sentence, example = get_command(app).commands[name].help.split("\n\n")
    assert re.fullmatch(r"[A-Z][^.]*(\.[^.\s][^.]*)*\.", " ".join(sentence.split()))
    assert example.startswith(f"Example: cci {name}")
    for option in get_command(app).commands[name].params:
        assert option.help, f"{name} {option.name}"


def test_the_commands_of_the_manual_are_there():
    assert set(COMMANDS) <= set(get_command(app).commands)


@pytest.mark.parametrize("name", ["check", "show", "trace"])
def test_the_example_of_a_command_runs(name):
    example = get_command(app).commands[name].help.split("Example: cci ")[1]
    result = call(*shlex.split(example))
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.strip()


def test_help_does_not_wait_for_pandas_or_papermill():
    code = (
        "import sys, cci.cli; print(sorted({'pandas', 'papermill', 'altair', 'nbformat', 'yaml'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "[]\n"


def test_check_does_not_wait_for_pandas():
    code = "import atexit, sys; from cci.cli import app; atexit.register(lambda: print('pandas' in sys.modules)); app()"
    said = subprocess.run([sys.executable, "-c", code, "check"], capture_output=True, text=True).stdout
    assert said.splitlines()[-1] == "False"


def test_check_tells_every_problem_with_file_line_column_value_and_advice(tmp_path):
    data = shutil.copytree(cci.DEFAULT, tmp_path / "data")
    text = (data / "observations.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    text[1] = text[1].replace(text[1].split(",")[0], "wrong\x1b[31m", 1)
    (data / "observations.csv").write_text("".join(text), encoding="utf-8")
    result = call("check", "--data", str(data))
    *problems, summary = result.stdout.splitlines()
    assert result.exit_code == 1
    assert any(re.match(r".*observations\.csv, line 2: obs_id 'wrong", problem) for problem in problems)
    assert "\x1b" not in result.stdout
    assert re.search(rf"{len(problems)} problems? in \d files?$", summary)


def test_of_many_alike_the_first_few_are_told_and_all_where_a_program_asks(tmp_path):
    data = shutil.copytree(cci.DEFAULT, tmp_path / "data")
    path = data / "observations.csv"
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    for number, row in enumerate(rows[:40]):
        row[header.index("value")] = f"{number + 1},000"
        row[header.index("unit")] = "furlongs" if number < 2 else row[header.index("unit")]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    lines = call("check", "--data", str(data)).stdout.splitlines()
    assert sum("marks between its digits" in line for line in lines) == 5
    assert sum("furlongs" in line for line in lines) == 2
    assert f"{path}: value: 35 more problems like the last" in lines
    assert lines[-1].endswith("42 problems in 1 file")
    everything = json.loads(call("check", "--json", "--data", str(data)).stdout)
    assert len(everything) == 42
    assert everything[0].keys() == {"file", "line", "column", "value", "advice"}
    batch = tmp_path / "further"
    batch.mkdir()
    shutil.copy(path, batch)
    refused = call("add", str(batch))
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert len(refused.stderr.splitlines()) < len(json.loads(call("add", str(batch), "--json").stdout))


@pytest.mark.parametrize(
    ("refusal", "told"),
    [
        (OSError(errno.ENOSPC, "full", "x"), "x: full; free some space and give the command again; what was there"),
        (OSError(errno.EROFS, "read-only"), "read-only; change the rights of that place, or name another"),
        (
            shutil.Error([("a", "b/c", "[Errno 28] full: 'b/c'"), ("d", "b/d", "")]),
            "b/c: No space left on device; free",
        ),
        (OSError("in words of our own"), "in words of our own"),
    ],
)
def test_what_the_system_refuses_is_told_with_what_to_do(refusal, told):
    (line,) = messages.of_refusal(refusal)
    assert line.startswith(told)


def test_check_of_a_folder_that_is_none_is_refused(tmp_path):
    result = call("check", "--data", str(tmp_path / "nowhere"))
    assert result.exit_code == 1
    assert "nowhere" in result.stdout


def test_show_prints_every_scope_unless_one_is_asked_for():
    rows = list(csv.DictReader(io.StringIO(call("show", "weekly_flights", "--format", "csv").stdout)))
    assert len({row["scope"] for row in rows}) > 1
    one = json.loads(call("show", "weekly_flights", "--scope", "route-ckg-sin", "--format", "json").stdout)
    assert {row["scope"] for row in one} == {"route-ckg-sin"}
    assert one[0].keys() == rows[0].keys()


def test_show_as_of_a_day_hides_what_was_published_later():
    rows = json.loads(call("show", "weekly_flights", "--as-of", "2019-12-31", "--format", "json").stdout)
    assert rows
    assert max(row["known_by"] for row in rows) <= "2019-12-31"
    assert json.loads(call("show", "weekly_flights", "--as-of", "1999-12-31", "--format", "json").stdout) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["show", "weekly_flight"], "Did you mean 'weekly_flights'?"),
        (["show", "weekly_flights", "--scope", "nowhere"], "'nowhere'"),
        (["show", "weekly_flights", "--as-of", "2021-13-01"], "2021-13-01"),
        (["show", "weekly_flights", "--format", "xml"], "xml"),
        (["trace", "weekly_flights-route-ckg-sin-2016-07-27"], "Did you mean"),
        (["run", "frst"], "Did you mean 'first'?"),
        (["run", "first", "-p", "as_of=2021-13-01"], "date as YYYY-MM-DD"),
        (["run", "first", "-p", "as_of"], "name=value"),
        (["accept", "frst"], "Did you mean 'first'?"),
        (["audit", "--rule", "bayes"], "Use one of: as-printed"),
        (["nothing"], "nothing"),
    ],
)
def test_what_is_not_understood_is_said_in_plain_lines_with_status_2(book, arguments, said):
    result = call(*arguments)
    assert result.exit_code == 2
    assert said in result.stderr
    assert "Traceback" not in result.output
    assert result.stdout == ""


def test_run_and_accept_tell_what_they_made(book):
    ran = call("run", "-p", "since=2014")
    assert ran.exit_code == 0
    assert [line.split()[0] for line in ran.stdout.splitlines()] == ["first", "second"]
    assert (book.root / ran.stdout.split()[1]).is_file()
    assert ran.stderr.splitlines()[-1].endswith("cells")
    stale = call("accept", "--check")
    assert stale.exit_code == 1
    assert stale.stdout.splitlines()[-1] == "2 chapters: 5 cells differ in 2"
    accepted = call("accept")
    assert accepted.stdout.splitlines() == ["first: 3 cells changed (1, 2, 3)", "second: 2 cells changed (1, 2)"]
    fresh = call("accept", "--check")
    assert (fresh.exit_code, fresh.stdout) == (0, "2 chapters: no output differs\n")


def test_a_failing_chapter_is_told_on_standard_error_with_status_1(book):
    book.write("first", "raise ValueError('[red]no[/red] \\x1b[31mfigure')")
    result = call("run", "first")
    assert result.exit_code == 1
    assert "first: cell 2 (raise ValueError" in result.stderr
    assert "[red]no[/red] figure" in result.stderr
    assert "\x1b" not in result.output


def test_outside_of_a_book_the_commands_find_the_one_installed_in_place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = call("run", "no-such-chapter")
    assert result.exit_code == 2
    assert "No chapter 'no-such-chapter'" in result.stderr


def hostile() -> pd.DataFrame:
    text = '=HYPERLINK("http://x")'
    return pd.DataFrame(
        {
            "indicator": ["i"], "scope": ["s"], "label": ["[bold]A[/bold]\x1b]0;x\x07"], "scope_label": ["\u202eB"],
            "words": [text], "flag": [None], "n_origins": [1], "rival_ids": [("a", "b")], "source_id": ["-1+1"],
            "obs_id": ["o"], "period_start": [None], "period_end": ["2021"], "value": [-20.0], "high": [float("inf")],
        }
    )  # fmt: skip


def test_a_spreadsheet_takes_no_text_of_the_record_for_a_formula():
    (row,) = csv.DictReader(io.StringIO(printed.as_csv(hostile())))
    assert row["words"] == '\'=HYPERLINK("http://x")'
    assert row["source_id"] == "'-1+1"
    assert (row["value"], row["high"], row["rival_ids"]) == ("-20.0", "", "a;b")


def test_a_terminal_obeys_nothing_in_the_record(capsys):
    printed.console().print(printed.as_table(hostile()))
    shown = capsys.readouterr().out
    assert "[bold]A[/bold]\\x1b]0;x\\x07" in shown
    assert "\\u202eB" in shown
    assert not {"\x1b", "\x07", "\u202e"} & set(shown)


def test_json_has_null_for_what_is_unknown_or_unbounded():
    (row,) = json.loads(printed.as_json(hostile()))
    assert (row["high"], row["flag"], row["rival_ids"]) == (None, None, ["a", "b"])


def test_show_tells_what_was_known_on_each_day_and_what_was_said_otherwise_before():
    known = CliRunner().invoke(app, ["show", "jcbc_agreements_count", "--scope", "jcbc", "--view", "vintages"])
    assert "published" not in known.stdout
    assert "24 agreements" in known.stdout
    changed = CliRunner().invoke(
        app, ["show", "jcbc_agreements_count", "--scope", "jcbc", "--view", "revisions", "--format", "json"]
    )
    assert [row["words_before"] for row in json.loads(changed.stdout)] == ["over 20 agreements"]


def test_vintages_of_every_scope_at_once_are_refused_with_the_scopes():
    result = CliRunner().invoke(app, ["show", "weekly_flights", "--view", "vintages"])
    assert result.exit_code == 2
    assert "route-ckg-sin" in result.stderr
