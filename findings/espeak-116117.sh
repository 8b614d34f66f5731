#!/usr/bin/env bash
# 116 117 is the number of Norway's out-of-hours medical line, and is written so. espeak-ng's Norwegian voice takes the space for
# the mark of thousands and says one hundred and sixteen thousand one hundred and seventeen. 22 33 44 it reads as numbers.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check espeakng-loader==0.2.4
"$folder/venv/bin/python" - <<'EOF'
import ctypes
from importlib.metadata import version

import espeakng_loader

UTF_8, IPA, RETRIEVAL = 1, 2, 1
library = ctypes.CDLL(espeakng_loader.get_library_path())
library.espeak_TextToPhonemes.restype = library.espeak_Info.restype = ctypes.c_char_p
library.espeak_Initialize(RETRIEVAL, 0, espeakng_loader.get_data_path().encode(), 0)
library.espeak_SetVoiceByName(b"nb")


def spoken(text):
    rest, words = ctypes.c_char_p(text.encode()), []
    while rest.value:
        words += library.espeak_TextToPhonemes(ctypes.byref(rest), UTF_8, IPA).decode().split()
    return words


thousand = spoken("1000")[-1]
print("espeak-ng", library.espeak_Info(None).decode(), "of espeakng-loader", version("espeakng-loader"))
print("guess: 116 117 is spoken as 116, 117 is:", " ".join(spoken("116, 117")))
print("seen: ", " ".join(spoken("116 117")))
if thousand not in spoken("116 117") or thousand in spoken("116, 117") or thousand in spoken("22 33 44"):
    raise SystemExit("changed: 116 117 had the word for a thousand in it, and 22 33 44 had not")
EOF
