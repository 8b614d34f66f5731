#!/usr/bin/env bash
# WEB_CONCURRENCY= is what a Compose file passes on for a variable that nobody set. gunicorn and uvicorn read it as a
# number and do not start.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check gunicorn==27.0.1 uvicorn==0.54.0
cat > "$folder/app.py" <<'EOF'
def app(environ, start_response):
    start_response("200 OK", [])
    return [b""]
EOF
"$folder/venv/bin/python" - "$folder" <<'EOF'
import os
import subprocess
import sys
from importlib.metadata import version

folder = sys.argv[1]
print("gunicorn", version("gunicorn") + ", uvicorn", version("uvicorn"))
commands = (["gunicorn", "--check-config", "app:app"], ["uvicorn", "app:app", "--port", "0"])
endings = []
for name, *arguments in commands:
    command = [f"{folder}/venv/bin/{name}", *arguments]
    environment = {**os.environ, "WEB_CONCURRENCY": ""}
    run = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60)
    endings.append(f"{name}: {run.stderr.strip().splitlines()[-1]}")
seen = "; ".join(endings)
guess = "an empty variable is one that is not set: one worker"
before = (
    "gunicorn: ValueError: invalid literal for int() with base 10: ''; "
    "uvicorn: ValueError: invalid literal for int() with base 10: ''"
)
print("guess:", guess)
print("seen:", seen)
if seen != before:
    raise SystemExit("changed: it was " + before)
EOF
