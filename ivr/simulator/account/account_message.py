"""A text message of an account: what was said by whom, and how far it has come. Plain values."""

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from ivr.simulator.session import Session

SEGMENT, JOINED = 160, 153  # characters of a message of one part, and of each of several (GSM-7)
UNICODE_SEGMENT, UNICODE_JOINED = 70, 67
_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà^{}\\[~]|€"
)


class MessageDraft(NamedTuple):
    """A message before it is sent or received. `callback`: who is told of its status."""

    from_: str
    to: str
    body: str
    direction: Literal["inbound", "outbound-api", "outbound-reply"] = "outbound-api"
    callback: str = ""


@dataclass(slots=True, eq=False)
class AccountMessage:
    """`direction`: inbound, outbound-api, or outbound-reply. `errands`: the requests that were made about it."""

    sid: str
    from_: str
    to: str
    body: str
    direction: str
    status: str
    created: float
    status_callback: str = ""
    sent: float | None = None
    updated: float = 0.0
    errands: list[Session] = field(default_factory=list)

    @property
    def segments(self) -> int:
        one, more = (SEGMENT, JOINED) if set(self.body) <= _GSM else (UNICODE_SEGMENT, UNICODE_JOINED)
        return 1 if len(self.body) <= one else -(-len(self.body) // more)
