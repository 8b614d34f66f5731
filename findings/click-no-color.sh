#!/usr/bin/env bash
# NO_COLOR=1 is the agreed wish for a terminal without colours. Commands made with click colour all the same.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check click==8.5.1
"$folder/venv/bin/python" - <<'EOF'
import os
import pty
import sys
from importlib.metadata import version

print("click", version("click"), flush=True)
child, terminal = pty.fork()
if child == 0:
    os.environ["NO_COLOR"] = "1"
    os.execv(sys.executable, [sys.executable, "-c", "import click; click.secho('fault', fg='red')"])
output = b""
try:
    while part := os.read(terminal, 1024):
        output += part
except OSError:  # Linux ends a terminal so
    pass
os.waitpid(child, 0)
seen = repr(output)
guess = "b'fault\\r\\n'"
before = "b'\\x1b[31mfault\\x1b[0m\\r\\n'"
print("guess:", guess)
print("seen:", seen)
if seen != before:
    raise SystemExit("changed: it was " + before)
EOF
