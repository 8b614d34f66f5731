#!/usr/bin/env bash
# Norway's five-digit company numbers can be called within the country. The library calls 02800 valid and writes it as
# an international number; 116117, which can be called too, is not even possible.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check phonenumbers==9.0.43
"$folder/venv/bin/python" - <<'EOF'
import phonenumbers
from phonenumbers import PhoneNumberFormat as Form

print("phonenumbers", phonenumbers.__version__)
numbers = {text: phonenumbers.parse(text, "NO") for text in ("02800", "116117")}
seen = "; ".join(
    f"{text}: valid {phonenumbers.is_valid_number(each)}, from abroad {phonenumbers.can_be_internationally_dialled(each)}, "
    f"{phonenumbers.format_number(each, Form.E164)}"
    for text, each in numbers.items()
)
guess = 'neither is a number that E.164 can write'
before = '02800: valid True, from abroad True, +4702800; 116117: valid False, from abroad True, +47116117'
print("guess:", guess)
print("seen:", seen)
if seen != before:
    raise SystemExit("changed: it was " + before)
EOF
