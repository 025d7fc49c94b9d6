"""Serve a preview of the book on this machine, and bring it up to date whenever a file that it is made from changes.

Three parts, in one event loop: watchfiles tells what has changed, once a burst of saves is over; a warm process
(`cci.book.warm`) makes the preview (`cci.book.preview`); tornado serves it and tells the open pages, over an event
stream, to reload or what is wrong. The script that listens there is added to a page as it is sent and is in no file.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import json
import signal
import time
from collections.abc import AsyncIterator, Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import tornado.iostream
import tornado.web
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from watchfiles import Change, DefaultFilter, awatch

import cci
from cci.book import lock, sources
from cci.book.chapters import shown
from cci.book.preview import OUT, Preview, prepare, preview
from cci.book.warm import Warm
from cci.errors import Busy, CCIError

HOST = "127.0.0.1"  # this machine alone: it is a workshop, not the site
FAILED = "The last change is not shown: this is the last good state"
_ADVICE = "Correct it and save; the page follows by itself."
_SCRIPT = Path(__file__).with_name("reload.js")
_EVENTS = "/.serve/events"
_LISTENER = "/.serve/reload.js"


@dataclass
class _State:
    """What the open pages are told; `version` names the state of the site that is served."""

    version: str = ""
    heading: str = ""
    problems: tuple[str, ...] = ()
    advice: str = ""
    listeners: set[asyncio.Queue[str]] = field(default_factory=set)

    def message(self) -> str:
        told = {"version": self.version, "heading": self.heading, "problems": self.problems, "advice": self.advice}
        return json.dumps(told)

    def tell(self, heading: str, problems: tuple[str, ...] = (), advice: str = "") -> None:
        self.heading, self.problems, self.advice = heading, problems, advice
        for listener in self.listeners:
            listener.put_nowait(self.message())


def until_interrupted(
    book: Path, *, port: int, say: Callable[[str], None], ready: Callable[[str], object] = lambda _: None
) -> None:
    """Serve as `serve` does until Ctrl-C, or the signal to terminate."""
    try:
        asyncio.run(serve(book, port=port, say=say, ready=ready))
    except (KeyboardInterrupt, asyncio.CancelledError):
        say("ended")


async def serve(book: Path, *, port: int, say: Callable[[str], None], ready: Callable[[str], object]) -> None:
    """Serve the preview of a book until cancelled; `say` takes lines for the terminal, `ready` the address once.

    `port` 0 takes any free one. Raises Busy where another `cci serve` of this book is at work, or the port is taken.
    """
    folder = (book / OUT).absolute()
    with lock.held(folder, "another cci serve of this book", patience=0):
        state = _State()
        server, port = _listen(state, folder / "html", port)
        address = f"http://{HOST}:{port}/"
        builder = Warm(prepare)
        task = asyncio.current_task()
        with contextlib.suppress(NotImplementedError):  # Windows, where nothing but Ctrl-C asks first
            # Both, since a shell that puts a command into the background has it ignore the first.
            for asked in (signal.SIGINT, signal.SIGTERM):
                asyncio.get_running_loop().add_signal_handler(asked, task.cancel if task else lambda: None)
        try:
            say(f"{address} shows the book as it is being written; Ctrl-C ends it")
            ready(address)
            await _keep_up(book, folder, builder, state, say)
        finally:
            builder.end()
            server.stop()


async def _keep_up(book: Path, folder: Path, builder: Warm, state: _State, say: Callable[[str], None]) -> None:
    """Build, wait for changes, and build again, for ever; what was not built well stays to be built."""
    changes: asyncio.Queue[set[Path]] = asyncio.Queue()
    package = Path(cci.__file__).parent
    pending: set[Path] | None = None  # all
    async with asyncio.TaskGroup() as watchers:
        for watch in (_inside([book / "chapters", sources.data(book), package]), _settings(book)):
            watchers.create_task(_collect(watch, changes))
        while True:
            started = time.monotonic()
            state.tell("Building …", state.problems, state.advice)  # what was wrong stays until it is known to be right
            found = await asyncio.to_thread(_made, builder, book, folder, pending)
            for line in _lines(found, time.monotonic() - started):
                say(line)
            if found.problems:
                state.tell(FAILED, found.problems, _ADVICE)
            else:
                pending = set()
                state.version = str(time.time_ns())
                state.tell("")
            new = await changes.get()
            while not changes.empty():
                new |= changes.get_nowait()
            say(f"changed: {', '.join(sorted(shown(path, book) for path in new))}")
            if any(path.is_relative_to(package) for path in new):
                await asyncio.to_thread(builder.renew)  # it has imported the code as it was
            pending = None if pending is None else pending | new


def _made(builder: Warm, book: Path, folder: Path, changed: Collection[Path] | None) -> Preview:
    try:
        found: Preview = builder.do(preview, book, folder, changed)
    except CCIError as reason:
        return Preview(problems=tuple(str(reason).splitlines()))
    return found


def _lines(found: Preview, seconds: float) -> list[str]:
    """What the terminal is told of a preview."""
    from cci.book.messages import plain

    lines = [f"run: {', '.join(found.ran)}"] if found.ran else []
    if found.problems:
        return [*lines, *map(plain, found.problems), f"not built. {_ADVICE}"]
    lines += [f"not yet accepted: {name} (cci accept {name})" for name in found.unaccepted]
    return [*lines, f"built in {seconds:.1f} s"]


# Watching


class _Sources(DefaultFilter):
    """Lets through what the book is made from, and nothing that an editor or a program puts beside it."""

    ignore_dirs = (*DefaultFilter.ignore_dirs, ".ipynb_checkpoints", "_build")
    ignore_entity_patterns = (*DefaultFilter.ignore_entity_patterns, r"^\.", r"^#.*#$", r"\.tmp$", r"^\d+$")


async def _inside(folders: Collection[Path]) -> AsyncIterator[set[Path]]:
    async for found in awatch(*folders, watch_filter=_Sources()):
        yield {Path(path) for _, path in found}


async def _settings(book: Path) -> AsyncIterator[set[Path]]:
    """The pages and settings in the book's own folder, which holds much else below it."""
    allowed = _Sources()

    def ours(change: Change, path: str) -> bool:
        return path.endswith((".md", ".yml")) and allowed(change, path)

    async for found in awatch(book, watch_filter=ours, recursive=False):
        yield {Path(path) for _, path in found}


