"""A file that is there whole or not at all, whoever reads it meanwhile."""

import os
from pathlib import Path


def write_whole(path: Path, content: bytes, mode: int | None = None) -> None:
    """Complete under another name first, and on the disk, before it bears this one. `mode`: who may read it, from the
    first byte on; as the process makes files if left out. Raises OSError."""
    part = path.with_name(f".{path.name}.part")
    with part.open("wb") as file:
        if mode is not None:
            os.fchmod(file.fileno(), mode)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
