"""Formulas as MathML, which browsers draw themselves: Sphinx's own way loads a script from another host."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from docutils.utils.math.latex2mathml import tex2mathml
from markupsafe import escape


def visit_inline(translator: Any, node: nodes.math) -> None:
    """Write a formula inside a sentence."""
    translator.body.append(tex2mathml(node.astext()))
    raise nodes.SkipNode


def visit_block(translator: Any, node: nodes.math_block) -> None:
    """Write a formula on its own line, with its number if it has one."""
    number = f'<span class="eqno">({escape(node["number"])})</span>' if node.get("number") else ""
    anchors = "".join(f'<span id="{escape(anchor)}"></span>' for anchor in node.get("ids", ()))
    translator.body.append(
        f'<div class="cci-equation">{anchors}{tex2mathml(node.astext(), as_block=True)}{number}</div>'
    )
    raise nodes.SkipNode
