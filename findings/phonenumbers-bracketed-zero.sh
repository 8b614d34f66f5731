#!/usr/bin/env bash
# A zero in brackets behind the country code is a trunk prefix that is left out from abroad. It is dropped for British
# numbers, and kept as a digit for Norwegian ones, which begin with no zero; the result is a number that cannot be
# rung.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check phonenumbers==9.0.43
"$folder/venv/bin/python" - <<'EOF'
import phonenumbers

print("phonenumbers", phonenumbers.__version__)
texts = ("+44 (0) 20 7946 0018", "+47 (0) 55 56 87 00")
numbers = [phonenumbers.parse(text) for text in texts]
e164 = [phonenumbers.format_number(each, phonenumbers.PhoneNumberFormat.E164) for each in numbers]
seen = "; ".join(f"{text}: {number}" for text, number in zip(texts, e164, strict=True))
guess = '+442079460018 and +4755568700'
before = '+44 (0) 20 7946 0018: +442079460018; +47 (0) 55 56 87 00: +47055568700'
print("guess:", guess)
print("seen:", seen)
if seen != before:
    raise SystemExit("changed: it was " + before)
EOF
