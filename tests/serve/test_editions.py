"""A call finishes on the words that it began with: after a restart, in another instance, and after many reloads."""

import os
import shutil
import signal
from pathlib import Path

import pytest

from ivr.base.bundled import bundled
from tests.conftest import SMALL
from tests.serve.server import Server, free_port, next_target, serving, wait_for_every_worker

OLD, NEW = "In the daytime, call your own GP", "By day, call your own GP"


@pytest.fixture
def flow(tmp_path: Path) -> Path:
    return shutil.copytree(bundled("call_flows"), tmp_path / "call_flows") / "legevakt.yaml"


@pytest.fixture
def files(flow: Path, tmp_path: Path) -> dict[str, str]:
    """The settings of a line with this flow that keeps its editions in a folder of the test's own."""
    return {"IVR_FLOW": str(flow), "IVR_DIRECTORY": str(SMALL), "XDG_CACHE_HOME": str(tmp_path / "cache")}


def _say_otherwise(flow: Path) -> None:
    prompts = flow.parent / "languages" / "en" / "prompts.yaml"
    text = prompts.read_text("utf-8")
    assert OLD[:20] in text
    prompts.write_text(text.replace(OLD[:20], NEW[:12]), "utf-8")


def _at_the_information(server: Server) -> str:
    """Where a call is about to hear of the daytime."""
    menu = server.post(next_target(server.post("/voice")), Digits="2")
    return next_target(server.post(next_target(menu), Digits="3"))


def test_a_call_goes_on_with_its_own_words_after_a_restart_with_other_files(
    flow: Path, tmp_path: Path, files: dict[str, str]
) -> None:
    port = free_port()
    with serving(log=tmp_path / "first", port=port, **files) as server:
        target = _at_the_information(server)
    _say_otherwise(flow)
    with serving(log=tmp_path / "second", port=port, **files) as server:
        assert OLD in server.post(target, Digits="2")
        assert NEW in server.post(_at_the_information(server), Digits="2")


def test_a_call_goes_on_with_its_own_words_in_an_instance_that_started_later_and_back(
    flow: Path, tmp_path: Path, files: dict[str, str]
) -> None:
    base = "http://127.0.0.1:9"  # what Twilio signs; nobody listens there
    settings = {**files, "PUBLIC_BASE_URL": base}
    with serving(log=tmp_path / "first", **settings) as first:
        target = _at_the_information(first)
        _say_otherwise(flow)
        with serving(log=tmp_path / "second", **settings) as second:
            assert OLD in second.post(target, Digits="2")
            assert NEW in first.post(_at_the_information(second), Digits="2")


def test_editions_that_are_kept_are_bounded(flow: Path, tmp_path: Path, files: dict[str, str]) -> None:
    prompts, kept = flow.parent / "languages" / "en" / "prompts.yaml", tmp_path / "cache" / "ivr" / "editions"
    for number in range(18):
        old = kept / "0123456789abcdef" / f"{number:08x}-00000000"
        old.mkdir(parents=True)
        os.utime(old, (number, number))
    with serving(log=tmp_path / "log", **files) as server:
        before = server.ready()["flow"]
        prompts.write_text(prompts.read_text("utf-8").replace(OLD[:20], NEW[:12]), "utf-8")
        server.reload(lambda now: now["flow"] != before)
    names = sorted(each.name for each in kept.glob("*/*"))
    assert len(names) == 16
    assert "00000000-00000000" not in names


def test_an_edition_that_was_changed_on_disk_is_not_taken(flow: Path, tmp_path: Path, files: dict[str, str]) -> None:
    port = free_port()
    with serving(log=tmp_path / "first", port=port, **files) as server:
        target = _at_the_information(server)
    (kept,) = (tmp_path / "cache" / "ivr" / "editions").glob("*/*/flow/languages/en/prompts.yaml")
    kept.write_text(kept.read_text("utf-8").replace(OLD[:20], "You may as well call"), "utf-8")
    _say_otherwise(flow)
    with serving(log=tmp_path / "second", port=port, **files) as server:
        assert "You may as well" not in server.post(target, Digits="2")


def test_a_pipe_among_the_prompts_is_refused_and_the_line_reloads_again_without_it(flow: Path, tmp_path: Path) -> None:
    pipe = flow.parent / "languages" / "xx.yaml"
    with serving(log=tmp_path / "log", IVR_FLOW=str(flow), IVR_DIRECTORY=str(SMALL)) as server:
        os.mkfifo(pipe)
        refused = server.reload(lambda now: bool(now["reload_refused"]))["reload_refused"]
        assert refused == [f"{pipe} is no ordinary file"]
        pipe.unlink()
        assert server.reload(lambda now: not now["reload_refused"])["status"] == "ready"


def test_a_file_beyond_all_reason_is_refused_unread(flow: Path, tmp_path: Path) -> None:
    with serving(log=tmp_path / "log", IVR_FLOW=str(flow), IVR_DIRECTORY=str(SMALL)) as server:
        with (flow.parent / "languages" / "xx.yaml").open("wb") as huge:
            huge.truncate(1 << 40)
        refused = server.reload(lambda now: bool(now["reload_refused"]))["reload_refused"]
        assert refused[0].endswith("xx.yaml has 1048576 MB; 32 are the most")


def test_many_signals_at_once_are_few_reloads(flow: Path, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with serving("--log-level", "info", log=log, IVR_FLOW=str(flow), IVR_DIRECTORY=str(SMALL)) as server:
        before = server.ready()["flow"]
        for _ in range(29):
            server.process.send_signal(signal.SIGHUP)
        _say_otherwise(flow)
        server.reload(lambda now: now["flow"] != before)
        wait_for_every_worker(server, lambda now: now["flow"] != before)
        assert "dial one, one, three" in server.post("/voice")
    assert log.read_text("utf-8").count("Booting worker") <= 4
