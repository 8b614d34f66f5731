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
from dataclasses import replace
from datetime import UTC, datetime
from operator import methodcaller
from pathlib import Path
from typing import Any

from ivr.base.errors import SimulatorError
from ivr.base.test_account import ACCOUNT_SID, AUTH_TOKEN
from ivr.simulator.account.account_call import AccountCall
from ivr.simulator.account.account_message import AccountMessage, MediaDraft
from ivr.simulator.account.add_ons import AddOn, Answer
from ivr.simulator.account.core import AccountOptions, Core
from ivr.simulator.account.handset import Handset
from ivr.simulator.account.messaging import receive_message
from ivr.simulator.account.numbers import AccountNumber
from ivr.simulator.account.rest import MEDIA, ROUTES, SETTINGS
from ivr.simulator.account.rest_app import AccountRestApp, RestRequest
from ivr.simulator.account.rest_port import RestPort
from ivr.simulator.account.running import Running
from ivr.simulator.application.environment import LocalAccount
from ivr.simulator.application.process import READY_SECONDS, ApplicationProcess, start_application
from ivr.simulator.caller import ScriptedCaller
from ivr.simulator.delivery import delivery_of
from ivr.simulator.engine.shared import SharedConference, SharedQueue
from ivr.simulator.media.speaker import Speaker
from ivr.simulator.plan import Leg, Step, far_end, keys_to_steps
from ivr.simulator.rest import RestTransport
from ivr.simulator.trace import json_line

__tracebackhide__ = methodcaller("errisinstance", SimulatorError)


