"""A reverse proxy that is badly set up: takes a path prefix away and passes another Host and Forwarded headers on.

Must not change anything else: target, body and Twilio's headers arrive as they were sent.
"""

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PREFIX = "/line/one"
_LIES = {"Host": "internal.invalid:8080", "X-Forwarded-Host": "else.invalid", "X-Forwarded-Proto": "https"}


@contextmanager
def proxy(backend: int) -> Iterator[str]:
    """The public base URL, while the proxy passes requests on to this local port; `backend` may not listen yet."""

    class Passing(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name: value for name, value in self.headers.items() if name not in _LIES}
            connection = http.client.HTTPConnection("127.0.0.1", backend, timeout=10)
            try:
                connection.request("POST", self.path.removeprefix(PREFIX), body, headers | _LIES)
                answer = connection.getresponse()
                content = answer.read()
            finally:
                connection.close()
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.headers.get("Content-Type", ""))
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    class Proxy(ThreadingHTTPServer):
        request_queue_size = 128
        daemon_threads = True

    with Proxy(("127.0.0.1", 0), Passing) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}{PREFIX}"
        finally:
            server.shutdown()
            thread.join()
