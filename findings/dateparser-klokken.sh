#!/usr/bin/env bash
# "17. mai kl 20" is 17 May at eight in the evening. dateparser, told that the text is Norwegian, reads the hour as a year;
# "kl. 20.15" it reads as a time.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check dateparser==1.5.0
"$folder/venv/bin/python" - <<'EOF'
from datetime import datetime
from importlib.metadata import version

import dateparser

BASE = {"RELATIVE_BASE": datetime(2026, 3, 3, 12, 0)}
texts = ("17. mai kl. 20.15", "17. mai kl 20")
seen = [str(dateparser.parse(text, languages=["nb"], settings=BASE)) for text in texts]
print("dateparser", version("dateparser"))
print("guess:", ["2026-05-17 20:15:00", "2026-05-17 20:00:00"])
print("seen: ", seen)
if seen != ["2026-05-17 20:15:00", "2020-05-17 00:00:00"]:
    raise SystemExit("changed: the second was 2020-05-17 00:00:00")
EOF
