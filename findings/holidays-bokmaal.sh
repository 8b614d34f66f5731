#!/usr/bin/env bash
# A name of a Norwegian public holiday is asked for in bokmål by the language's code, nb. The library knows Norwegian
# by the code no alone. Its documentation says that another code leaves the original names; it takes the machine's
# language, here English, as it does in containers, whose LANG is C.UTF-8.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check holidays==0.109
LANGUAGE=en "$folder/venv/bin/python" - <<'EOF'
from datetime import date

import holidays

print("holidays", holidays.__version__)
names = {code: holidays.Norway(years=2027, language=code).get(date(2027, 5, 6)) for code in ("no", "nb", "nn", "xx")}
seen = "; ".join(f"{code}: {name}" for code, name in names.items())
guess = 'the Norwegian name for all four'
before = 'no: Kristi himmelfartsdag; nb: Ascension Day; nn: Ascension Day; xx: Ascension Day'
print("guess:", guess)
print("seen:", seen)
if seen != before:
    raise SystemExit("changed: it was " + before)
EOF
