#!/usr/bin/env bash
# The From of a call that comes out of the telephone network may be a tel URI: RFC 3261 allows any URI there, and IMS
# networks send <tel:+47...>. The parser of SIP.js knows sip and sips alone, and such a From is an error.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --silent --no-audit --no-fund --prefix "$folder" sip.js@0.21.2 > /dev/null
cd "$folder"
node - <<'EOF'
const { Grammar } = require("sip.js");
const read = (from) => {
  const parsed = Grammar.parse(from, "From");
  return parsed === -1 ? "an error" : parsed.uri.toString();
};
const seen = ["<sip:+4755568700@gw.example>;tag=1", "<tel:+4755568700>;tag=1"].map(read).join(" and ");
const before = "sip:+4755568700@gw.example and an error";
console.log("sip.js 0.21.2");
console.log("guess: sip:+4755568700@gw.example and tel:+4755568700");
console.log("seen: ", seen);
if (seen !== before) {
  console.error("changed: it was " + before);
  process.exit(1);
}
EOF
