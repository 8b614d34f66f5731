"""A WebSocket to a server that is not as it should be: told apart, bounded, and left within the deadline."""

import base64
import hashlib
import re
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from ivr.simulator import Call, CallPlan, WsgiTransport, play
from ivr.simulator.engine.effects import Failed, OpenSocket, SocketAnswer, SocketHeard, SocketOpened, UseSocket
from ivr.simulator.engine.sockets import socket_url
from ivr.simulator.media.tones import tone
from ivr.simulator.transports import websocket
from ivr.simulator.transports.websocket import WebSockets
from ivr.simulator.urls import UrlError
from tests.library.apps import Documents
from tests.media.bot import Bot, connect, running
from tests.simulator.socket_app import SocketApp
from tests.simulator.test_tls import OPENSSL, certificate
from tests.simulator.webhook import URL, webhook

Script = Callable[[socket.socket], None]
_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10


def frame(opcode: int, data: bytes, *, fin: bool = True, mask: bool = False) -> bytes:
    """A frame as a server sends it (RFC 6455 5.2)."""
    size = len(data)
    length = bytes([size]) if size < 126 else b"\x7e" + struct.pack("!H", size)
    if size > 0xFFFF:
        length = b"\x7f" + struct.pack("!Q", size)
    if mask:
        length = bytes([length[0] | 0x80]) + length[1:] + bytes(4)
    return bytes([opcode | (0x80 if fin else 0)]) + length + data


def _accepts(channel: socket.socket) -> None:
    found = re.search(rb"Sec-WebSocket-Key: (\S+)", _request(channel))
    assert found is not None
    accept = base64.b64encode(hashlib.sha1(found[1] + _GUID, usedforsecurity=False).digest())
    head = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
    channel.sendall(head + accept + b"\r\n\r\n")


@contextmanager
def _server(script: Script) -> Iterator[int]:
    """One connection, handled by the script; then everything that still comes is read, and nothing said."""
    done = threading.Event()

    def run() -> None:
        channel, _ = listener.accept()
        with channel, suppress(OSError):
            script(channel)
            while not done.is_set() and channel.recv(65_536):
                pass

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=run)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            done.set()
            thread.join()


def _opened(port: int, seconds: float = 5.0) -> tuple[WebSockets, SocketAnswer]:
    sockets = WebSockets()
    return sockets, sockets.act(OpenSocket("a", f"ws://127.0.0.1:{port}/x", (), seconds))


def _after(script: Script) -> SocketHeard:
    """What is heard of a server that has accepted, and then does this."""

    def whole(channel: socket.socket) -> None:
        _accepts(channel)
        script(channel)

    with _server(whole) as port:
        sockets, answer = _opened(port)
        try:
            assert answer == SocketOpened()
            heard = sockets.act(UseSocket("a", ("hello",)))
        finally:
            sockets.close()
    assert isinstance(heard, SocketHeard)
    return heard