async def _collect(watch: AsyncIterator[set[Path]], into: asyncio.Queue[set[Path]]) -> None:
    async for found in watch:
        into.put_nowait(found)


# Serving


def _listen(state: _State, site: Path, port: int) -> tuple[HTTPServer, int]:
    """Start to answer, and return the server with the port that it has got."""
    files = {"path": str(site), "default_filename": "index.html", "state": state}
    application = tornado.web.Application()
    application.add_handlers(  # under no other name, so that no page of another host reads what is served here
        r"(127\.0\.0\.1|localhost)$",
        [
            (_EVENTS, _Events, {"state": state}),
            (_LISTENER, _Listener),
            (r"/(.*\.html|)", _Page, files),
            (r"/(.*)", _File, files),
        ],
    )
    try:
        sockets = bind_sockets(port, HOST)
    except OSError as reason:
        if reason.errno != errno.EADDRINUSE:
            raise
        other = f"choose another: cci serve --port {port + 1}"
        raise Busy(f"Port {port} of {HOST} is in use by another program; {other}") from reason
    server = HTTPServer(application)
    server.add_sockets(sockets)
    return server, sockets[0].getsockname()[1]


class _File(tornado.web.StaticFileHandler):
    """A file of the site as it is."""

    def initialize(self, path: str, default_filename: str | None = None, *, state: _State) -> None:  # type: ignore[override]
        super().initialize(path, default_filename)
        self.state = state

    def set_extra_headers(self, path: str) -> None:
        # Sphinx adds a hash of a file to its address as `v`: another file has another address.
        self.set_header("Cache-Control", "max-age=86400" if "v" in self.request.arguments else "no-store")

    def compute_etag(self) -> None:
        """None: tornado would remember that of the first state of a file."""


class _Page(_File):
    """A page of the site, with the script that reloads it."""

    async def get(self, path: str, include_body: bool = True) -> None:
        self.path = self.parse_url_path(path)
        found = self.validate_absolute_path(self.root, self.get_absolute_path(self.root, self.path))
        if found is not None:
            self.set_extra_headers(path)
            self.finish(Path(found).read_bytes() + _script(self.state.version))

    def write_error(self, status_code: int, **_: Any) -> None:
        said = "No such page; the first build may still be under way."
        self.finish(f"<!doctype html><title>{status_code}</title><p>{said}</p>".encode() + _script(self.state.version))


def _script(version: str) -> bytes:
    """The tag that loads the script: as a file, since the pages' own policy stops what is inline."""
    return f'\n<script src="{_LISTENER}" data-version="{version}"></script>\n'.encode()


class _Listener(tornado.web.RequestHandler):
    """The script that an open page listens with."""

    def get(self) -> None:
        self.set_header("Content-Type", "text/javascript; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        self.finish(_SCRIPT.read_bytes())


class _Events(tornado.web.RequestHandler):
    """The stream of messages to one open page."""

    def initialize(self, state: _State) -> None:
        self.state = state
        self.queue: asyncio.Queue[str] = asyncio.Queue()

    async def get(self) -> None:
        self.set_header("Content-Type", "text/event-stream")
        self.set_header("Cache-Control", "no-store")
        self.state.listeners.add(self.queue)
        self.queue.put_nowait(self.state.message())
        with contextlib.suppress(tornado.iostream.StreamClosedError, asyncio.CancelledError):
            while True:
                self.write(f"data: {await self.queue.get()}\n\n")
                await self.flush()

    def on_connection_close(self) -> None:
        self.state.listeners.discard(self.queue)
