"""The disk of the log is full: the line starts and answers all the same."""

from pathlib import Path

import pytest

from tests.serve.server import serving

FULL = Path("/dev/full")


@pytest.mark.skipif(not FULL.exists(), reason="only Linux has a device that is always full")
def test_a_full_disk_behind_the_log_keeps_nobody_from_113() -> None:
    with serving(log=FULL) as server:
        assert "dial one, one, three" in server.post("/voice")
