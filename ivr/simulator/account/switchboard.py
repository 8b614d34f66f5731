"""What calls of one account have to do with each other: a leg that rings at a number or at a phone of the account.

The leg and the call that answers it are two calls with a sid each, as at Twilio: the line between them carries the
ringing, the answer, keys, words and the end, and nothing else.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal, Protocol, TypeAlias

from ivr.simulator.account.running import Running
from ivr.simulator.account.world import World
from ivr.simulator.engine.effects import FarAct, Key, Speech
from ivr.simulator.plan import KEY_GAP, HangUp
from ivr.simulator.trace import Event
from ivr.simulator.twiml.gather import KEYS

FINAL = ("completed", "busy", "no-answer", "failed", "canceled")
Decision: TypeAlias = Literal["busy", "failed", "no-answer"]
_DECLINED: dict[str, Decision] = {"busy": "busy", "failed": "failed"}


class Ringable(Protocol):
    """A phone: is told what becomes of a leg at it."""

    def rings(self, link: "Link") -> None: ...


@dataclass(slots=True, eq=False)
class Link:
    """The leg `sid` of the call `dialler`, and who is at its other end: a call of the account, or a phone.

    `joined`, `parted`: the account's time when the two began and ceased to be connected; None: not yet.
    `is_answered`, `is_hung_up`: what the other end has done; the leg follows at once, or a millisecond later.
    """

    dialler: Running
    sid: str
    from_: str
    to: str
    callee: Running | None = None
    status: str = "ringing"
    joined: float | None = None
    parted: float | None = None
    is_answered: bool = False
    is_hung_up: bool = False

    @property
    def is_over(self) -> bool:
        return self.status in FINAL

    @property
    def is_line(self) -> bool:
        """Whether it is the call's own line: the call was placed by the application."""
        return self.sid == self.dialler.sid


class Switchboard:
    """`ring_number` places the call that a number of the account answers with, None where it has no webhook."""

    def __init__(
        self, world: World, ring_number: Callable[[Link], Running | None], phones: dict[str, Ringable]
    ) -> None:
        self._world = world
        self._ring_number = ring_number
        self._phones = phones
        self._by_dialler: dict[str, list[Link]] = {}
        self._by_leg: dict[str, Link] = {}
        self._by_callee: dict[str, Link] = {}
        world.on_event = self._happened
        world.on_input = self._entered

    def link_of(self, running: Running) -> Link | None:
        """The leg whose other end this call is."""
        return self._by_callee.get(running.sid)

    def links_of(self, running: Running) -> list[Link]:
        """The legs that this call has dialled to a number or a phone of the account, in order."""
        return self._by_dialler.get(running.sid, [])

    def partner(self, running: Running) -> Running | None:
        """The call at the other end of what this call's caller talks with, if a call is there."""
        link = self._by_leg.get(running.session.talks_with)
        return link.callee if link else None

    # What is seen in a call's trace.

    def _happened(self, running: Running, event: Event) -> None:
        match event["event"]:
            case "leg":
                self._leg(running, event)
            case "status":
                self._status(running, event["status"])
            case "play" if "digits" in event:
                self._tones(running, event)

    def _status(self, running: Running, status: str) -> None:
        if link := self.link_of(running):
            self._answers(link, running, status)
        elif running.session.direction != "inbound":
            self._leg(
                running, {"sid": running.sid, "from": running.plan.from_, "to": running.plan.to, "status": status}
            )

    def _leg(self, running: Running, event: Event) -> None:
        status, link = event["status"], self._by_leg.get(event["sid"])
        if status == "ringing" and link is None:
            self.ring(Link(running, event["sid"], event["from"], event["to"]))
        elif link is not None and link.dialler is running:
            self._moves(link, status)

    def ring(self, link: Link) -> None:
        """Let the leg ring where it leads; nobody is there for a number that the account does not know."""
        phone = self._phones.get(link.to)
        callee = None if phone else self._ring_number(link)
        if phone is None and callee is None:
            return
        link.callee = callee
        self._connect(link)

    def _connect(self, link: Link) -> None:
        self._by_dialler.setdefault(link.dialler.sid, []).append(link)
        self._by_leg[link.sid] = link
        if link.callee is not None:
            self._by_callee[link.callee.sid] = link
        else:
            self._phones[link.to].rings(link)

    def go_on(self, running: Running) -> None:
        """A leg goes on as this call: whoever is at its other end is at this one's from now on."""
        old = self._by_leg.get(running.sid)
        if old is None:
            return
        now = self._world.now
        old.status, old.parted = "completed", now
        link = Link(running, old.sid, old.from_, old.to, old.callee, "in-progress", joined=now, is_answered=True)
        self._connect(link)

    def _moves(self, link: Link, status: str) -> None:
        """The leg is answered, or over."""
        link.status = status
        if status == "in-progress":
            link.joined = self._world.now
            if link.is_hung_up:
                self.hang_up(link)
        elif status in FINAL:
            link.parted = self._world.now
            if link.callee is not None:
                self._world.act(link.callee, HangUp())

    def _answers(self, link: Link, callee: Running, status: str) -> None:
        """The call at the leg's other end picks up, declines or hangs up."""
        if status == "in-progress":
            self.answer(link, machine=True)
        elif status in FINAL and not link.is_answered:
            self.decline(link, _DECLINED.get(status, "no-answer"))
        elif status in FINAL:
            self.hang_up(link)

    def answer(self, link: Link, *, machine: bool = False) -> None:
        link.is_answered = True
        self._world.act(link.dialler, FarAct(link.sid, "answer", machine=machine))

    def decline(self, link: Link, how: Decision) -> None:
        self._world.act(link.dialler, FarAct(link.sid, how))

    def hang_up(self, link: Link) -> None:
        """The other end leaves a leg that it has answered."""
        link.is_hung_up = True
        if link.joined is not None:
            self._world.act(link.dialler, HangUp() if link.is_line else FarAct(link.sid, "hang-up"))

    # What goes over a line.

    def _entered(self, running: Running, what: Key | Speech) -> None:
        """Who talks over a leg is heard at its other end."""
        partner = self.partner(running)
        if partner is not None:
            self._world.act(partner, what)

    def _tones(self, running: Running, event: Event) -> None:
        """Tones that a document plays are keys for a call at the other end."""
        if link := self._by_leg.get(event.get("leg", running.sid)):
            other = link.callee
        else:
            own = self.link_of(running)
            other = own.dialler if own is not None and own.is_line else None
        if other is None:
            return
        for place, digit in enumerate(digit for digit in event["digits"] if digit in KEYS):
            self._world.later(place * KEY_GAP, partial(self._world.act, other, Key(digit)))
