"""What an application's process needs in its environment to take a local account for Twilio."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ivr.base.test_account import ACCOUNT_SID, API_KEY_SECRET, API_KEY_SID, AUTH_TOKEN

_SHIMS = Path(__file__).parent / "shims"
PYTHON_SHIM = _SHIMS / "python"
NODE_SHIM = _SHIMS / "node" / "twilio_local.cjs"
_LOOPBACK = ("127.0.0.1", "localhost")


@dataclass(frozen=True, slots=True)
class LocalAccount:
    """`url`: where its REST API is."""

    url: str
    sid: str = ACCOUNT_SID
    auth_token: str = AUTH_TOKEN
    api_key: str = API_KEY_SID
    api_secret: str = API_KEY_SECRET

    def environment(self, inherited: Mapping[str, str]) -> dict[str, str]:
        """The variables that are set or changed. What stands in them already is kept, and nothing is added twice."""
        return {
            "TWILIO_ACCOUNT_SID": self.sid,
            "TWILIO_AUTH_TOKEN": self.auth_token,
            "TWILIO_API_KEY": self.api_key,
            "TWILIO_API_SECRET": self.api_secret,
            "TWILIO_API_URL": self.url,
            "PYTHONPATH": _first(str(PYTHON_SHIM), inherited.get("PYTHONPATH", ""), os.pathsep),
            "NODE_OPTIONS": _first(f"--require {_quoted(NODE_SHIM)}", inherited.get("NODE_OPTIONS", ""), " "),
            **{name: _names(inherited.get(name, "")) for name in ("NO_PROXY", "no_proxy")},
        }


def _first(own: str, others: str, between: str) -> str:
    if own in others:
        return others
    return f"{own}{between}{others}" if others else own


def _quoted(path: Path) -> str:
    """As NODE_OPTIONS has a path."""
    text = str(path)
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"' if set(text) & set(' "\\') else text


def _names(text: str) -> str:
    """What no proxy is asked for: the names that stand there, and this machine."""
    return ",".join(dict.fromkeys([*(name.strip() for name in text.split(",") if name.strip()), *_LOOPBACK]))
