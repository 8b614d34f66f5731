"""What a third language costs those who speak the other two: nothing."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from ivr.base.bundled import bundled
from ivr.cli.check import check
from ivr.proof.check.checked_flow import Ground, Subject
from ivr.proof.check.routes import plain_route, silent_route
from tests.check.damage import FLOW, damaged

pytestmark = pytest.mark.unmeasured  # other tests run through every line of these checks
TWO = [
    [FLOW, "languages: [nb, en, nn]", "languages: [nb, en]"],
    [FLOW, ', "3": nn}', "}"],
    [FLOW, "    wait: 5 ", "    wait: 7 "],
]


def _without_titles(flow: Path) -> Path:
    text = flow.read_text("utf-8")
    start, end = text.index("\ntitles:"), text.index("\nwhisper:")
    flow.write_text(text[:start] + text[end:], "utf-8")
    return flow


def test_the_other_two_wait_no_longer(ground: Ground, tmp_path: Path) -> None:
    """The 113 words, each key pressed at once, and nothing pressed at all."""
    three = Subject(bundled("call_flows") / FLOW, ground)
    two = Subject(_without_titles(damaged(tmp_path, TWO)), ground)
    for code in two.codes:
        first = [next(iter(each.walk.starts.values())) for each in (two, three)]
        assert two.told(first[0], code) == three.told(first[1], code)
        mine, theirs = plain_route(two, code), plain_route(three, code)
        assert mine is not None
        assert theirs is not None
        assert (mine.keys, mine.quick) == (theirs.keys, theirs.quick)
    for name, start in three.walk.starts.items():
        before, now = silent_route(two, two.walk.starts[name]), silent_route(three, start)
        assert before is not None
        assert now is not None
        assert now.seconds == pytest.approx(before.seconds, abs=0.05)


def test_what_no_native_speaker_has_read_is_named_and_is_no_finding() -> None:
    result = CliRunner().invoke(check, ["--strict"])
    assert result.exit_code == 0
    assert result.stdout.startswith("not read by a native speaker: English, bokmål, nynorsk (")
