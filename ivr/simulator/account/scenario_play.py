"""Plays a scenario of several calls in virtual time: people act, the account's time passes, until nothing is left.

The same scenario against the same application makes the same events, to the byte but for `ms`.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

from ivr.base.errors import SimulatorError
from ivr.base.strict_yaml import load_file
from ivr.simulator.account.account_call import AccountCall
from ivr.simulator.account.core import AccountOptions, Core
from ivr.simulator.account.messaging import receive_message
from ivr.simulator.account.people import CallLine, Person, PhoneOwner
from ivr.simulator.account.rest import MEDIA, ROUTES, SETTINGS
from ivr.simulator.account.rest_app import AccountRestApp, RestRequest
from ivr.simulator.account.running import Running
from ivr.simulator.account.scenario_checks import check_account
from ivr.simulator.account.scenario_file import is_account_scenario, read_account_scenario
from ivr.simulator.account.scenario_outcome import AccountOutcome, PlayedCall, PlayedPhone, message_event
from ivr.simulator.account.scenario_result import AccountResult
from ivr.simulator.account.scenario_values import AccountScenario, ScenarioCall, ScenarioText, Trigger
from ivr.simulator.engine.effects import Failed, Fetch
from ivr.simulator.public_urls import connected_to, forwarded
from ivr.simulator.rest_server import RestServer
from ivr.simulator.scenario import Scenario, read_scenario
from ivr.simulator.trace import Event, seconds

_TIMEOUT = 15.0  # seconds that a trigger waits for its answer


def load_any(path: Path, url: str | None = None) -> Scenario | AccountScenario:
    """The file of a scenario of one call, or of several. Raises DefinitionError with every complaint."""
    root = load_file(path)
    if is_account_scenario(root):
        return read_account_scenario(root, path, url)
    return read_scenario(root, path, url)


def play_account(scenario: AccountScenario, cafile: str | None = None, rest: RestServer | None = None) -> AccountResult:
    """`rest`: where the application's REST requests go while the scenario is played."""
    play = AccountPlay(scenario, cafile, rest.url if rest else "")
    if rest is None:
        outcome = play.play()
    else:
        with rest.answering(play.rest, play.core.world):
            outcome = play.play()
    return AccountResult(scenario.name, scenario.file, outcome, check_account(outcome, scenario.expect))


