"""A call as an object, for tests: it is placed at once and plays, in virtual time, up to where it waits for the caller.

    with Call(app, path="/voice") as call:
        call.press("1")
        assert call.heard("Bergen") and call.dialled == ["+4755568700"]

Drives a `Session` and reads its trace; knows no TwiML, no test framework, no thread and no clock of the real world.
"""

import os
import time
from collections.abc import Callable, Iterable, Mapping
from operator import methodcaller
from pathlib import Path
from textwrap import shorten
from types import TracebackType
from typing import Any

from ivr.base.errors import SimulatorError
from ivr.base.test_account import ACCOUNT_SID, AUTH_TOKEN
from ivr.simulator.call_view import CallView
from ivr.simulator.delivery import delivery_of
from ivr.simulator.engine.effects import Failed, Fetch, Happened, Input, Key, Pass, Response, Speech
from ivr.simulator.plan import CONFIDENCE, KEY_GAP, OWN_NUMBERS, CallPlan, Fault, HangUp, Leg, SpeechFault, far_end
from ivr.simulator.player import GLANCE
from ivr.simulator.player import PATIENCE as PATIENCE_FOR_UPDATES
from ivr.simulator.rest import RestApp
from ivr.simulator.session import Session, VirtualPace, timed
from ivr.simulator.target import reach
from ivr.simulator.transports.websocket import WebSockets
from ivr.simulator.urls import UrlError

BASE_URL = "http://127.0.0.1:5000"  # where a WSGI application believes to be, unless told otherwise
PATIENCE = 300.0  # seconds of prompts after which a caller has heard enough (<Say loop="0"> inside <Gather>)
__tracebackhide__ = methodcaller("errisinstance", SimulatorError)  # under pytest, the test's own line is shown


