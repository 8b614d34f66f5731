"""The file of a scenario of several calls: YAML to `AccountScenario`.

Everything that is wrong is said at once, with its place.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from ivr.base.strict_yaml import Mapping, Text, Value
from ivr.base.strict_yaml import Sequence as YamlSequence
from ivr.base.yaml_reader import YamlReader, decimal
from ivr.simulator.account.emulator_file import SETUP_KEYS, read_setup
from ivr.simulator.account.scenario_values import (
    AccountExpectations,
    AccountScenario,
    PhoneAnswer,
    PhoneExpectations,
    ScenarioCall,
    ScenarioPhone,
    ScenarioText,
    Trigger,
)
from ivr.simulator.scenario_call import read_moment, read_params
from ivr.simulator.scenario_expect import STATUSES, Expectations, read_expectations
from ivr.simulator.scenario_legs import read_seconds
from ivr.simulator.scenario_steps import read_step
from ivr.simulator.urls import UrlError, checked, head, origin

KEYS = (
    "name",
    *(key for key in SETUP_KEYS if key != "phones"),
    "started",
    "stay",
    "phones",
    "calls",
    "texts",
    "triggers",
)
CALL_KEYS = ("name", "from", "to", "at", "steps", "params", "expect")
PHONE_KEYS = ("number", "answers", "steps", "expect")
PHONE_EXPECT = ("heard", "never_heard", "rung", "answered")
TEXT_KEYS = ("from", "to", "body", "at")
TRIGGER_KEYS = ("request", "form", "at")
EXPECT_KEYS = ("calls", "conferences", "queues", "messages", "warnings", "max_seconds")
EXPECTED_CALL = ("from", "to", "direction", "status", "answered_by")
EXPECTED_MESSAGE = ("from", "to", "direction", "status", "body")
_ANSWERS = {
    "busy": PhoneAnswer("busy", 1.0),
    "no-answer": PhoneAnswer("no-answer"),
    "failed": PhoneAnswer("failed", 1.0),
}
_DIRECTIONS = ("inbound", "outbound-api")


def is_account_scenario(root: Value) -> bool:
    """Whether the file is about several calls: it has one of the blocks that only such a file has, and no `call`."""
    return isinstance(root, Mapping) and "call" not in root and bool({"calls", "numbers", "triggers"} & set(root))


def read_account_scenario(root: Value, path: Path, url: str | None = None) -> AccountScenario:
    """`url`: its origin takes the place of that of the first number's webhook, wherever that stands.

    Raises DefinitionError with every complaint.
    """
    return _Reader(path.name).scenario(root, path, url)


class _Reader(YamlReader):
    def scenario(self, root: Value, path: Path, url: str | None) -> AccountScenario:
        keys = self.mapping(root, "scenario", (*KEYS, "expect"))
        phones = self._phones(keys.get("phones"))
        setup = read_setup(self, {key: keys[key] for key in keys if key in SETUP_KEYS and key != "phones"})
        scenario = AccountScenario(
            name=self.text(keys["name"]) if "name" in keys else path.stem,
            file=path.name,
            setup=setup,
            phones=phones,
            calls=self.each(keys.get("calls"), lambda item: self._call(item, phones, tuple(setup.numbers))),
            texts=self.each(keys.get("texts"), lambda item: self._text(item, phones, tuple(setup.numbers))),
            triggers=self.each(keys.get("triggers"), self._trigger),
            expect=self._expect(keys["expect"]) if "expect" in keys else AccountExpectations(),
        )
        if "stay" in keys:
            scenario = replace(scenario, stay=read_seconds(self, keys["stay"]))
        if started := read_moment(self, keys["started"]) if "started" in keys else None:
            scenario = replace(scenario, started=started)
        self._check_names(keys, scenario)
        self.done()
        return scenario if url is None else _moved(url, scenario)

    def _check_names(self, keys: dict[str, Value], scenario: AccountScenario) -> None:
        every = [*(phone.name for phone in scenario.phones), *(call.name for call in scenario.calls)]
        names = [name for name in every if name]
        for name in dict.fromkeys(name for name in names if names.count(name) > 1):
            self.wrong(keys.get("calls"), f"the name {name!r} is given twice: expected a name of its own for each")
        for phone in scenario.phones:
            if phone.number in scenario.setup.numbers:
                self.wrong(keys.get("phones"), f"{phone.number} is a number of the account already")
        if not scenario.calls and not scenario.triggers and not scenario.texts:
            self.wrong(None, "nothing happens: expected calls, triggers or texts")

    # Who is there.

    def _phones(self, value: Value | None) -> tuple[ScenarioPhone, ...]:
        if value is None:
            return ()
        if not isinstance(value, Mapping):
            self.wrong(value, 'expected a mapping of names to phones, e.g. anna: {number: "+4791234567"}')
            return ()
        return tuple(self._phone(name, item) for name, item in value.items())

    def _phone(self, name: Text, value: Value) -> ScenarioPhone:
        keys = self.mapping(value, "phone", PHONE_KEYS)
        if "number" not in keys:
            self.wrong(value, "'number' is missing: the telephone number, client:NAME or SIP address")
        return ScenarioPhone(
            name=str(name),
            number=self.text(keys["number"]) if "number" in keys else "",
            answers=self._answers(keys["answers"]) if "answers" in keys else (PhoneAnswer(),),
            steps=self.each(keys.get("steps"), lambda item: read_step(self, item)),
            expect=self._of_phone(keys["expect"]) if "expect" in keys else PhoneExpectations(),
        )

    def _answers(self, value: Value) -> tuple[PhoneAnswer, ...]:
        if not isinstance(value, YamlSequence):
            value_read = self._answer(value)
            return (value_read,) if value_read else ()
        if not value:
            self.wrong(value, "expected at least one answer")
        return self.each(value, self._answer)

    def _answer(self, value: Value) -> PhoneAnswer | None:
        if isinstance(value, Mapping):
            keys = self.mapping(value, "answer", ("machine", "busy", "failed"))
            if len(keys) == 1:
                ((how, after),) = keys.items()
                seconds = read_seconds(self, after)
                return None if seconds is None else PhoneAnswer(_HOW[how], seconds)
        elif isinstance(value, Text) and value in _ANSWERS:
            return _ANSWERS[value]
        elif (seconds := decimal(value)) is not None and seconds >= 0:
            return PhoneAnswer("person", seconds)
        self.wrong(value, "expected seconds of ringing, busy, no-answer, failed, or {machine: SECONDS}")
        return None

    def _of_phone(self, value: Value) -> PhoneExpectations:
        keys = self.mapping(value, "expect", PHONE_EXPECT)
        return PhoneExpectations(
            heard=self.each(keys.get("heard"), self.text),
            never_heard=self.each(keys.get("never_heard"), self.text),
            rung=self.whole(keys["rung"]) if "rung" in keys else None,
            answered=self.whole(keys["answered"]) if "answered" in keys else None,
        )

    # What happens.

    def _call(self, value: Value, phones: Sequence[ScenarioPhone], numbers: Sequence[str]) -> ScenarioCall | None:
        keys = self.mapping(value, "call", CALL_KEYS)
        from_, to = self._ends(value, keys, phones, numbers)
        return ScenarioCall(
            name=self.text(keys["name"]) if "name" in keys else "",
            from_=from_,
            to=to,
            at=self._at(keys),
            steps=self.each(keys.get("steps"), lambda item: read_step(self, item)),
            params=read_params(self, keys["params"]) if "params" in keys else {},
            expect=read_expectations(self, keys["expect"]) if "expect" in keys else Expectations(),
        )

    def _text(self, value: Value, phones: Sequence[ScenarioPhone], numbers: Sequence[str]) -> ScenarioText | None:
        keys = self.mapping(value, "text", TEXT_KEYS)
        from_, to = self._ends(value, keys, phones, numbers)
        return ScenarioText(from_, to, self.text(keys["body"]) if "body" in keys else "", self._at(keys))

    def _ends(
        self, value: Value, keys: dict[str, Value], phones: Sequence[ScenarioPhone], numbers: Sequence[str]
    ) -> tuple[str, str]:
        """`from` is a number or the name of a phone, `to` a number of the account."""
        for key in ("from", "to"):
            if isinstance(value, Mapping) and key not in keys:
                self.wrong(value, f"{key!r} is missing: who calls a number of the account, and which")
        from_ = self.text(keys["from"]) if "from" in keys else ""
        to = self.text(keys["to"]) if "to" in keys else ""
        if "to" in keys and to not in numbers:
            known = ", ".join(numbers) or "numbers: to name one"
            self.wrong(keys["to"], f"{to!r} is no number of the account: expected {known}")
        return next((phone.number for phone in phones if phone.name == from_), from_), to

    def _trigger(self, value: Value) -> Trigger | None:
        keys = self.mapping(value, "trigger", TRIGGER_KEYS)
        if "request" not in keys:
            self.wrong(value, "'request' is missing, e.g. request: \"POST http://127.0.0.1:5000/remind\"")
            return None
        method, _, url = self.text(keys["request"]).partition(" ")
        try:
            if method not in ("GET", "POST"):
                raise UrlError(f"not a method: {method!r}")
            checked(url)
        except UrlError as error:
            self.wrong(keys["request"], f"expected GET or POST and a whole URL: {error}")
        form = keys.get("form")
        if form is not None and not isinstance(form, Mapping):
            self.wrong(form, "expected a mapping of fields, e.g. {day: tomorrow}")
        fields = {str(name): self.text(item) for name, item in form.items()} if isinstance(form, Mapping) else {}
        return Trigger(method, url, self._at(keys), fields)

    def _at(self, keys: dict[str, Value]) -> float:
        return (read_seconds(self, keys["at"]) or 0.0) if "at" in keys else 0.0

    # What must be true of it.

    def _expect(self, value: Value) -> AccountExpectations:
        keys = self.mapping(value, "expect", EXPECT_KEYS)
        within = self.mapping(keys["max_seconds"], "max_seconds", ("end",)) if "max_seconds" in keys else {}
        return AccountExpectations(
            calls=self.each(keys["calls"], self._expected_call) if "calls" in keys else None,
            conferences=self._who(keys.get("conferences"), "conferences"),
            queues=self._who(keys.get("queues"), "queues"),
            messages=self.each(keys["messages"], self._expected_message) if "messages" in keys else None,
            warnings=self.each(keys["warnings"], self.whole) if "warnings" in keys else None,
            end=read_seconds(self, within["end"]) if "end" in within else None,
        )

    def _who(self, value: Value | None, what: str) -> dict[str, tuple[str, ...]]:
        if value is None:
            return {}
        if not isinstance(value, Mapping):
            self.wrong(value, f"expected a mapping ({what}): a name to a list of people, e.g. support: [anna, bo]")
            return {}
        return {str(name): self.each(item, self.text) for name, item in value.items()}

    def _expected_call(self, value: Value) -> dict[str, str]:
        allowed: dict[str, Callable[[Value], str]] = {
            "direction": lambda item: self.one_of(item, _DIRECTIONS) or "",
            "status": lambda item: self.one_of(item, STATUSES) or "",
        }
        keys = self.mapping(value, "call", EXPECTED_CALL)
        return {key: allowed.get(key, self.text)(item) for key, item in keys.items()}

    def _expected_message(self, value: Value) -> dict[str, str]:
        return {key: self.text(item) for key, item in self.mapping(value, "message", EXPECTED_MESSAGE).items()}


_HOW = {"machine": PhoneAnswer("machine").how, "busy": PhoneAnswer("busy").how, "failed": PhoneAnswer("failed").how}


def _moved(url: str, scenario: AccountScenario) -> AccountScenario:
    """The same application at another place: URLs of its origin get the origin of `url` and keep their paths."""
    voice = (settings.get("VoiceUrl", "") for settings in scenario.setup.numbers.values())
    first = next((each for each in (*voice, *(trigger.url for trigger in scenario.triggers)) if each), url)

    def moved(other: str) -> str:
        named = head(other)
        return head(url) + other[len(named) :] if named and origin(other) == origin(first) else other

    numbers = {
        number: {name: moved(value) for name, value in settings.items()}
        for number, settings in scenario.setup.numbers.items()
    }
    calls = (
        replace(call, expect=replace(call.expect, requests=tuple(_of(each, moved) for each in call.expect.requests)))
        for call in scenario.calls
    )
    return replace(
        scenario,
        setup=replace(scenario.setup, numbers=numbers),
        calls=tuple(calls),
        triggers=tuple(replace(trigger, url=moved(trigger.url)) for trigger in scenario.triggers),
    )


def _of(request: str, moved: Callable[[str], str]) -> str:
    method, _, where = request.partition(" ")
    return f"{method} {moved(where)}"