class AccountPlay:
    """`rest`: the REST API of the account, for the application. `api`: its address, as a RecordingUrl has it."""

    def __init__(self, scenario: AccountScenario, cafile: str | None = None, api: str = "") -> None:
        setup = scenario.setup
        options = AccountOptions(
            setup.account_sid,
            setup.auth_token,
            scenario.seed,
            scenario.name if scenario.number == 1 else f"{scenario.name}/{scenario.number}",
            scenario.speech_rate,
            scenario.started,
            (*setup.named_urls, *(trigger.url for trigger in scenario.triggers)),
            cafile,
            delivery=setup.delivery,
        )
        self.core = Core(replace(options, api=api) if api else options, dict(setup.legs))
        self.scenario = scenario
        self.rest = AccountRestApp(self.core, ROUTES, MEDIA, settings=SETTINGS)
        self.rest.on_request = self._asked_over_rest
        self.core.world.on_change = lambda: None  # a change acts when time passes next
        self.core.world.on_trace = lambda _, event: self._place(event)
        self._places: dict[int, int] = {}  # which event was recorded when, by identity: each is kept to the end
        self._notes: list[Event] = []
        self._messages = 0  # that stand in the notes
        self._handles: dict[str, AccountCall] = {}
        self._asked: dict[str, ScenarioCall] = {}  # by CallSid
        self._callers: dict[str, Person] = {}
        self.core.set_up(setup.numbers, setup.caller_ids)
        self._owners = [PhoneOwner(phone, self.core.add_phone(phone.number)) for phone in scenario.phones]
        # What happens by the clock, the earliest first; of two at a moment, as they stand in the file.
        acts: list[tuple[float, Callable[[], None]]] = [
            *((each.at, self._calling(each)) for each in scenario.calls),
            *((each.at, self._texting(each)) for each in scenario.texts),
            *((each.at, self._triggering(each)) for each in scenario.triggers),
        ]
        self._acts = sorted(acts, key=lambda act: act[0])

    def play(self) -> AccountOutcome:
        fault = ""
        try:
            while self._go_on():
                pass
        except SimulatorError as error:  # one of our bounds
            fault = error.message
        self._note_messages()
        return self._outcome(fault)

    # How time passes.

    def _go_on(self) -> bool:
        """Everything that can be done now, then time to the next moment; False when nothing is left to happen."""
        world = self.core.world
        while self._act():
            world.settle()
            self._note_messages()
        due = min((self._acts[0][0] if self._acts else math.inf, *self._moments()))
        return world.run(self._is_ready, max(due, world.now)) or due < math.inf

    def _act(self) -> bool:
        now = self.core.world.now
        if self._acts and self._acts[0][0] <= now:
            self._acts.pop(0)[1]()
            return True
        for owner in self._owners:
            if owner.is_ready(now):
                owner.act(now, self._handle)
                return True
        for person in self._people():
            if person.is_ready(now):
                person.act(now)
                return True
        return False

    def _is_ready(self) -> bool:
        now = self.core.world.now
        return any(owner.is_ready(now) for owner in self._owners) or any(
            person.is_ready(now) for person in self._people()
        )

    def _moments(self) -> Iterator[float]:
        now = self.core.world.now
        yield from (owner.next_at() for owner in self._owners)
        yield from (person.next_at(now) for person in self._people())

    def _people(self) -> Iterator[Person]:
        yield from self._callers.values()
        for owner in self._owners:
            yield from owner.people

    # What happens by the clock.

    def _calling(self, call: ScenarioCall) -> Callable[[], None]:
        def act() -> None:
            core = self.core
            running = core.receive(core.numbers[call.to], call.from_, call.params)
            self._asked[running.sid] = call
            line, stay = CallLine(self._handle(running), running), self.scenario.stay
            self._callers[running.sid] = Person(line, call.steps, core.world.now, stay)
            for owner in self._owners:
                if owner.phone.number == call.from_:
                    owner.handset.own_call = running

        return act

    def _texting(self, text: ScenarioText) -> Callable[[], None]:
        def act() -> None:
            receive_message(self.core, text.from_, text.to, text.body)

        return act

    def _triggering(self, trigger: Trigger) -> Callable[[], None]:
        def act() -> None:
            form = urlencode(trigger.form)
            url = f"{trigger.url}?{form}" if form and trigger.method == "GET" else trigger.url
            headers = (("Content-Type", "application/x-www-form-urlencoded"),) if trigger.method == "POST" else ()
            body = form.encode() if trigger.method == "POST" else b""
            event = self._note("trigger", method=trigger.method, url=url, form=dict(trigger.form))
            server = connected_to(url, self.scenario.setup.delivery.public_urls)
            fetch = Fetch(trigger.method, url, headers + forwarded(url, server), body, _TIMEOUT, _TIMEOUT, server)
            with self.core.world.outside():
                reply = self.core.routes.send(fetch)
            event["status"] = 0 if isinstance(reply, Failed) else reply.status
            event["message"] = reply.message if isinstance(reply, Failed) else ""

        return act

    # What is written down.

    def _note(self, event: str, **fields: object) -> Event:
        note = {"t": seconds(self.core.world.now), "event": event, **fields}
        self._notes.append(note)
        self._place(note)
        return note

    def _place(self, event: Event) -> None:
        self._places.setdefault(id(event), len(self._places))

    def _asked_over_rest(self, asked: RestRequest) -> None:
        self._note("rest", method=asked.method, path=asked.path, params=dict(asked.fields), status=asked.status)

    def _note_messages(self) -> None:
        """Each text message at the moment at which it was made, with what became of it by the end."""
        new = self.core.messages[self._messages :]
        self._messages += len(new)
        for message in new:
            self._note("message", sid=message.sid)

    def _outcome(self, fault: str) -> AccountOutcome:
        core = self.core
        calls = tuple(self._played(running) for running in core.world.calls)
        phones = tuple(
            PlayedPhone(owner, tuple(step for person in owner.people for step in person.undone))
            for owner in self._owners
        )
        by_sid = {message.sid: message for message in core.messages}
        for note in self._notes:
            if note["event"] == "message":
                note.update(message_event(by_sid[note["sid"]]))
        taken = {name: [waiter.call.line.sid for waiter in queue.taken] for name, queue in core.shared.queues.items()}
        ends = (running.started + running.session.now for running in core.world.calls)
        end = max((0.0, *ends, *(note["t"] for note in self._notes)))
        return AccountOutcome(calls, phones, core.messages, self._notes, taken, self._places, seconds(end), fault)

    def _played(self, running: Running) -> PlayedCall:
        asked = self._asked.get(running.sid)
        person = self._callers.get(running.sid)
        owner = next((each for each in self._owners if each.phone.number == running.plan.to), None)
        name = asked.name if asked else owner.phone.name if owner else ""
        outcome = running.session.outcome(person.undone if person else ())
        return PlayedCall(name or f"call {running.number}", running, outcome, asked)

    def _handle(self, running: Running) -> AccountCall:
        return self._handles.setdefault(running.sid, AccountCall(self.core, running))
