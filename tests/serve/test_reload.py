"""A new flow while calls are under way, with the real server: nothing is dropped, nothing is half taken."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from ivr.base.bundled import bundled
from tests.conftest import SMALL
from tests.serve.server import Server, next_target, serving

FLOW = "legevakt.yaml"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shutil.copytree(bundled("call_flows"), tmp_path_factory.mktemp("flow") / "call_flows")


@pytest.fixture(scope="module")
def server(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    log = tmp_path_factory.mktemp("log") / "server.log"
    with serving("--workers", "2", log=log, IVR_FLOW=str(folder / FLOW), IVR_DIRECTORY=str(SMALL)) as server:
        yield server


def _edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_a_reload_takes_a_good_flow_and_refuses_a_bad_one_while_a_call_goes_on(server: Server, folder: Path) -> None:
    before = server.ready()
    assert before["reload_refused"] == []
    info = server.post(next_target(server.post("/voice")), Digits="2")
    information = server.post(next_target(info), Digits="3")
    assert "For when to call the out-of-hours centre, press 1" in information

    # A flow whose information menu is gone by that name: the call in it finishes on what it began with.
    for old, new in (("  info:\n", "  facts:\n"), ("to: info,", "to: facts,"), ('"3": info}', '"3": facts}')):
        _edit(folder / FLOW, old, new)
    _edit(folder / FLOW, "back: info\n", "back: facts\n")
    _edit(folder / FLOW, "  info: {nb:", "  facts: {nb:")
    _edit(folder / "languages" / "en" / "prompts.yaml", "In the daytime, call", "By day, call")
    after = server.reload(lambda now: now["flow"] != before["flow"] or bool(now["reload_refused"]))
    assert after["reload_refused"] == []
    assert "In the daytime, call your own GP first" in server.post(next_target(information), Digits="2")
    new_menu = server.post(next_target(server.post(next_target(server.post("/voice")), Digits="2")), Digits="3")
    assert "By day, call your own GP first" in server.post(next_target(new_menu), Digits="2")

    # A flow that hides 113: refused with its place, and calls go on.
    _edit(folder / FLOW, "red_flag: red ", "red_flag: person ")
    refused = server.reload(lambda now: bool(now["reload_refused"]))
    assert refused["flow"] == after["flow"]
    assert any("legevakt.yaml:" in reason and "V09" in reason for reason in refused["reload_refused"])
    assert "dial one, one, three" in server.post("/voice")

    # And mended again, it is taken.
    _edit(folder / FLOW, "red_flag: person ", "red_flag: red ")
    assert server.reload(lambda now: not now["reload_refused"])["flow"] == after["flow"]
