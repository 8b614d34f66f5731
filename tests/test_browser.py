"""The browser that pages are tested in is a real one, and tells what goes wrong in it."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from tests.browser import Opener, browser, open_tab

__all__ = ["browser", "open_tab"]

PAGE = b"""<!doctype html><html lang="en"><title>A page</title><main><h1>A page</h1><img src="/x.png"></main></html>"""


class _OnePage(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = PAGE if self.path == "/" else b""
        self.send_response(200 if self.path in ("/", "/x.png", "/favicon.ico") else 404)
        self.send_header("Content-Type", "text/html" if body else "image/png")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def url() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), _OnePage)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


def test_an_error_in_the_console_fails_the_test(url: str, open_tab: Opener) -> None:
    tab = open_tab(url)
    tab.page.evaluate("console.error('it broke')")
    with pytest.raises(AssertionError, match="it broke"):
        tab.assert_clean()
    tab.expected.append("it broke")


def test_a_request_that_leaves_loopback_fails_the_test(url: str, open_tab: Opener) -> None:
    tab = open_tab(url)
    with tab.page.expect_request("http://192.0.2.1/*"):
        tab.page.evaluate("void fetch('http://192.0.2.1/a', { mode: 'no-cors' }).catch(() => {})")
    with pytest.raises(AssertionError, match=r"192\.0\.2\.1"):
        tab.assert_clean()
    tab.strangers.clear()
    tab.expected.append("net::")


def test_a_picture_without_a_text_is_found_by_axe(url: str, open_tab: Opener) -> None:
    with pytest.raises(AssertionError, match="image-alt"):
        open_tab(url).assert_accessible()
