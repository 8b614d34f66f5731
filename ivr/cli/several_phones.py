"""The phones of `ivr phone --several`: a caller's, and those of the people who may be rung, in one account."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ivr.simulator.delivery import Delivery

LINE = "+4721000000"
CALLERS = ("+4790000001", "+4790000002")
AGENTS = ("+4790000011", "+4790000012")


@contextmanager
def several_phones(
    url: str | None, port: int, webhook: dict[str, Any], delivery: "Delivery", announcement: str = ""
) -> Iterator[str]:
    """The address of the page, as long as it is there. Without `url` the bundled line answers, and its phones are two
    callers', the default centre's and those of the two centres behind it. `announcement`: the one that its callers
    hear; "" for that of the environment."""
    from ivr.base.clock import SystemClock
    from ivr.base.test_account import ACCOUNT_SID
    from ivr.cli.bundled_service import bundled_service
    from ivr.simulator.account.emulator import Emulator, EmulatorServer
    from ivr.simulator.account.emulator_file import EmulatorSetup

    def opened(voice: dict[str, str], token: str, phones: tuple[str, ...]) -> EmulatorServer:
        setup = EmulatorSetup(
            ACCOUNT_SID,
            token,
            {LINE: {name: value for name, value in voice.items() if value}},
            phones,
            allow_origins=tuple(webhook["allow_origins"]),
            cafile=webhook["cafile"],
            delivery=delivery,
        )
        return EmulatorServer(Emulator(setup, SystemClock()), port)

    if url is None:
        with bundled_service({"IVR_ANNOUNCEMENT": announcement} if announcement else {}) as (base, token):
            voice = _webhooks(f"{base}/voice", f"{base}/voice/fallback", f"{base}/voice/status")
            yield from _until_closed(opened(voice, token, _centres()))
    else:
        voice = _webhooks(url, webhook["fallback_url"], webhook["status_callback"], webhook["method"])
        yield from _until_closed(opened(voice, webhook["auth_token"], (*CALLERS[:1], *AGENTS)))


def _until_closed(server: Any) -> Iterator[str]:
    try:
        yield f"{server.url}/phones"
    finally:
        server.close()


def _webhooks(url: str, fallback: str | None, status: str | None, method: str = "POST") -> dict[str, str]:
    return {
        "VoiceUrl": url,
        "VoiceMethod": method,
        "VoiceFallbackUrl": fallback or "",
        "StatusCallback": status or "",
        "FriendlyName": "the line",
    }


def _centres() -> tuple[str, ...]:
    """Callers, and the centres that are rung for somebody whose place is not known."""
    import os

    from ivr.line.directory import load_directory
    from ivr.line.service.settings import line_files

    directory = load_directory(line_files(os.environ).directory)
    default = directory.default_centre
    rung = (default, *directory.backups(default)[:2])
    return (*CALLERS, *(centre.number.e164 for centre in rung))
