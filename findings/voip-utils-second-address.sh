#!/usr/bin/env bash
# An SDP offer may give each of its media an address of its own (RFC 4566, 5.7). voip-utils 0.5.0 takes the port of the
# audio and the address of whatever medium comes last: sound would be sent to the video's host.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check voip-utils==0.5.0
"$folder/venv/bin/python" - <<'EOF'
from importlib.metadata import version

from voip_utils.sip import get_rtp_info

OFFER = """v=0
o=- 1 1 IN IP4 192.0.2.1
s=-
t=0 0
m=audio 40000 RTP/AVP 96
c=IN IP4 192.0.2.10
a=rtpmap:96 opus/48000/2
m=video 50000 RTP/AVP 97
c=IN IP4 192.0.2.20
a=rtpmap:97 H264/90000
"""
info = get_rtp_info(OFFER.replace("\n", "\r\n"))
seen = f"{info.rtp_ip}:{info.rtp_port}"
print("voip-utils", version("voip-utils"))
print("guess: sound goes to 192.0.2.10:40000")
print("seen:  sound goes to", seen)
if seen != "192.0.2.20:40000":
    raise SystemExit("changed: it was 192.0.2.20:40000")
EOF
