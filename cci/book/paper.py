"""The book on paper: its single page printed as a PDF by the system's Chromium, with bookmarks and page numbers."""

from __future__ import annotations

import os
import re
import shutil
import sys
import time
from html import escape
from pathlib import Path

from cci.book import whole
from cci.errors import CCIError

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
# The browser must not look for its maker's hosts: on a machine without a network each look-up costs seconds.
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)  # fmt: skip
_DATE = re.compile(rb"\(D:\d{14}([^)]*)\)")  # of creation and of change, which Chromium takes from the clock
_EDGE = "font: 8px sans-serif; color: #444; width: 100%; padding: 0 16mm; display: flex; justify-content: space-between"


def chromium() -> str:
    """Return the system's Chromium or Chrome (CCI_CHROMIUM names another). Raises CCIError where there is none."""
    found = os.environ.get("CCI_CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None and _MAC.exists():
        found = str(_MAC)
    if found is None:
        raise CCIError(
            "No Chromium found. Install Debian's package chromium or name the program: CCI_CHROMIUM=/path/to/chrome."
        )
    return found


def print_book(page: Path, target: Path) -> None:
    """Print an HTML file on A4 into `target`: outline from its headings, tagged, numbered; its title at the foot.

    With SOURCE_DATE_EPOCH set, that is the date of the file. Raises CCIError where there is no browser, or where a
    picture of the page did not come.
    """
    from playwright.sync_api import sync_playwright  # only who prints needs it

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(QUIET))
        sheet = browser.new_page(color_scheme="light")
        sheet.goto(page.absolute().as_uri())
        missing = sheet.evaluate("[...document.images].filter(i => !i.naturalWidth).map(i => i.getAttribute('src'))")
        if missing:
            raise CCIError(f"{page}: {len(missing)} pictures are missing, the first {missing[0]}. Build it again.")
        printed = sheet.pdf(
            format="A4",
            margin={"top": "18mm", "bottom": "20mm", "left": "16mm", "right": "16mm"},
            outline=True,
            tagged=True,
            print_background=True,
            display_header_footer=True,
            header_template="<span></span>",
            footer_template=f'<div style="{_EDGE}"><span>{escape(sheet.title())}</span>'
            '<span><span class="pageNumber"></span> / <span class="totalPages"></span></span></div>',
        )
        browser.close()
    whole.write(dated(printed, os.environ.get("SOURCE_DATE_EPOCH")), target)


def dated(printed: bytes, epoch: str | None) -> bytes:
    """Return a PDF with its dates set to `epoch` (seconds since 1970), of the same length so that its index holds."""
    if not epoch:
        return printed
    day = time.strftime("%Y%m%d%H%M%S", time.gmtime(int(epoch))).encode()
    return _DATE.sub(lambda date: b"(D:%s%s)" % (day, date[1]), printed)


if __name__ == "__main__":
    print_book(Path(sys.argv[1]), Path(sys.argv[2]))
