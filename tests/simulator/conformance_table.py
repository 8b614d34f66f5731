"""docs/conformance.md out of the cases: `python -m tests.simulator.conformance_table` writes it.

A case is a mapping: what a scenario holds, and the keys below. `rule`: a sentence; `source`: a key such as
`T:dial timeout` for a page of Twilio's, several separated by semicolons, or what is ours; `basis`: documented, choice.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ivr.base.strict_yaml import Mapping, Sequence, Text, load_file

FOLDER = Path(__file__).parent / "conformance"
PAGE = Path(__file__).parents[2] / "docs" / "conformance.md"
OWN_KEYS = (
    "rule",
    "source",
    "basis",
    "documents",
    "sent",
    "not_sent",
    "headers",
    "no_header",
    "same_header",
    "signed",
    "said",
    "trace",
    "socket",
    "socket_heard",
    "socket_never",
)
TITLES = {
    "conference": "Conference",
    "dial": "Dial",
    "documents": "Documents",
    "endings": "Redirect, Hangup, Reject, Record and the end of a call",
    "enqueue": "Enqueue and Leave",
    "gather": "Gather",
    "nouns": "Sip, Client, Queue, several far ends and Refer",
    "number": "Number and its whisper",
    "prompts": "Say, Play and Pause",
    "recording": "Recordings",
    "requests": "Requests, signatures and attributes",
    "relay": "ConversationRelay",
    "speech": "Speech",
    "streams": "Media Streams",
    "transport": "Failures, retries and redirects",
}
_PAGES = {
    "overview": "voice/twiml",
    "availability": "availability-reliability",
    "overrides": "usage/webhooks/webhooks-connection-overrides",
    "security": "usage/webhooks/webhooks-security",
    "connect": "voice/twiml/connect",
    "streams": "voice/media-streams",
    "messages": "voice/media-streams/websocket-messages",
    "relay": "voice/twiml/connect/conversationrelay",
    "relaying": "voice/conversationrelay/websocket-messages",
}
_KEY = re.compile(r"T:(\w+)")
_HEAD = """\
# Conformance

Which rules of a call the simulator keeps, and where each comes from. This page is written by
`python -m tests.simulator.conformance_table` from the cases in `tests/simulator/conformance/`; every line is a test
that plays a call. *Documented*: Twilio's pages say so. *Choice*: they are silent, or sources disagree, and this is what
the simulator does; what part of it is ours stands beside the source.
[The simulator](simulator.md#where-twilio-is-silent) lists the choices.

{total} rules: {documented} documented, {choice} chosen.
"""


def cases() -> Iterator[tuple[Path, Mapping]]:
    """Every case with the file it stands in, in order."""
    for file in sorted(FOLDER.glob("*.yaml")):
        found = load_file(file)
        assert isinstance(found, Sequence), f"{file.name} must hold a list"
        for case in found:
            assert isinstance(case, Mapping)
            for key in ("rule", "source", "basis", "documents"):
                assert case.key(key), f"{file.name}:{case.line}: {key} is missing"
            yield file, case


def get(case: Mapping, name: str) -> Any:
    key: Text | None = case.key(name)
    return None if key is None else case[key]


def table() -> str:
    """The whole page."""
    found = list(cases())
    bases = [str(get(case, "basis")) for _, case in found]
    counts = {basis: bases.count(basis) for basis in ("documented", "choice")}
    parts = [_HEAD.format(total=len(found), **counts)]
    for stem, title in TITLES.items():
        rows = [_row(case) for file, case in found if file.stem == stem]
        parts.append("\n".join((f"## {title}\n", "| rule | source | basis |", "|---|---|---|", *rows)) + "\n")
    missing = {file.stem for file, _ in found} - TITLES.keys()
    assert not missing, f"no title for {missing}"
    return "\n".join(parts)


def _row(case: Mapping) -> str:
    rule = str(get(case, "rule")).replace("|", "\\|")
    return f"| {rule} | {_KEY.sub(_link, str(get(case, 'source')))} | {get(case, 'basis')} |"


def _link(match: re.Match[str]) -> str:
    key = match[1]
    page = f"api/errors/{key}" if key.isdigit() else _PAGES.get(key, f"voice/twiml/{key}")
    return f"[{key}](https://www.twilio.com/docs/{page})"


if __name__ == "__main__":
    PAGE.write_text(table(), encoding="utf-8")
