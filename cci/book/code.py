"""Which code a chapter can reach, read from the sources: every definition by name, with a hash of its text.

Reading the sources, and not what a kernel has loaded, gives the same answer whatever a kernel loaded in advance, and
needs none. It errs on the side of more: a name that stands in reachable code counts as used, and a class as a whole.

Importing a module runs its statements, so these count for every module that is imported, directly or by another;
the bodies of its functions count only once something reachable names them. A function or class with a decorator may be
registered by it and counts as soon as its module is imported. Code that looks names up by text (`import_module`,
`globals`, `eval` …) reaches every module of the package that a text in its module names, and all of its own.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import TypeAlias

import cci

Definition: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
PACKAGE = Path(cci.__file__).parent
OUTSIDE = "what stands outside of its functions"
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_PARSING = Lock()  # Python 3.11 counts the depth of all threads' parsing as one, and fails when they meet
_BY_TEXT = frozenset(("import_module", "__import__", "globals", "vars", "eval", "exec", "modules"))


class Unreadable(Exception):
    """A module or cell that is no Python."""


def reachable(
    cells: Sequence[str], also: Iterable[tuple[str, str]] = (), package: Path = PACKAGE
) -> dict[str, dict[str, str]]:
    """Return what code cells, and `also` (module, name), can reach: per module its definitions, each with a hash.

    Raises Unreadable where a cell or a module that is reached is no Python.
    """
    walk = _Walk(package)
    walk.cells("\n".join(cells))
    for module, name in also:
        walk.load(module)
        walk.define(module, name)
    return {module: dict(sorted(names.items())) for module, names in sorted(walk.found.items())}


def parsed(text: str) -> ast.Module:
    """Return the syntax tree of Python text; may be called from several threads. Raises SyntaxError, ValueError."""
    with _PARSING:
        return ast.parse(text)


@dataclass(frozen=True, eq=False)
class _Module:
    """One source file, taken apart."""

    text: str
    tree: ast.Module
    definitions: dict[str, list[Definition]]
    imports: dict[str, list[tuple[str, str | None]]]  # local name -> (module, name in it or None for the module)
    names: frozenset[str]  # of modules that a text in it names
    lines: list[str] = field(repr=False)

    def source(self, node: ast.stmt) -> str:
        first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))])
        return "\n".join(self.lines[first - 1 : node.end_lineno])


@lru_cache(maxsize=512)
def _parsed(text: str, name: str, package: str) -> _Module:
    try:
        tree = parsed(text)
    except (SyntaxError, ValueError) as reason:
        raise Unreadable(f"{name} is not Python ({reason})") from reason
    definitions: dict[str, list[Definition]] = {}
    for node in tree.body:
        if isinstance(node, Definition):
            definitions.setdefault(node.name, []).append(node)
    imports: dict[str, list[tuple[str, str | None]]] = {}
    texts: set[str] = set()
    tabled: set[int] = set()
    for found in ast.walk(tree):  # parents first
        if id(found) in tabled:
            continue
        if isinstance(found, ast.Import):
            for alias in found.names:
                bound = (alias.asname, alias.name) if alias.asname else (alias.name.partition(".")[0],) * 2
                imports.setdefault(bound[0], []).append((bound[1], None))
        elif isinstance(found, ast.ImportFrom):
            for alias in found.names:
                imports.setdefault(alias.asname or alias.name, []).append((_absolute(found, name), alias.name))
        elif _names(found, package):
            texts.add(found.value)  # type: ignore[attr-defined]
        elif isinstance(found, ast.Dict):
            # A table of names and their modules, from which a package imports on first use.
            for key, value in zip(found.keys, found.values, strict=True):
                if isinstance(key, ast.Constant) and isinstance(value, ast.Constant) and _names(value, package):
                    imports.setdefault(str(key.value), []).append((str(value.value), str(key.value)))
                    tabled.add(id(value))
    return _Module(text, tree, definitions, imports, frozenset(texts), text.split("\n"))


def _names(node: ast.AST | None, package: str) -> bool:
    """Whether a node is a text that may name a module of the package."""
    text = node.value if isinstance(node, ast.Constant) else None
    return isinstance(text, str) and text.partition(".")[0] == package and text.replace(".", "").isidentifier()


def _absolute(node: ast.ImportFrom, name: str) -> str:
    if node.level:
        raise Unreadable(f"{name} has a relative import in line {node.lineno}; name the module in full")
    return node.module or ""


class _Walk:
    """Follows names from the chapter through the package."""

    def __init__(self, package: Path):
        self.package = package
        self.found: dict[str, dict[str, str]] = {}
        self._modules: dict[str, _Module | None] = {}
        self._followed: set[tuple[str, ...]] = set()

    def cells(self, text: str) -> None:
        module = _parsed(text, "the chapter", self.package.name)
        self._modules[""] = module
        self._uses("", module, list(_chains(module.tree.body)))
        self._imports(list(_import_statements(_all(module.tree.body))), "")

    def module(self, name: str) -> _Module | None:
        if name not in self._modules:
            self._modules[name] = None
            head, *rest = name.split(".")
            if head == self.package.name and all(part.isidentifier() for part in rest):
                place = self.package.joinpath(*rest)
                path = next((p for p in (place / "__init__.py", place.with_suffix(".py")) if p.is_file()), None)
                if path:
                    text = path.read_text(encoding="utf-8", errors="surrogateescape")
                    self._modules[name] = _parsed(text, name, self.package.name)
        return self._modules[name]

    def load(self, name: str) -> None:
        """Importing a module runs its statements, and those of the packages around it."""
        parent = name.rpartition(".")[0]
        if parent:
            self.load(parent)
        module = self.module(name)
        if module is None or name in self.found:
            return
        self.found[name] = {}
        text, registered, chains, imports = _on_import(module)
        self.found[name][OUTSIDE] = _hash(text + _beside(self.package, name))
        for definition in registered:
            self.define(name, definition)
        self._uses(name, module, chains)
        self._imports(imports, name)

    def define(self, name: str, definition: str) -> None:
        """A definition is used: its text counts, and all that it names."""
        module = self.module(name)
        if module is None or definition in self.found.get(name, ()) or definition not in module.definitions:
            return
        text, chains, imports = _in_definition(module, definition)
        self.found.setdefault(name, {})[definition] = text
        self._uses(name, module, chains)
        self._imports(imports, name)

    def whole(self, name: str) -> None:
        """A module is used by itself: all that it defines and imports counts."""
        self.load(name)
        if (module := self.module(name)) is not None and "*" not in self.found[name]:
            self.found[name]["*"] = ""
            for definition in module.definitions:
                self.define(name, definition)
            for bound in module.imports:
                self._resolve(name, module, [bound])

    def _imports(self, statements: Iterable[ast.Import | ast.ImportFrom], name: str) -> None:
        """Load what import statements load."""
        for node in statements:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    self.load(alias.name)
            else:
                origin = _absolute(node, name)
                self.load(origin)
                for alias in node.names:
                    if alias.name == "*":
                        self.whole(origin)
                    elif self.module(f"{origin}.{alias.name}") is not None:
                        self.load(f"{origin}.{alias.name}")

    def _uses(self, name: str, module: _Module, chains: Iterable[Sequence[str]]) -> None:
        """Follow every name that stands in some code."""
        for chain in chains:
            if chain[0] in _BY_TEXT or chain[-1] in _BY_TEXT:
                for text in (*module.names, name):
                    if text and self.module(text) is not None:
                        self.whole(text)
            self._resolve(name, module, chain)

    def _resolve(self, name: str, module: _Module, chain: Sequence[str]) -> None:
        head, *rest = chain
        if head in module.definitions and name:
            self.define(name, head)
        for origin, member in module.imports.get(head, ()):
            self._member(origin, rest if member is None else [member, *rest])

    def _member(self, name: str, chain: Sequence[str]) -> None:
        module = self.module(name)
        if module is None or (name, *chain) in self._followed:
            return
        self._followed.add((name, *chain))
        self.load(name)
        if not chain:
            self.whole(name)
        elif chain[0] in module.definitions or {*module.imports.get(chain[0], ())} - {(name, chain[0])}:
            self._resolve(name, module, chain)
        elif self.module(f"{name}.{chain[0]}") is not None:
            self._member(f"{name}.{chain[0]}", chain[1:])
        self.define(name, "__getattr__")  # where a package imports on first use


@lru_cache(maxsize=1024)
def _on_import(
    module: _Module,
) -> tuple[str, list[str], list[Sequence[str]], list[ast.Import | ast.ImportFrom]]:
    """What importing a module runs: the text, the definitions that a decorator may register, the names, the imports."""
    run = list(_at_import(module.tree.body))
    text = "\n".join(module.source(node) if whole else _head(module, node) for node, whole in run)
    registered = [
        node.name
        for node, _ in run
        if isinstance(node, Definition) and node.decorator_list and node.name in module.definitions
    ]
    parts: list[ast.AST] = []
    for node, whole in run:
        parts += [node] if whole else _defaults(node) if isinstance(node, _FUNCTIONS) else []
    return text, registered, _distinct(parts), list(_import_statements(_statements(module.tree.body)))


@lru_cache(maxsize=4096)
def _in_definition(
    module: _Module, definition: str
) -> tuple[str, list[Sequence[str]], list[ast.Import | ast.ImportFrom]]:
    """The hash of a definition's text, the names in it and its imports."""
    nodes = module.definitions[definition]
    text = _hash("\n".join(map(module.source, nodes)))
    return text, _distinct(nodes), list(_import_statements(_all(nodes)))


