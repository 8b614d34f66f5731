#!/usr/bin/env bash
# ASGI lets a server leave the query string out of a request's scope; it is empty then. The bridge to WSGI insists on
# it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check a2wsgi==1.10.10
"$folder/venv/bin/python" - <<'EOF'
import asyncio
from importlib.metadata import version

from a2wsgi import WSGIMiddleware

print("a2wsgi", version("a2wsgi"))


def application(environ, start_response):
    start_response("200 OK", [])
    return [b"QUERY_STRING=" + environ["QUERY_STRING"].encode()]


async def ask(scope):
    sent = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        sent.append(message)

    try:
        await WSGIMiddleware(application)(scope, receive, send)
    except KeyError as error:
        return f"KeyError {error}"
    return b"".join(each.get("body", b"") for each in sent).decode()


scope = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "path": "/", "headers": []}
seen = asyncio.run(ask(scope))
guess = 'QUERY_STRING='
before = "KeyError 'query_string'"
print("guess:", guess)
print("seen:", seen)
if seen != before:
    raise SystemExit("changed: it was " + before)
EOF
