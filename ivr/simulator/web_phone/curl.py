"""A signed request as a line for a shell. Must not send anything."""

import shlex

from ivr.simulator.engine.effects import Fetch

_CURLS_OWN = ("accept", "accept-encoding")  # curl sets them itself; the signature does not cover them


def as_curl(fetch: Fetch) -> str:
    """The same request to the letter: method, URL, headers with the signature, body."""
    parts = ["curl", "-i"]
    if fetch.method != "POST":
        parts += ["-X", fetch.method]
    parts.append(fetch.url)
    for name, value in fetch.headers:
        if name.lower() not in _CURLS_OWN:
            parts += ["-H", f"{name}: {value}"]
    if fetch.method == "POST":
        parts += ["--data-raw", fetch.body.decode("utf-8", "replace")]
    return shlex.join(parts)
