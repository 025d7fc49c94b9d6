"""Words for the theme's search: English as Sphinx takes it, Chinese as pairs of neighbouring characters.

Sphinx's English splitter takes a whole run of Chinese for one word, so that a name of two characters is never found;
its Chinese one needs a dictionary when the book is built and has none in the reader's browser. Overlapping pairs need
none at either end; Lucene's CJKBigramFilter works the same way.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.search import IndexBuilder
from sphinx.search.en import SearchEnglish
from sphinx.util.docutils import new_document

_HAN = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_NUMERAL = r"\d[\d,]*(?:\.\d+)?"
_RUN = re.compile(rf"[{_HAN}]+")
_WORD = re.compile(rf"[{_HAN}]+|{_NUMERAL}|[^\W{_HAN}]+")


class SearchEnglishAndChinese(SearchEnglish):
    """Stands in for Sphinx's English: `split` for the index, `js_splitter_code` for what a reader types.

    A number is a word between two marks, its thousands joined: Sphinx's script leaves bare numbers out of a query,
    takes words of two characters for optional, and finds a word inside another. A dollar's country says little more
    than that.
    """

    js_splitter_code = rf"""
function splitQuery(query) {{
    const said = query.replace(/\bU?S\$/gi, " ");
    const words = said.match(/[{_HAN}]+|{_NUMERAL}|(?:(?![{_HAN}])[\p{{Letter}}\p{{Number}}_])+/gu) ?? [];
    return words.flatMap((word) =>
        /^[{_HAN}]{{3,}}$/.test(word)
            ? Array.from({{ length: word.length - 1 }}, (_, n) => word.slice(n, n + 2))
            : [/^{_NUMERAL}$/.test(word) ? `#${{word.replaceAll(",", "")}}#` : word]);
}}
"""

    def __init__(self, options: dict[str, str]):
        super().__init__(options)
        self._stems: dict[str, str] = {}  # the same words stand on hundreds of pages

    def stem(self, word: str) -> str:
        """Return the stem of a word."""
        if word not in self._stems:
            self._stems[word] = super().stem(word)
        return self._stems[word]

    def split(self, input: str) -> list[str]:
        """Return the words of a text, each run of Chinese as its pairs; a single character is a word."""
        return [piece for word in _WORD.findall(input) for piece in _pieces(word)]


def forget(app: Sphinx) -> list[tuple[str, dict[str, object], str]]:
    """Take words that no page holds any more out of the index, where Sphinx leaves them; this generates no page."""
    indexer = getattr(app.builder, "indexer", None)
    for words in (indexer._mapping, indexer._title_mapping) if indexer is not None else ():
        for word in [word for word, pages in words.items() if not pages]:
            del words[word]
    return []


def rank(app: Sphinx, config: Config) -> None:
    """Have a page rank by its own title before the headings on it."""
    config.html_search_scorer = str(Path(__file__).parent / "search_score.js")


def keep(indexer: IndexBuilder, pages: Collection[str]) -> None:
    """Keep pages that are read from no file in the index, from which Sphinx drops them as it opens and closes it."""
    prune = indexer.prune
    # A set: Sphinx asks it once for every word.
    indexer.prune = lambda docnames: prune({*docnames, *pages})  # type: ignore[method-assign]


def index(app: Sphinx, page: str, title: str, texts: Iterable[str | None]) -> None:
    """Let the search find a generated page, which is read from no file, by its title and these texts."""
    document = new_document(page)
    section = nodes.section("", nodes.title(title, title))
    section += [nodes.paragraph(text, text) for text in texts if text]
    document += section
    app.builder.index_page(page, document, title)  # type: ignore[attr-defined]  # of builders for HTML


def _pieces(word: str) -> list[str]:
    if word[0].isdecimal():
        return [f"#{word.replace(',', '')}#"]
    if len(word) < 3 or not _RUN.fullmatch(word):
        return [word]
    return [word[n : n + 2] for n in range(len(word) - 1)]
