#!/usr/bin/env bash
# A list of events is right for Twilio's REST call that begins a call. The same list as an attribute of TwiML becomes
# Python source text, without a complaint, and names no event.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check twilio==9.13.0
"$folder/venv/bin/python" - <<'EOF'
import twilio
from twilio.twiml.voice_response import Number

print("twilio", twilio.__version__)
number = Number("+4721000000", status_callback_event=["ringing", "answered"])
seen = number.to_xml(xml_declaration=False)
guess = 'statusCallbackEvent="ringing answered", or an error'
before = '<Number statusCallbackEvent="[\'ringing\', \'answered\']">+4721000000</Number>'
print("guess:", guess)
print("seen:", seen)
if seen != before:
    raise SystemExit("changed: it was " + before)
EOF
