"""A Twilio account: numbers with webhooks, phones of people, and calls that meet, in one virtual clock.

    account = Account()
    account.number("+4721000000", voice=app)
    nurse = account.phone("+4790000001")
    caller = account.call("+4791234567", "+4721000000")
    caller.press("1")
    nurse.answer()

The same acts in the same order make the same traces, to the byte but for `ms`. docs/account.md tells the rest.
"""

import os
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from operator import methodcaller
from pathlib import Path
from typing import Any

from ivr.base.errors import SimulatorError
from ivr.base.test_account import ACCOUNT_SID, AUTH_TOKEN
from ivr.simulator.account.account_call import AccountCall
from ivr.simulator.account.handset import Handset
from ivr.simulator.account.numbers import AccountNumber
from ivr.simulator.account.routes import Routes
from ivr.simulator.account.running import Running
from ivr.simulator.account.switchboard import Link, Ringable, Switchboard
from ivr.simulator.account.world import World
from ivr.simulator.caller import ScriptedCaller
from ivr.simulator.plan import CallPlan, Leg, Step, far_end, keys_to_steps
from ivr.simulator.trace import json_line

__tracebackhide__ = methodcaller("errisinstance", SimulatorError)


class Account:
    """`legs`: how numbers behave that are neither the account's nor a phone's, as for a `Call`; nobody answers those
    that it does not name. `seed`, `name`: every sid follows from them and from the order of the calls."""

    def __init__(  # noqa: PLR0913 - one argument for each thing that an account is made of
        self,
        *,
        account_sid: str = ACCOUNT_SID,
        auth_token: str | None = None,
        legs: Mapping[str, Leg | str] | None = None,
        seed: int = 0,
        name: str = "",
        speech_rate: float = 150.0,
        started: datetime = datetime(2026, 1, 1, tzinfo=UTC),
        allow_origins: Iterable[str] = (),
        cafile: str | Path | None = None,
    ) -> None:
        self.sid = account_sid
        self.auth_token = auth_token or os.environ.get("TWILIO_AUTH_TOKEN") or AUTH_TOKEN
        self.numbers: dict[str, AccountNumber] = {}
        self._started = started
        self._seed, self._name, self._speech_rate = seed, name, speech_rate
        self._legs = {pattern: far_end(leg) for pattern, leg in (legs or {}).items()}
        self._routes = Routes(tuple(allow_origins), cafile)
        self._world = World(self._routes)
        self._phones: dict[str, Ringable] = {}
        self._handles: dict[str, AccountCall] = {}
        self._switchboard = Switchboard(self._world, self._answer_leg, self._phones)

    # What the account has.

    def number(  # noqa: PLR0913 - one argument for each thing that a number has
        self,
        number: str,
        *,
        voice: str | Callable[..., Any] | None = None,
        path: str | None = None,
        base_url: str | None = None,
        method: str = "POST",
        fallback_url: str = "",
        status_callback: str = "",
    ) -> AccountNumber:
        """A number of the account. `voice`: the webhook's URL, or an application in this process, called at `path`
        (`/voice`); `fallback_url`, `status_callback`: whole URLs, or paths of it. Raises SimulatorError."""
        own = AccountNumber(number, self.sid_of("PN", number), voice_method=method)
        if voice is not None:
            reached = self._routes.reach(voice, path, base_url)
            own.voice_url = reached.url
            own.voice_fallback_url = reached.at(fallback_url) if fallback_url else ""
            own.status_callback = reached.at(status_callback) if status_callback else ""
        self._known(number)
        self.numbers[number] = own
        return own

    def phone(self, number: str) -> Handset:
        """A person's telephone at `number`, which may be `client:NAME` or a SIP address too."""
        handset = Handset(number, self._world)
        handset.connect(self._switchboard)
        self._known(number)
        self._phones[number] = handset
        return handset

    def set_leg(self, pattern: str, leg: Leg | str) -> None:
        """From now on a number that is neither the account's nor a phone's behaves like this."""
        self._legs[pattern] = far_end(leg)

    def sid_of(self, prefix: str, name: str) -> str:
        return f"{prefix}{sha256(f'{self.sid}/{name}'.encode()).hexdigest()[:32]}"

    # Calls.

    def call(
        self,
        from_: str,
        to: str,
        *,
        keys: str = "",
        steps: Iterable[Step] = (),
        params: Mapping[str, str] | None = None,
    ) -> AccountCall:
        """Somebody at `from_` calls a number of the account. `keys`, `steps`: what the caller does without being told.

        `params`: what requests about this line have besides, such as ForwardedFrom. Raises SimulatorError.
        """
        own = self.numbers.get(to)
        if own is None or not own.voice_url:
            raise SimulatorError(f"{to!r} has no voice webhook in this account: account.number({to!r}, voice=...)")
        plan = self._inbound(own, from_, to, params or {})
        running = self._world.place(plan, ScriptedCaller((*keys_to_steps(keys), *steps)) if keys or steps else None)
        self._world.settle()
        return self._handle(running)

    @property
    def calls(self) -> list[AccountCall]:
        """Every call of the account, in the order in which they were placed; legs stand in the calls that dialled."""
        return [self._handle(running) for running in self._world.calls]

    # Time.

    @property
    def now(self) -> float:
        """Seconds since the account was made."""
        return round(self._world.now, 3)

    def run(self, until: float | Callable[[], object] | None = None) -> None:
        """Let time pass: to the moment `until` of the account's time, or until it returns something true, or until no
        call is under way. Raises SimulatorError when that never comes."""
        if callable(until):
            check = until
            if not self._world.run(lambda: bool(check())):
                raise SimulatorError(f"it has not come to that, and nothing is left to happen\n{self.transcript}")
        elif until is None:
            self._world.run(lambda: not self._world.under_way)
        else:
            self._world.run(lambda: False, max(until, self._world.now))

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.run(self._world.now + seconds)

    # What became of it.

    @property
    def transcript(self) -> str:
        """Every call's own, one after another."""
        return "\n".join(f"{call!r}\n{call.transcript}" for call in self.calls)

    @property
    def traces(self) -> str:
        """JSON Lines: every event of every call, one call after another, each with the CallSid as `call`."""
        events = ((call.sid, event) for call in self.calls for event in call.trace)
        return "".join(f"{json_line({'call': sid, **event})}\n" for sid, event in events)

    def close(self) -> None:
        """Everybody hangs up. Raises SimulatorError when a call went wrong and the test has not looked at it."""
        for running in self._world.calls:
            self._world.hang_up(running)
        self._world.run(lambda: not self._world.under_way)
        wrong = [text for call in self.calls if (text := call.unseen_failures())]
        if wrong:
            raise SimulatorError("\n\n".join(wrong))

    # How calls begin.

    def _answer_leg(self, link: Link) -> Running | None:
        own = self.numbers.get(link.to)
        if own is None or not own.voice_url:
            return None
        if self._world.is_full:
            self._switchboard.decline(link, "failed")
            return None
        return self._world.place(self._inbound(own, link.from_, link.to, {}))

    def _inbound(self, own: AccountNumber, from_: str, to: str, params: Mapping[str, str]) -> CallPlan:
        return CallPlan(
            url=own.voice_url,
            from_=from_,
            to=to,
            method=own.voice_method,
            fallback_url=own.voice_fallback_url or None,
            status_callback=own.status_callback or None,
            auth_token=self.auth_token,
            account_sid=self.sid,
            legs=self._legs,
            seed=self._seed,
            name=self._name,
            number=len(self._world.calls) + 1,
            speech_rate=self._speech_rate,
            started=self._started + timedelta(seconds=self._world.now),
            params=params,
            caller_ids=tuple(self.numbers),
            origins=self._routes.origins,
        )

    def _known(self, number: str) -> None:
        """It rings until somebody answers."""
        if number in self.numbers or number in self._phones:
            raise SimulatorError(f"{number} is there already")
        others = {pattern: leg for pattern, leg in self._legs.items() if pattern != number}
        self._legs.clear()
        self._legs.update({number: Leg.no_answer()} | others)

    def _handle(self, running: Running) -> AccountCall:
        if running.sid not in self._handles:
            self._handles[running.sid] = AccountCall(self._world, self._switchboard, running)
        return self._handles[running.sid]
