#!/usr/bin/env bash
# A test reads the TwiML that an application answered. fast-xml-parser makes numbers of texts that look like some: the plus
# of a telephone number and the zero of a postcode are gone.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --silent --no-audit --no-fund --prefix "$folder" fast-xml-parser@5.12.1 > /dev/null
cd "$folder"
node - <<'EOF'
const { XMLParser } = require("fast-xml-parser");
const twiml = "<Response><Dial><Number>+4755568700</Number></Dial><Say>0150</Say></Response>";
const { Response } = new XMLParser().parse(twiml);
const seen = JSON.stringify([Response.Dial.Number, Response.Say]);
const before = "[4755568700,150]";
console.log("fast-xml-parser 5.12.1");
console.log('guess: ["+4755568700","0150"]');
console.log("seen: ", seen);
if (seen !== before) {
  console.error("changed: it was " + before);
  process.exit(1);
}
EOF