class Call(CallView):
    """One call under way. Everything that "plays on" stops where the call waits for the caller, or at its end.

    It waits when a Gather or Record listens and has said what it had to say. With `play_on=False` the call stays at
    the moment of the action; `wait` lets time pass from there, and a key then can cut a prompt or come during a dial.
    """

    def __init__(  # noqa: PLR0913 - one argument for each thing that a call is made of
        self,
        target: str | Callable[..., Any],
        *,
        path: str | None = None,
        base_url: str = BASE_URL,
        from_: str = "+4791234567",
        to: str = "+4721000000",
        method: str = "POST",
        legs: Mapping[str, Leg | str] | None = None,
        fallback_url: str | None = None,
        status_callback: str | None = None,
        auth_token: str | None = None,
        account_sid: str = ACCOUNT_SID,
        faults: Iterable[Fault | SpeechFault] = (),
        seed: int | None = None,
        name: str = "",
        number: int | None = None,
        speech_rate: float = 150.0,
        allow_origins: Iterable[str] = (),
        params: Mapping[str, str] | None = None,
        caller_ids: Iterable[str] = (),
        rest: RestApp | None = None,
        cafile: str | Path | None = None,
        play_on: bool = True,
        allow_errors: bool = False,
        public_urls: Mapping[str, str] | None = None,
        shared_key: str = "",
        connection: str = "",
    ) -> None:
        """`target`: the webhook's URL; or a WSGI or ASGI application, or a function that makes one, which is called at
        `base_url` + `path` (`/voice`).

        `fallback_url`, `status_callback`: whole URLs, or paths. `legs`: pattern to `Leg`, or to `answer`, `busy`,
        `no-answer`, `failed`. `auth_token`: TWILIO_AUTH_TOKEN, or the simulator's own, when not given.
        `params`: what requests about the caller's leg have besides, such as ForwardedFrom. `caller_ids`:
        further numbers of the account, which a <Dial> may show. `rest`: where the application's own REST requests about
        this call go. `cafile`: certificates (PEM) that are trusted besides the
        system's, where the URL is https. `allow_errors`: `close` raises nothing. `seed`, `name`, `number`: what the
        sids are derived from (`CallPlan`); every call of a process has its own, unless `seed` or `number` says which
        call it is. `public_urls`, `shared_key`, `connection`: how requests reach the application, as for an `Account`.
        """
        reached = reach(target, path, base_url, cafile)
        self._transport = reached.transport
        self._legs = {number: far_end(leg) for number, leg in (legs or {"*": "answer"}).items()}
        plan = CallPlan(
            url=reached.url,
            from_=from_,
            to=to,
            method=method,
            legs=self._legs,
            fallback_url=reached.at(fallback_url) if fallback_url else None,
            status_callback=reached.at(status_callback) if status_callback else None,
            auth_token=auth_token or os.environ.get("TWILIO_AUTH_TOKEN") or AUTH_TOKEN,
            account_sid=account_sid,
            faults=tuple(faults),
            seed=seed,
            name=name,
            number=number,
            speech_rate=speech_rate,
            allow_origins=tuple(allow_origins),
            params=params or {},
            caller_ids=(*OWN_NUMBERS, *caller_ids),
            delivery=delivery_of(public_urls, shared_key, connection),
        )
        self._bodies: dict[int, bytes] = {}  # by the number of the request
        self._clock = 0.0  # how far the caller has waited; the session's own clock may be behind, inside a prompt
        self._looked = allow_errors  # at what went wrong, or need not look
        self._acted = 0  # how many events there were when the caller last did something
        try:
            self._session = Session(plan, sockets=WebSockets(cafile))
        except UrlError as error:
            raise SimulatorError(str(error), code=error.code) from None
        if rest:
            rest.add(self._session)
        self._outcome = self._session.outcome()  # its lists are the session's own, and grow with the call
        self._rest(play_on)

    def __enter__(self) -> "Call":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """As `close`; but what was raised inside stays what it is, and tells the transcript, too."""
        if error is None:
            self.close()
            return
        told = self.transcript in str(error)
        self._hang_up()
        if not told:
            error.add_note(self.transcript)

    def __repr__(self) -> str:
        state = f"ended {self.ended}" if self.ended else "listening" if self.is_listening else "under way"
        return f"<Call {state} at {self.seconds:g} s, last heard {shorten(self.last_prompt, 80)!r}>"

    def __str__(self) -> str:
        return self.transcript

    # What the caller does.

    def press(self, keys: str, *, play_on: bool = True) -> None:
        """Keys, at once if the call listens to keys, else the moment it does; 0.2 s apart."""
        self._may(f"press {keys!r}", keys)
        self._until(lambda effect: effect.keys, f"it listened for {keys!r}")
        self._press(keys, play_on)

    def press_now(self, keys: str, *, play_on: bool = True) -> None:
        """Keys at this moment, whether or not anything listens."""
        self._may(f"press {keys!r}", keys)
        self._press(keys, play_on)

    def say(
        self, text: str, *, heard_as: str | None = None, confidence: float = CONFIDENCE, play_on: bool = True
    ) -> None:
        """Speech, at once if the call listens to speech, else the moment it does. `heard_as`: what a Gather's
        recogniser makes of it, "" for nothing; `confidence`: how sure it is, from 0 to 1."""
        self._may(f"say {text!r}")
        self._until(lambda effect: effect.speech, f"it listened for {text!r}")
        self._act(Speech(text, heard_as, confidence), self.seconds, f"say {text!r}")
        self._rest(play_on)

    def wait(self, seconds: float) -> None:
        """Let call time pass, and stay there: in the middle of a prompt, perhaps, or while a leg rings."""
        self._may(f"wait {seconds:g} s")
        end = self.seconds + seconds
        self._run(lambda effect: Happened(effect.until) if effect.until < end else None)
        self._clock = self._session.reached = end

    def wait_for_update(self, seconds: float = PATIENCE_FOR_UPDATES, *, play_on: bool = True) -> None:
        """Wait, for so many real seconds at most, until the application has changed the call over REST, and play on;
        call time stands still meanwhile. Raises SimulatorError when no change comes."""
        self._may("wait for an update")
        before = sum(event["event"] == "update" for event in self.trace)
        end = time.monotonic() + seconds
        while not self._session.is_updated and time.monotonic() < end:
            time.sleep(GLANCE)
        self._acted = len(self.trace)
        self._rest(play_on)
        if sum(event["event"] == "update" for event in self.trace) == before:
            raise self._error(f"the application has not changed the call within {seconds:g} s")

    def silence(self) -> None:
        """Do nothing until the Gather or Record that waits now, or waits next, is over; then play on."""
        self._may("be silent")
        self._until(self._waits, "it waited for the caller")
        self._acted = len(self.trace)
        ends = self._ends_of_listening()
        self._until(lambda _: self._ends_of_listening() > ends, None)
        self.play_on()

    def hang_up(self) -> None:
        """The caller hangs up; the call is over, and whoever must be told is told."""
        self._may("hang up")
        self._act(HangUp(), self.seconds, "hang up")
        self._until(lambda _: False, None)

    def close(self) -> None:
        """Hang up if the call is still under way, then raise SimulatorError if it went wrong and nobody looked.

        A test looks at what went wrong when it reads `warnings` or `failures`, or finds `ended` equal to `failed`.
        """
        self._hang_up()
        if wrong := self.unseen_failures():
            raise SimulatorError(wrong)

    def play_on(self) -> None:
        """Play up to where the call waits for the caller, or to its end."""
        self._until(self._waits, None)

    def set_leg(self, number: str, leg: Leg | str) -> None:
        """From now on, `number` (or pattern) behaves like this when it is dialled; goes before every other pattern."""
        others = {pattern: other for pattern, other in self._legs.items() if pattern != number}
        self._legs.clear()
        self._legs.update({number: far_end(leg)} | others)

    # How the session is driven.

    def _hang_up(self) -> None:
        if self.ended is None:
            self.hang_up()

    def _run(self, happens: Callable[[Pass], Happened | None]) -> None:
        """Send what is to be sent and let time pass as `happens` says, until it says None or the call is over."""
        self._session.reached = max(self._session.reached, self._clock)
        self._session.let_updates_in()
        self._session.drive(self._fetch, happens)

    def _fetch(self, fetch: Fetch) -> Response | Failed:
        reply = timed(self._transport, fetch, VirtualPace())
        if isinstance(reply, Response):
            self._bodies[self._outcome.events("request")[-1]["n"]] = reply.body
        return reply

    def _until(self, reached: Callable[[Pass], bool], what: str | None) -> None:
        """Let time pass until `reached`. When the call ends first: an error, if `what` was waited for."""
        self._run(lambda effect: None if reached(effect) else Happened(effect.until))
        if what is not None and self.ended is not None:
            raise self._error(f"the call ended ({self.ended}) before {what}")

    def _act(self, what: Input, at: float, doing: str) -> None:
        self._until(lambda effect: at <= effect.until, f"the caller could {doing}")
        self._acted = len(self.trace)
        self._session.answer(Happened(at, what))
        self._run(lambda _: None)

    def _press(self, keys: str, play_on: bool) -> None:
        start = self.seconds
        for index, key in enumerate(keys):
            self._act(Key(key), start + index * KEY_GAP, f"press {keys[index:]!r}")
        self._rest(play_on)

    def _rest(self, play_on: bool) -> None:
        if play_on:
            self.play_on()
        else:
            self._run(lambda _: None)

    def _waits(self, effect: Pass) -> bool:
        """Whether the call waits for the caller, with nothing more to say before it goes on."""
        if not (effect.keys or effect.speech):
            return False
        sounds = (event for event in reversed(self.trace) if event["event"] in ("say", "play", "pause"))
        last = next(sounds, None)
        if last is None or last.get("until") is not None:
            return True
        began = next(event["t"] for event in reversed(self.trace) if event["event"] in ("listen", "relay"))
        return self._session.now - float(began) > PATIENCE

    def _ends_of_listening(self) -> int:
        return sum("leg" not in event for event in self._outcome.events("gather", "record"))

    def _may(self, doing: str, keys: object = "0") -> None:
        """Raises SimulatorError when the call is over, or `keys` are none."""
        if not isinstance(keys, str) or not keys or keys.strip("0123456789*#"):
            raise SimulatorError(f'{keys!r} cannot be pressed: keys are a text of 0-9, * and #, e.g. press("5003")')
        if self.ended is not None:
            raise self._error(f"cannot {doing}: the call is over ({self.ended})")
