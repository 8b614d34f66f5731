#!/usr/bin/env bash
# The example number of a region is one of another region: Western Sahara's is read as Moroccan.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check phonenumbers==9.0.43
"$folder/venv/bin/python" - <<'EOF'
import phonenumbers

print("phonenumbers", phonenumbers.__version__)
examples = {code: phonenumbers.example_number(code) for code in sorted(phonenumbers.SUPPORTED_REGIONS)}
regions = {code: phonenumbers.region_code_for_number(number) for code, number in examples.items() if number}
seen = "; ".join(f"{code}: {region}" for code, region in regions.items() if region != code)
guess = 'the example number of a region belongs to it'
before = 'EH: MA; MF: BL'
print("guess:", guess)
print("seen:", seen)
if seen != before:
    raise SystemExit("changed: it was " + before)
EOF
