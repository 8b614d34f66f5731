"""What happens to single requests between Twilio and the service: repeated, lost, late, spoiled, in the wrong order."""

from collections.abc import Callable
from dataclasses import replace
from random import Random
from urllib.parse import urlencode

from ivr.base.test_account import ACCOUNT_SID, AUTH_TOKEN
from ivr.simulator import ANY, CallPlan
from ivr.simulator import Fault as Mishap
from ivr.simulator.engine.effects import Fetch
from ivr.simulator.plan import FaultKind, Purpose
from ivr.simulator.signature import sign
from tests.chaos.call import Tamper
from tests.chaos.faults.fault import HOST_GONE, Fault
from tests.chaos.testbed import Stage, Who

_OURS: tuple[Purpose, ...] = ("voice", "action", "redirect", "whisper", "status")  # requests to the service
_LAST = 9  # requests of a plain call: one of them is hit


def always(*mishaps: Mishap) -> Who:
    return Who(spoil=lambda plan, random: replace(plan, faults=mishaps))


def once(kind: FaultKind, *values: float) -> Who:
    """One request of each call, drawn anew, meets the fault."""

    def spoil(plan: CallPlan, random: Random) -> CallPlan:
        value = random.choice(values) if values else 0.0
        return replace(plan, faults=(Mishap(random.randint(1, _LAST), kind, value),))

    return Who(spoil=spoil)


def every_duplicate(stage: Stage) -> None:
    stage.serve()
    stage.play(60, always(Mishap(ANY, "duplicate")))


def other_tokens(stage: Stage) -> None:
    """Each request comes twice, and the header that should tell repetitions is another one, or none."""
    stage.serve()
    stage.play(60, replace(always(Mishap(ANY, "duplicate")), tamper=_without_token))


def _without_token(number: int) -> Tamper:
    sent = iter(range(1_000_000))

    def tamper(fetch: Fetch) -> Fetch:
        place, name = next(sent), "I-Twilio-Idempotency-Token"
        headers = tuple(header for header in fetch.headers if header[0] != name)
        return fetch._replace(headers=headers if place % 3 == 0 else (*headers, (name, f"{number}-{place}")))

    return tamper


def callbacks(stage: Stage) -> None:
    stage.serve()
    kinds: tuple[FaultKind, ...] = ("lost", "late", "duplicate", "reordered")
    for kind in kinds:
        stage.play(20, always(Mishap(ANY, kind, 600.0 if kind == "late" else 0.0, "status")))


def unknown_call(stage: Stage) -> None:
    """Callbacks of calls that this service never saw: each is taken, none is an error."""
    service = stage.serve()
    for state in ("initiated", "ringing", "in-progress", "completed", "canceled", "", "?"):
        form = {"CallSid": f"CA{stage.random.getrandbits(128):032x}", "AccountSid": ACCOUNT_SID, "CallStatus": state}
        assert post(stage, f"{service.public}/voice/status", form) == 204, f"a callback {state!r} of an unknown call"
    stage.play(10)


def hit(calls: int, *whos: Who) -> Callable[[Stage], None]:
    """So many calls for each way of being hit."""

    def play(stage: Stage) -> None:
        stage.serve()
        for who in whos:
            stage.play(calls, who)

    return play


def post(stage: Stage, url: str, form: dict[str, str], token: str = "") -> int | None:
    """The status of a signed request outside any call; None if there was no answer."""
    fields = tuple(form.items())
    headers = (
        ("X-Twilio-Signature", sign(token or AUTH_TOKEN, url, fields)),
        ("Content-Type", "application/x-www-form-urlencoded"),
    )
    reply = stage.transport.send(Fetch("POST", url, headers, urlencode(fields).encode(), 2.0, 15.0))
    return getattr(reply, "status", None)


_NOTHING_WORKS = always(*(Mishap(ANY, "status", 500, purpose) for purpose in _OURS))

FAULTS = (
    Fault("F17", "every request comes twice", every_duplicate, repeats=True),
    Fault("F18", "every request comes twice, with another token or none", other_tokens, repeats=True),
    Fault("F19", "callbacks lost, ten minutes late, doubled, reordered", callbacks),
    Fault("F20", "callbacks of calls that nobody knows", unknown_call),
    Fault("F35", "primary answers 500 to everything", hit(40, _NOTHING_WORKS)),
    Fault("W1", "one request is never answered", hit(60, once("timeout")), HOST_GONE),
    Fault("W2", "one answer comes late, or after the deadline", hit(60, once("delay", 0.5, 2, 4.5)), HOST_GONE),
    Fault("W3", "one connection is refused or reset", hit(30, once("refuse"), once("reset"))),
    Fault("W4", "one request gets an error status", hit(60, once("status", 400, 403, 404, 429, 500, 502, 503, 504))),
    Fault("W5", "one answer is spoiled", hit(25, once("bad_xml"), once("wrong_type"), once("oversized"))),
    Fault("W6", "one request is redirected, too often at last", hit(40, once("redirects", 1, 10, 11))),
)
