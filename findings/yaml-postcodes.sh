#!/usr/bin/env bash
# Oslo's postcodes begin with a zero. PyYAML reads those whose digits are all below 8 as octal numbers and leaves the
# others as text; js-yaml reads the same file as decimal numbers. All three differ from what stands there.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check PyYAML==6.0.4
npm install --silent --no-audit --no-fund --prefix "$folder" js-yaml@5.5.0 > /dev/null
export folder
cat > "$folder/postcodes.yaml" <<'EOF'
[0150, 0301, 0389]
EOF
"$folder/venv/bin/python" - <<'EOF'
import json
import os
import subprocess

import yaml

folder = os.environ["folder"]
script = "const f = require('fs').readFileSync('postcodes.yaml', 'utf8');"
script += "console.log(JSON.stringify(require('js-yaml').load(f)))"
node = subprocess.run(["node", "-e", script], cwd=folder, check=True, capture_output=True, text=True)
with open(f"{folder}/postcodes.yaml", encoding="utf-8") as file:
    python = json.dumps(yaml.safe_load(file))
print("PyYAML", yaml.__version__, "and js-yaml 5.5.0")
seen = f"PyYAML {python}; js-yaml {json.dumps(json.loads(node.stdout))}"
guess = 'the same in both, and with the zero or without it throughout'
before = 'PyYAML [104, 193, "0389"]; js-yaml [150, 301, 389]'
print("guess:", guess)
print("seen:", seen)
if seen != before:
    raise SystemExit("changed: it was " + before)
EOF
