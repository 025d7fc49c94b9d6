"""The one form of a notebook in which unchanged results change no byte."""

from __future__ import annotations

import json

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from cci.book import normalise, whole
from cci.errors import CCIError


def executed(**metadata):
    cell = new_code_cell(
        "print(1)\nprint(2)",
        execution_count=17,
        metadata={
            "tags": [],
            "papermill": {"duration": 1.5},
            "execution": {"iopub.status.busy": "now"},
            "scrolled": True,
        },
        outputs=[
            new_output("stream", name="stdout", text="1\n"),
            new_output("stream", name="stdout", text="2\n"),
            new_output("execute_result", data={"text/plain": "3"}, execution_count=17),
        ],
    )
    empty = new_code_cell("", id="empty")
    return new_notebook(cells=[new_markdown_cell("# 標題", id="title"), cell, empty], metadata=metadata)


def test_what_depends_on_the_execution_is_dropped_and_counts_run_from_1():
    notebook = normalise.normalise(
        executed(
            papermill={"start_time": "now"}, language_info={"name": "python", "version": "3.12.1"}, cci={"chapter": "x"}
        )
    )
    cell = notebook.cells[1]
    assert cell.metadata == {}
    assert cell.execution_count == cell.outputs[1].execution_count == 1
    assert cell.outputs[0].text == "1\n2\n"
    assert "version" not in notebook.metadata.language_info
    assert set(notebook.metadata) == {"kernelspec", "language_info", "cci"}


def test_pieces_of_the_two_streams_are_merged_in_one_order():
    cell = new_code_cell("x", execution_count=1)
    for name, text in (("stderr", "a"), ("stdout", "1"), ("stderr", "b"), ("stdout", "2")):
        cell.outputs.append(new_output("stream", name=name, text=text))
    outputs = normalise.normalise(new_notebook(cells=[cell])).cells[0].outputs
    assert [(output.name, output.text) for output in outputs] == [("stdout", "12"), ("stderr", "ab")]


def test_normalising_twice_is_normalising_once(tmp_path):
    path = tmp_path / "chapter.ipynb"
    whole.write(normalise.text(executed()), path)
    assert normalise.text(normalise.read(path)) == path.read_text(encoding="utf-8")


def test_the_text_has_sorted_keys_plain_characters_and_a_final_newline():
    text = normalise.text(executed())
    assert "標題" in text
    assert text.endswith("}\n")
    assert text == json.dumps(json.loads(text), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def test_a_missing_or_repeated_cell_id_is_made_from_the_cell_and_stays(tmp_path):
    notebook = json.loads(
        normalise.text(new_notebook(cells=[new_code_cell("1"), new_code_cell("1"), new_code_cell("2")]))
    )
    del notebook["cells"][0]["id"], notebook["cells"][1]["id"]
    notebook["nbformat_minor"] = 4
    path = tmp_path / "chapter.ipynb"
    path.write_text(json.dumps(notebook))
    ids = [cell.id for cell in normalise.read(path).cells]
    assert ids == [cell.id for cell in normalise.read(path).cells]
    assert len(set(ids)) == 3
    assert ids[2] == notebook["cells"][2]["id"]


@pytest.mark.parametrize(
    "content", ["", "[]", "---\ntitle: x\n---", '{"nbformat": 3}', '{"nbformat": 4, "cells": [1]}', '{"nbformat": 4}']
)
def test_what_is_no_notebook_is_refused(tmp_path, content):
    path = tmp_path / "chapter.ipynb"
    path.write_text(content)
    with pytest.raises(CCIError, match=r"chapter\.ipynb cannot be read as a notebook"):
        normalise.read(path)


def test_a_write_that_fails_leaves_the_old_file_and_no_other(tmp_path, monkeypatch):
    path = tmp_path / "chapter.ipynb"
    path.write_text("old")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(whole.os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        whole.write("new", path)
    assert [item.name for item in tmp_path.iterdir()] == ["chapter.ipynb"]
    assert path.read_text() == "old"
