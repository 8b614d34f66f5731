"""Text messages are sent behind the calls, by a worker: a call never waits for Twilio. What cannot be sent is lost and
counted: the caller has heard the number twice before. A caller's number is in memory until its message is sent, and
nowhere else: not in a log line, a record or a figure.
"""

import atexit
import logging
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from ivr.base.background_worker import BackgroundWorker
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
        self._worker: BackgroundWorker[tuple[str, str]] = BackgroundWorker(
            "texts", self._run, MOST_WAITING, forked=self._reset
        )
        self._reset()
        atexit.register(self.close)

    def _reset(self) -> None:
        self._under_way = 0
        self._sent = 0
        self._lost = 0
        self._asked: OrderedDict[CallId, set[str]] = OrderedDict()

    def __call__(self, call: CallId, phone: str, message: TextMessage) -> None:
        with self._worker.changed:
            if not self._is_new(call, message.centre):
                return
            if self._worker.put((phone, message.text)):
                self._worker.start()
            else:
                self._lose("the service ends" if self._worker.is_closing else "too many wait")

    @property
    def standing(self) -> SenderStatus:
        with self._worker.changed:
            return SenderStatus(self._worker.waiting, self._sent, self._lost)

    def close(self, seconds: float = _CLOSE_SECONDS) -> None:
        """Send what waits, for so many seconds at most; the rest is lost, but for the one that is under way."""
        self._worker.close(seconds)
        with self._worker.changed:
            for _ in self._worker.drop(self._under_way):
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
        worker = self._worker
        while True:
            with worker.changed:
                worker.changed.wait_for(lambda: worker.waiting or worker.is_closing)
                first = worker.first(1)
                if not first:
                    return
                self._under_way = 1
            reason = self._failure(*first[0])
            with worker.changed:
                self._under_way = 0
                worker.done(first)
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
