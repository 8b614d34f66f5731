"""One of two instances is killed, the other reloaded while it is alone: no call is lost. Longer: `make drill`."""

from pathlib import Path

from tests.deploy import drill
from tests.deploy.nginx import needs_nginx


@needs_nginx
def test_no_call_is_lost_when_one_instance_is_killed_and_the_other_reloaded(tmp_path: Path) -> None:
    found = drill.run(tmp_path, seconds=5, rate=60)
    assert found.lost == []
    assert found.refused == [421, 421]
    assert found.requests >= 150
    # Each was the only one for a while, and the killed one left requests behind for the other to take over.
    assert set(found.by_instance) == {
        "the first",
        "the second",
        "the first after the other failed",
        "the second after the other failed",
    }
