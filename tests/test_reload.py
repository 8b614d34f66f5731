"""A reload refuses a directory whose files were cut off on their way, however sound what is left of them is."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from ivr.base.bundled import bundled
from ivr.base.clock import ManualClock
from ivr.line.directory.schema import FILES
from ivr.line.service.reload import Editions
from ivr.line.service.settings import Settings
from tests.conftest import EVENING

SHARES = (0.2, 0.5, 0.8)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shutil.copytree(bundled("municipalities"), tmp_path_factory.mktemp("directory") / "municipalities")


@pytest.fixture(scope="module")
def editions(folder: Path) -> Editions:
    return Editions(Settings(directory=folder), ManualClock(EVENING))


@pytest.fixture
def whole(folder: Path) -> Iterator[dict[str, bytes]]:
    """The files, which are put back afterwards."""
    files = {name: (folder / name).read_bytes() for name in FILES}
    yield files
    for name, content in files.items():
        (folder / name).write_bytes(content)


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_was_cut_off_is_refused(
    name: str, folder: Path, editions: Editions, whole: dict[str, bytes]
) -> None:
    loaded = editions.loaded
    for share in SHARES:
        cut = whole[name][: int(len(whole[name]) * share)]
        for content in (cut, cut[: cut.rindex(b"\n") + 1]):
            (folder / name).write_bytes(content)
            editions.reload()
            assert editions.refused, share
            assert editions.loaded is loaded


def test_a_line_more_or_less_is_an_edit(folder: Path, editions: Editions, whole: dict[str, bytes]) -> None:
    text = whole["superseded.csv"].decode()
    lines = text.splitlines(keepends=True)
    (folder / "superseded.csv").write_text("".join(lines[:-1]), "utf-8")
    editions.reload()
    assert editions.refused == ()
    assert editions.loaded[0].engine.directory.version != editions.loaded[1].engine.directory.version
