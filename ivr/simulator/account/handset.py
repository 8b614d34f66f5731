"""A person's telephone: rings when a leg leads to its number, is picked up, and hung up. No webhook belongs to it."""

from collections.abc import Callable
from operator import methodcaller
from typing import Any

from ivr.base.errors import SimulatorError
from ivr.simulator.account.running import Running
from ivr.simulator.account.switchboard import Decision, Link, Switchboard
from ivr.simulator.account.user_messages import UserMessages
from ivr.simulator.account.world import World
from ivr.simulator.call_values import Heard
from ivr.simulator.engine.effects import FarAct, Key, Speech
from ivr.simulator.plan import HangUp
from ivr.simulator.prompts import find, is_heard
from ivr.simulator.trace import Event

__tracebackhide__ = methodcaller("errisinstance", SimulatorError)


class Handset:
    """`number`: or a name, `client:anna`. A second leg that comes while it rings or talks finds it busy (ours)."""

    def __init__(self, number: str, world: World, board: Switchboard, user_messages: UserMessages) -> None:
        self.number = number
        self.links: list[Link] = []  # every leg that has rung here, in order
        self.own_call: Running | None = None  # the latest that was placed from here
        self._world = world
        self._board = board
        self._user_messages = user_messages

    def __repr__(self) -> str:
        state = "rings" if self.is_ringing else "talks" if self.is_talking else "is silent"
        return f"<Handset {self.number} {state}>"

    def rings(self, link: Link) -> None:
        """A leg has begun to ring here."""
        if self.is_busy:
            self._board.decline(link, "busy")
        else:
            self.links.append(link)

    @property
    def is_ringing(self) -> bool:
        return bool(self.links) and self.links[-1].status == "ringing"

    @property
    def is_talking(self) -> bool:
        """Whether it was picked up, and nobody has hung up."""
        return bool(self.links) and self.links[-1].status == "in-progress"

    @property
    def is_calling(self) -> bool:
        """Whether a call that was placed from here is under way."""
        return self.own_call is not None and not self.own_call.is_over

    @property
    def is_busy(self) -> bool:
        return self.is_ringing or self.is_talking or self.is_calling

    @property
    def prompts(self) -> list[str]:
        """Every text that was said to it, on its latest line."""
        if self.is_calling or not self.links:
            events = self.own_call.session.trace.events if self.own_call else []
        else:
            link = self.links[-1]
            events = [on_leg(event, link) for event in link.dialler.session.trace.events]
        return [event["text"] for event in events if is_heard(event)]

    @property
    def caller_id(self) -> str:
        """What its display shows of the latest leg; "" when it has never rung."""
        return self.links[-1].from_ if self.links else ""

    # What the person does.

    def answer(self, *, machine: bool = False) -> None:
        """Pick up, as soon as it rings. `machine`: it is an answering machine that does."""
        self._until_it_rings()
        self._board.answer(self.links[-1], machine=machine)
        self._done(lambda: self.is_ringing)

    def decline(self, how: Decision = "busy") -> None:
        """Refuse, as soon as it rings; the leg is `busy`, `no-answer` or `failed`."""
        self._until_it_rings()
        self._board.decline(self.links[-1], how)
        self._done(lambda: self.is_ringing)

    def press(self, key: str) -> None:
        """A key: for a whisper as soon as it listens, in a call that the application has placed at once."""
        self._may(f"press {key!r}")
        link = self.links[-1]
        self._world.act(link.dialler, Key(key) if link.is_line else FarAct(link.sid, "press", key))
        self._world.settle()

    def say(self, words: str | Speech) -> None:
        """Words, to the call that the application has placed."""
        speech = words if isinstance(words, Speech) else Speech(words)
        self._may(f"say {speech.text or 'noise'!r}")
        link = self.links[-1]
        if link.is_line:
            self._world.act(link.dialler, speech)
        self._world.settle()

    def hang_up(self) -> None:
        self._may("hang up")
        link = self.links[-1]
        if link.is_line:
            self._world.act(link.dialler, HangUp())
        else:
            self._board.hang_up(link)
        self._done(lambda: self.is_talking)

    def send_user_message(self, content: object) -> None:
        """The Voice SDK of a phone at `client:NAME` sends a message to an application that has subscribed to the leg's.

        `content`: anything that JSON has."""
        if not (self.is_ringing or self.is_talking):
            raise SimulatorError(f"{self.number} cannot send a message: it is not in a call ({self!r})")
        link = self.links[-1]
        self._user_messages.send(link.dialler, link.sid, self.number, content)

    @property
    def user_messages(self) -> list[Any]:
        """What the application has sent to the Voice SDK here, leg after leg."""
        return [content for link in self.links for content in self._user_messages.contents(link.sid)]

    # What the person hears.

    def heard(self, text: str) -> Heard:
        """Whether the application has said `text` to this phone: in a whisper, or in a call that it has placed."""
        prompts: list[str] = []
        for link in self.links:
            events = [on_leg(event, link) for event in link.dialler.session.trace.events]
            found = find(events, text)
            if found is not None:
                return Heard(text, events[found]["t"], (events[found]["text"],))
            prompts += [event["text"] for event in events if event["event"] == "say"]
        return Heard(text, None, tuple(prompts))

    def hear(self, text: str) -> None:
        """Let time pass until `text` has been said to this phone. Raises SimulatorError when nothing is left to happen
        before."""
        if not self._world.run(lambda: bool(self.heard(text))):
            raise SimulatorError(f"{self!r}: {self.heard(text)!r}")

    # Helpers.

    def _done(self, lasts: Callable[[], bool]) -> None:
        """An act at a leg takes effect at the next whole millisecond."""
        self._world.run(lambda: not lasts(), self._world.now + 0.001)

    def _until_it_rings(self) -> None:
        if not self._world.run(lambda: self.is_ringing):
            raise SimulatorError(f"{self.number} does not ring, and no call is under way that could make it")

    def _may(self, doing: str) -> None:
        if not self.is_talking:
            raise SimulatorError(f"{self.number} cannot {doing}: it is not in a call ({self!r})")


def on_leg(event: Event, link: Link) -> Event:
    """The event as the one at this end sees it: without its mark on this leg, as nothing on another one."""
    leg = event.get("leg")
    if link.is_line:
        return event if leg is None else {"t": event["t"], "event": "other"}
    return {name: value for name, value in event.items() if name != "leg"} if leg == link.sid else {"t": 0, "event": ""}
