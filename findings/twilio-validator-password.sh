#!/usr/bin/env bash
# The validator tries the address with its port and without, since either may have been signed. From an address with a
# user and a password it takes the host away together with the port, so that a right signature is refused.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check twilio==9.13.0
"$folder/venv/bin/python" - <<'EOF'
import twilio
from twilio.request_validator import RequestValidator

print("twilio", twilio.__version__)
validator = RequestValidator("not a token")
pairs = (("https://h:8443/v", "https://h/v"), ("https://user:word@h:8443/v", "https://user:word@h/v"))
seen = "; ".join(
    f"{asked}: {validator.validate(asked, {}, validator.compute_signature(signed, {}))}" for asked, signed in pairs
)
guess = 'True for both'
before = 'https://h:8443/v: True; https://user:word@h:8443/v: False'
print("guess:", guess)
print("seen:", seen)
if seen != before:
    raise SystemExit("changed: it was " + before)
EOF
