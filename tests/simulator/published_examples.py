"""Plays the TwiML examples that Twilio publishes, and prints of how many nothing false was said.

`python -m tests.simulator.published_examples PATH`: PATH is a copy of one of the vendor's repositories, a work tree or
a Git directory (github.com/TwilioDevEd/api-snippets has the examples of the pages that docs/conformance.md cites). Run
by hand; nothing of the copy is kept. A complaint is false unless it names what is not simulated, or is right by another
of Twilio's pages: `RIGHT` has those, with the reason.
"""

import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click

from ivr.simulator import Leg
from ivr.simulator.plan import HangUp, Press, Speak, Wait
from tests.simulator.conformance_table import FOLDER
from tests.simulator.webhook import Page, Webhook, call, twiml

EXAMPLE = re.compile(r"(?:^|/)twiml/voice/([^/]+)/.+\.(?:twiml|xml)$")
# Directories whose page has another name.
PAGES = {"your-response": "overview", "parameter": "client"}
# Code: why it is no false complaint when one of Twilio's examples meets it.
RIGHT = {
    13617: "the caller of this script says nothing when it is asked again, and silence is not transcribed (T:record)"
}
ORIGIN = re.compile(r"https?://[^/\s\"'<#?]+")
CALLER_ID = re.compile(r'callerId="([^"]+)"')


def main(path: Path) -> int:
    cited = _cited()
    seen: Counter[str] = Counter()
    good: Counter[str] = Counter()
    for name, body in _examples(path):
        match = EXAMPLE.search(name)
        page = PAGES.get(match[1], match[1]) if match else ""
        if page not in cited:
            continue
        seen[page] += 1
        false = list(_false_complaints(body))
        good[page] += not false
        for complaint in false:
            click.echo(f"{name}: {complaint}")
    for page in sorted(seen):
        click.echo(f"{page}: {good[page]} of {seen[page]}")
    click.echo(f"{sum(good.values())} of {sum(seen.values())} examples without a false complaint")
    return 0 if seen and good == seen else 1


def _cited() -> set[str]:
    """The pages that the conformance cases name."""
    text = "".join(file.read_text(encoding="utf-8") for file in FOLDER.glob("*.yaml"))
    return set(re.findall(r"T:([a-z]+)", text))


def _examples(path: Path) -> Iterator[tuple[str, bytes]]:
    """Every example with its path inside the copy."""
    if not (path / ".git").exists() and not (path / "HEAD").exists():
        for file in sorted(path.rglob("*")):
            if file.is_file() and EXAMPLE.search(file.as_posix()):
                yield file.relative_to(path).as_posix(), file.read_bytes()
        return
    for name in _git(path, "ls-tree", "-r", "--name-only", "HEAD").decode().splitlines():
        if EXAMPLE.search(name):
            yield name, _git(path, "show", f"HEAD:{name}")


def _git(path: Path, *words: str) -> bytes:
    return subprocess.run(["git", "-C", str(path), *words], check=True, capture_output=True).stdout  # noqa: S607


def _false_complaints(body: bytes) -> Iterator[str]:
    """Plays the example to a caller who presses a key, says something and hangs up. Every other URL says something."""
    text = body.decode()
    pages = {"/voice": Page(body)}
    if "<Leave" in text and "<Enqueue" not in text:  # the document of somebody who waits
        pages = {"/voice": twiml('<Enqueue waitUrl="/wait">support</Enqueue>'), "/wait": Page(body)}
    outcome = call(
        _Anywhere(pages),
        steps=(Wait(1), Press("1"), Speak("I would like to speak to somebody"), Wait(60), HangUp()),
        legs={"*": Leg.answer(2, talk=9)},
        from_="sip:a@example.com" if "<Refer" in text else "+4791234567",
        caller_ids=tuple(CALLER_ID.findall(text)),
        allow_origins=tuple(ORIGIN.findall(text)),
    )
    for event in outcome.events("warning", "error"):
        if event["code"] not in RIGHT and "not simulated" not in event["message"]:
            yield f"{event['code']} {event['message']}"


class _Anywhere(Webhook):
    """Answers every path that has no page, so that an example can be played alone: recordings as audio."""

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["PATH_INFO"] not in self.pages:
            sound = re.search(r"\.(mp3|wav)$", environ["PATH_INFO"], re.IGNORECASE)
            page = Page(b"x", type="audio/mpeg") if sound else twiml("<Say>Hello</Say>")
            self.pages = {**self.pages, environ["PATH_INFO"]: page}
        return super().__call__(environ, start_response)


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1])))
