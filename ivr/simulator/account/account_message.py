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


@dataclass(slots=True, eq=False)
class MessageMedia:
    """A file of a message. `url`: where it is fetched, "" when it has come with the message; `content`: None until it
    is here. `created`, `updated`: the account's time."""

    sid: str
    content_type: str
    content: bytes | None = None
    url: str = ""
    created: float = 0.0
    updated: float = 0.0


class MediaDraft(NamedTuple):
    """A file before it is sent or received: where it is, or what it is."""

    url: str = ""
    content_type: str = ""
    content: bytes | None = None


class MessageDraft(NamedTuple):
    """A message before it is sent or received. `callback`: who is told of its status."""

    from_: str
    to: str
    body: str
    direction: Literal["inbound", "outbound-api", "outbound-reply"] = "outbound-api"
    callback: str = ""
    media: tuple[MediaDraft, ...] = ()


@dataclass(slots=True, eq=False)
class AccountMessage:
    """`direction`: inbound, outbound-api, or outbound-reply. `errands`: the requests that were made about it. `media`:
    what is left of the files that it was sent with, `num_media` how many these were. `error`: why it has failed,
    Twilio's number and words. `feedback`: the outcome that the application has told, and the account's time then."""

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
    media: list[MessageMedia] = field(default_factory=list)
    num_media: int = 0
    error: tuple[int, str] | None = None
    feedback: tuple[str, float] | None = None

    @property
    def segments(self) -> int:
        one, more = (SEGMENT, JOINED) if set(self.body) <= _GSM else (UNICODE_SEGMENT, UNICODE_JOINED)
        return 1 if len(self.body) <= one else -(-len(self.body) // more)
