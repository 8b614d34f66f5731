"""Sheets, as somebody sends them."""

from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture
def sheet(tmp_path: Path) -> Callable[..., Path]:
    def write(content: str | bytes, name: str = "sheet.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write
