"""The rooms of the package: imports point only backwards, and no room has a name that refuses nothing."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "cci"
ORDER = ("errors", "record", "audit", "models", "charts", "book", "cli")
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


def _room(dotted):
    return dotted.split(".")[1]


def _imported(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield from ([f"cci.{alias.name}" for alias in node.names] if node.module == "cci" else [node.module])


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_imports_only_from_its_own_room_and_those_before_it(path):
    own = _room("cci." + ".".join(path.relative_to(PACKAGE).with_suffix("").parts))
    for name in _imported(path):
        if name.startswith("cci.") and _room(name) in ORDER:
            assert ORDER.index(_room(name)) <= ORDER.index(own), f"{path} imports {name}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_says_what_it_is_for_and_is_not_called_after_everything(path):
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), f"{path} has no docstring"
    assert not {"utils", "helpers", "common", "manager", "misc"} & set(path.relative_to(PACKAGE).with_suffix("").parts)
