#!/usr/bin/env bash
# 17 May 2027 is Constitution Day and Whit Monday. The names of the day come in the order of the alphabet of each
# language, so that the first Norwegian name is not the first English one.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check holidays==0.109
"$folder/venv/bin/python" - <<'EOF'
from datetime import date

import holidays

print("holidays", holidays.__version__)
lists = [holidays.Norway(years=2027, language=code).get_list(date(2027, 5, 17)) for code in ("no", "en_US")]
seen = "; ".join(f"{norwegian} = {english}" for norwegian, english in zip(*lists, strict=True))
guess = 'Grunnlovsdag = Constitution Day; Andre pinsedag = Pentecost Monday, in one order or the other'
before = 'Andre pinsedag = Constitution Day; Grunnlovsdag = Pentecost Monday'
print("guess:", guess)
print("seen:", seen)
if seen != before:
    raise SystemExit("changed: it was " + before)
EOF
