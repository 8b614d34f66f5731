"""One phone on a page: the line it calls, the call under way, what its page is told."""

import secrets
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from ivr.base.clock import OSLO
from ivr.base.test_account import ACCOUNT_SID, AUTH_TOKEN
from ivr.simulator.delivery import Delivery
from ivr.simulator.engine.effects import Failed, Fetch, Response
from ivr.simulator.plan import CallPlan, Leg, VoiceSeconds
from ivr.simulator.rest_server import RestServer
from ivr.simulator.scenario import Scenario
from ivr.simulator.scenario_text import scenario_text
from ivr.simulator.session import Transport
from ivr.simulator.trace import Event, json_line
from ivr.simulator.transports import HttpTransport
from ivr.simulator.web_phone.curl import as_curl
from ivr.simulator.web_phone.flow_map import FlowMap, Position
from ivr.simulator.web_phone.line import NUMBER, BundledLine
from ivr.simulator.web_phone.live import Message, Pacing, PhoneCall
from ivr.simulator.web_phone.log import Log
from ivr.simulator.web_phone.prepared import CALLS, TASKS, scenarios
from ivr.simulator.web_phone.tasks import task_result

SAVED_BASE = "http://127.0.0.1:5000"  # where `ivr serve` answers unless told otherwise
_SHOWN = 20_000  # characters of an answer that the page gets


@dataclass(frozen=True)
class Webhook:
    """Somebody's webhook, as configured for a number at Twilio. `first_params`: what the first request has besides,
    `params`: what each has. `from_`, `to`: the numbers that the page offers first; "" for its own choice."""

    url: str
    method: str = "POST"
    fallback_url: str | None = None
    status_callback: str | None = None
    auth_token: str = AUTH_TOKEN
    allow_origins: tuple[str, ...] = ()
    first_params: Mapping[str, str] = field(default_factory=dict)
    cafile: str | None = None
    delivery: Delivery = field(default_factory=Delivery)
    params: Mapping[str, str] = field(default_factory=dict)
    account_sid: str = ACCOUNT_SID
    from_: str = ""
    to: str = ""


@dataclass(frozen=True)
class CallRequest:
    """What the person wants of a call before it is placed. `prepared`: the name of a call that plays by itself.
    `task`: the name of a task for the person; who calls, and what far ends do, belong to it.

    `moment`: what the line's clock says when the call is placed; None: now, or as the prepared call has it.
    """

    from_: str = "+4791234567"
    to: str = NUMBER
    moment: datetime | None = None
    legs: Mapping[str, Leg] | None = None
    prepared: str = ""
    task: str = ""
    pacing: Pacing = field(default_factory=Pacing)


class _Watch:
    """Hands on what one call tells; a call that is no longer the phone's own is not heard any more. `result`: what is
    told at its end besides."""

    def __init__(self, log: Log, position: Position | None, result: Callable[[], Message | None]) -> None:
        self.is_current = True
        self._result = result
        self._log = log
        self._position = position
        self._sid = ""

    def tell(self, message: Message) -> None:
        if message["type"] == "event" and message["event"]["event"] == "call":
            self._sid = message["event"]["sid"]
        if not self.is_current:
            return
        self._log.tell(message)
        if message["type"] == "over" and (result := self._result()):
            self._log.tell(result)

    def exchanged(self, request: Event, fetch: Fetch, reply: Response | Failed) -> None:
        told: Message = {"type": "exchange", "n": request["n"], "curl": as_curl(fetch)}
        if isinstance(reply, Failed):
            self.tell(told | {"failure": reply.message})
            return
        body = reply.body.decode("utf-8", "replace")[:_SHOWN]
        self.tell(told | {"status": reply.status, "ms": round(reply.ms, 1), "body": body})
        self._follow(request, reply)

    def _follow(self, request: Event, reply: Response) -> None:
        """Where in the flow the caller is now; requests about other legs, and callbacks, do not lead anywhere."""
        leads = request["purpose"] not in ("status", "media") and request["params"].get("CallSid") == self._sid
        if self._position is not None and leads and reply.status < 400:
            self._position.reply(reply.body)
            self.tell({"type": "node", "node": self._position.node, "way": list(self._position.way)})


