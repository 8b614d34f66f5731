"""Text messages are sent behind the calls: a bounded buffer, and one thread a process that empties it.

A call hands a message over, which takes as long as appending to a list, and never waits for Twilio. What cannot be sent
is lost and counted: the caller has heard the number twice before. A caller's number is in memory until its message is
sent, and nowhere else: not in a log line, a record or a figure. This module must not know flows, Flask or Twilio.
"""

import atexit
import logging
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass
from threading import Condition, Thread

from ivr.base.errors import AccountError
from ivr.line.calls import CallId
from ivr.line.flow.actions import TextMessage

MOST_WAITING = 1000
MOST_A_CALL = 3  # centres; a number can be forged, so no call may send its owner many messages
_MOST_CALLS = 10_000  # remembered, so that the same message is not sent twice
_CLOSE_SECONDS = 5.0

_log = logging.getLogger("ivr.texts")
Send = Callable[[str, str], None]  # to a number (E.164), this text; raises AccountError, which names neither


@dataclass(frozen=True)
class SenderStatus:
    """How the text messages of this process stand. `sent`: Twilio has taken them."""

    waiting: int
    sent: int
    lost: int


class TextMessages:
    """A `TextSink`. One call gets one message about a centre, however often it is asked for. `told`: hears "sent" or
    "lost" of each message."""

    def __init__(self, send: Send, told: Callable[[str], None] = lambda _: None) -> None:
        self._send = send
        self._told = told
        self._changed = Condition()
        self._buffer: deque[tuple[str, str]] = deque()
        self._under_way = 0
        self._sent = 0
        self._lost = 0
        self._asked: OrderedDict[CallId, set[str]] = OrderedDict()
        self._closing = False
        self._thread: Thread | None = None
        atexit.register(self.close)

    def __call__(self, call: CallId, phone: str, message: TextMessage) -> None:
        with self._changed:
            if not self._is_new(call, message.centre):
                return
            if self._closing or len(self._buffer) >= MOST_WAITING:
                self._lose("the service ends" if self._closing else "too many wait")
                return
            self._buffer.append((phone, message.text))
            self._changed.notify()
            if self._thread is None:  # only now: a thread made at start would not survive a server's fork
                self._thread = Thread(target=self._run, name="texts", daemon=True)
                self._thread.start()

    @property
    def standing(self) -> SenderStatus:
        with self._changed:
            return SenderStatus(len(self._buffer) + self._under_way, self._sent, self._lost)

    def close(self, seconds: float = _CLOSE_SECONDS) -> None:
        """Send what waits, for so many seconds at most; the rest is lost."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join(seconds)
        with self._changed:
            while self._buffer:
                self._buffer.popleft()
                self._lose("the service ends")

    def _is_new(self, call: CallId, centre: str) -> bool:
        asked = self._asked.setdefault(call, set())
        self._asked.move_to_end(call)
        if len(self._asked) > _MOST_CALLS:
            self._asked.popitem(last=False)
        if centre in asked or len(asked) >= MOST_A_CALL:
            return False
        asked.add(centre)
        return True

    def _lose(self, reason: str) -> None:
        self._lost += 1
        self._told("lost")
        _log.warning("a text message is lost: %s", reason)

    # The thread

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._buffer or self._closing)
                if not self._buffer:
                    return
                phone, text = self._buffer.popleft()
                self._under_way = 1
            reason = self._failure(phone, text)
            with self._changed:
                self._under_way = 0
                if reason:
                    self._lose(reason)
                else:
                    self._sent += 1
                    self._told("sent")

    def _failure(self, phone: str, text: str) -> str:
        """Why it was not sent; "" if it was. Sent once: whether one that timed out has arrived, nobody can tell."""
        try:
            self._send(phone, text)
        except AccountError as error:
            return str(error)
        except Exception as fault:  # noqa: BLE001 - whatever it is, it is not worth the thread
            return type(fault).__name__
        return ""
