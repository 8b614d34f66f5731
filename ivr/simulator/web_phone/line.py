"""The bundled line in front of a phone: one for each, on a free loopback port, with a clock that is told its start.

The only module here that knows the service: how to start it, what its flow looks like, and its texts.
"""

import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from werkzeug.serving import WSGIRequestHandler, make_server

from ivr.base.clock import OSLO, SystemClock
from ivr.base.ids import LanguageCode
from ivr.line.flow.model import Flow
from ivr.line.languages import Catalogue, Slot, Words
from ivr.line.languages.text import Piece
from ivr.line.service.bootstrap import Edition, at_address, create_app, load_edition
from ivr.line.service.settings import Settings, line_files
from ivr.line.service.switched import announced_by
from ivr.proof.check.picture import Naming, as_svg, outline
from ivr.proof.check.picture.outline import Shape
from ivr.simulator.languages import InterfaceTexts, pages
from ivr.simulator.web_phone.flow_map import FlowMap, FlowWords, MapEdge
from ivr.simulator.web_phone.translations import translations

NUMBER = "+4721000000"


class CallClock:
    """The moment of a call in the world: when it was placed, and the call time since."""

    def __init__(self) -> None:
        self._started: datetime | None = None
        self._elapsed: Callable[[], float] = lambda: 0.0

    def start(self, moment: datetime, elapsed: Callable[[], float]) -> None:
        """`elapsed`: seconds of call time."""
        self._started, self._elapsed = moment, elapsed

    def now(self) -> datetime:
        if self._started is None:
            return SystemClock().now()
        return (self._started.astimezone(UTC) + timedelta(seconds=self._elapsed())).astimezone(OSLO)

    def seconds(self) -> float:
        return SystemClock().seconds()


class LoadedLine(NamedTuple):
    settings: Settings
    edition: Edition


def load_line(announcement: str = "", *, written: bool = False) -> LoadedLine:
    """The bundled line's files. `announcement`: the one that callers hear; "" for that of the environment. `written`:
    in the words of a text chat. Raises DefinitionError when the files are wrong, SettingsError when an announcement is
    meant that the flow does not have."""
    named = {"IVR_ANNOUNCEMENT": announcement} if announcement else {}
    settings = line_files({**os.environ, **named})
    edition = load_edition(settings, SystemClock(), written=written)
    announced_by(settings, edition.engine.flow, None)  # a wrong name is said before a call is placed
    return LoadedLine(settings, edition)


class BundledLine:
    """A line that answers until it is closed. `url`: where a call is posted."""

    def __init__(self, line: LoadedLine) -> None:
        self.clock = CallClock()
        self._server = make_server("127.0.0.1", 0, _nobody_home, threaded=True, request_handler=_Quiet)
        self.base = f"http://127.0.0.1:{self._server.port}"
        settings = replace(line.settings, base_url=self.base)
        editions = [at_address(line.edition, settings)]
        self._server.app = create_app(settings, clock=self.clock, sink=lambda *_: None, editions=editions)
        serve = self._server.serve_forever
        self._thread = threading.Thread(target=serve, args=(0.05,), name="bundled line", daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"{self.base}/voice"

    @property
    def fallback_url(self) -> str:
        return f"{self.base}/voice/fallback"

    @property
    def status_callback(self) -> str:
        return f"{self.base}/voice/status"

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def _nobody_home(environ: Any, start_response: Any) -> list[bytes]:
    start_response("503 Service Unavailable", [])
    return []


class _Quiet(WSGIRequestHandler):
    """No log: a request line holds a call's token."""

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - werkzeug's name
        pass


@dataclass(frozen=True)
class Pictured:
    """What a page shows of the line: its flow, number and name of every centre that it may ring, its texts by language
    with their slots, and the spoken digits of each language."""

    plan: FlowMap
    centres: tuple[tuple[str, str], ...]
    texts: Sequence[Mapping[str, str]]
    digits: Mapping[str, Sequence[str]]


def pictured(edition: Edition) -> Pictured:
    centres = {centre.number.e164: centre.name for centre in edition.engine.directory.centres.values()}
    named = tuple(sorted(centres.items(), key=lambda centre: centre[1]))
    catalogue = edition.catalogue
    digits = {str(code): language.digits for code, language in catalogue.languages.items()}
    return Pictured(_flow_map(edition), named, translations(_templates(catalogue)), digits)


def _flow_map(edition: Edition) -> FlowMap:
    flow = edition.engine.flow
    plan = outline(flow)
    return FlowMap(
        name=plan.name,
        words={code: _in_words(flow, code, page) for code, page in pages().items()},
        start=plan.start,
        nodes={box.id: box.shape.value for box in plan.boxes},
        ways=tuple(MapEdge(line.start, line.end, line.label) for line in plan.lines),
        ends=frozenset(box.id for box in plan.boxes if box.shape is Shape.END),
        red_flag=flow.red_flag,
        person=flow.person,
    )


def _templates(catalogue: Catalogue) -> Iterator[dict[str, str]]:
    """Each text of the line by language, a slot as `{name}`."""
    languages = catalogue.languages
    for key in next(iter(languages.values())).texts:
        yield {str(code): _template(language.texts[key]) for code, language in languages.items()}


def _template(pieces: Iterable[Piece]) -> str:
    def written(piece: Piece) -> str:
        return piece.text if isinstance(piece, Words) else f"{{{piece.name}}}" if isinstance(piece, Slot) else " "

    return " ".join("".join(map(written, pieces)).split())


def _in_words(flow: Flow, code: str, page: InterfaceTexts) -> FlowWords:
    titles = flow.titles.get(LanguageCode(code), {})
    naming = Naming({node: titles.get(node, node.replace("_", " ")) for node in flow.nodes}, page.words)
    return FlowWords(as_svg(flow, naming), naming.titles, tuple(line.label for line in outline(flow, naming).lines))
