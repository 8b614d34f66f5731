#!/usr/bin/env bash
# A date is asked for in the form that Norwegians write, day first. The library of the Norwegian calendar reads the
# month first, unless that is impossible.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check holidays==0.109
"$folder/venv/bin/python" - <<'EOF'
import holidays

print("holidays", holidays.__version__)
norway = holidays.Norway(years=2026, language="no")
seen = "; ".join(f"{text}: {norway.get(text)}" for text in ("01.05.2026", "05.01.2026", "14.05.2026"))
guess = '01.05.2026 is the first of May, a holiday; 05.01.2026 is none'
before = '01.05.2026: None; 05.01.2026: Arbeidernes dag; 14.05.2026: Kristi himmelfartsdag'
print("guess:", guess)
print("seen:", seen)
if seen != before:
    raise SystemExit("changed: it was " + before)
EOF
