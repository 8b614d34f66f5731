#!/usr/bin/env bash
# Deleting a webhook rule takes an idempotency key. It is written into the headers, which are then made anew without
# it, so that a repeated request is not recognised.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check twilio==9.13.0
"$folder/venv/bin/python" - <<'EOF'
import twilio

from twilio.http.response import Response
from twilio.rest import Client


class Recorder:
    """An HTTP client that sends nothing."""

    timeout = None

    def request(self, method, url, params=None, data=None, headers=None, **_):
        self.data, self.headers = data, headers
        return Response(204 if method == "DELETE" else 201, '{"sid": "SM0"}')


recorder = Recorder()
client = Client("AC" + "0" * 32, "not a token", http_client=recorder)
print("twilio", twilio.__version__)
key = "01890a5d-ac96-774b-bcce-b302099a8057"
client.webhooks.v1.rules("rule").delete(idempotency_key=key)
seen = f"Idempotency-Key: {recorder.headers.get('Idempotency-Key')}"
guess = 'Idempotency-Key: 01890a5d-ac96-774b-bcce-b302099a8057'
before = 'Idempotency-Key: None'
print("guess:", guess)
print("seen:", seen)
if seen != before:
    raise SystemExit("changed: it was " + before)
EOF
