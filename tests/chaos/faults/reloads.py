"""New files while calls are under way: good ones, broken ones, truncated ones, several at once."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ivr.base.bundled import bundled
from tests.chaos.faults.fault import HOST_GONE, Fault
from tests.chaos.service import WORKERS, Service, Serving
from tests.chaos.testbed import Stage

_REMOVED = "number_unknown"  # a node that the next version of the flow does without
_BROKEN = {
    "no YAML": "nodes: [",
    "a node that leads nowhere": "    next: language\n",
    "no way to a person": "person: person ",
    "a repeated key": "start: open\n",
}


@contextmanager
def own_files(stage: Stage) -> Iterator[tuple[Service, Path, Path]]:
    """The service, started anew, on a copy of flow and directory, which may be changed."""
    stage.close()
    flows, directory = stage.folder / "call_flows", stage.folder / "municipalities"
    for source, copy in ((bundled("call_flows"), flows), (bundled("municipalities"), directory)):
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(source, copy)
    flow = flows / "legevakt.yaml"
    yield stage.serve(Serving(environment={"IVR_FLOW": str(flow), "IVR_DIRECTORY": str(directory)})), flow, directory


def reloaded_under_load(stage: Stage) -> None:
    service = stage.serve()

    def disturb() -> None:
        for _ in range(stage.count(10)):
            before = set(service.workers())
            service.reload()
            service.until(lambda ready, before=before: replaced(service, before))  # type: ignore[misc]

    stage.play_while(disturb, 100, threads=2)


def replaced(service: Service, before: set[int]) -> bool:
    """Every worker is a new one."""
    workers = service.workers()
    return bool(workers) and not before & set(workers)


def two_at_once(stage: Stage) -> None:
    """Files change and change back faster than they are taken."""
    with own_files(stage) as (service, flow, _):
        text = flow.read_text("utf-8")

        def disturb() -> None:
            for place in range(stage.count(3)):
                changed(flow, f"{text}\n# version {place}\n")
                service.reload()
                changed(flow, text)
                service.reload()
            service.until(lambda ready: not ready["reload_refused"])

        stage.play_while(disturb, 60, threads=2)


def node_removed(stage: Stage) -> None:
    """Calls are parked on every node that callers come to; then the flow changes under them."""
    with own_files(stage) as (service, flow, _):
        text = flow.read_text("utf-8")
        version = service.ready()["flow"]

        def swap() -> None:
            changed(flow, without_node(text))
            service.reload()
            service.until(lambda ready: ready["flow"] != version)

        def swap_back() -> None:
            changed(flow, text)
            service.reload()
            service.until(lambda ready: ready["flow"] == version)

        stage.play_in_step(200, {2: swap, 4: swap_back})


def without_node(text: str) -> str:
    """The flow without one of its nodes; what led there leads to a neighbour."""
    block = re.compile(rf"^  {_REMOVED}:\n(?:    .*\n|\n)+?(?=^  \S|^\S)", re.M)
    shorter, found = block.subn("", text)
    assert found == 1, "the flow has no such node any more"
    return shorter.replace(_REMOVED, "place_help")


def version_unknown(stage: Stage) -> None:
    """The service starts anew with another flow: it has never seen the version that the calls are on."""
    with own_files(stage) as (service, flow, _):

        def swap() -> None:
            changed(flow, without_node(flow.read_text("utf-8")))
            service.restart()

        stage.play_in_step(60, {3: swap})


def broken_files(stage: Stage) -> None:
    """Each broken file is refused, with its place, and the calls go on."""
    with own_files(stage) as (service, flow, _):
        text = flow.read_text("utf-8")
        version = service.ready()["flow"]

        def disturb() -> None:
            for what in list(_BROKEN)[: stage.count(4)]:
                changed(flow, broken(text, what))
                refuse(service, what)
            changed(flow, text)
            service.reload()
            service.until(lambda ready: not ready["reload_refused"])
            assert service.ready()["flow"] == version

        stage.play_while(disturb, 60, threads=2)


def broken(text: str, what: str) -> str:
    at = _BROKEN[what]
    if what == "no YAML":
        return text + at
    assert at in text, "the flow has no such line any more"
    swapped = {
        "a node that leads nowhere": "    next: nowhere\n",
        "no way to a person": "person: main ",
        "a repeated key": at + at,
    }
    return text.replace(at, swapped[what], 1)


def truncated_directory(stage: Stage) -> None:
    """A directory file that ends too early is refused, within a line or behind one."""
    with own_files(stage) as (service, _, directory):
        files = stage.random.sample(sorted(directory.glob("*.csv")), 4)
        version = service.ready()["directory"]

        def disturb() -> None:
            for place, file in enumerate(files[: stage.count(4)]):
                whole = file.read_bytes()
                cut = whole[: stage.random.randrange(len(whole) // 10, len(whole) * 9 // 10)]
                file.write_bytes(cut if place % 2 else cut[: cut.rindex(b"\n") + 1])
                refuse(service, f"{file.name} cut off")
                file.write_bytes(whole)
            service.reload()
            service.until(lambda ready: not ready["reload_refused"])
            assert service.ready()["directory"] == version

        stage.play_while(disturb, 60, threads=2)


def refuse(service: Service, what: str) -> None:
    """A reload that must change nothing, and say why."""
    before, versions = set(service.workers()), _versions(service)
    service.reload()
    service.until(lambda ready: replaced(service, before))
    for _ in range(4 * WORKERS):  # whichever worker answers
        assert service.ready()["reload_refused"], f"{what}: it was taken"
    assert _versions(service) == versions, f"{what}: refused, and yet something changed"


def _versions(service: Service) -> tuple[str, str]:
    ready = service.ready()
    return ready["flow"], ready["directory"]


def changed(file: Path, text: str) -> None:
    """Written beside, then moved over: nobody reads half a file."""
    beside = file.with_suffix(".new")
    beside.write_text(text, "utf-8")
    beside.replace(file)


FAULTS = (
    Fault("F9", "ten reloads under load", reloaded_under_load),
    Fault("F10", "a new flow lacks the node that a call is at", node_removed),
    Fault("F11", "the flow version of a call is unknown", version_unknown, HOST_GONE),
    Fault("F12", "reloads of broken flows", broken_files),
    Fault("F13", "reloads while the files change", two_at_once),
    Fault("F14", "reloads of truncated directories", truncated_directory),
)
