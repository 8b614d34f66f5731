"""A call of an account, for tests: what the one on its line does, and what has become of the call.

Time passes for the whole account: an act lets it pass only as far as the act needs, `hear` until the text is said.
"""

from collections.abc import Callable
from operator import methodcaller
from textwrap import shorten
from typing import Any, Literal

from ivr.base.errors import SimulatorError
from ivr.simulator.account.core import Core
from ivr.simulator.account.running import Running
from ivr.simulator.account.switchboard import Link
from ivr.simulator.call_values import Heard
from ivr.simulator.call_view import CallView
from ivr.simulator.engine.effects import Key, Pass, Speech
from ivr.simulator.plan import KEY_GAP, HangUp
from ivr.simulator.prompts import find
from ivr.simulator.twiml.gather import KEYS

__tracebackhide__ = methodcaller("errisinstance", SimulatorError)  # under pytest, the test's own line is shown


class AccountCall(CallView):
    """`sid`, `from_`, `to`, `direction`, `status` as REST tells them. `press`, `say` and `hang_up` are for the person
    on its line; a call that another call of the account has rung has none."""

    def __init__(self, core: Core, running: Running) -> None:
        self._world = core.world
        self._switchboard = core.switchboard
        self._user_messages = core.user_messages
        self._running = running
        self._session = running.session
        self._outcome = running.session.outcome()
        self._bodies = running.bodies
        self._clock = 0.0
        self._acted = 0
        self._looked = False

    def __repr__(self) -> str:
        state = f"ended {self._outcome.ended}" if self._running.is_over else self.status
        return f"<AccountCall {self.from_} to {self.to}, {state} at {self.seconds:g} s, last heard {self._last()!r}>"

    def _last(self) -> str:
        return shorten(self.last_prompt, 80)

    @property
    def sid(self) -> str:
        return self._session.sid

    @property
    def from_(self) -> str:
        return self._running.plan.from_

    @property
    def to(self) -> str:
        return self._running.plan.to

    @property
    def direction(self) -> str:
        return self._session.direction

    @property
    def status(self) -> str:
        """The CallStatus."""
        return self._session.status

    @property
    def seconds(self) -> float:
        """Call time since the call was placed."""
        return round(self._running.call_time(self._world.now) if not self._running.is_over else self._session.now, 3)

    @property
    def is_listening(self) -> bool:
        """Whether a key or a word would be taken at this moment, by this call or by the one that its line is in."""
        return self.listens_to("keys") or self.listens_to("speech")

    def heard(self, text: str, *, new: bool = False) -> Heard:
        """Whether a prompt that contains `text` has started on this line; `new`: since the last act.

        What a call at the other end of a Dial has said counts while the two are connected.
        """
        own = super().heard(text, new=new)
        if own:
            return own
        since = self.trace[self._acted - 1]["t"] if new and self._acted else 0.0
        for link in self._switchboard.links_of(self._running):
            if link.callee is not None and link.joined is not None:
                other = _said_in(link, link.callee, text, self._running.started + since)
                if other is not None:
                    return Heard(text, round(other[0] - self._running.started, 3), (other[1],))
        return own

    # What the one on the line does.

    def hear(self, text: str) -> None:
        """Let time pass until a prompt that contains `text` has started since the last act. Raises SimulatorError when
        the call ends first."""
        self._until(lambda: bool(self.heard(text, new=True)), f"{text!r} was heard")

    def press(self, keys: str) -> None:
        """Keys, at once if the call listens to keys, else the moment it does; 0.2 s apart."""
        self._check(keys)
        self._until(lambda: self.listens_to("keys"), f"it listened for {keys!r}")
        self.press_now(keys)

    def press_now(self, keys: str) -> None:
        """Keys at this moment, whether or not anything listens."""
        self._check(keys)
        for place, key in enumerate(keys):
            if place:
                self._world.run(lambda: False, self._world.now + KEY_GAP)
            self._act(Key(key), f"press {keys[place:]!r}")

    def say(self, words: str | Speech) -> None:
        """Speech, at once if the call listens to speech, else the moment it does."""
        speech = words if isinstance(words, Speech) else Speech(words)
        text = speech.text or "noise"
        self._until(lambda: self.listens_to("speech"), f"it listened for {text!r}")
        self._act(speech, f"say {text!r}")

    def send_user_message(self, content: object) -> None:
        """The Voice SDK of a caller at `client:NAME` sends a message to the application that has subscribed to them.

        `content`: anything that JSON has."""
        if self._running.is_over:
            raise self._error(f"cannot send a message: the call is over ({self._outcome.ended})")
        self._user_messages.send(self._running, self.sid, self.from_, content)

    @property
    def user_messages(self) -> list[Any]:
        """What the application has sent to the Voice SDK on this line, in order."""
        return self._user_messages.contents(self.sid)

    def hang_up(self) -> None:
        """The one on the line hangs up."""
        self._act(HangUp(), "hang up")

    def _act(self, what: Key | Speech | HangUp, doing: str) -> None:
        if self._switchboard.link_of(self._running) is not None:
            raise self._error(f"cannot {doing}: a call of the account is on this line, not a person")
        if self._running.is_over:
            raise self._error(f"cannot {doing}: the call is over ({self._outcome.ended})")
        self._acted = len(self.trace)
        self._world.act(self._running, what)
        self._world.settle()

    def _until(self, reached: Callable[[], bool], what: str) -> None:
        self._world.run(lambda: reached() or self._running.is_over)
        if not reached():
            raise self._error(f"the call ended ({self._outcome.ended}) before {what}")

    def listens_to(self, to: Literal["keys", "speech"]) -> bool:
        """Whether keys, or speech, would be taken at this moment.

        Through every Dial that joins two calls: the one on the line is heard at its far end."""
        running: Running | None = self._running
        seen: set[str] = set()
        while running is not None and running.sid not in seen:
            seen.add(running.sid)
            effect = running.session.effect
            if isinstance(effect, Pass) and (effect.keys if to == "keys" else effect.speech):
                return True
            running = self._switchboard.partner(running)
        return False

    def _check(self, keys: str) -> None:
        if not keys or set(keys) - set(KEYS):
            raise SimulatorError(f'{keys!r} cannot be pressed: keys are a text of 0-9, * and #, e.g. press("5003")')


def _said_in(link: Link, callee: Running, text: str, since: float) -> tuple[float, str] | None:
    """When, in the account's time, and in which prompt `text` was said over the link."""
    joined, events = max(link.joined or 0.0, since), callee.session.trace.events
    start = 0
    while (found := find(events, text, start)) is not None:
        at = callee.started + events[found]["t"]
        if at >= round(joined, 3) and (link.parted is None or at <= link.parted):
            return at, events[found]["text"]
        start = found + 1
    return None
