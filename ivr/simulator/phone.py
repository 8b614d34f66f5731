"""A telephone in the terminal: real time, keys as they are pressed, captions as they are spoken. Knows terminals only.

Orders that an application gives over REST come in at once, too.

Digits, * and # act at once; Ctrl-C (or Ctrl-D) hangs up; where the call listens to speech, a line of text is spoken
with Enter. The terminal is restored whatever happens.
"""

import os
import select
import termios
import time
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ivr.simulator.engine.effects import Happened, Input, Key, Pass, Speech
from ivr.simulator.outcome import Outcome
from ivr.simulator.plan import CallPlan, HangUp
from ivr.simulator.rest_server import Knock, RestServer
from ivr.simulator.session import RealPace, Session, Transport, timed
from ivr.simulator.trace import Event
from ivr.simulator.transports.websocket import sockets_for
from ivr.simulator.twiml.gather import KEYS

_HANG_UP = ("\x03", "\x04", "")  # Ctrl-C, Ctrl-D, and a terminal that was closed


@contextmanager
def raw_keys(terminal: int) -> Iterator[None]:
    """Every key arrives at once, unechoed, and Ctrl-C as a character: it hangs up instead of killing the call."""
    before = termios.tcgetattr(terminal)
    try:
        tty.setcbreak(terminal)
        now = termios.tcgetattr(terminal)
        now[3] &= ~termios.ISIG
        termios.tcsetattr(terminal, termios.TCSADRAIN, now)
        yield
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)


class Keypad:
    """What is typed, as what a caller does. `terminal`: a file descriptor. `knock`: breaks off the waiting."""

    def __init__(self, terminal: int, knock: Knock | None = None) -> None:
        self._terminal = terminal
        self._knock = knock
        self._typed = ""

    def during(self, effect: Pass, now: float) -> Happened:
        """Wait, in real time, for what the caller does before `effect.until`."""
        began = time.monotonic()
        sources = [source for source in (self._terminal, self._knock) if source is not None]
        while True:
            elapsed = time.monotonic() - began
            left = effect.until - now - elapsed
            if left <= 0:
                return Happened(effect.until)
            ready, _, _ = select.select(sources, [], [], left)
            if self._knock is not None and self._knock.heard():
                return Happened(min(now + time.monotonic() - began, effect.until))
            if self._terminal in ready:
                what = self._read(effect)
                if what is not None:
                    return Happened(min(now + time.monotonic() - began, effect.until), what)

    def _read(self, effect: Pass) -> Input | None:
        character = os.read(self._terminal, 1).decode("utf-8", "ignore")
        if character in _HANG_UP:
            return HangUp()
        if effect.speech and character == "\n" and self._typed.strip():
            text, self._typed = self._typed.strip(), ""
            return Speech(text)
        if character in KEYS and not self._typed:
            return Key(character)
        if effect.speech:
            self._typed += character
        return None


def call_by_hand(
    plan: CallPlan,
    transport: Transport,
    terminal: int,
    show: Callable[[Event], None],
    rest: RestServer | None = None,
) -> Outcome:
    """Play a call in real time with a person at the keys; `show` is told of each event as it begins and ends.

    `rest`: where the application can find the call while it runs.
    """
    session, keypad, pace = (
        Session(plan, show, sockets_for(transport, real_time=True)),
        Keypad(terminal, rest.knock if rest else None),
        RealPace(),
    )
    if rest is not None:
        rest.add(session)
    with raw_keys(terminal):
        session.drive(
            lambda fetch: timed(transport, fetch, pace),
            lambda effect: keypad.during(effect, session.now),
        )
    return session.outcome()
