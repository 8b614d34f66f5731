#!/usr/bin/env bash
# A gateway may name a caller as tel:55568700;phone-context=+47 (RFC 3966, 5.1.5). libphonenumber-js reads that, unless
# it is told a default country: then the same text is no number at all. Google's own library reads it both ways.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --silent --no-audit --no-fund --prefix "$folder" libphonenumber-js@1.13.16 > /dev/null
cd "$folder"
node - <<'EOF'
const { parsePhoneNumberWithError } = require("libphonenumber-js/max");
const read = (country) => {
  try {
    return parsePhoneNumberWithError("tel:55568700;phone-context=+47", country).number;
  } catch (error) {
    return error.message;
  }
};
const seen = `${read(undefined)} without a default country, ${read("NO")} with NO`;
const before = "+4755568700 without a default country, NOT_A_NUMBER with NO";
console.log("libphonenumber-js 1.13.16");
console.log("guess: +4755568700 without a default country, +4755568700 with NO");
console.log("seen: ", seen);
if (seen !== before) {
  console.error("changed: it was " + before);
  process.exit(1);
}
EOF
