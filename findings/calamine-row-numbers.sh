#!/usr/bin/env bash
# A sheet begins with two empty rows. One way to read its rows leaves them out and the other does not, so that the
# numbers of rows in complaints differ.
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
    sheet.write(2, 0, "header")
read = CalamineWorkbook.from_path(path).get_sheet_by_index(0)
seen = f"to_python {read.to_python()}; iter_rows {list(read.iter_rows())}"
guess = 'the same rows from both'
before = "to_python [['header']]; iter_rows [[''], [''], ['header']]"
print("guess:", guess)
print("seen:", seen)
if seen != before:
    raise SystemExit("changed: it was " + before)
EOF
