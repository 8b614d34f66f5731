#!/usr/bin/env bash
# An RTP packet may carry a header extension (RFC 3550, 5.3.1), such as the audio level of RFC 6464, and padding. pyVoIP
# reads the bit that says so, and hands the extension on as sound, at the beginning of every packet.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pyVoIP==1.6.8
"$folder/venv/bin/python" -W ignore - <<'EOF'
import struct
from importlib.metadata import version

from pyVoIP.RTP import PayloadType, RTPMessage

silence = b"\xff" * 160  # 20 ms, mu-law
level = struct.pack("!HH", 0xBEDE, 1) + bytes([0x10, 0x7F, 0, 0])  # one word: an audio level of -127 dB, and filling
packet = struct.pack("!BBHII", 0x90, 0, 1, 160, 0x1234) + level + silence
message = RTPMessage(packet, {0: PayloadType.PCMU})
print("pyVoIP", version("pyVoIP"))
print("the bit of the extension was read:", message.extension)
print("guess: 160 bytes of sound, all silence")
print("seen: ", len(message.payload), "bytes, the first", message.payload[:8].hex())
if message.payload != level + silence:
    raise SystemExit("changed: it was the extension and then the sound")
EOF
