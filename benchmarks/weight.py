"""What a chapter weighs against the same chapter made the plain way: prints a table, writes weight.json.

    python benchmarks/weight.py [CHAPTER ...]      none named: all; needs the site in _build/html (scripts/build)

The plain way is the same notebooks with stock settings of Jupyter Book, hence the stock theme, and every chart as
Altair's default renderer puts it out. Both are opened in the system's Chromium, 1280 pixels wide; what the browser asks
for is counted at its size after gzip, once as the page opens and once more after it was scrolled to its end.

Three things favour the plain way. The bundle of vl-convert stands for the three scripts that Altair asks a CDN for,
and is smaller than they are. What a stock page asks of any other host is not counted. Tables and findings of the book,
which the plain way has not, are plain text there.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import altair as alt
import nbformat
import vl_convert
from playwright.sync_api import Browser, Page, Request, Response, sync_playwright

from cci.book.paper import QUIET, chromium
from cci.charts.renderer import MIME

ROOT = Path(__file__).resolve().parents[1]
SITE = ROOT / "_build" / "html"
CHAPTERS = [path.stem for path in sorted((ROOT / "chapters").glob("*.ipynb"))]
AT_MOST = 0.2  # of the plain way, as the page opens
_ROLE = re.compile(r"\{(?:obs|count|glue:text|src|ind|inst|dis|edition)\}`([^`]*)`")
_QUIET_MS = 1500  # a page that has asked for nothing for so long has all it asks for by itself


class Silent(SimpleHTTPRequestHandler):
    """A file server that does not log."""

    def log_message(self, *_: object) -> None:
        pass


@dataclass(frozen=True)
class Weight:
    """One chapter: bytes after gzip, the plain way and ours, as the page opens and after it was read to its end."""

    chapter: str
    plain: int
    ours: int
    plain_read: int
    ours_read: int

    @property
    def ratio(self) -> float:
        return self.ours / self.plain


def stock_book(book: Path) -> Path:
    """Build the chapters the plain way in the folder `book` and return its site."""
    (book / "chapters").mkdir(parents=True)
    (book / "_config.yml").write_text("title: Stock\nexecute:\n  execute_notebooks: 'off'\n", "utf-8")
    pages = "".join(f"- file: chapters/{name}\n" for name in CHAPTERS)
    (book / "_toc.yml").write_text(f"format: jb-book\nroot: index\nchapters:\n{pages}", "utf-8")
    (book / "index.md").write_text("# Stock\n", "utf-8")
    for name in CHAPTERS:
        notebook = nbformat.read(ROOT / "chapters" / f"{name}.ipynb", as_version=4)
        for cell in notebook.cells:
            if cell.cell_type == "markdown":
                cell.source = _ROLE.sub(r"`\1`", cell.source)  # roles that a stock book does not know
            for output in cell.get("outputs", ()):
                data = output.get("data", {})
                output.pop("data", None)
                if data:
                    text = {mime: part for mime, part in data.items() if mime.startswith("text/")}
                    output.data = as_altair(data[MIME]) if MIME in data else text
        nbformat.write(notebook, book / "chapters" / f"{name}.ipynb")
    subprocess.run(
        [str(Path(sys.executable).parent / "jupyter-book"), "build", str(book), "--quiet"],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return book / "_build" / "html"


def as_altair(spec: dict) -> dict[str, str]:
    """Return the outputs of a chart by MIME type as Altair's default renderer makes them."""
    alt.renderers.enable("default")
    bare = {key: part for key, part in spec.items() if key != "usermeta"}  # the table below a chart is the book's
    made = alt.renderers.get()(bare)
    return made[0] if isinstance(made, tuple) else made


@cache
def vega() -> str:
    """Vega, Vega-Lite and Vega-Embed in one script, as window.vega, vegaLite and vegaEmbed."""
    return vl_convert.javascript_bundle()


def _elsewhere(route: Callable) -> None:
    """Answer what a page asks of another host: Altair's scripts by the bundle, once; nothing else."""
    url = route.request.url
    if re.search(r"/(npm/)?vega@", url):
        route.fulfill(body=vega(), content_type="text/javascript")
    elif re.search(r"/vega-(lite|embed)@", url):
        route.fulfill(body="", content_type="text/javascript")
    else:
        route.abort()


def asked(browser: Browser, address: str) -> tuple[dict[str, int], dict[str, int]]:
    """Return what a page asks for, address -> bytes after gzip: as it opens, and after it was read to its end."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme="light")
    found: dict[str, int] = {}

    def note(response: Response) -> None:
        if response.status == 200:
            found[response.url] = len(gzip.compress(response.body(), 9, mtime=0))

    page = context.new_page()
    page.route(lambda url: not url.startswith("http://127.0.0.1"), _elsewhere)
    page.on("response", note)
    page.goto(address)
    _settle(page)
    opened = dict(found)
    height, at = page.evaluate("document.documentElement.scrollHeight"), 0
    while at < height:
        page.evaluate("y => window.scrollTo({top: y, behavior: 'instant'})", at)
        page.wait_for_timeout(150)
        at += 700
    _settle(page)
    context.close()
    return opened, found


def _settle(page: Page) -> None:
    """Wait until the page has asked for nothing for a while."""
    count = [0]

    def more(_: Request) -> None:
        count[0] += 1

    page.on("request", more)
    seen = -1
    while seen != count[0]:
        seen = count[0]
        page.wait_for_timeout(_QUIET_MS)
    page.remove_listener("request", more)


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder and yield its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Silent, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("chapters", nargs="*", choices=[[], *CHAPTERS], default=[])
    parser.add_argument("--files", action="store_true", help="print every file as well")
    given = parser.parse_args()
    if not (SITE / "index.html").is_file():
        sys.exit(f"There is no site in {SITE}: run scripts/build first.")
    weights = []
    with tempfile.TemporaryDirectory(prefix="cci-weight-") as aside, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(QUIET))
        with served(stock_book(Path(aside) / "stock")) as stock, served(SITE) as own:
            print(f"{'kB after gzip':20} {'plain':>9} {'ours':>9}  ratio, as the page opens; then read to its end")
            for name in given.chapters or CHAPTERS:
                (plain, plain_read), (ours, ours_read) = (
                    asked(browser, f"{at}chapters/{name}.html") for at in (stock, own)
                )
                row = Weight(name, *(sum(found.values()) for found in (plain, ours, plain_read, ours_read)))
                weights.append(row)
                print(
                    f"{name:20} {row.plain / 1000:9.1f} {row.ours / 1000:9.1f}  {row.ratio:.3f} of {AT_MOST};"
                    f" {row.plain_read / 1000:9.1f} {row.ours_read / 1000:9.1f}"
                )
                for found in (plain_read, ours_read) if given.files else ():
                    for url, size in sorted(found.items(), key=lambda item: -item[1]):
                        print(f"    {size / 1000:9.1f} {'' if url in plain or url in ours else 'later '}{url}")
        browser.close()
    if not given.chapters:
        told = {"unit": "bytes after gzip", "at_most": AT_MOST, "rows": [asdict(row) for row in weights]}
        (Path(__file__).parent / "weight.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
        print(f"weight: {len(weights)} rows, written to benchmarks/weight.json")


if __name__ == "__main__":
    main()
