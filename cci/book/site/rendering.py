"""Templates, and text from the record as safe HTML: escaped, addresses checked, Chinese marked as Chinese."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from cci.audit.silence import years_words
from cci.book.site.balance import sides
from cci.record.wording import date_words, period_words

TEMPLATES = Path(__file__).parent / "templates"

_HAN = r"\u2e80-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef"
# A run may hold figures between its characters (已达79家), but no Latin word.
_RUN = re.compile(rf"[{_HAN}](?:[{_HAN}0-9.,%·—…\s-]*[{_HAN}])?")


def has_chinese(text: str) -> bool:
    """Return whether a text holds a run that `tagged` would mark."""
    return bool(_RUN.search(text))


def tagged(text: object, language: str | None = None) -> Markup:
    """Return text escaped, with each run of Chinese (or, where `language` is ja, Japanese) marked by its language."""
    if text is None:
        return Markup()
    pieces, at = [], 0
    plain = str(text)
    for run in _RUN.finditer(plain):
        tongue = "ja" if language == "ja" else "zh"
        pieces += [escape(plain[at : run.start()]), Markup('<span lang="{}">{}</span>').format(tongue, run.group())]
        at = run.end()
    return Markup("").join([*pieces, escape(plain[at:])])


def web_address(url: object) -> str | None:
    """Return an address that may be linked: http or https with a host; anything else is None.

    A backslash in it becomes the slash for which browsers take it.
    """
    if not isinstance(url, str):
        return None
    address = url.strip().replace("\\", "/")
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return address if parts.scheme in {"http", "https"} and parts.netloc else None


def spaced(name: object) -> str:
    """Return an identifier as words: scope_confusion -> scope confusion."""
    return "" if name is None else str(name).replace("_", " ")


@cache
def environment() -> Environment:
    """The one template environment: everything is escaped, a missing name is an error."""
    templates = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters.update(
        tagged=tagged,
        web_address=web_address,
        spaced=spaced,
        date_words=date_words,
        years_words=years_words,
        thousands=lambda n: f"{n:,}",
    )
    templates.globals.update(period_words=period_words, sides=sides)
    return templates


def render(template: str, **context: Any) -> str:
    """Return a template of this package filled in."""
    return environment().get_template(template).render(**context)
