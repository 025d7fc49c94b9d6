"""What a chapter's page says of its run: its parameters, a command that can be pasted, and text that stays text."""

import json
import shlex
from types import SimpleNamespace

import nbformat
import pytest
from docutils import nodes
from docutils.utils import new_document

from cci.book.parameters import check, declared, pairs
from cci.book.site import run_facts
from cci.book.site.outputs import panel
from cci.book.site.rendering import render

CELL = (
    "as_of = None  # date or None: only what was public by then\n"
    "since = 2014  # int 2010..2030: first year <b>shown</b>\n"
    'way = "by sea"  # one of by sea | it\'s by land: which way\n'
    "drawn = True  # bool: whether it is drawn"
)
STAMP = {
    "chapter": "first",
    "code": "0.1.0",
    "record": "0123456789abcdef",
    "parameters": {"as_of": None, "since": 2016, "way": "it's by land", "drawn": False},
}


def env_of(tmp_path, stamp=STAMP, cell=CELL):
    path = tmp_path / "first.ipynb"
    code = nbformat.v4.new_code_cell(cell, metadata={"tags": ["parameters"]})
    metadata = {"cci": stamp} if stamp else {}
    nbformat.write(nbformat.v4.new_notebook(cells=[code], metadata=metadata), path)
    return SimpleNamespace(docname="first", doc2path=lambda _: str(path))


def panels(env):
    title = nodes.title("", "A chapter")
    page = new_document("first")
    page += nodes.comment("", "what stands before a chapter")
    page += nodes.section("", title, nodes.paragraph("", "What it says."))
    run_facts.tell(env, page)
    return {node["view"]: json.loads(node["payload"]) for node in page.findall(panel)}


def facts(env):
    return panels(env)["run"]


def test_the_page_shows_the_values_of_the_run_not_the_defaults(tmp_path):
    shown = {parameter["name"]: parameter["value"] for parameter in facts(env_of(tmp_path))["parameters"]}
    assert shown == {"as_of": "none", "since": "2016", "way": "it's by land", "drawn": "false"}


def test_the_command_gives_the_same_parameters_again(tmp_path):
    words = shlex.split(facts(env_of(tmp_path))["command"])
    assert words[:3] == ["cci", "run", "first"]
    known = declared(nbformat.read(tmp_path / "first.ipynb", as_version=4))
    assert check(known, pairs(words[4::2])) == STAMP["parameters"]


@pytest.mark.parametrize("given", [{"stamp": None}, {"cell": "since = 2014"}])
def test_a_page_without_a_whole_run_says_nothing_of_one(tmp_path, given):
    assert panels(env_of(tmp_path, **given)) == {}


def test_a_page_that_is_no_notebook_has_no_run():
    assert panels(SimpleNamespace(docname="data", doc2path=lambda _: "data.md")) == {}


def test_a_chapter_says_first_when_it_last_changed_where_that_is_known(tmp_path):
    told = panels(env_of(tmp_path, STAMP | {"changed": "2026-11-24"}))
    assert list(told) == ["changed", "run"]
    assert "24 November 2026" in render("changed.html", **told["changed"])
    assert list(panels(env_of(tmp_path))) == ["run"]


def test_text_is_escaped_and_the_record_of_the_run_is_named(tmp_path):
    shelf = SimpleNamespace(edition={"cut-off": "31 December 2025"})
    links = SimpleNamespace(root="../", page=lambda name: f"../{name}.html")
    page = render(
        "run.html",
        shelf=shelf,
        links=links,
        notebook=None,
        rerun=None,
        published="2026-11-24",
        **facts(env_of(tmp_path)),
    )
    assert "of 24 November 2026" in page
    assert "first year &lt;b&gt;shown&lt;/b&gt;" in page
    assert f"<code>{STAMP['record']}</code>" in page
    assert "download" not in page
