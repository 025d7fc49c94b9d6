"""The built site in a real browser: the system's Chromium, a local server, and what went wrong on each page."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, sync_playwright

from cci.book.paper import QUIET, chromium
from cci.errors import CCIError


class Silent(SimpleHTTPRequestHandler):
    """A file server that does not log, nor mind that a page is left before all of it has come."""

    def log_message(self, *_: object) -> None:
        pass

    def handle(self) -> None:
        with suppress(BrokenPipeError, ConnectionResetError):
            super().handle()


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """The address at which the site is served."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Silent, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium (CCI_CHROMIUM names another)."""
    try:
        found = chromium()
    except CCIError as reason:
        pytest.fail(str(reason), pytrace=False)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def draw_charts():
    """Bring the charts of a page near the window, one after the other; return how many there are once all are drawn."""

    def drawn(page: Page) -> int:
        moved = page.evaluate(
            """async () => {
                 const until = Date.now() + 20_000;
                 const shown = [...document.querySelectorAll(".cci-chart-stage:has(.cci-chart-spec)")];
                 const pictured = shown.filter(stage => !stage.dataset.drawn).map(stage => [stage, stage.clientHeight]);
                 for (const stage of shown) {
                   stage.scrollIntoView({ behavior: "instant" });
                   while (!stage.dataset.drawn && Date.now() < until) await new Promise((go) => setTimeout(go, 10));
                 }
                 window.scrollTo({ top: 0, behavior: "instant" });
                 return pictured.filter(([stage, height]) => Math.abs(stage.clientHeight - height) > 2)
                   .map(([stage, height]) => `${stage.parentElement.id}: ${height} -> ${stage.clientHeight}`);
               }"""
        )
        charts = page.locator(".cci-chart-stage:has(.cci-chart-spec)").count()
        assert page.locator(".cci-chart-stage[data-drawn] .cci-chart-live svg.marks").count() == charts
        assert moved == []  # a chart that is drawn moves nothing below it
        return charts

    return drawn


@pytest.fixture
def open_page(browser: Browser):
    """Open pages in a window of its own: `with open_page(width=360) as page`; `page.troubles` is what went wrong."""

    @contextmanager
    def opened(*, width: int = 1280, height: int = 900, scripts: bool = True, scheme: str = "light") -> Iterator[Page]:
        context = browser.new_context(
            viewport={"width": width, "height": height}, java_script_enabled=scripts, color_scheme=scheme
        )
        page = context.new_page()
        troubles: list[str] = []
        page.troubles = troubles
        page.on("console", lambda said: troubles.append(f"console: {said.text}") if said.type == "error" else None)
        page.on("pageerror", lambda error: troubles.append(f"script: {error}"))
        page.on("requestfailed", lambda request: _aborted(request) or troubles.append(f"failed: {request.url}"))
        page.on(
            "request", lambda request: troubles.append(f"foreign: {request.url}") if _foreign(request.url) else None
        )
        page.on("response", lambda got: troubles.append(f"{got.status}: {got.url}") if got.status >= 400 else None)
        try:
            yield page
        finally:
            context.close()

    return opened


def _aborted(request: Request) -> bool:
    """True where the test itself left the page before a lazy picture had come."""
    return "ERR_ABORTED" in (request.failure or "")


def _foreign(url: str) -> bool:
    return not url.startswith(("http://127.0.0.1:", "file:", "data:", "blob:", "about:"))
