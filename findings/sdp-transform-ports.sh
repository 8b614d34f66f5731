#!/usr/bin/env bash
# A medium of an SDP description may have a number of ports: m=audio 49170/2 RTP/AVP 0 (RFC 4566, 5.14). sdp-transform
# reads a medium without type, port and payloads, and without an error; written again it is no SDP.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --silent --no-audit --no-fund --prefix "$folder" sdp-transform@3.0.0 > /dev/null
cd "$folder"
node - <<'EOF'
const sdp = require("sdp-transform");
const offer = ["v=0", "o=- 1 1 IN IP4 192.0.2.1", "s=-", "c=IN IP4 192.0.2.1", "t=0 0", "m=audio 49170/2 RTP/AVP 0", ""];
const written = sdp.write(sdp.parse(offer.join("\r\n")));
const seen = written.split("\r\n").find((line) => line.startsWith("m="));
const before = "m=undefined NaN undefined ";
console.log("sdp-transform 3.0.0");
console.log("guess: m=audio 49170/2 RTP/AVP 0, or at least m=audio 49170 RTP/AVP 0");
console.log("seen: ", seen);
if (seen !== before) {
  console.error("changed: it was " + before);
  process.exit(1);
}
EOF
