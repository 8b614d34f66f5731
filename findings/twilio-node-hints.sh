#!/usr/bin/env bash
# Twilio's hints for speech are separated by commas. The Node library joins every list with spaces, which is right for
# input and makes one hint of two.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --silent --no-audit --no-fund --prefix "$folder" twilio@6.3.1 > /dev/null
cd "$folder"
node - <<'EOF'
const twilio = require("twilio");
console.log("twilio", require("twilio/package.json").version);
const response = new twilio.twiml.VoiceResponse();
response.gather({ input: ["dtmf", "speech"], hints: ["Nordre Follo", "Bergen"] });
const guess = 'input="dtmf speech" hints="Nordre Follo,Bergen"';
const before = 'input="dtmf speech" hints="Nordre Follo Bergen"';
const seen = response.toString().match(/<Gather (.*?)\/>/)[1];
console.log("guess:", guess);
console.log("seen:", seen);
if (seen !== before) {
  console.error("changed: it was " + before);
  process.exit(1);
}
EOF