def _distinct(nodes: Iterable[ast.AST]) -> list[Sequence[str]]:
    return list(dict.fromkeys(map(tuple, _chains(nodes))))


def _import_statements(nodes: Iterable[ast.AST]) -> Iterator[ast.Import | ast.ImportFrom]:
    return (node for node in nodes if isinstance(node, ast.Import | ast.ImportFrom))


def _at_import(body: Iterable[ast.stmt]) -> Iterator[tuple[ast.stmt, bool]]:
    """The statements that an import runs; False for a definition of which it runs the first lines only."""
    for node in body:
        if isinstance(node, _FUNCTIONS):
            yield node, bool(node.decorator_list)
        elif isinstance(node, ast.ClassDef) and not node.decorator_list:
            yield node, False
            yield from _at_import(node.body)
        else:
            yield node, True


def _head(module: _Module, node: ast.stmt) -> str:
    body: list[ast.stmt] = getattr(node, "body", [])
    return "\n".join(module.lines[node.lineno - 1 : max(node.lineno, body[0].lineno - 1)])


def _defaults(node: ast.stmt) -> list[ast.AST]:
    assert isinstance(node, _FUNCTIONS)
    return [*node.args.defaults, *(default for default in node.args.kw_defaults if default is not None)]


def _statements(nodes: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Every statement that runs with these, without those inside functions and those for type checkers."""
    for node in nodes:
        yield node
        if not isinstance(node, _FUNCTIONS):
            yield from _statements(_running(node))


def _all(nodes: Iterable[ast.AST]) -> Iterator[ast.AST]:
    return (inner for node in nodes for inner in ast.walk(node))


def _chains(nodes: Iterable[ast.AST]) -> Iterator[list[str]]:
    """Every name in some code with the attributes asked of it: `audit.grades` as ["audit", "grades"]."""
    for node in nodes:
        attributes: list[str] = []
        inner = node
        while isinstance(inner, ast.Attribute):
            attributes.append(inner.attr)
            inner = inner.value
        if isinstance(inner, ast.Name):
            yield [inner.id, *reversed(attributes)]
        else:
            yield from _chains(_running(inner))


def _running(node: ast.AST) -> Iterable[ast.AST]:
    """The parts of a node, without what stands there for type checkers only."""
    checked = isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
    return node.orelse if checked else ast.iter_child_nodes(node)  # type: ignore[attr-defined]


def _beside(package: Path, name: str) -> str:
    """A hash of the files of a package that are no Python, which its code may read."""
    place = package.joinpath(*name.split(".")[1:])
    files = (
        sorted(p for p in place.iterdir() if p.is_file() and p.suffix not in (".py", ".pyc")) if place.is_dir() else ()
    )
    return "".join(f"{file.name}\0{hashlib.sha256(file.read_bytes()).hexdigest()}" for file in files)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
