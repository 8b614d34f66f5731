#!/usr/bin/env bash
# A refused fetch raises TwilioRestException with the status and Twilio's code. A refused list of the same resource raises
# its parent class, without either: `except TwilioRestException` lets it through.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check twilio==9.13.0
"$folder/venv/bin/python" - <<'EOF'
import twilio

from twilio.base.exceptions import TwilioException
from twilio.http.response import Response
from twilio.rest import Client


class Refusing:
    """An HTTP client that sends nothing and answers as Twilio does to a wrong token."""

    timeout = None

    def request(self, *_, **__):
        return Response(401, '{"code": 20003, "message": "Authenticate", "status": 401}')


def caught(ask):
    try:
        ask()
    except TwilioException as error:
        return f"{type(error).__name__}, code {getattr(error, 'code', None)}"
    return "nothing"


client = Client("AC" + "0" * 32, "not a token", http_client=Refusing())
print("twilio", twilio.__version__)
print("a fetch:", caught(lambda: client.calls("CA" + "0" * 32).fetch()))
seen = caught(lambda: client.calls.list(limit=1))
guess = "TwilioRestException, code 20003"
before = "TwilioException, code None"
print("guess:", guess)
print("seen:", seen)
if seen != before:
    raise SystemExit("changed: it was " + before)
EOF
