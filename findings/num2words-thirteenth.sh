#!/usr/bin/env bash
# Norwegian ordinal numbers that end in thirteen are formed as if the word tretten ended in en (one).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check num2words==0.5.14
"$folder/venv/bin/python" - <<'EOF'
from importlib.metadata import version

from num2words import num2words

print("num2words", version("num2words"))
seen = "; ".join(f"{number}: {num2words(number, lang='no', to='ordinal')}" for number in (12, 13, 14, 113))
guess = '13: trettende; 113: en hundre og trettende'
before = '12: tolvte; 13: trettførste; 14: fjortende; 113: en hundre og trettførste'
print("guess:", guess)
print("seen:", seen)
if seen != before:
    raise SystemExit("changed: it was " + before)
EOF
