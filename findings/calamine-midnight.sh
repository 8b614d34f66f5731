#!/usr/bin/env bash
# A shift that ends at 24:00 is the number 1 in the format of a time of day. It is read as a date, the first of
# January 1900, and 08:00 in the same column as a time.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check python-calamine==0.9.1 xlsxwriter==3.3.1
"$folder/venv/bin/python" - <<'EOF'
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

import xlsxwriter
from python_calamine import CalamineWorkbook

print("python-calamine", version("python-calamine"))
folder = TemporaryDirectory()
path = str(Path(folder.name) / "sheet.xlsx")
with xlsxwriter.Workbook(path) as book:
    sheet = book.add_worksheet()
    time = book.add_format({"num_format": "hh:mm"})
    sheet.write_number(0, 0, 8 / 24, time)
    sheet.write_number(1, 0, 1, time)
seen = repr([row[0] for row in CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()])
guess = 'a time, a duration or a number for both'
before = '[datetime.time(8, 0), datetime.date(1900, 1, 1)]'
print("guess:", guess)
print("seen:", seen)
if seen != before:
    raise SystemExit("changed: it was " + before)
EOF
