#!/usr/bin/env bash
# A text message is to be sent at 08:00 in Oslo. The library writes the hour as it stands and Z behind it, whatever
# the time zone of the value, so that the message goes out two hours late in summer.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check twilio==9.13.0 tzdata==2025.2
"$folder/venv/bin/python" - <<'EOF'
from datetime import datetime
from zoneinfo import ZoneInfo

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
morning = datetime(2026, 7, 1, 8, 0, tzinfo=ZoneInfo("Europe/Oslo"))
client.messages.create(to="+4791234567", body="text", messaging_service_sid="MG0", send_at=morning, schedule_type="fixed")
seen = recorder.data["SendAt"]
guess = '2026-07-01T06:00:00Z'
before = '2026-07-01T08:00:00Z'
print("guess:", guess)
print("seen:", seen)
if seen != before:
    raise SystemExit("changed: it was " + before)
EOF
