"""A language that another one is understood beside: nobody waits for it before a language is chosen."""

import shutil
from collections.abc import Iterable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from ivr.base.errors import DefinitionError
from ivr.line.directory import Directory
from ivr.line.flow.actions import Action, ListenAction, SayAction
from ivr.line.flow.engine import Engine
from ivr.line.flow.loader import load_flow
from ivr.line.languages import Catalogue, load_prompts
from ivr.line.twilio import TwimlWriter
from tests.flow.played import Played


def said(actions: Iterable[Action]) -> list[tuple[str, str]]:
    """Each prompt with its language, where keys are listened to as well."""
    found: list[tuple[str, str]] = []
    for action in actions:
        each = action.prompts if isinstance(action, ListenAction) else (action,)
        found += [(say.prompt.key, say.prompt.language) for say in each if isinstance(say, SayAction)]
    return found


def test_the_first_words_are_said_in_two_languages_and_three_are_offered(engine: Engine) -> None:
    first = [("OPEN_113", "nb"), ("OPEN_113", "en"), ("LANG", "nb"), ("LANG", "en"), ("LANG", "nn")]
    assert said(Played(engine).step.actions) == first


def test_key_9_before_a_language_is_chosen_is_answered_in_what_all_understand(engine: Engine) -> None:
    assert {language for _, language in said(Played(engine).press("9").step.actions)} == {"nb", "en"}


def test_the_fail_safe_reply_is_said_in_what_all_understand(engine: Engine) -> None:
    assert {language for _, language in said(engine.fault())} == {"nb", "en"}
    assert {language for _, language in said(engine.fallback())} == {"nb", "en"}


def test_who_has_chosen_it_hears_nothing_else(engine: Engine) -> None:
    call = Played(engine).press("3")
    for keys in ("1", "5003", "1", "9"):
        assert {language for _, language in said(call.step.actions)} == {"nn"}
        call.press(keys)


def test_a_name_in_a_borrowed_voice_is_part_of_the_sentence(engine: Engine, catalogue: Catalogue) -> None:
    call = Played(engine).press("3", "1", "5003")
    writer = TwimlWriter(catalogue, "http://127.0.0.1:5000", "+4721000000")
    document = writer.write(call.press("1").step.actions, "connect", "token")
    (sentence,) = ElementTree.fromstring(document).iter("Say")  # noqa: S314 - our own
    assert sentence.text is not None
    assert sentence.text.startswith("Du blir kopla til Bergen legevakt. Samtalen")


def _languages(flow_file: Path, folder: Path, code: str, old: str, new: str) -> Path:
    languages = Path(shutil.copytree(flow_file.parent / "languages", folder / "languages"))
    file = languages / code / "language.yaml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    return languages


def test_without_the_language_that_is_understood_all_is_said(
    flow_file: Path, directory: Directory, catalogue: Catalogue, tmp_path: Path
) -> None:
    text = flow_file.read_text("utf-8").replace("languages: [nb, en, nn]", "languages: [en, nn]")
    text = text.replace('{"1": nb, "2": en, "3": nn}', '{"1": en, "2": nn}').replace("silence: nb", "silence: en")
    titles = text.index("\ntitles:"), text.index("\nwhisper:")
    flow = tmp_path / "flow.yaml"
    flow.write_text(text[: titles[0]] + text[titles[1] :], "utf-8")
    first = said(Played(Engine(load_flow(flow, catalogue), directory, catalogue)).step.actions)
    assert first[:2] == [("OPEN_113", "en"), ("OPEN_113", "nn")]


@pytest.mark.parametrize(
    ("edit", "complaint"),
    [
        (("nn", "understands: nb", "understands: fi"), "nn/language.yaml:7:14: understands names 'fi', which is no"),
        (("nn", "understands: nb", "understands: nn"), "nn/language.yaml:7:14: understands names 'nn', which is no"),
        (("en", "name: English", "name: English\nunderstands: nn"), "understands names 'nn', which is no language in"),
        (("en", "name: English", "name: English\nread_by: me"), "read_by is the native speaker who has read these"),
        (("en", "name: English", "name: English\nread_by: [Kari]"), "read_by must be given, as text"),
    ],
)
def test_what_nobody_understands_or_has_read_is_refused(
    flow_file: Path, tmp_path: Path, edit: tuple[str, str, str], complaint: str
) -> None:
    with pytest.raises(DefinitionError) as refused:
        load_prompts(_languages(flow_file, tmp_path, *edit))
    assert complaint in str(refused.value)


def test_a_language_counts_as_unread_until_a_native_speaker_is_named(flow_file: Path, tmp_path: Path) -> None:
    new = "name: English\nread_by: Mary Smith, 2026-10-01"
    assert load_prompts(_languages(flow_file, tmp_path, "en", "name: English", new)).unread == ("bokmål", "nynorsk")