def _sends(*frames: bytes) -> Script:
    def script(channel: socket.socket) -> None:
        for each in frames:
            channel.sendall(each)

    return script


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Deadlines that a test can wait for."""
    monkeypatch.setattr(websocket, "DEADLINE", 0.2)
    monkeypatch.setattr(websocket, "CLOSING", 0.2)


# The opening handshake.


def _failed(script: Script, seconds: float = 5.0) -> Failed:
    with _server(script) as port:
        sockets, answer = _opened(port, seconds)
        sockets.close()
    assert isinstance(answer, Failed)
    return answer


def test_a_server_that_says_nothing_is_left_at_the_deadline() -> None:
    assert _failed(lambda _: None, 0.2).kind == "read-timeout"


def test_a_server_that_begins_to_answer_and_never_ends_is_left_at_the_same_deadline() -> None:
    assert _failed(_sends(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: web"), 0.3).kind == "read-timeout"


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (b"HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno", "it answered 404 to the opening handshake"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "it answered 200 to the opening handshake"),
        (b"HTTP/1.1 302 Found\r\nLocation: http://example.org/\r\nContent-Length: 0\r\n\r\n", "it answered 302"),
        (b"220 smtp.example.org ESMTP\r\n\r\n", "does not speak WebSocket"),
        (
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: wrong\r\n\r\n",
            "does not speak WebSocket",
        ),
        (b"HTTP/1.1 101 Switching Protocols\r\nX: " + b"y" * 100_000 + b"\r\n\r\n", "does not speak WebSocket"),
    ],
    ids=["404", "200", "302", "another protocol", "a wrong accept", "an endless header"],
)
def test_an_answer_that_is_no_acceptance_is_a_failed_handshake(answer: bytes, why: str) -> None:
    failed = _failed(_sends(answer))
    assert failed.kind == "handshake"
    assert why in failed.message


def test_a_connection_that_is_closed_during_the_handshake_is_a_failed_one() -> None:
    assert _failed(lambda channel: channel.shutdown(socket.SHUT_RDWR)).kind == "handshake"


def test_nobody_there_is_refused() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    _, answer = _opened(port)
    assert isinstance(answer, Failed)
    assert answer.kind == "refused"


# After it.


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (frame(TEXT, b"x", mask=True), "1002"),
        (frame(3, b"x"), "1002"),
        (b"\xf1\x01x", "1002"),
        (frame(PING, b"x", fin=False), "1002"),
        (frame(PING, b"x" * 126), "1002"),
        (frame(0, b"x"), "1002"),
        (frame(TEXT, b"a", fin=False) + frame(TEXT, b"b"), "1002"),
        (frame(TEXT, b"\xff\xfe"), "1007"),
        (frame(CLOSE, b"\x00"), "1002"),
        (frame(BINARY, b"x"), "binary"),
    ],
    ids=[
        "a masked frame",
        "an opcode that does not exist",
        "reserved bits",
        "a fragmented ping",
        "a long ping",
        "a continuation of nothing",
        "a message within a message",
        "bytes that are no UTF-8",
        "half a close code",
        "a binary message",
    ],
)
def test_a_frame_that_is_wrong_ends_the_socket_and_says_why(bad: bytes, why: str) -> None:
    heard = _after(_sends(bad))
    assert why in heard.closed
    assert heard.how == "wrong"


def test_what_comes_with_the_answer_to_the_handshake_is_heard() -> None:
    """In one packet: a program that speaks first."""

    def script(channel: socket.socket) -> None:
        ours, theirs = socket.socketpair()
        with ours, theirs:
            theirs.sendall(_request(channel))
            _accepts(ours)
            answer = theirs.recv(4096)
        channel.sendall(answer + frame(TEXT, b"first"))
        _answer_pings(channel)

    with _server(script) as port:
        sockets, answer = _opened(port)
        heard = sockets.act(UseSocket("a"))
        sockets.close()
    assert answer == SocketOpened()
    assert heard == SocketHeard(("first",))


def _request(channel: socket.socket) -> bytes:
    asked = b""
    while b"\r\n\r\n" not in asked:
        asked += channel.recv(4096)
    return asked


def test_what_came_whole_before_the_fault_is_heard() -> None:
    assert _after(_sends(frame(TEXT, b"first"), frame(BINARY, b"x"))).texts == ("first",)


def test_a_message_in_fragments_with_a_ping_between_is_one_text() -> None:
    parts = frame(TEXT, "bl\u00e5".encode()[:3], fin=False), frame(PING, b"?"), frame(0, "bl\u00e5".encode()[3:])

    def script(channel: socket.socket) -> None:
        channel.sendall(b"".join(parts))
        _answer_pings(channel)

    heard = _after(script)
    assert (heard.texts, heard.closed) == (("bl\u00e5",), "")


def _answer_pings(channel: socket.socket) -> None:
    """Reads frames of the client, which are masked, and answers pings; until it is gone."""
    data = b""
    while more := channel.recv(65_536):
        data += more
        while len(data) >= 6 and len(data) >= 6 + (data[1] & 0x7F):
            size = data[1] & 0x7F
            key, body, opcode = data[2:6], data[6 : 6 + size], data[0] & 0x0F
            data = data[6 + size :]
            if opcode == PING:
                channel.sendall(frame(PONG, bytes(byte ^ key[at % 4] for at, byte in enumerate(body))))


def test_a_message_that_never_ends_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(websocket, "LONGEST_MESSAGE", 1_000)
    endless = frame(TEXT, b"x" * 600, fin=False) + frame(0, b"x" * 600, fin=False)
    assert "a message is longer than 1000 bytes" in _after(_sends(endless)).closed


def test_a_frame_that_says_it_is_enormous_is_not_waited_for_and_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(websocket, "LONGEST_MESSAGE", 1_000)
    enormous = b"\x81\x7f" + struct.pack("!Q", 1 << 62) + b"x" * 2_000
    assert "longer than 1000 bytes" in _after(_sends(enormous)).closed


def test_a_flood_of_messages_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(websocket, "MOST_MESSAGES", 100)
    heard = _after(_sends(frame(TEXT, b"x") * 5_000))
    assert "more than 100 messages came at once" in heard.closed
    assert len(heard.texts) == 101


def test_a_flood_of_pings_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(websocket, "MOST_BYTES", 100_000)
    assert "more than 100000 bytes came at once" in _after(_sends(frame(PING, b"x" * 125) * 10_000)).closed


@pytest.mark.usefixtures("short")
def test_a_server_that_answers_no_ping_is_left_at_the_deadline() -> None:
    heard = _after(lambda _: None)
    assert "no answer to a ping" in heard.closed


@pytest.mark.usefixtures("short")
def test_a_server_that_reads_nothing_is_left_at_the_deadline() -> None:
    stop = threading.Event()

    def deaf(channel: socket.socket) -> None:
        _accepts(channel)
        stop.wait(10)

    with _server(deaf) as port:
        sockets, _ = _opened(port)
        heard = sockets.act(UseSocket("a", ("x" * 100_000,) * 100))
        stop.set()
        sockets.close()
    assert isinstance(heard, SocketHeard)
    assert "no answer to a ping" in heard.closed


def test_a_connection_that_ends_without_a_close_is_told_from_one_with_a_close() -> None:
    half = _after(lambda channel: channel.shutdown(socket.SHUT_WR))
    assert (half.closed, half.how) == ("the connection ended without a close", "broken")
    closed = _after(_sends(frame(CLOSE, struct.pack("!H", 1000))))
    assert (closed.closed, closed.how) == ("it was closed (1000)", "clean")
    failed = _after(_sends(frame(CLOSE, struct.pack("!H", 1011) + b"out of memory")))
    assert (failed.closed, failed.how) == ("it was closed (1011: out of memory)", "closed")


def test_a_connection_that_is_reset_is_told() -> None:
    def resets(channel: socket.socket) -> None:
        channel.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        channel.close()

    assert "the connection" in _after(resets).closed


@pytest.mark.usefixtures("short")
def test_a_server_that_does_not_answer_a_close_is_left() -> None:
    with _server(_accepts) as port:
        sockets, _ = _opened(port)
        heard = sockets.act(UseSocket("a", closes=True))
        again = sockets.act(UseSocket("a", ("x",)))
    assert isinstance(heard, SocketHeard)
    assert "no answer" in heard.closed
    assert again == SocketHeard((), "it is closed already")


def test_a_server_and_a_client_that_both_have_much_to_send_do_not_wait_for_each_other() -> None:
    def answer(channel: socket.socket) -> None:
        _accepts(channel)
        channel.sendall(frame(TEXT, b"y" * 60_000) * 100)
        _answer_long_pings(channel)

    with _server(answer) as port:
        sockets, _ = _opened(port)
        heard = sockets.act(UseSocket("a", ("x" * 60_000,) * 100))
        sockets.close()
    assert isinstance(heard, SocketHeard)
    assert (len(heard.texts), heard.closed) == (100, "")


def _answer_long_pings(channel: socket.socket) -> None:
    """As `_answer_pings`, for frames of up to 64 kB too; begins to read only now."""
    data = b""
    while more := channel.recv(1 << 20):
        data += more
        while len(data) >= 8:
            size, start = data[1] & 0x7F, 2
            if size == 126:
                size, start = struct.unpack("!H", data[2:4])[0], 4
            if len(data) < start + 4 + size:
                break
            key, body = data[start : start + 4], data[start + 4 : start + 4 + size]
            if data[0] & 0x0F == PING:
                channel.sendall(frame(PONG, bytes(byte ^ key[at % 4] for at, byte in enumerate(body))))
            data = data[start + 4 + size :]


# In a call.


def test_a_stream_whose_server_breaks_off_is_an_error_and_the_call_goes_on() -> None:
    def script(channel: socket.socket) -> None:
        _accepts(channel)
        channel.shutdown(socket.SHUT_WR)

    with _server(script) as port:
        app = Documents(voice=f'<Connect><Stream url="ws://127.0.0.1:{port}/"/></Connect><Say>Sorry</Say>')
        with Call(app) as call:
            assert call.heard("Sorry")
            assert call.warnings == [31903]


def test_without_wsproto_the_call_says_in_one_sentence_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> object:
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(websocket, "import_module", missing)
    with running() as bot, Call(connect(bot, after="<Say>Sorry</Say>")) as call:
        assert call.heard("Sorry")
        (wrong,) = call.failures
    assert wrong.endswith("/audio: a WebSocket needs wsproto: pip install 'ivr-116117[media]'")


# Certificates.


@pytest.mark.skipif(OPENSSL is None, reason="needs openssl, to make certificates")
def test_a_certificate_that_is_named_is_trusted_and_the_audio_goes_both_ways(tmp_path: Path) -> None:
    sound = tone((440,), 50) * 60  # a minute, in one message

    def answer(bot: Bot, message: dict[str, Any]) -> None:
        if message["event"] == "start":
            bot.play(message["streamSid"], sound)

    both = certificate(tmp_path / "tls", "DNS:localhost")
    with running(answer, certificate=both) as bot:
        app = Documents(voice=f'<Connect><Stream url="wss://localhost:{bot.port}/"/></Connect>')
        with Call(app, cafile=both) as call:
            call.wait(60.1)
            assert call.streamed[0].ulaw == sound
        bot.ended.wait(5)
    assert len(bot.events("media")) == 3_005


@pytest.mark.skipif(OPENSSL is None, reason="needs openssl, to make certificates")
def test_a_certificate_that_nobody_vouches_for_is_31910(tmp_path: Path) -> None:
    with running(certificate=certificate(tmp_path / "tls", "DNS:localhost")) as bot:
        app = Documents(voice=f'<Connect><Stream url="wss://localhost:{bot.port}/"/></Connect>')
        with Call(app) as call:
            assert call.warnings == [31910]
    assert bot.heard == []


# Which URLs.


@pytest.mark.parametrize(
    ("base", "reference", "url"),
    [
        ("http://127.0.0.1:5000/voice", "/a", "ws://127.0.0.1:5000/a"),
        ("https://example.org/voice/x", "a", "wss://example.org/voice/a"),
        ("https://example.org/", "wss://Example.org:8443/a#b", "wss://Example.org:8443/a"),
        ("https://example.org/", "wss://bl\u00e5.no/\u00e5", "wss://xn--bl-zia.no/%C3%A5"),
        ("http://127.0.0.1/", "ws://[::1]:80/", "ws://[::1]:80/"),
    ],
)
def test_the_url_of_a_socket_is_seen_from_the_document(base: str, reference: str, url: str) -> None:
    assert socket_url(base, reference) == url


@pytest.mark.parametrize(
    ("reference", "code"),
    [
        ("", 31923),
        ("wss://", 31923),
        ("wss://a b/", 31923),
        ("wss://example.org:99999/", 31923),
        ("wss://me:secret@example.org/", 31923),
        ("http://example.org/", 31922),
        ("https://example.org/", 31922),
        ("ws://example.org/", 31922),
        ("ws://127.0.0.1.example.org/", 31922),
        ("ws://0x7f000001/", 31922),
        ("ftp://example.org/", 31923),
        ("javascript://example.org/", 31923),
    ],
)
def test_a_url_that_no_socket_is_opened_to_is_refused_with_its_code(reference: str, code: int) -> None:
    with pytest.raises(UrlError) as refused:
        socket_url("https://example.org/voice", reference)
    assert refused.value.code == code


@pytest.mark.parametrize("host", ["127.0.0.1.example.org", "example.org", "10.0.0.1", "169.254.169.254", "[::2]"])
def test_only_loopback_is_asked_without_being_named(host: str) -> None:
    sockets = SocketApp()
    app = webhook(voice=f'<Connect><Stream url="wss://{host}/"/></Connect>')
    outcome = play(CallPlan(url=URL), WsgiTransport(app), sockets=sockets)
    assert sockets.opened == []
    assert outcome.warnings == [11200]


def test_an_origin_that_was_named_is_asked() -> None:
    sockets = SocketApp({"start": ["close"]})
    app = webhook(voice='<Connect><Stream url="wss://bots.example.org/"/></Connect>')
    plan = CallPlan(url=URL, allow_origins=("https://bots.example.org",))
    outcome = play(plan, WsgiTransport(app), sockets=sockets)
    assert [each.url for each in sockets.opened] == ["wss://bots.example.org/"]
    assert outcome.warnings == []


# Real time.


def test_in_real_time_nothing_is_waited_for_but_what_has_come() -> None:
    def script(channel: socket.socket) -> None:
        _accepts(channel)
        channel.sendall(frame(TEXT, b"first"))
        while channel.recv(4096):  # answers no ping
            pass

    with _server(script) as port:
        sockets = WebSockets(real_time=True)
        assert sockets.act(OpenSocket("a", f"ws://127.0.0.1:{port}/x", (), 5.0)) == SocketOpened()
        heard: list[str] = []
        while not heard:
            answer = sockets.act(UseSocket("a", ("hello",), patient=True))
            assert isinstance(answer, SocketHeard)
            assert answer.closed == ""
            heard += answer.texts
        sockets.close()
    assert heard == ["first"]
