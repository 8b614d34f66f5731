#!/usr/bin/env bash
# Twilio's Python client has one way to fetch anything, `client.request`. Of a recording (audio/x-wav, which carries no
# charset) it gives back a str, decoded by a guess: the bytes of the sound cannot be had from it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check twilio==9.13.0
"$folder/venv/bin/python" - <<'EOF'
import io
import struct
import threading
import wave
from http.server import BaseHTTPRequestHandler, HTTPServer

import twilio
from twilio.rest import Client

sound = io.BytesIO()
with wave.open(sound, "wb") as file:
    file.setnchannels(1)
    file.setsampwidth(2)
    file.setframerate(8000)
    file.writeframes(b"".join(struct.pack("<h", 251 * number % 65536 - 32768) for number in range(800)))


class Recording(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "audio/x-wav")
        self.send_header("Content-Length", str(len(sound.getvalue())))
        self.end_headers()
        self.wfile.write(sound.getvalue())

    def log_message(self, *_):
        pass


server = HTTPServer(("127.0.0.1", 0), Recording)
threading.Thread(target=server.serve_forever, daemon=True).start()
client = Client("AC" + "0" * 32, "not a token")
answer = client.request("GET", f"http://127.0.0.1:{server.server_port}/recording.wav")
values = [getattr(answer, name) for name in dir(answer) if not name.startswith("_")]
back = any(sound.getvalue() in (value, getattr(value, "content", None)) for value in values)
print("twilio", twilio.__version__)
print("guess: the bytes of the recording are somewhere in the answer")
print("seen: ", type(answer.content).__name__, "of", len(answer.content), "characters for", len(sound.getvalue()), "bytes;",
      "the bytes are", "there" if back else "nowhere")
if back or not isinstance(answer.content, str):
    raise SystemExit("changed: it was a str, and the bytes were nowhere")
EOF
