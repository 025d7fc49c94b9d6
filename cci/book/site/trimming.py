"""The theme's styles without the rules that no page of the site can meet: four fifths of them, most of them icons.

A rule can be met where every class and identifier that its selector asks for stands in a page or in a script, which may
put it into one; a word of a script counts whatever it means there, so that too much is kept rather than too little.
A font whose files are not shipped is not declared either: a page drawn before its last sheet is there would ask for it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import tinycss2

from cci.book import whole

_WORD = re.compile(r"[\w-]+")
_ADDRESS = re.compile(r"""url\(\s*["']?([^"')\s]+)""")
_NAMED = re.compile(r"[.#]([A-Za-z_-][\w-]*)")
_GROUPS = {"media", "supports", "layer", "container"}  # at-rules that hold rules


def words(scripts: Iterable[Path]) -> Iterator[str]:
    """Yield every word of scripts."""
    for script in scripts:
        yield from _WORD.findall(script.read_text("utf-8"))


def trim(sheet: Path, met: frozenset[str], *, kept: Path) -> None:
    """Write a style sheet anew without the rules that ask for a name not in `met`; one made before is in `kept`."""
    css = sheet.read_text("utf-8")
    absent = _absent(css, sheet.parent)
    asked = sorted(met.intersection(_NAMED.findall(css)))
    made = kept / f"{hashlib.sha256(repr((css, asked, sorted(absent))).encode()).hexdigest()[:16]}.css"
    if not made.is_file():
        whole.write(trimmed(css, frozenset(asked), absent), made, durable=False)
    whole.write(made.read_bytes(), sheet, durable=False)


def trimmed(css: str, met: frozenset[str], absent: frozenset[str] = frozenset()) -> str:
    """Return a style sheet without the selectors that ask for a class or identifier which is not in `met`, and without
    the fonts that lie in `absent` files."""
    return "".join(_rules(tinycss2.parse_stylesheet(css, skip_whitespace=True), met, absent))


def _absent(css: str, folder: Path) -> frozenset[str]:
    """The addresses of files in a sheet that are not there, seen from its folder."""
    return frozenset(
        address
        for address in _ADDRESS.findall(css)
        if not address.startswith("data:") and not (folder / re.split("[?#]", address)[0]).is_file()
    )


def _rules(rules: Iterable[tinycss2.ast.Node], met: frozenset[str], absent: frozenset[str]) -> Iterator[str]:
    for rule in rules:
        if rule.type == "qualified-rule":
            selectors = [text for tokens in _listed(rule.prelude) if (text := _possible(tokens, met))]
            if selectors:
                yield f"{','.join(selectors)}{{{tinycss2.serialize(rule.content)}}}"
        elif rule.type == "at-rule" and rule.lower_at_keyword in _GROUPS and rule.content is not None:
            inner = "".join(_rules(tinycss2.parse_rule_list(rule.content, skip_whitespace=True), met, absent))
            if inner:
                yield f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{inner}}}"
        elif rule.type == "at-rule" and rule.lower_at_keyword == "font-face":
            if absent.isdisjoint(_ADDRESS.findall(rule.serialize())):
                yield rule.serialize()
        elif rule.type != "comment" or rule.value.startswith("!"):  # notices of licence stay
            yield rule.serialize()


def _listed(prelude: Iterable[tinycss2.ast.Node]) -> Iterator[list[tinycss2.ast.Node]]:
    """The selectors of a rule, which commas part."""
    selector: list[tinycss2.ast.Node] = []
    for token in prelude:
        if token == ",":
            yield selector
            selector = []
        else:
            selector.append(token)
    yield selector


def _possible(selector: list[tinycss2.ast.Node], met: frozenset[str]) -> str | None:
    """A selector as text; None where it asks for what is nowhere. What stands in :not() and its like asks nothing."""
    for before, token in zip([None, *selector], selector, strict=False):
        if ((token.type == "ident" and before == ".") or token.type == "hash") and token.value not in met:
            return None
    return tinycss2.serialize(selector).strip()
