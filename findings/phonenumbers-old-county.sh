#!/usr/bin/env bash
# The place of a number of Bergen is Hordaland, a county that has not existed since 2020.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check phonenumbers==9.0.43
"$folder/venv/bin/python" - <<'EOF'
import phonenumbers
from phonenumbers import geocoder

print("phonenumbers", phonenumbers.__version__)
numbers = (phonenumbers.parse(text, "NO") for text in ("22 22 55 55", "55 56 87 00"))
seen = "; ".join(geocoder.description_for_number(number, "no") for number in numbers)
guess = 'Oslo; Bergen, or Vestland'
before = 'Oslo; Hordaland'
print("guess:", guess)
print("seen:", seen)
if seen != before:
    raise SystemExit("changed: it was " + before)
EOF
