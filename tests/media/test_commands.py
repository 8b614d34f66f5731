"""Streams from the command line: `ivr simulate` and `ivr call`."""

from pathlib import Path
from typing import Any

from click.testing import CliRunner

from ivr.cli import group
from tests.media.bot import Bot, running
from tests.simulator.server import served
from tests.simulator.webhook import webhook

SCENARIO = """
name: a program that hears a key
call: {{url: "{url}/voice"}}
steps:
  - say: good morning
  - press: "5"
expect:
  ended: completed
  heard: [Goodbye]
  warnings: []
"""


def _closes_at_a_key(bot: Bot, message: dict[str, Any]) -> None:
    if message["event"] == "dtmf":
        bot.close()


def test_a_scenario_speaks_and_presses_into_a_stream(tmp_path: Path) -> None:
    with running(_closes_at_a_key) as bot:
        voice = f'<Connect><Stream url="{bot.url()}"/></Connect><Say>Goodbye</Say>'
        with served(webhook(voice=voice)) as url:
            file = tmp_path / "stream.yaml"
            file.write_text(SCENARIO.format(url=url), "utf-8")
            result = CliRunner().invoke(group, ["simulate", str(file)])
    assert result.exit_code == 0, result.output
    assert [each["dtmf"]["digit"] for each in bot.events("dtmf")] == ["5"]


def test_keys_of_the_command_line_reach_a_stream_in_real_time_too() -> None:
    for more in ((), ("--real-time",)):
        with running(_closes_at_a_key) as bot:
            voice = f'<Connect><Stream url="{bot.url()}"/></Connect>'
            with served(webhook(voice=voice)) as url:
                result = CliRunner().invoke(group, ["call", f"{url}/voice", "--keys", "7", *more])
        assert result.exit_code == 0, result.output
        assert [each["dtmf"]["digit"] for each in bot.events("dtmf")] == ["7"]
        assert "started (both ways)" in result.output
