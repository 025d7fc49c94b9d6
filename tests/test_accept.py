"""Outputs enter chapters/ by acceptance only, and only those of a whole run of the chapter as it stands."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from unittest.mock import ANY

import pytest

import cci
from cci.book import normalise, whole
from cci.book.accept import accept, default_runs, differences
from cci.book.run import run
from cci.book.stamp import sources
from cci.errors import ChapterFailed, NotAcceptable


def chapter(book, name="first"):
    return normalise.read(book.chapters / f"{name}.ipynb")


def test_accepted_outputs_counts_and_stamp_are_those_of_the_run(book):
    sources_before = [cell.source for cell in chapter(book).cells]
    accepted = accept(run())
    assert [(one.chapter, [d.number for d in one.differences], one.written) for one in accepted] == [
        ("first", [1, 2, 3], True),
        ("second", [1, 2], True),
    ]
    parameters, printed, as_of = normalise.code_cells(chapter(book))
    assert [cell.execution_count for cell in (parameters, printed, as_of)] == [1, 2, 3]
    assert [output.get("text", output.get("data")) for output in printed.outputs] == ["2014\n", {"text/plain": "2014"}]
    assert [cell.source for cell in chapter(book).cells] == sources_before
    assert chapter(book).metadata.cci == {
        "changed": ANY,
        "written": ANY,
        "chapter": "first",
        "parameters": {"as_of": None, "since": 2014},
        "record": cci.load().fingerprint,
        "code": cci.__version__,
    }


def test_accepting_unchanged_results_changes_no_byte(book):
    accept(run())
    before = book.bytes()
    accepted = accept(run())
    assert [(one.differences, one.written) for one in accepted] == [((), False), ((), False)]
    assert book.bytes() == before


def test_a_chapter_known_to_hold_the_outputs_of_its_run_is_not_laid_out_again(book, monkeypatch):
    accept(run())
    with monkeypatch.context() as patch:
        patch.setattr(normalise, "text", lambda _: pytest.fail("the chapter was written out again"))
        assert [(one.differences, one.written) for one in accept(run())] == [((), False), ((), False)]
        assert differences(run()) == []
    notebook = chapter(book)
    list(normalise.code_cells(notebook))[1].outputs[0].text = "2015\n"  # by hand
    whole.write(normalise.text(notebook), book.chapters / "first.ipynb")
    assert [one.number for one in differences(run())] == [2]
    assert [one.written for one in accept(run())] == [True, False]
    assert list(normalise.code_cells(chapter(book)))[1].outputs[0].text == "2014\n"


def test_an_acceptance_ends_what_killed_commands_have_left_halfway(book):
    runs = run()
    (book.root / "_build" / ".html.old").mkdir()
    (book.chapters / ".first.ipynb.x1.aside").write_text("half")
    accept(runs)
    assert (book.root / "_build" / "html").is_dir()
    assert not (book.chapters / ".first.ipynb.x1.aside").exists()


def test_runs_are_found_again_on_disk(book):
    made = run()
    assert default_runs() == made
    assert default_runs(["second"]) == made[1:]


def test_a_chapter_without_a_default_run_is_named(book):
    run(["first"])
    run(["second"], parameters={"since": 2018})
    with pytest.raises(
        NotAcceptable, match=r"^second: no run with these parameters in .*; run it again: cci run second$"
    ):
        default_runs()


def test_prose_may_be_edited_after_the_run(book):
    runs = run()
    notebook = chapter(book)
    notebook.cells[0].source = "# A better title"
    whole.write(normalise.text(notebook), book.chapters / "first.ipynb")
    accept(runs)
    assert chapter(book).cells[0].source == "# A better title"
    assert [cell.execution_count for cell in normalise.code_cells(chapter(book))] == [1, 2, 3]


def test_the_day_of_change_moves_only_with_what_is_written(book, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795478400")  # 24 November 2026
    accept(run())
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795651200")  # two days later
    notebook = chapter(book)
    notebook.cells[0].source = "# A better title"
    whole.write(normalise.text(notebook), book.chapters / "first.ipynb")
    accept(run())
    assert chapter(book).metadata.cci.changed == "2026-11-26"
    assert chapter(book, "second").metadata.cci.changed == "2026-11-24"
    notebook = chapter(book)
    list(normalise.code_cells(notebook))[1].outputs = []
    whole.write(normalise.text(notebook), book.chapters / "first.ipynb")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1796000000")
    assert accept(run())[0].written
    assert chapter(book).metadata.cci.changed == "2026-11-26"


def refused(runs, reason):
    with pytest.raises(NotAcceptable, match=reason):
        accept(runs)


def test_a_run_with_other_parameters_is_refused(book):
    refused(run(["first"], parameters={"since": 2018}), "first: the run has other parameters")


def test_a_failed_run_is_refused(book):
    book.write("first", "1 / 0")
    with pytest.raises(ChapterFailed):
        run(["first"])
    refused(default_runs(["first"]), "first: the run failed, cell 2")


def test_a_run_of_another_source_is_refused_and_the_cell_named(book):
    runs = run(["first"])
    book.write("first", "print(since)\nsince + 1", "as_of")
    refused(runs, r"first: cell 2 \(print\(since\)\) has changed")
    book.write("first", "print(since)\nsince", "as_of", "1")
    refused(runs, "first: the chapter has 4 code cells, the run 3")


def test_a_run_on_another_record_or_code_is_refused(book):
    data = shutil.copytree(cci.DEFAULT, book.root / "data")
    book.write("first", "import cci\nrecord = cci.load(data='../data')", "len(record.where(scope='idc'))")
    runs = run(["first"])
    accept(runs)
    table = data / "observations.csv"
    before = table.read_text(encoding="utf-8")
    table.write_text(before.replace(",idc,", ",cci,", 1), encoding="utf-8")
    refused(runs, r"first: record: where scope idc: row \S+ gone since the run; run it again: cci run first")
    table.write_text(before, encoding="utf-8")
    inputs = runs[0].inputs
    inputs["code"]["cci.record.wording"]["figure_words"] = "0" * 12
    (runs[0].folder / "inputs.json").write_text(json.dumps(inputs))
    other = [replace(runs[0], stamp={**runs[0].stamp, "sources": "0" * 16})]
    refused(other, "first: code: cci.record.wording: figure_words has changed since the run")


def test_one_refused_run_keeps_all_others_out(book):
    first, second = run()
    before = book.bytes()
    refused([first, replace(second, failure="cell 2 raised")], "second: the run failed")
    assert book.bytes() == before


def test_only_modules_that_can_change_a_result_make_a_run_stale(tmp_path):
    for name in ("record/tables.py", "book/run.py", "book/results.py", "book/printed.py", "cli.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("one")
    before = sources(tmp_path)
    for name, matters in (
        ("cli.py", False),
        ("book/printed.py", False),
        ("book/run.py", True),
        ("book/results.py", True),
        ("record/tables.py", True),
    ):
        (tmp_path / name).write_text("two")
        assert (sources(tmp_path) != before) is matters, name
        before = sources(tmp_path)


def test_a_changed_figure_is_told_by_cell_and_nothing_is_written(book):
    book.write("second", "from pathlib import Path\nfigure = int(Path('../figure').read_text())", "figure", "'same'")
    (book.root / "figure").write_text("347")
    accept(run(["second"]))
    before = book.bytes()
    assert differences(default_runs(["second"])) == []
    (book.root / "figure").write_text("346")
    assert list(map(str, differences(run(["second"])))) == ["second, cell 3 (figure): other output: output 1"]
    assert book.bytes() == before


def test_the_stamp_of_an_accepted_chapter_does_not_depend_on_the_python_or_the_commit(book):
    (first,) = run(["first"])
    accept([first])
    before = book.bytes()
    accept([replace(first, stamp={**first.stamp, "python": "3.12.1"})])
    assert book.bytes() == before
    assert "python" in json.loads((first.folder / "stamp.json").read_text())
