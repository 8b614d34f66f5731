#!/usr/bin/env bash
# gunicorn ends its workers with SIGTERM, and what a worker has registered with `atexit` runs then: buffers are flushed,
# records written. uvicorn's worker raises the signal once more when it has shut down, and the process dies of it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
  gunicorn==27.0.1 uvicorn==0.54.0 uvicorn-worker==0.4.0 httptools==0.9.0 uvloop==0.23.0
cat > "$folder/app.py" <<'EOF'
import atexit
import os
import pathlib

atexit.register(pathlib.Path(os.environ["LAST_WORDS"]).write_text, "written")


def plain(environ, start_response):
    start_response("200 OK", [("Content-Length", "0")])
    return [b""]


async def in_the_loop(scope, receive, send):
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})
EOF
"$folder/venv/bin/python" - "$folder" <<'EOF'
import os
import socket
import subprocess
import sys
import time
import urllib.request
from importlib.metadata import version
from pathlib import Path

folder = Path(sys.argv[1])
print(", ".join(f"{name} {version(name)}" for name in ("gunicorn", "uvicorn", "uvicorn-worker")))


def ended(worker, app):
    """Start a server with one worker, ask it once, end it gracefully."""
    words = folder / f"{app}.txt"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    command = [folder / "venv/bin/gunicorn", "--bind", address, "--worker-class", worker, f"app:{app}"]
    environment = {**os.environ, "LAST_WORDS": str(words)}
    server = subprocess.Popen(command, cwd=folder, env=environment, stderr=subprocess.PIPE, text=True)
    for _ in range(100):
        try:
            urllib.request.urlopen(f"http://{address}/", timeout=5).close()
            break
        except OSError:
            time.sleep(0.1)
    server.terminate()
    server.communicate(timeout=60)
    return words.read_text() if words.exists() else "not run"


seen = f"sync: {ended('sync', 'plain')}; uvicorn: {ended('uvicorn_worker.UvicornWorker', 'in_the_loop')}"
guess = "what a worker registered with atexit runs after a graceful end, whatever the class of the worker"
before = "sync: written; uvicorn: not run"
print("guess:", guess)
print("seen:", seen)
if seen != before:
    raise SystemExit("changed: it was " + before)
EOF
