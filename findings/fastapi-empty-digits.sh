#!/usr/bin/env bash
# Twilio sends Digits= when a caller pressed nothing and an empty result is asked for. FastAPI counts an empty field
# as missing and refuses the webhook.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check fastapi==0.165.0 httpx==0.28.1 python-multipart==0.0.34
"$folder/venv/bin/python" - <<'EOF'
import warnings
from importlib.metadata import version
from typing import Annotated

warnings.simplefilter("ignore")
from fastapi import FastAPI, Form
from fastapi.testclient import TestClient

print("fastapi", version("fastapi"))
application = FastAPI()


@application.post("/gather")
def gather(digits: Annotated[str, Form(alias="Digits")]) -> dict[str, str]:
    return {"digits": digits}


answer = TestClient(application).post("/gather", data={"Digits": "", "CallSid": "CA0"})
seen = f"{answer.status_code} {answer.json()['detail'][0]['msg']}" if answer.status_code == 422 else answer.text
guess = '{"digits":""}'
before = '422 Field required'
print("guess:", guess)
print("seen:", seen)
if seen != before:
    raise SystemExit("changed: it was " + before)
EOF
