"""What is heard besides captions: a voice of the server where the browser has none, and never a wait for one."""

from pathlib import Path

from ivr.simulator.media.speaker import Speaker
from ivr.simulator.web_phone.page import Webhook
from tests.phone_page.conftest import Lifter
from tests.simulator.server import served as serving
from tests.simulator.webhook import webhook


def _speaker(folder: Path, body: str) -> Speaker:
    program = folder / "espeak-ng"
    program.write_text(f"#!/bin/sh\n{body}\n")
    program.chmod(0o755)
    return Speaker(str(program))


def test_a_prompt_is_fetched_from_the_servers_voice(lift_for: Lifter, tmp_path: Path) -> None:
    app = webhook(voice='<Say language="nb-NO">God kveld til alle som ringer hit</Say><Hangup/>')
    with serving(app) as base:
        phone = lift_for(Webhook(f"{base}/voice"), speaker=_speaker(tmp_path, "cat"))
        with phone.page.expect_response("**/speech/*.wav") as spoken:
            phone.call(1, patient=False)
        assert spoken.value.status == 200
        assert spoken.value.body().decode() == "God kveld til alle som ringer hit"
        phone.is_over()


def test_the_call_does_not_wait_for_a_voice(lift_for: Lifter, tmp_path: Path) -> None:
    app = webhook(voice='<Say language="nb-NO">God kveld</Say><Hangup/>')
    with serving(app) as base:
        phone = lift_for(Webhook(f"{base}/voice"), speaker=_speaker(tmp_path, "exec sleep 60"))
        phone.tab.expected.append("404")
        with phone.page.expect_request("**/speech/*.wav"):
            phone.call(1, patient=False)
        phone.is_over()
        phone.sees_status("The call is over")
