"""The other host: a small process that answers every request with one fixed document, as a TwiML Bin would.

python -m tests.chaos.fallback FILE    prints its port, then serves until its standard input ends

Must not know the service: it has to answer when nothing of the service does.
"""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


def server(document: bytes) -> ThreadingHTTPServer:
    class Fixed(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.send_response(200)
            self.send_header("Content-Type", "text/xml")
            self.send_header("Content-Length", str(len(document)))
            self.end_headers()
            self.wfile.write(document)

        def log_message(self, *_: object) -> None:
            pass

    class Host(ThreadingHTTPServer):
        request_queue_size = 128
        daemon_threads = True

    return Host(("127.0.0.1", 0), Fixed)


@contextmanager
def fallback_host(file: Path) -> Iterator[str]:
    """Its URL, while it runs."""
    command = [sys.executable, "-m", "tests.chaos.fallback", str(file)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield f"http://127.0.0.1:{int(process.stdout.readline())}/"
        finally:
            process.kill()


def main() -> None:
    with server(Path(sys.argv[1]).read_bytes()) as host:
        threading.Thread(target=host.serve_forever, daemon=True).start()
        sys.stdout.write(f"{host.server_address[1]}\n")
        sys.stdout.flush()
        sys.stdin.read()
        host.shutdown()


if __name__ == "__main__":
    main()
