#!/usr/bin/env bash
# Twilio signs the address as it asks for it. The address that a framework gives of the request is another one as soon
# as a character of it is encoded, so that the check of the usual example refuses the webhook. Werkzeug (Flask) and
# Starlette (FastAPI) differ in which.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check werkzeug==3.1.9 starlette==1.10.0 uvicorn==0.54.0 twilio==9.13.0
"$folder/venv/bin/python" - <<'EOF'
import http.client
import socket
import threading
from importlib.metadata import version

import uvicorn
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from twilio.request_validator import RequestValidator
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

print(", ".join(f"{name} {version(name)}" for name in ("werkzeug", "starlette", "uvicorn", "twilio")))
TARGETS = ("/voice?n=%C3%B8", "/voice?n=%7E", "/bod%C3%B8", "/a%20b")


@Request.application
def wsgi(request):
    return Response(request.url)


async def asgi(request):
    return PlainTextResponse(str(request.url))


def asked(port, target):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", target)
    return connection.getresponse().read().decode()


def accepted(port):
    validator = RequestValidator("not a token")
    found = []
    for target in TARGETS:
        signature = validator.compute_signature(f"http://127.0.0.1:{port}{target}", {})
        found.append(f"{target} {validator.validate(asked(port, target), {}, signature)}")
    return ", ".join(found)


server = make_server("127.0.0.1", 0, wsgi, threaded=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
werkzeug = accepted(server.server_port)
server.shutdown()

listening = socket.create_server(("127.0.0.1", 0))
application = Starlette(routes=[Route("/{rest:path}", asgi)])
other = uvicorn.Server(uvicorn.Config(application, log_level="error"))
threading.Thread(target=other.run, kwargs={"sockets": [listening]}, daemon=True).start()
starlette = accepted(listening.getsockname()[1])
other.should_exit = True
seen = f"Werkzeug: {werkzeug}; Starlette: {starlette}"
guess = 'True for all: the address is the one that was asked for'
before = 'Werkzeug: /voice?n=%C3%B8 False, /voice?n=%7E False, /bod%C3%B8 False, /a%20b True; Starlette: /voice?n=%C3%B8 True, /voice?n=%7E True, /bod%C3%B8 False, /a%20b False'
print("guess:", guess)
print("seen:", seen)
if seen != before:
    raise SystemExit("changed: it was " + before)
EOF
