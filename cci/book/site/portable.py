"""The book bound in one piece, on paper or in an EPUB: no script, no card, no evidence pages beside it, valid XHTML."""

from __future__ import annotations

import re
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup, Tag
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config

from cci.book import archive, whole
from cci.book.site.complete import Incomplete, charts_in
from cci.book.site.formats import NAME

BUILDERS = {"singlehtml", "epub"}
# The parser writes attributes in small letters, as HTML has them; SVG in XHTML has these in its own way.
_SVG_NAMES = {"viewbox": "viewBox", "preserveaspectratio": "preserveAspectRatio"}
_FIGURE = re.compile(r'<figure\b[^>]*class="cci-chart"')
_STYLE = "_static/portable.css"


def is_portable(app: Sphinx) -> bool:
    """Return whether this build binds the book in one piece."""
    return app.builder.name in BUILDERS


def plain(html: str) -> str:
    """Return a block of this package's HTML as XHTML without what moves, hides or leads nowhere."""
    soup = BeautifulSoup(html, "html.parser")
    for part in soup.select("script, form, .cci-explore table, .cci-explore-more, .cci-card, nav.cci-jump, source"):
        part.decompose()
    for link in soup.find_all("a", href=""):
        link.unwrap()
    for part in soup.find_all(True):
        _mend(part)
    return soup.decode(formatter="minimal")


def _mend(part: Tag) -> None:
    for name in ("loading", "decoding", "aria-describedby", "tabindex"):
        part.attrs.pop(name, None)
    for name in _SVG_NAMES.keys() & part.attrs.keys():
        part[_SVG_NAMES[name]] = part.attrs.pop(name)
    if part.name == "svg":
        part["xmlns"] = "http://www.w3.org/2000/svg"


def drop_code(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """Leave code out: it is there to be run and folded away, which a bound book can do neither of."""
    if is_portable(app):
        for source in list(doctree.findall(lambda node: _element(node) == "cell_code_source")):
            above = source.parent
            above.remove(source)
            if not isinstance(above, nodes.container):  # the fold around it
                above.parent.remove(above)


def _element(node: nodes.Node) -> str:
    return str(node.get("nb_element", "")) if isinstance(node, nodes.Element) else ""


def configure(app: Sphinx, config: Config) -> None:
    """State what the package of an EPUB must say and what only the build knows."""
    config.project = config.html_title or config.project  # the title of the cover's page
    config.version = config.version or version("cci")
    config.epub_basename = NAME
    config.epub_title = config.html_title or config.project
    config.epub_cover = ("_cards/cover.png", "epub-cover.html")
    config.epub_exclude_files = [*config.epub_exclude_files, "_static/vega-LICENCES.txt"]


def finish(app: Sphinx) -> None:
    """Check that every chart is in the bound book; of an EPUB, drop what no page of it asks for."""
    folder = Path(app.outdir)
    _check(app, folder)
    if app.builder.name == "epub":
        _repack(app.builder, folder)


def _check(app: Sphinx, folder: Path) -> None:
    notebooks = [Path(app.env.doc2path(page)) for page in sorted(app.env.found_docs)]
    expected = sum(charts_in(path.read_text("utf-8")) for path in notebooks if path.suffix == ".ipynb")
    pages = [path for path in folder.rglob("*") if path.suffix in {".html", ".xhtml"}]
    drawn = sum(len(_FIGURE.findall(path.read_text("utf-8"))) for path in pages)
    if drawn != expected:
        raise Incomplete(f"The bound book in {folder} shows {drawn} charts, its notebooks hold {expected}.")


def _repack(builder: Any, folder: Path) -> None:
    """Say in the manifest what is the cover and which pages hold SVG or MathML, drop the theme's files, zip again."""
    package = folder / "content.opf"
    text = package.read_text("utf-8")
    kept = []
    for name in builder.files:
        item = re.search(rf'\s*<item id="[^"]*" href="{re.escape(name)}"[^>]*/>', text)
        if name.startswith("_static/") and name != _STYLE:
            text = text.replace(item[0], "") if item else text
            continue
        kept.append(name)
        if item and name == builder.config.epub_cover[0]:
            text = text.replace(item[0], item[0].replace("/>", 'properties="cover-image"/>'))
        if item and name.endswith(".xhtml"):
            page = (folder / name).read_text("utf-8")
            held = [kind for kind, mark in (("mathml", "<math"), ("svg", "<svg")) if mark in page]
            if held and "properties=" not in item[0]:
                text = text.replace(item[0], item[0].replace("/>", f'properties="{" ".join(held)}"/>'))
    package.write_text(text, "utf-8")
    builder.files = kept
    builder.build_epub()
    made = folder / f"{NAME}.epub"
    whole.write(archive.undated(made), made, durable=False)
