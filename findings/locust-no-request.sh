#!/usr/bin/env bash
# A load test without a host makes no request at all. It ends with exit code 0, and a table and a CSV file of zeros.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check locust==2.47.0
cat > "$folder/locustfile.py" <<'EOF'
from locust import HttpUser, task


class Caller(HttpUser):
    @task
    def call(self):
        self.client.post("/voice")
EOF
"$folder/venv/bin/python" - "$folder" <<'EOF'
import csv
import subprocess
import sys
from importlib.metadata import version

folder = sys.argv[1]
print("locust", version("locust"))
command = [f"{folder}/venv/bin/locust", "--headless", "-u", "1", "-t", "3s", "--csv", "result"]
run = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)
with open(f"{folder}/result_stats.csv", encoding="utf-8") as file:
    total = list(csv.DictReader(file))[-1]
seen = f"exit code {run.returncode}, {total['Request Count']} requests, {total['Failure Count']} failures"
guess = "an exit code that is not 0"
before = "exit code 0, 0 requests, 0 failures"
print("guess:", guess)
print("seen:", seen)
if seen != before:
    raise SystemExit("changed: it was " + before)
EOF