class Phone:
    """`target`: somebody's webhook, or a line of the phone's own, which is closed with it. `plan`: the picture of the
    flow, where there is one. `voice`: how long a prompt is spoken on the page. `rest`: where the application finds the
    calls of this phone."""

    def __init__(
        self,
        target: Webhook | BundledLine,
        plan: FlowMap | None,
        transport: Transport | None = None,
        *,
        voice: VoiceSeconds | None = None,
        rest: RestServer | None = None,
    ) -> None:
        self.id = secrets.token_urlsafe(12)
        self.log = Log()
        self.call: PhoneCall | None = None
        self.line = target if isinstance(target, BundledLine) else None
        self._target = _webhook_of(target) if isinstance(target, BundledLine) else target
        self._plan = plan
        self._watch: _Watch | None = None
        self._transport = transport
        self._voice = voice
        self._rest = rest
        self._name = ""
        self._task: Scenario | None = None
        self._named: Counter[str] = Counter()

    @property
    def is_busy(self) -> bool:
        return self.call is not None and not self.call.is_over

    def place(self, order: CallRequest) -> None:
        """A new call, in place of the one before. Raises UrlError, KeyError for no such prepared call."""
        self.hang_up()
        plan = self._planned(order)
        self.log.clear()
        self.log.tell({"type": "placed", "from": plan.from_, "to": plan.to, "task": order.task})
        self._watch = _Watch(self.log, Position(self._plan) if self._plan else None, self._result)
        self.call = PhoneCall(
            plan, self._transport or HttpTransport(cafile=self._target.cafile), self._watch, order.pacing
        )
        if self._rest is not None:
            self.call.can_be_updated(self._rest)
        if self.line is not None:
            self.line.clock.start(plan.started, lambda call=self.call: call.session.now)  # type: ignore[misc]
        self.call.start()

    def _result(self) -> Message | None:
        """What became of the task, once the call is over."""
        if self._task is None or self.call is None:
            return None
        return task_result(self._task, self.call.session.outcome())

    def _planned(self, order: CallRequest) -> CallPlan:
        target, now = self._target, datetime.now(OSLO).replace(microsecond=0)
        plan = CallPlan(target.url, from_=order.from_, to=order.to, started=now)
        self._name, self._task = "a call by hand", None
        if order.prepared or order.task:
            scenario = scenarios(CALLS if order.prepared else TASKS, target.url)[order.prepared or order.task]
            plan, self._name = scenario.plan, scenario.name
            if plan.started == CallPlan("").started:
                plan = replace(plan, started=now)
            self._task = scenario if order.task else None
        self._named[self._name] += 1
        if (times := self._named[self._name]) > 1:
            self._name += f", call {times}"  # the name is one of the three things that sids are derived from
        return replace(
            plan,
            url=target.url,
            method=target.method,
            fallback_url=target.fallback_url,
            status_callback=target.status_callback,
            auth_token=target.auth_token,
            allow_origins=target.allow_origins,
            first_params=target.first_params,
            params=target.params,
            account_sid=target.account_sid,
            delivery=target.delivery,
            steps=plan.steps if order.prepared else (),
            voice=None if order.pacing.at_once else self._voice,
            legs=order.legs if order.legs is not None else plan.legs,
            started=order.moment or plan.started,
            seed=0 if self.line is not None else secrets.randbelow(1_000_000),
            name=self._name,
            number=1,
        )

    def hang_up(self) -> None:
        """End the call under way, if there is one. A webhook that does not answer may keep it, unheard, for a while."""
        if self.call is not None and not self.call.is_over:
            self.call.abandon()
        if self._watch is not None:
            self._watch.is_current = False

    def close(self) -> None:
        self.hang_up()
        self.log.close()
        if self.line is not None:
            self.line.close()

    # What is left of a call.

    def scenario(self) -> str:
        """The call so far as a scenario file; "" before the first call."""
        if self.call is None:
            return ""
        plan = self.call.as_played()
        comments = [f"Written by `ivr phone`. It plays the same call again: ivr simulate FILE{self._seeded(plan)}"]
        if self._voice is not None:
            comments.append("Prompts lasted as long as a voice spoke them here; there, 150 words take a minute.")
        if self.line is not None:
            comments.append("against `ivr serve`, whose clock says something else than it did here:")
            comments.append(f"{plan.started.isoformat()} when the call was placed.")
            plan = self._at_saved_base(plan)
        outcome = self.call.session.outcome()
        ended, codes = (outcome.ended, outcome.warnings if outcome.errors else []) if self.call.is_over else ("", [])
        return scenario_text(self._name, plan, comments=tuple(comments), ended=ended, warnings=codes)

    def _seeded(self, plan: CallPlan) -> str:
        return "" if self.line is not None else f" --seed {plan.seed}"

    def _at_saved_base(self, plan: CallPlan) -> CallPlan:
        assert self.line is not None  # noqa: S101 - narrows the type
        urls = (plan.url, str(plan.fallback_url), str(plan.status_callback))
        url, fallback, status = (each.replace(self.line.base, SAVED_BASE) for each in urls)
        return replace(plan, url=url, fallback_url=fallback, status_callback=status)

    def trace(self) -> str:
        """The call's trace so far, as JSON Lines; events that still last have no end yet."""
        events: list[dict[str, Any]] = list(self.call.session.trace.events) if self.call else []
        return "".join(json_line(event) + "\n" for event in events)


def _webhook_of(line: BundledLine) -> Webhook:
    return Webhook(line.url, "POST", line.fallback_url, line.status_callback)
