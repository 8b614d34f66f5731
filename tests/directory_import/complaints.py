"""What is said of sheets and directories that are refused."""

from datetime import date
from pathlib import Path

import pytest

from ivr.base.errors import DefinitionError
from ivr.line.directory import load_directory
from ivr.operations.directory_import import read_sheets


def complaints_of(path: Path, *worksheets: str) -> list[str]:
    """About a file that holds no sound sheet."""
    with pytest.raises(DefinitionError) as caught:
        read_sheets(path, worksheets)
    return [str(complaint) for complaint in caught.value.complaints]


def complaints_of_directory(folder: Path, today: date | None = None) -> list[str]:
    with pytest.raises(DefinitionError) as caught:
        load_directory(folder, today=today)
    return [str(complaint) for complaint in caught.value.complaints]
