#!/usr/bin/env bash
# A test signs an address and sends the request with requests. The library rewrites percent-encoded letters before it
# sends, so that the server is asked for another address than the one that was signed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check requests==2.34.2
"$folder/venv/bin/python" - <<'EOF'
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import requests

print("requests", requests.__version__)


class Echo(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.path.encode())

    def log_message(self, *_):
        pass


server = HTTPServer(("127.0.0.1", 0), Echo)
threading.Thread(target=server.serve_forever, daemon=True).start()
seen = requests.get(f"http://127.0.0.1:{server.server_port}/voice?n=%7E%41&m=a|b&%c3%b8", timeout=10).text
server.shutdown()
guess = '/voice?n=%7E%41&m=a|b&%c3%b8'
before = '/voice?n=~A&m=a%7Cb&%C3%B8'
print("guess:", guess)
print("seen:", seen)
if seen != before:
    raise SystemExit("changed: it was " + before)
EOF
