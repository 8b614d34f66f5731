"""`ivr fallback export`: a document for whoever hosts it, and never a real centre's number by default."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner

from ivr.base.errors import SettingsError
from ivr.cli.fallback import fallback

PRACTICE = {
    "IVR_PROFILE": "practice",
    "PUBLIC_BASE_URL": "https://practice.example",
    "TWILIO_AUTH_TOKEN": "0123456789abcdef0123456789abcdef",
    "TWILIO_PHONE_NUMBER": "+4739000000",
}


def _export(*arguments: str, **environment: str) -> str:
    empty = {"IVR_PROFILE": "", "PUBLIC_BASE_URL": "", "IVR_PRACTICE_NUMBER": ""}
    result = CliRunner().invoke(fallback, ["export", *arguments], env=empty | environment)
    if result.exception:
        raise result.exception
    return result.stdout


def _dialled(document: str) -> list[str]:
    return [str(number.text) for number in ET.fromstring(document).iter("Number")]  # noqa: S314 - our own bytes


def test_the_default_profile_names_no_number_to_a_host_elsewhere() -> None:
    with pytest.raises(SettingsError, match="real centres"):
        _export()


def test_a_practice_line_without_a_number_rings_nobody_and_returns_to_the_line() -> None:
    document = _export(**PRACTICE)
    assert _dialled(document) == []
    assert "https://practice.example/voice#ct=2000&amp;rt=4000&amp;tt=8000</Redirect>" in document


def test_a_practice_line_rings_its_own_number_only() -> None:
    assert set(_dialled(_export(**PRACTICE, IVR_PRACTICE_NUMBER="+4722000000"))) == {"+4722000000"}


def test_it_is_written_to_a_file(tmp_path: Path) -> None:
    assert _export("--simulator", "-o", str(tmp_path / "fallback.xml")) == ""
    assert _dialled((tmp_path / "fallback.xml").read_text("utf-8"))
