"""A copy of the bundled flow and directory with some texts replaced."""

import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from ivr.base.bundled import bundled

FLOW = "legevakt.yaml"
FILLER = "Dette er en lang setning som ingen trenger, og som gjør teksten for lang. " * 36


def damaged(folder: Path, edits: Iterable[Sequence[str]], copies: Mapping[str, str] | None = None) -> Path:
    """The flow's file in a copy of the flow's folder; `copies`: files of it, and the names of second copies."""
    target = folder / "call_flows"
    shutil.copytree(bundled("call_flows"), target)
    replace(target, edits)
    for source, copy in (copies or {}).items():
        (target / copy).parent.mkdir(exist_ok=True)
        shutil.copy(target / source, target / copy)
    return target / FLOW


def replace(folder: Path, edits: Iterable[Sequence[str]]) -> None:
    for name, old, new in edits:
        path = folder / name
        text = path.read_text("utf-8")
        assert old in text, f"nothing to damage: {old!r} is not in {name}"
        path.write_text(text.replace(old, new, 1).replace("LONG\n", FILLER + "\n"), "utf-8")
