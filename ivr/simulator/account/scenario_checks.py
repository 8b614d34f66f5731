"""Which expectations held of a scenario of several calls, and what happened instead.

A scenario fails without any expectation, too: for what fails a scenario of one call (`ivr.simulator.expectations`),
when a phone's step was not done, or a trigger was not answered.
"""

from collections.abc import Iterator, Mapping, Sequence

from ivr.simulator.account.scenario_outcome import AccountOutcome, PlayedCall, PlayedPhone, message_event
from ivr.simulator.account.scenario_values import AccountExpectations
from ivr.simulator.expectations import Expectation, check, failures
from ivr.simulator.plan import Wait
from ivr.simulator.prompts import normal
from ivr.simulator.scenario_expect import Expectations
from ivr.simulator.scenario_text import step_text


def check_account(outcome: AccountOutcome, expect: AccountExpectations) -> list[Expectation]:
    """A scenario that reached no server has one finding: nothing else can be said of it."""
    if outcome.is_unanswered:
        first = next(each for each in outcome.outcomes if each.requests)
        return [Expectation("no reply", False, failures(first)[0].partition(": ")[2])]
    found = [Expectation("the end", False, outcome.fault)] if outcome.fault else []
    found += _triggers(outcome)
    for call in outcome.calls:
        found += [_of(call.name, finding) for finding in _of_call(call, expect)]
    for phone in outcome.phones:
        found += [_of(phone.name, finding) for finding in _of_phone(phone)]
    if expect.warnings is None:
        for errand in outcome.errands:
            found += [_of("message", finding) for finding in check(errand, Expectations(ended="")) if not finding.held]
    return [*found, *_of_account(outcome, expect)]


def _of(name: str, finding: Expectation) -> Expectation:
    return Expectation(f"{name}: {finding.what}", finding.held, finding.instead)


def _triggers(outcome: AccountOutcome) -> Iterator[Expectation]:
    for note in outcome.notes:
        if note["event"] == "trigger" and not 200 <= note["status"] < 400:
            instead = note["message"] or f"the application answered {note['status']}"
            yield Expectation(f"trigger {note['method']} {note['url']}", False, instead)


def _of_call(call: PlayedCall, expect: AccountExpectations) -> list[Expectation]:
    """A call that was placed may end `failed`: that is what its phone has done."""
    wanted = call.asked.expect if call.asked else Expectations(ended=call.running.session.status)
    if wanted.warnings is None and expect.warnings is not None:
        found = [each for each in check(call.outcome, wanted) if not each.what.startswith("unexpected error")]
    else:
        found = check(call.outcome, wanted)
    return found if call.asked else [finding for finding in found if not finding.held]


def _of_phone(phone: PlayedPhone) -> Iterator[Expectation]:
    expect, handset = phone.owner.phone.expect, phone.owner.handset
    for step in phone.undone:
        if not isinstance(step, Wait):
            yield Expectation(f"step {step_text(step)}", False, f"the call ended first; {_heard(handset.prompts)}")
    if phone.owner.phone.steps and not phone.owner.people and phone.owner.may_answer:
        yield Expectation(f"step {step_text(phone.owner.phone.steps[0])}", False, "no call was answered")
    for text in expect.heard:
        yield Expectation(f"heard: {text!r}", bool(handset.heard(text)), _heard(handset.prompts))
    for text in expect.never_heard:
        yield Expectation(f"never_heard: {text!r}", not handset.heard(text), "it was heard")
    counted = (("rung", expect.rung, phone.owner.rung), ("answered", expect.answered, len(phone.owner.people)))
    for what, wanted, times in counted:
        if wanted is not None:
            yield Expectation(f"{what}: {wanted}", wanted == times, f"{times} times")


def _heard(prompts: Sequence[str]) -> str:
    return f"the last prompt was {prompts[-1]!r}" if prompts else "nothing was heard"


def _of_account(outcome: AccountOutcome, expect: AccountExpectations) -> Iterator[Expectation]:
    if expect.calls is not None:
        yield _listed("calls", expect.calls, [call.told for call in outcome.calls], outcome)
    for name, people in expect.conferences.items():
        yield _in_order(f"conferences {name}", people, outcome.joined(name), outcome)
    for name, people in expect.queues.items():
        yield _in_order(f"queues {name}", people, outcome.taken(name), outcome)
    if expect.messages is not None:
        yield _listed("messages", expect.messages, [message_event(each) for each in outcome.messages], outcome)
    if expect.warnings is not None:
        codes = sorted(event["code"] for event in outcome.wrong)
        said = "; ".join(f"{event['code']} {event['message']}" for event in outcome.wrong)
        yield Expectation(
            f"warnings: {list(expect.warnings)}", codes == sorted(expect.warnings), said or "there were none"
        )
    if expect.end is not None:
        held = outcome.seconds <= expect.end
        yield Expectation(f"max_seconds end: {expect.end:g}", held, f"it ended after {outcome.seconds:g} s")


def _in_order(what: str, wanted: Sequence[str], numbers: Sequence[str], outcome: AccountOutcome) -> Expectation:
    held = len(wanted) == len(numbers) and all(
        want in outcome.people(number) for want, number in zip(wanted, numbers, strict=True)
    )
    there = ", ".join(outcome.name_of(number) for number in numbers) or "nobody"
    return Expectation(f"{what}: {', '.join(wanted) or 'nobody'}", held, there)


def _listed(
    what: str, wanted: Sequence[Mapping[str, str]], told: Sequence[Mapping[str, str]], outcome: AccountOutcome
) -> Expectation:
    """All of them, in order, each by the fields that are named."""
    held = len(wanted) == len(told) and all(_fits(want, one, outcome) for want, one in zip(wanted, told, strict=True))
    there = "; ".join(_in_words(one, outcome) for one in told) or "none"
    return Expectation(f"{what}: {len(wanted)}", held, f"{len(told)}: {there}")


def _fits(wanted: Mapping[str, str], told: Mapping[str, str], outcome: AccountOutcome) -> bool:
    for field, want in wanted.items():
        value = told[field]
        if field in ("from", "to"):
            held = want in outcome.people(value)
        elif field == "body":
            held = normal(want) in normal(value)
        else:
            held = want == value
        if not held:
            return False
    return True


def _in_words(told: Mapping[str, str], outcome: AccountOutcome) -> str:
    ends = f"{outcome.name_of(told['from'])} to {outcome.name_of(told['to'])}"
    rest = (told[field] for field in ("direction", "status", "answered_by", "body") if told.get(field))
    return f"{ends} ({', '.join(rest)})"
