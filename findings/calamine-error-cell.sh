#!/usr/bin/env bash
# A cell whose formula failed shows #N/A in the spreadsheet. Read as Python values it is an empty text, as if nothing
# stood there.
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
    sheet.write_row(0, 0, ["centre", "source"])
    sheet.write(1, 0, "bergen")
    sheet.write_formula(1, 1, "=NA()", None, "#N/A")
seen = str(CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()[1])
guess = "['bergen', '#N/A'], or an error"
before = "['bergen', '']"
print("guess:", guess)
print("seen:", seen)
if seen != before:
    raise SystemExit("changed: it was " + before)
EOF
