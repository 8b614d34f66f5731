#!/usr/bin/env bash
# A key that is pressed comes as many RTP packets (RFC 4733), so that one may be lost. pyVoIP reports the key from the
# packet with the marker bit alone, which is the first: if that one is lost the key is lost, though all others arrive.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pyVoIP==1.6.8
"$folder/venv/bin/python" -W ignore - <<'EOF'
import struct
from importlib.metadata import version

from pyVoIP.RTP import PayloadType, RTPClient, TransmitType


def key_nine():
    """The packets of key 9, held for 100 ms and told every 20 ms; the end is told three times."""
    for number in range(8):
        end, marker = number >= 5, 0x80 if number == 0 else 0
        head = struct.pack("!BBHII", 0x80, marker | 101, 100 + number, 8000, 0x1234)
        yield head + struct.pack("!BBH", 9, 0x80 | 10 if end else 10, 160 * min(number + 1, 5))


def keys_of(packets):
    keys = []
    agreed = {0: PayloadType.PCMU, 101: PayloadType.EVENT}
    client = RTPClient(agreed, "127.0.0.1", 0, "127.0.0.1", 9, TransmitType.SENDRECV, keys.append)
    for packet in packets:
        client.parse_packet(packet)
    return keys


packets = list(key_nine())
print("pyVoIP", version("pyVoIP"))
print("all 8 packets:", keys_of(packets))
print("without the sixth:", keys_of(packets[:5] + packets[6:]))
seen = keys_of(packets[1:])
print("guess: without the first, ['9'] as well")
print("seen:  without the first,", seen)
if keys_of(packets) != ["9"] or seen != []:
    raise SystemExit("changed: it was [] without the first and ['9'] with all")
EOF
