"""What code a chapter can reach: everything that runs, and not much more."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import cci
from cci.book import chapters as book_chapters
from cci.book import normalise
from cci.book.code import OUTSIDE, Unreadable, reachable
from cci.book.inputs import EXECUTION
from cci.book.stamp import WITHOUT_EFFECT

ROOT = Path(__file__).parents[1]
PACKAGE = Path(cci.__file__).parent
FILES = {
    "__init__": "",
    "one": """
        from pack.two import helper, unused
        import pack.three as third
        RATE = 2
        class Base:
            kind = RATE
            def method(self):
                return helper()
        def plain(): return helper() * RATE
        def lazy():
            from pack.four import late
            return late()
        def renamed(): return third.far()
        def other(): return 1
        """,
    "two": """
        TABLE = {}
        def register(function):
            TABLE[function.__name__] = function
            return function
        def helper(): return inner()
        def inner(): return 1
        def unused(): return 2
        @register
        def registered(): return needed()
        def needed(): return 3
        """,
    "three": "def far(): return 1\ndef near(): return 2",
    "four": "def late(): return 1",
    "sub.__init__": "from pack.sub import part\nfrom pack.sub.part import shown",
    "sub.part": "def shown(): return 1\ndef hidden(): return 2",
    "by_name": """
        from importlib import import_module
        HOME = "pack.three"
        def __getattr__(name): return import_module(HOME)
        """,
}


@pytest.fixture
def pack(tmp_path):
    for name, text in FILES.items():
        path = tmp_path / "pack" / f"{name.replace('.', '/')}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        # A function on one line has no body apart from its head.
        body = re.sub(r"(def \w+\(.*?\)): (return .*)", r"\1:\n    \2", textwrap.dedent(text))
        path.write_text(body, encoding="utf-8")
    return tmp_path / "pack"


def names(found):
    return {f"{module}:{name}" for module, definitions in found.items() for name in definitions if name != OUTSIDE}


@pytest.mark.parametrize(
    ("cell", "reached"),
    [
        ("from pack.one import plain\nplain()", {"one:plain", "two:helper", "two:inner"}),
        ("import pack.one\npack.one.plain()", {"one:plain", "two:helper", "two:inner"}),
        ("import pack.one as o\no.other()", {"one:other"}),
        ("from pack import one\none.renamed()", {"one:renamed", "three:far"}),
        ("from pack.one import lazy\nlazy()", {"one:lazy", "four:late"}),
        ("from pack.one import Base\nBase()", {"one:Base", "two:helper", "two:inner"}),
        ("from pack import sub\nsub.shown()", {"sub.part:shown"}),
        ("from pack import sub\nsub.part.hidden()", {"sub.part:hidden"}),
        ("from pack import three\nprint(three)", {"three:far", "three:near", "three:*"}),
        (
            "from pack import by_name\nby_name.x",
            {"by_name:*", "by_name:__getattr__", "three:far", "three:near", "three:*"},
        ),
        ("import math", set()),
    ],
)
def test_what_is_named_is_reached_with_all_that_it_names(pack, cell, reached):
    always = {"pack.two:register", "pack.two:registered", "pack.two:needed"}  # on import, by a decorator
    assert names(reachable([cell], package=pack)) - always == {f"pack.{name}" for name in reached}


def test_a_decorated_function_counts_once_its_module_is_imported(pack):
    assert {"pack.two:registered", "pack.two:needed"} <= names(reachable(["import pack.one"], package=pack))


@pytest.mark.parametrize(
    ("module", "old", "new", "matters"),
    [
        ("two", "return 1", "return 5", True),
        ("two", "return 2", "return 5", False),
        ("one", "RATE = 2", "RATE = 3", True),
        ("one", "def other()", "def other(x=RATE)", True),  # a default is computed on import
        ("one", "return 1", "return 7", False),
        ("three", "return 2", "return 3", False),
        ("four", "return 1", "return 2", False),
    ],
)
def test_a_change_counts_where_it_can_be_felt(pack, module, old, new, matters):
    cell = ["from pack.one import plain\nplain()"]
    before = reachable(cell, package=pack)
    path = pack / f"{module}.py"
    path.write_text(path.read_text().replace(old, new))
    assert (reachable(cell, package=pack) != before) is matters


def test_a_module_that_is_no_python_is_told(pack):
    (pack / "two.py").write_text("def")
    with pytest.raises(Unreadable, match=r"pack\.two is not Python"):
        reachable(["from pack.one import plain"], package=pack)


def cells(chapter):
    return [cell.source for cell in normalise.code_cells(normalise.read(book_chapters.path(chapter, ROOT)))]


def without_the_rest(chapter, place):
    """Copy the package without the bodies of all that a chapter cannot reach; return how many there are."""
    found = reachable(cells(chapter))
    shutil.copytree(PACKAGE, place / PACKAGE.name, ignore=shutil.ignore_patterns("__pycache__"))
    gone = 0
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE.parent).with_suffix("")
        module = ".".join(name.parts).removesuffix(".__init__")
        lines = path.read_text(encoding="utf-8").split("\n")
        for node in reversed(ast.parse("\n".join(lines)).body):
            if not isinstance(node, ast.FunctionDef) or node.decorator_list or node.name in found.get(module, {}):
                continue
            gone += 1
            first = node.body[0]
            lines[first.lineno - 1 : node.end_lineno] = ["    raise AssertionError('called all the same')"]
        target = place / path.relative_to(PACKAGE.parent)
        target.write_text("\n".join(lines), encoding="utf-8")
    return gone


@pytest.mark.parametrize("chapter", ["aviation", "disagreements", "green"])
def test_a_chapter_runs_without_the_code_that_it_cannot_reach(chapter, tmp_path):
    assert without_the_rest(chapter, tmp_path) > 150
    shutil.copytree(cci.DEFAULT, tmp_path / "data")
    code = "\n".join(["from IPython.display import display", *cells(chapter)])
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env={"PYTHONPATH": str(tmp_path)}, capture_output=True
    )
    assert done.returncode == 0, done.stderr.decode()[-2000:]


def test_no_module_that_is_said_to_have_no_effect_can_be_reached():
    every = [cell for path in sorted((ROOT / "chapters").glob("*.ipynb")) for cell in cells(path.stem)]
    reached = {module.replace(".", "/") for module in reachable(every, EXECUTION)}
    assert "cci/book/run" in reached
    assert not {f"cci/{name.removesuffix('.py')}" for name in WITHOUT_EFFECT} & reached
    assert not any(module.startswith("cci/book/site") for module in reached)


def test_what_executes_chapters_counts_for_each():
    found = reachable(["1"], EXECUTION)
    assert "_outputs" in found["cci.book.normalise"]
    assert "kernel_spec" in found["cci.book.kernels"]
    assert "outcomes" in found["cci.book.outcomes"]
