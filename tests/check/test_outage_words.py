"""The words of an outage may be spread over two texts that are spoken one after the other."""

from types import SimpleNamespace
from typing import Any

from ivr.base.ids import LanguageCode
from ivr.line.flow.events import OutageKind
from ivr.proof.check.rules.outages import _kinds_in
from ivr.proof.check.spoken_patterns import WordPatterns

PATTERNS = ("press", "wait", "choices", "danger", "person", "sorry", "failed", "practice")
NB = LanguageCode("nb-NO")


def test_what_is_said_of_an_outage_is_looked_for_in_all_that_is_heard() -> None:
    heard = [SimpleNamespace(text=text, language=NB) for text in ("Legevakten i Bergen", "har en feil på linjen.")]
    outages = {OutageKind.FAULT: r"legevakten\b.*\bfeil", OutageKind.CLOSED: "er stengt"}
    words = WordPatterns(**dict.fromkeys(PATTERNS, ""), keys={}, outages=outages, deeds={})
    subject: Any = SimpleNamespace(heard=lambda *_: heard, words={NB: words})
    situation: Any = SimpleNamespace(spoken=lambda _: ())
    assert _kinds_in(subject, {}, situation, NB) == {OutageKind.FAULT}
