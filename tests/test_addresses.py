"""Addresses of other sites: a dead one is told from one that moved and from one that nobody could ask."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from cci.book import addresses

CODES = {"/there": 200, "/moved": 301, "/gone": 404, "/withdrawn": 410, "/refused": 403, "/busy": 503}


class Server(BaseHTTPRequestHandler):
    """Answers as CODES say; is silent on /slow until the test is over."""

    over = threading.Event()

    def do_GET(self):
        if self.path == "/slow":
            self.over.wait(20)
        self.send_response(CODES.get(self.path, 200))
        if self.path == "/moved":
            self.send_header("Location", "/there")
        self.end_headers()

    do_HEAD = do_GET

    def log_message(self, *_):
        pass


@pytest.fixture
def host():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    Server.over.set()
    server.shutdown()
    server.server_close()


@pytest.fixture
def site(tmp_path, host):
    """Two pages that lead to every address; the second leads to one of them again."""
    links = "".join(f'<a href="{host}{path}">x</a>' for path in (*CODES, "/slow", "/left-out"))
    (tmp_path / "a.html").write_text(f'{links}<a href="http://127.0.0.1:1/off">x</a><a href="none.html">x</a>', "utf-8")
    (tmp_path / "b.html").write_text(f'<a href="{host}/gone">x</a>', "utf-8")
    return tmp_path


def test_every_address_is_dead_moved_or_unchecked(site, host):
    found = addresses.answers(site, [{"address": "/left-out$", "reason": "It is tested."}], timeout=1)
    assert [address.url for address in found.dead] == [f"{host}/gone", f"{host}/withdrawn"]
    assert [(address.url, address.said) for address in found.moved] == [(f"{host}/moved", f"{host}/there")]
    unchecked = {address.url for address in found.unchecked}
    assert unchecked == {f"{host}/refused", f"{host}/busy", f"{host}/slow", "http://127.0.0.1:1/off"}
    assert [address.url for address in found.excepted] == [f"{host}/left-out"]
    assert {address.page for address in found.dead} == {"a.html"}


def test_only_a_dead_address_is_a_problem_and_reasons_are_told(tmp_path, host, capsys):
    exceptions = tmp_path / "exceptions.yml"
    exceptions.write_text("links: [{address: /left-out$, reason: It is tested.}]", "utf-8")
    page = tmp_path / "site" / "a.html"
    page.parent.mkdir()
    page.write_text(f'<a href="{host}/moved">x</a><a href="{host}/left-out">x</a>', "utf-8")
    assert addresses.main(page.parent, exceptions) == 0
    assert "It is tested." in capsys.readouterr().out
    page.write_text(f'<a href="{host}/gone">x</a>', "utf-8")
    assert addresses.main(page.parent, exceptions) == 1
    assert f"dead: {host}/gone" in capsys.readouterr().out
