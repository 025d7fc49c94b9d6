"""Find numerals in what a chapter says that are bound to no observation and no computed result.

Prose, captions, titles and findings may carry a number only through a role, glue or an f-string. Allowed by rule, not
by list: years and dates, names that mix letters and digits (EQ2, CO2), an ordinal before a proper name (14th Five-Year
Plan), and section or equation numbers that follow such a word.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser

from cci.errors import Problem

_MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
_ALLOWED = re.compile(
    rf"""
    \b\d{{4}}-\d{{2}}(?:-\d{{2}})?\b                                   # ISO dates
    | \b(?:\d{{1,2}}\s+)?(?:{_MONTH})(?:\s+\d{{1,2}})?(?:,?\s+(?:19|20)\d\d)?\b   # 7 November 2015, November 2015
    | \b(?:19|20)\d\d(?:[–-](?:(?:19|20)\d\d|\d\d))?\b                  # years and spans of years
    | \b\d+(?:st|nd|rd|th)\s+(?=[A-Z])                                  # 14th Five-Year Plan
    | \b[A-Za-z]+[\w-]*\d[\w-]*\b                                       # names: EQ2, CO2, BLOCK71
    | \b(?:Section|Chapter|Equation|Figure|Table)\s+\d+(?:\.\d+)*\b
    """,
    re.VERBOSE,
)
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_UNITS = (
    "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen"
    "|nineteen"
)
_NUMERAL = re.compile(
    rf"[+−-]?\d[\d,.]*\s?%?|\b(?:{_UNITS}|{_TENS}|dozens?|hundreds?|thousands?|millions?|billions?|trillions?|twice|thrice"
    rf"|doubl(?:e|ed|ing)|tripl(?:e|ed|ing)|halv(?:e|ed|ing)|(?:{_UNITS}|{_TENS}|hundred)[- ]?fold)\b"
    r"|[〇一二三四五六七八九十百千万萬亿億两兩]{2,}",
    re.IGNORECASE,
)
# Words that describe a shape rather than count something.
_SHAPES = re.compile(rf"\b(?:{_UNITS})-(?:mode|sided|way|part|step|year\s+plan)s?\b|\bdouble-count\w*", re.IGNORECASE)
# Keywords whose strings reach the page; positional strings are looked at too, since identifiers hold no numerals.
_SPOKEN = frozenset({"title", "note", "why", "label", "subtitle", "breaks", "columns", "x", "y"})
# Scales, percents, months, years and small steps of code: not figures about the initiative.
_PLAIN_NUMBERS = frozenset({*range(13), *range(1990, 2041), 100, 1_000, 10_000, 1_000_000, 1_000_000_000, 0.5})


def in_markdown(text: str, *, file: str, first_line: int = 1) -> list[Problem]:
    """Return every unbound numeral in MyST Markdown, prose and directive bodies alike."""
    problems = []
    for line, words in said(text):
        problems += [_problem(file, first_line + line, found) for found in in_words(words)]
    return problems


def in_words(text: str) -> list[str]:
    """Return the unbound numerals of a plain sentence, in order."""
    rest = _SHAPES.sub(" ", _ALLOWED.sub(" ", text))
    return [match.group().strip() for match in _NUMERAL.finditer(rest)]


def in_code(source: str, *, file: str) -> list[Problem]:
    """Return unbound numerals in what code says (titles, notes, findings) and figures typed as literals."""
    problems = []
    for node in ast.walk(ast.parse(source)):
        line = getattr(node, "lineno", 1)
        if isinstance(node, ast.Constant) and type(node.value) in (int, float) and node.value not in _PLAIN_NUMBERS:
            problems.append(_problem(file, line, str(node.value)))
        elif isinstance(node, ast.Call):
            spoken = [keyword.value for keyword in node.keywords if keyword.arg in _SPOKEN] + node.args
            for text in (text for part in spoken for text in _strings(part)):
                problems += [_problem(file, line, found) for found in in_words(text)]
    return problems


def in_notebook(notebook: Mapping[str, Any], *, file: str) -> list[Problem]:
    """Return the unbound numerals of a chapter; the parameters cell, which declares numbers, is left out."""
    problems = []
    for number, cell in enumerate(notebook["cells"], 1):
        source = cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
        where = f"{file}, cell {number}"
        if cell["cell_type"] == "markdown":
            problems += in_markdown(source, file=where)
        elif cell["cell_type"] == "code" and "parameters" not in cell["metadata"].get("tags", []):
            problems += in_code(source, file=where)
    return problems


def in_page(path: Path, *, file: str) -> list[Problem]:
    """Return the unbound numerals of a hand-written page."""
    return in_markdown(path.read_text(encoding="utf-8"), file=file)


# Roles whose content is an identifier that the build turns into a figure, a name or a link.
_BINDING = frozenset(
    {"obs", "src", "ind", "inst", "dis", "count", "edition", "glue:text", "glue", "ref", "doc", "download"}
)
# Options set how a directive looks; these few are read by people.
_OPTION = re.compile(r"^:(?!alt:|caption:|header:|footer:|title:)[\w-]+:.*$", re.MULTILINE)
_LAYOUT = frozenset({"{grid", "{include"})  # their argument is a number of columns, a file
_TAG = re.compile(r"<[^>]*>")
_Role = Callable[[str, str], str]
_Said = Iterator[tuple[int, str]]


@cache
def _parser() -> MarkdownIt:
    extensions = {"colon_fence", "dollarmath", "linkify", "substitution", "tasklist"}
    return create_md_parser(MdParserConfig(enable_extensions=extensions), RendererHTML)


def said(text: str, role: Callable[[str, str], str] = lambda name, content: " ", newline: str = " ") -> _Said:
    """Yield the words of a Markdown text with their line, without the content of binding roles and link targets.

    `role` says what stands for a binding role, from its name and content, `newline` what for the end of a line.
    """
    return _from_tokens(_parser().parse(text), 0, role, newline)


def _from_tokens(tokens: Sequence[Token], line: int, role: _Role, newline: str) -> _Said:
    for token in tokens:
        at = token.map[0] if token.map else line
        if token.type == "front_matter":
            continue
        if token.children is not None:
            yield at, "".join(_inline(child, role, newline) for child in token.children)
        elif token.type in {"fence", "colon_fence"} and token.info.startswith("{"):
            name, _, argument = token.info.partition("}")
            if name not in _LAYOUT:
                yield at, argument
            if not name.startswith("{code"):
                body = _OPTION.sub("", token.content)
                yield from ((at + 1 + inner, words) for inner, words in said(body, role, newline))
        elif token.type == "html_block":
            yield at, _TAG.sub(" ", token.content)
        elif token.content:
            yield at, token.content


def _inline(token: Token, role: _Role, newline: str) -> str:
    if token.type == "myst_role":
        name = token.meta["name"]
        return role(name, token.content) if name in _BINDING else f" {token.content} "
    if token.type == "html_inline":
        return _TAG.sub(" ", token.content)
    if token.type == "image":
        return f" {token.attrGet('alt') or ''} {token.content} "
    return newline if token.type in {"softbreak", "hardbreak"} else token.content


def _strings(node: ast.expr) -> Iterator[str]:
    """The literal text of an expression: a string, the fixed parts of an f-string, the items of a list or mapping."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else " x " for part in node.values)
    elif isinstance(node, ast.List | ast.Tuple):
        for item in node.elts:
            yield from _strings(item)
    elif isinstance(node, ast.Dict):
        for item in node.values:
            yield from _strings(item)
    elif isinstance(node, ast.IfExp):
        yield from (*_strings(node.body), *_strings(node.orelse))
    elif isinstance(node, ast.BinOp):
        yield from (*_strings(node.left), *_strings(node.right))


def _problem(file: str, line: int, found: str) -> Problem:
    advice = "is a numeral bound to nothing: use {obs}, {count} or glue in prose, an f-string in code"
    return Problem(file, line, None, found, advice)