class Account:
    """`legs`: how numbers behave that are neither the account's nor a phone's, as for a `Call`; nobody answers those
    that it does not name. `seed`, `name`: every sid follows from them and from the order of the calls. `allow_errors`:
    `close` raises nothing. `public_urls`: public address to where that is, `{"https://line.example":
    "http://127.0.0.1:3000"}`: requests name and are signed for the one, and go to the other. `shared_key`: `NAME=KEY`,
    which signs in place of the auth token. `connection`: settings such as `rc=2&rt=3000` that a webhook rule gives.
    `speech`: recordings have the words that were said, by espeak-ng where it is installed; their bytes then depend on
    it."""

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
        allow_errors: bool = False,
        public_urls: Mapping[str, str] | None = None,
        shared_key: str = "",
        connection: str = "",
        speech: bool = False,
    ) -> None:
        self.allow_errors = allow_errors
        token = auth_token or os.environ.get("TWILIO_AUTH_TOKEN") or AUTH_TOKEN
        options = AccountOptions(account_sid, token, seed, name, speech_rate, started, tuple(allow_origins), cafile)
        speaker = Speaker.installed() if speech else Speaker()
        options = replace(options, delivery=delivery_of(public_urls, shared_key, connection), speaker=speaker)
        self._core = Core(options, {pattern: far_end(leg) for pattern, leg in (legs or {}).items()})
        self._world, self._switchboard = self._core.world, self._core.switchboard
        self._handles: dict[str, AccountCall] = {}
        self.rest_app = AccountRestApp(self._core, ROUTES, MEDIA, settings=SETTINGS)
        self._rest_port: RestPort | None = None
        self.started: list[ApplicationProcess] = []

    @property
    def rest(self) -> RestTransport:
        """For Twilio's own library: `Client(account.sid, account.auth_token, http_client=account.rest)`."""
        return RestTransport(self.rest_app)

    @property
    def rest_log(self) -> list[RestRequest]:
        """Every request of the REST API, in order."""
        return list(self.rest_app.log)

    def serves(self, app: Callable[..., Any], base_url: str | None = None) -> str:
        """An application in this process that no number leads to may be asked too; returns its address."""
        return self._core.routes.reach(app, "/", base_url).url.rstrip("/")

    @property
    def rest_url(self) -> str:
        """Where the REST API is for other processes: a free loopback port, opened when it is first asked for."""
        if self._rest_port is None:
            self._rest_port = RestPort(self._world, self.rest_app)
            self._core.options = replace(self._core.options, api=self._rest_port.url)
        return self._rest_port.url

    def start(
        self,
        command: str,
        *,
        ready: str,
        seconds: float = READY_SECONDS,
        folder: str | Path | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> ApplicationProcess:
        """Start the application under test, in any language; `close` stops it. Twilio's libraries for Python and Node
        ask this account (docs/account.md).

        `ready`: a URL on this machine that answers once it is up, within so many `seconds`. `folder`: where it is
        started. `environment`: further variables. Raises SimulatorError with its last lines."""
        local = LocalAccount(self.rest_url, self.sid, self.auth_token)
        where = None if folder is None else Path(folder)
        running = start_application(command, local, ready, seconds=seconds, folder=where, environment=environment)
        self.started.append(running)
        self._core.routes.reach(ready, None, None)
        return running

    @property
    def sid(self) -> str:
        return self._core.sid

    @property
    def auth_token(self) -> str:
        return self._core.options.auth_token

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
        messages: str = "",
    ) -> AccountNumber:
        """A number of the account. `voice`: the webhook's URL, or an application in this process, called at `path`
        (`/voice`); `fallback_url`, `status_callback`, `messages` (the messaging webhook): whole URLs, or paths of it.
        Raises SimulatorError."""
        settings = {"FriendlyName": number, "VoiceMethod": method, "SmsMethod": method}
        if voice is not None:
            reached = self._core.routes.reach(voice, path, base_url)
            settings["VoiceUrl"] = reached.url
            paths = {"VoiceFallbackUrl": fallback_url, "StatusCallback": status_callback, "SmsUrl": messages}
            settings |= {name: reached.at(where) for name, where in paths.items() if where}
        now = self._world.now
        own = AccountNumber(self._core.sid_of("PN", number), settings, now, now, number)
        self._core.add_number(own)
        return own

    def phone(self, number: str) -> Handset:
        """A person's telephone at `number`, which may be `client:NAME` or a SIP address too."""
        return self._core.add_phone(number)

    def add_on(self, name: str, answer: Answer, *, of_recordings: bool = False) -> AddOn:
        """An add-on that is installed from now on; its `sid` is what a number is assigned over REST.

        `answer`: what it answers: JSON, or a function of the facts that it is asked about. `of_recordings`: it is asked
        about every recording, and not about calls and messages. Raises SimulatorError."""
        return self._core.add_ons.install(name, answer, of_recordings=of_recordings)

    def set_leg(self, pattern: str, leg: Leg | str) -> None:
        """From now on a number that is neither the account's nor a phone's behaves like this."""
        self._core.set_leg(pattern, leg)

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
        own = self._core.numbers.get(to)
        if own is None or not self._core.voice_of(own).url:
            raise SimulatorError(f"{to!r} has no voice webhook in this account: account.number({to!r}, voice=...)")
        party = ScriptedCaller((*keys_to_steps(keys), *steps)) if keys or steps else None
        running = self._core.receive(own, from_, params, party)
        self._world.settle()
        return self._handle(running)

    def text(self, from_: str, to: str, body: str, media: Iterable[tuple[str, bytes]] = ()) -> AccountMessage:
        """Somebody sends a text message to a number of the account; its messaging webhook is asked. `media`: files with
        it, the content type and the content of each."""
        files = [MediaDraft(content_type=kind, content=content) for kind, content in media]
        message = receive_message(self._core, from_, to, body, files)
        self._world.settle()
        return message

    @property
    def messages(self) -> list[AccountMessage]:
        """Every text message, sent and received, in order."""
        return self._core.messages

    @property
    def calls(self) -> list[AccountCall]:
        """Every call of the account, in the order in which they were placed; legs stand in the calls that dialled."""
        return [self._handle(running) for running in self._world.calls]

    @property
    def conferences(self) -> dict[str, SharedConference]:
        """By name; of those with the same name, the latest."""
        return {room.name: room for room in self._core.shared.conferences}

    @property
    def queues(self) -> dict[str, SharedQueue]:
        """By name."""
        return self._core.shared.queues

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
        """Everybody hangs up, and applications that were started are stopped. Raises SimulatorError when a call went
        wrong and the test has not looked at it."""
        try:
            for running in self._world.calls:
                self._world.hang_up(running)
            self._world.run(lambda: not self._world.under_way)
        finally:
            self._stop()
        wrong = [text for call in self.calls if (text := call.unseen_failures())]
        if wrong and not self.allow_errors:
            raise SimulatorError("\n\n".join(wrong))

    def _stop(self) -> None:
        while self.started:
            self.started.pop().stop()
        if self._rest_port is not None:
            self._rest_port.close()
            self._rest_port = None

    def _handle(self, running: Running) -> AccountCall:
        if running.sid not in self._handles:
            self._handles[running.sid] = AccountCall(self._core, running)
        return self._handles[running.sid]
