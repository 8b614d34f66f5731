#!/usr/bin/env bash
# pyVoIP offers and accepts A-law (payload type 8), the G.711 law of European telephone networks. A call that agreed on it
# is sent mu-law under the number of A-law: the far end decodes noise.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pyVoIP==1.6.8
"$folder/venv/bin/python" -W ignore - <<'EOF'
import audioop
from importlib.metadata import version

from pyVoIP.RTP import PayloadType, RTPClient, TransmitType

client = RTPClient({8: PayloadType.PCMA}, "127.0.0.1", 0, "127.0.0.1", 9, TransmitType.SENDRECV)
quiet = bytes([0x80]) * 4  # four samples of silence, 8 bits without a sign: what pyVoIP's users write
sent = client.encode_packet(quiet)
heard = audioop.alaw2lin(sent, 2)
samples = [int.from_bytes(heard[at : at + 2], "little", signed=True) for at in range(0, len(heard), 2)]
print("pyVoIP", version("pyVoIP"))
print("agreed on:", client.preference, int(client.preference))
print("guess:", audioop.lin2alaw(bytes(4), 1).hex(), "which an A-law decoder hears as samples near 0")
print("seen:", sent.hex(), "which an A-law decoder hears as", samples)
if sent != audioop.lin2ulaw(bytes(4), 1):
    raise SystemExit("changed: it was mu-law, ffffffff")
EOF
