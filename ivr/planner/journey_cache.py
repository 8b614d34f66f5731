"""Journeys that were played, kept between runs: a file for each content of flow, prompts, directory, callers and code.

Where nothing can be kept, everything is played again.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

import ivr
from ivr.planner.player import Kept

_PACKAGE = Path(ivr.__file__).parent
_DECIDES = ("base", "line", "simulator", "planner/service.py", "planner/player.py", "planner/journeys.py")
_MOST_FILES = 16


class Store:
    """`folder` None: nothing is kept."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def key(self, *content: str) -> str:
        """Changes with everything on which a played call depends."""
        digest = hashlib.sha256("\0".join(content).encode())
        for name in _DECIDES:
            path = _PACKAGE / name
            for file in sorted(path.rglob("*.py")) if path.is_dir() else (path,):
                digest.update(file.read_bytes())
        return digest.hexdigest()

    def read(self, key: str) -> Kept:
        if self._folder is None:
            return {}
        try:
            rows = json.loads((self._folder / f"{key}.json").read_text("utf-8"))
            return {name: (tuple((at, centre) for at, centre in rings), red) for name, (rings, red) in rows.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            return {}

    def write(self, key: str, kept: Mapping[str, object]) -> None:
        if self._folder is None:
            return
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            fresh = self._folder / f"{key}.new"
            fresh.write_text(json.dumps(kept), "utf-8")
            fresh.replace(self._folder / f"{key}.json")
            old = sorted(self._folder.glob("*.json"), key=lambda each: each.stat().st_mtime)
            for each in old[:-_MOST_FILES]:
                each.unlink(missing_ok=True)
        except OSError:
            return
