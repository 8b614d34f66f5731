#!/usr/bin/env bash
# In SDP the payload types below 35 have a fixed meaning (RFC 3551), so that a SIP gateway may offer "RTP/AVP 0 8" and name
# neither PCMU nor PCMA in an rtpmap line. aiortc 1.16.0 knows the numbers and has no codec for them.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check aiortc==1.16.0
"$folder/venv/bin/python" - <<'EOF'
import aiortc

from aiortc.sdp import SessionDescription

OFFER = """v=0
o=- 1 1 IN IP4 192.0.2.1
s=-
c=IN IP4 192.0.2.1
t=0 0
m=audio 40000 RTP/AVP 0 8 101
a=rtpmap:101 telephone-event/8000
a=fmtp:101 0-15
"""


def codecs(offer):
    media = SessionDescription.parse(offer.replace("\n", "\r\n")).media[0]
    return media.fmt, [codec.name for codec in media.rtp.codecs]


named = OFFER.replace("a=rtpmap:101", "a=rtpmap:0 PCMU/8000\na=rtpmap:8 PCMA/8000\na=rtpmap:101", 1)
print("aiortc", aiortc.__version__)
print("with rtpmap lines:", *codecs(named))
numbers, seen = codecs(OFFER)
print("guess: the same without them")
print("seen: ", numbers, seen)
if seen != ["telephone-event"]:
    raise SystemExit("changed: it was ['telephone-event'] alone")
EOF
